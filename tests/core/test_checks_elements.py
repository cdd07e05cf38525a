from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workflow.checks import Subject, findings, hard_findings
from workflow.checks.elements import added

MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")
OF_MARKDOWN = {"a", "p", "br", "code", "em", "h1", "h2", "hr", "img", "li", "ol", "pre", "s",
               "strong", "ul", "blockquote"}  # fmt: skip
"""Elements that Markdown has signs for: other checks compare those."""


def told(source: str, target: str) -> list[str]:
    return [one.message.partition(" is not")[0] for one in added(source, target)]


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("<b>hoy", ["the element 'b'"]),
        ("hoy</div>", ["the element 'div'"]),
        ("<!-- hoy -->", ["the element '!'"]),
        ("<?php echo 1", ["the element '?'"]),
        ("&lt;b&gt;hoy", ["the element 'b'"]),
        ("&amp;lt;b&amp;gt;hoy", ["the element 'b'"]),
        ("\\<b\\>hoy", ["the element 'b'", "the element 'b\\\\'"]),
        ("<\x00b>hoy", ["the element 'b'"]),
        ("<b onclick=x>", ["the attribute 'onclick'", "the element 'b'"]),
        ("<b/onclick=x", ["the attribute 'onclick'", "the element 'b'"]),
        ('" onclick="x', ["the attribute 'onclick'"]),
        ("javascript:x", ["the scheme 'javascript'"]),
        ("JAVA\tSCRIPT:x", ["the scheme 'javascript'"]),
        ("jav\u200bascript&colon;x", ["the scheme 'javascript'"]),
        ("[hoy](sms:112)", ["the scheme 'sms'"]),
        ("[hoy](data:text/html,x)", ["the scheme 'data'"]),
        ("data:;base64,x", ["the scheme 'data'"]),
        ("ftp://city.example", ["the scheme 'ftp'"]),
    ],
)
def test_what_a_browser_would_see_in_the_translation_alone_is_told(
    target: str, seen: list[str]
) -> None:
    assert told("today", target) == seen


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("<b>today</b>", "<b>hoy</b> y <b>siempre</b>"),
        ('<a href="/a" title="Now: open">x</a>', '<a title="Hoy: abierto" href="/a">x</a>'),
        ('<a href="https://a.example">x</a>', '<a href="https://a.example">y</a>'),
        ("Call <tel:112>", "Llame a <tel:112>"),
        ("[x](mailto:a@b.example)", "[y](mailto:a@b.example)"),
        ("Open from 9:00", "Horario: de 9:00 a 10:00; data: hoy; file: no"),
        ("5 < 6 & 7 > 3, a = b", "5 < 6 & 7 > 3; a = b <3 &lt;3"),
        ("Press “Once”", 'Pulse "Once" = una'),
        ("JavaScript: on", "JavaScript: activado"),
        ("Hello %s", "«Hola» %s \u200f—"),
        ("if a<b then", "si a<b entonces"),
    ],
)
def test_what_the_source_has_may_stay_and_signs_of_text_are_text(source: str, target: str) -> None:
    assert told(source, target) == []


def test_whoever_wrote_a_text_and_however_long_it_is_the_hard_checks_tell() -> None:
    long = "hoy " * 20_000 + "<script>"
    assert "html" in [one.check for one in hard_findings("today", long)]
    for locale in ("es", "ar"):
        subject = Subject("today", "<script>", "en", locale)
        assert "html" in [one.check for one in findings(subject)]


@pytest.mark.parametrize(
    "sign",
    ["<", "<a ", "<a<", "<a a=", '<a "', '"', "' on", "&amp;", '<a href="', "](", "javascript:",
     "a:", "\\", "<!--", "\x00<", "&lt;", "= ", "/"],
)  # fmt: skip
def test_a_long_hostile_text_takes_less_than_a_second(sign: str) -> None:
    begun = time.process_time()
    list(added("today", sign * (400_000 // len(sign))))
    assert time.process_time() - begun < 1


class Browser(HTMLParser):
    """What Python's own parser sees, in a page that goes on behind the text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.running = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.running |= any("script:" in (value or "")[:12] for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.elements.add(tag)


def browsed(text: str, behind: str = "") -> Browser:
    browser = Browser()
    browser.feed(text + behind)
    browser.close()
    return browser


PIECES = [
    "<", ">", "</", "/", "<b", "<i>", "<img", "<a ", " href=", " onload=", " title=", '"', "'", "=",
    " ", "\n", "x", "on", "&lt;", "&gt;", "&#60;", "&quot;", "\\", "`", "<!--", "-->", "<![CDATA[",
    "]]>", "<?", "?>", "<script>", "</script>", "<title>", "[x](", ")", "javascript:", "*", "!",
]  # fmt: skip
ELEMENTS, ATTRIBUTES = {"a", "b", "i", "img", "script", "title"}, {"href", "onload", "title"}
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)
SOURCES = st.sampled_from(["today", "<b>today</b>", '<a href="/x" title="y">today</a>'])


@given(SOURCES, HOSTILE, st.sampled_from(["", ">", '">', "'>", "-->", " x='y'>"]))
@example("today", '<a title="<b>" onload=1>', "")
@example("<b>today</b>", "<b onload", ">")
def test_nothing_that_a_parser_sees_passes(source: str, target: str, behind: str) -> None:
    if list(added(source, target)):
        return
    seen, known = browsed(target, behind), browsed(source)
    assert seen.elements & ELEMENTS <= known.elements  # the page may make others of what is open
    assert seen.attributes & ATTRIBUTES <= known.attributes
    assert not seen.running


@given(SOURCES, HOSTILE)
def test_nothing_that_stands_in_the_rendered_text_passes(source: str, target: str) -> None:
    if list(added(source, target)):
        return
    seen, known = (browsed(MARKDOWN.renderInline(text)) for text in (target, source))
    assert seen.elements <= known.elements | OF_MARKDOWN
    assert seen.attributes <= known.attributes | {"href", "src", "alt", "title"}
    assert not seen.running
