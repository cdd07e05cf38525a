"""What a browser would see in a text: elements, attributes and schemes of addresses.

A translation may add none that its source lacks, in whatever format: sites put texts of plain
format into pages, too. So a text is read in the least favourable way: raw and with its entities and
escapes taken back, each `<` before a letter as a tag, a tag that nobody closes as one that the page
closes. Syntax: https://html.spec.whatwg.org/multipage/parsing.html#tokenization.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from workflow.checks.subject import Subject, error, shown
from workflow.model import Diagnostic

CHECKS = {"html": "An element, an attribute or a scheme of HTML that the source lacks."}
Seen = frozenset[tuple[str, str]]

_SIGN = re.compile(r"[<&:\\=\x00-\x1f]")
_ELEMENT = re.compile(r"<(?=([a-zA-Z/!?][^\t\n\f\r />]{0,40}+))")
_TAG = re.compile(r"</?[a-zA-Z][^\t\n\f\r />]*+")
_ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*+(=?[^\t\n\f\r />=]++|=)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(\"[^\"]*+\"?|'[^']*+'?|[^\t\n\f\r >]*+))?"
)
_HANDLER = re.compile(r"[\"'`][^\"'`<>]{0,200}?\b(on[a-z]{3,30})\s{0,20}=", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\(\s{0,20}<?\s{0,20}([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
_RUNS = re.compile(
    r"(?<![a-z0-9+.-])(?:"
    r"(javascript|vbscript|livescript|jscript):"
    r"|(data):(?=[a-z]{1,20}/|[;,])"
    r"|(blob|file|filesystem|jar|view-source):(?=\S)"
    r"|([a-z][a-z0-9+.-]{0,30})://)",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_TEXT = frozenset({"alt", "aria-label", "content", "label", "placeholder", "summary", "title"})
"""Attributes that hold words, in which a colon is a colon."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare what a browser would see in both texts."""
    yield from added(subject.source, subject.target)


def added(source: str, target: str) -> Iterator[Diagnostic]:
    """What a browser would see in the target alone."""
    if _SIGN.search(target):
        for what, name in sorted(_seen(target) - _seen(source)):
            yield error("html", f"the {what} {shown(name)} is not in the source")


@lru_cache(maxsize=256)  # a source is read again for each answer to it
def _seen(text: str) -> Seen:
    return frozenset(one for form in _forms(text) for one in _of_form(form))


def _forms(text: str) -> set[str]:
    """The text as it is, and as it is once nothing in it is written in another way."""
    plain = html.unescape(html.unescape(_ESCAPE.sub(r"\1", text)))
    return {text, plain, _CONTROL.sub("", plain), _CONTROL.sub(" ", plain)}


def _of_form(text: str) -> Iterator[tuple[str, str]]:
    if "<" in text:
        for name in _ELEMENT.findall(text):
            yield "element", _name(name)
        yield from _attributes(text)
    for found in _HANDLER.findall(text):
        yield "attribute", found.lower()
    for found in _ADDRESS.findall(text):
        yield "scheme", found.lower()
    for groups in _RUNS.findall(text):
        yield "scheme", "".join(groups).lower()


def _name(raw: str) -> str:
    """The element's name; comments and instructions are of one kind each, whatever is in them."""
    return raw[0] if raw[0] in "!?" else raw.lower().lstrip("/") or "/"


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    """The attributes of all tags, and the schemes of the addresses that they hold."""
    at = 0
    while tag := _TAG.search(text, at):
        at, found = tag.end(), list[tuple[str, str | None]]()
        while one := _ATTRIBUTE.match(text, at):
            at = one.end()
            found.append((one[1].lower(), one[2]))
        closed = text.find(">", at) >= 0
        yield from (one for pair in found for one in _attribute(*pair, closed=closed))


def _attribute(name: str, value: str | None, *, closed: bool) -> Iterator[tuple[str, str]]:
    """Words behind a `<` that nothing closes are words, unless they could do something."""
    if closed or value is not None or name.startswith("on"):
        yield "attribute", name
    scheme = _SCHEME.match((value or "").strip("\"'"))
    if scheme and name not in _TEXT:
        yield "scheme", scheme[1].lower()
