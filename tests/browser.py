"""A page as a browser reads it, and all in it that could run something or load a program."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from workflow.adapters.markdown.html_whitelist import TAGS

PAGE = frozenset({"article", "body", "head", "html", "link", "main", "meta", "title"})
"""The elements that the program itself puts round a text."""
_RUN = """
animate applet audio base button dialog embed form frame frameset iframe input keygen marquee math
noscript object option plaintext portal script select set source style svg template textarea track
video xmp
"""
RUN = frozenset(_RUN.split())
"""Elements that run or load something or ask for something; no list of ours may allow them."""
SCHEMES = {"http", "https", "mailto", "tel"}
ADDRESSES = {"action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src",
             "srcset", "xlink:href"}  # fmt: skip
DOCTYPE = "<!DOCTYPE html>"
_NEVER = {"formaction", "id", "name", "srcdoc", "style"}
_UNSEEN = re.compile("[\x00-\x20\x7f-\x9f\xad\u200b-\u200f]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_OWN = {
    "meta": ({"charset"}, {"content", "name"}, {"content", "itemprop"}, {"content", "http-equiv"}),
    "link": ({"href", "itemprop"},),
}
"""What the elements of a page's head, and those about an article, may say."""


class Browser(HTMLParser):
    """Collects what must not be in a page or in a part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag in _OWN:
            self._told(f"<{tag}>", names not in _OWN[tag])
            self._told(f"<{tag} {attrs}>", ("http-equiv", "refresh") in attrs)
            return
        self._told(f"<{tag}>", tag in RUN or tag not in TAGS | PAGE)
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        scheme = _SCHEME.match(_UNSEEN.sub("", value))
        self._told(f"<{tag} {name}>", name.startswith("on") or name in _NEVER)
        unknown = scheme is not None and scheme[1].lower() not in SCHEMES
        self._told(f"<{tag} {name}={value}>", name in ADDRESSES and unknown)

    def handle_decl(self, decl: str) -> None:
        self._told(f"<!{decl}>", f"<!{decl}>" != DOCTYPE)

    def handle_pi(self, data: str) -> None:
        self.dangers.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.dangers.append(f"<![{data}>")

    def handle_comment(self, data: str) -> None:
        self.dangers.append(f"<!--{data}-->")

    def _told(self, what: str, is_danger: bool) -> None:  # noqa: FBT001 (the answer to a question)
        if is_danger:
            self.dangers.append(what)


def dangers(html: str) -> list[str]:
    """What in a piece of HTML could run something, or has no place there."""
    browser = Browser()
    browser.feed(html)
    browser.close()
    return browser.dangers
