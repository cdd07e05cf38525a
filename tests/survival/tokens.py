"""Tokens that no translator may touch, as anybody can see them: counted in source and target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from html.parser import HTMLParser
from string import Formatter

PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0+-]*\d*(?:\.\d+)?[a-zA-Z]"  # %(name)s
    r"|%\d+\$[a-zA-Z@]"  # %1$s
    r"|%(?:\.\d+)?[sdifgxu@](?![A-Za-z])"  # %s, %.2f
    r"|\$\{[^{}\s]*\}|\$[A-Za-z_]\w*"  # ${x}, $x
    r"|\{\{[^{}]*\}\}|\{[^{}\s]*\}"  # {{ x }}, {x}
)
URL = re.compile(r"(?:https?://|www\.|mailto:|tel:)[^\s<>()\[\]\"'`*~،؛؟«»“”]+")
EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]+:[^<>\s]*|[^<>\s@]+@[^<>\s]+)>")
VOID = {"br", "img", "hr", "wbr", "input"}
WORD = "A-Za-z0-9_À-ÖØ-öø-ÿ"


def urls(text: str) -> list[str]:
    """All addresses, without the punctuation of the sentence."""
    return [found.rstrip(".,;:!?") for found in URL.findall(text)]


class _Tags(HTMLParser):
    """The tags as they are written, and whether each end has its start."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.open: list[str] = []
        self.nested = True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.found.append(self.get_starttag_text() or tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        del attrs
        self.found.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")
        if tag not in VOID:
            self.nested &= bool(self.open) and self.open.pop() == tag


def tags(text: str) -> tuple[list[str], bool]:
    """All HTML tags, and whether they nest as they should."""
    parser = _Tags()
    parser.feed(AUTOLINK.sub(" ", text))
    parser.close()
    return parser.found, parser.nested and not parser.open


def fields(text: str) -> list[str] | None:
    """The fields that Python's own format would fill; None for what it cannot read."""
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        return None
    return [f"{name}!{turn or ''}:{form}" for _, name, form, turn in found if name is not None]


SEEN: dict[str, Callable[[str], Iterable[str]]] = {
    "placeholder": PLACEHOLDER.findall,
    "address": urls,
    "e-mail": EMAIL.findall,
    "entity": ENTITY.findall,
    "tag": lambda text: tags(text)[0],
}


def changed(source: str, target: str) -> Iterator[str]:
    """Tokens that the target has more or less often than the source, whoever lists them."""
    for kind, find in SEEN.items():
        yield from compared(kind, Counter(find(source)), Counter(find(target)))
    if tags(source)[1] and not tags(target)[1]:
        yield "tag: they do not nest"
    wanted = fields(source)
    if wanted and sorted(fields(target) or ()) != sorted(wanted):
        yield f"format: {wanted} became {fields(target)}"


def compared(kind: str, wanted: Counter[str], found: Counter[str]) -> Iterator[str]:
    """One line for each thing that is lost and each that is too much."""
    yield from (f"{kind}: lost {one}" for one in (wanted - found).elements())
    yield from (f"{kind}: too much {one}" for one in (found - wanted).elements())


def counts(text: str, strings: Sequence[str]) -> Counter[str]:
    """How often each string stands in a text; a longer one hides the shorter within it."""
    if not strings:
        return Counter()
    longest_first = sorted(set(strings), key=len, reverse=True)
    return Counter(re.findall("|".join(map(_bounded, longest_first)), text))


def _bounded(string: str) -> str:
    """A pattern that finds the string as it is, not as a part of a longer word or address."""
    begins, ends = string[0].isalnum(), string[-1].isalnum() or string[-1] in "_/"
    before = f"(?<![{WORD}])" if begins else ""
    after = f"(?![{WORD}])" if ends and not string.startswith("%") else ""
    if ends and ("://" in string or "@" in string):
        after = f"(?![{WORD}/-]|[.?#&=:@][{WORD}])"
    return before + re.escape(string) + after
