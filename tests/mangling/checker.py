"""What of a source a translation in a catalog broke, told without any code of Polypress.

It reads catalogs with polib, and texts with `string.Formatter`, `html.parser`, markdown-it and
patterns of its own (those of `tests.survival` among them).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import polib

from tests.survival import numerals, tokens
from tests.survival.inline import Inline, parsed
from tests.survival.judge import stutter

WORDS_OF_A_COPY = 4
LONGEST, ROOM = 5, 100
"""No translation has more characters than so many times its source's, and some more."""
FULL = re.compile(r"(?<!\d)\d{1,2}:00(?!\d)")
HALF = re.compile(r"\b(\d{1,2}) ([ap])m\b")
IDENTIFIER = re.compile(r"(?<!\w)[a-z]+(?:_[a-z]+)+(?!\w)")
JOINERS = set("\u00ad\u200b\u2060\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
ODD = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
LEFT_OVER = "⟦⟧\ufffd\u2047\u2581"
SIGNS = re.compile(r"[{}<>`*\[\]\\]|~~")


@dataclass(frozen=True, slots=True)
class Expected:
    """How one catalog is to be read: its format, its names, and its terms with their renderings."""

    markdown: bool
    names: tuple[str, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a catalog: texts, entries without one, and what is wrong, one line each."""

    texts: int
    withheld: int
    wrong: tuple[str, ...]


def check(catalog: Path, expected: Expected) -> Found:
    """All entries of a catalog."""
    entries = [one for one in polib.pofile(str(catalog)) if not one.obsolete]
    wrong = [
        f"{catalog.parent.parent.name}: {line}\n    {entry.msgid!r}\n    {entry.msgstr!r}"
        for entry in entries
        for line in entry_faults(entry, expected)
    ]
    texts = sum(bool(entry.msgstr) for entry in entries)
    return Found(texts, len(entries) - texts, tuple(wrong))


def entry_faults(entry: polib.POEntry, expected: Expected) -> Iterator[str]:
    """What is wrong with an entry: a draft of ours that kept all, or empty and withheld."""
    kind = "withheld" if not entry.msgstr else "machine"
    if f"polypress: {kind} " not in entry.tcomment:
        yield f"comment: it does not say {kind}"
    if entry.msgstr and not entry.fuzzy:
        yield "flag: a machine's text is no draft"
    if entry.msgstr:
        yield from faults(entry.msgid, entry.msgstr, expected)


def faults(source: str, target: str, expected: Expected) -> list[str]:
    """What a translation broke, one line each."""
    if not target.strip():
        return ["empty"]
    pair = _Pair(source, target, expected)
    return [line for rule in RULES for line in rule(pair)]


class _Pair:
    """A source and its translation, and what a reader sees of each."""

    def __init__(self, source: str, target: str, expected: Expected) -> None:
        self.source, self.target, self.expected = source, target, expected
        self.before, self.after = (self._inline(text) for text in (source, target))
        self.said, self.says = (_prose(one.text) for one in (self.before, self.after))

    def _inline(self, text: str) -> Inline:
        return parsed(text) if self.expected.markdown else Inline((), (), text)


def _prose(text: str) -> str:
    for pattern in (tokens.URL, tokens.EMAIL, tokens.PLACEHOLDER, tokens.ENTITY):
        text = pattern.sub(" ", text)
    return text


def _same(pair: _Pair) -> Iterator[str]:
    """Placeholders, addresses, entities and tags, each as often as in the source."""
    yield from tokens.changed(pair.source, pair.target)
    names = (Counter(IDENTIFIER.findall(text)) for text in (pair.said, pair.says))
    yield from tokens.compared("identifier", *names)


def _marked_up(pair: _Pair) -> Iterator[str]:
    """The same marks within the same marks; none that hold nothing."""
    yield from tokens.compared("markup", Counter(pair.before.paths), Counter(pair.after.paths))
    empty = Counter(pair.after.empty) - Counter(pair.before.empty)
    yield from (f"markup: nothing in {path}" for path in empty)


def _counted(pair: _Pair) -> Iterator[str]:
    """Each number with its value; a full hour may lose or get its minutes, 5 pm may be 17."""
    wanted = [_numbers(text) for text in _clocks(pair.said)]
    free = {"0": len(FULL.findall(pair.said)) + len(HALF.findall(pair.said))}
    readings = [numerals.differences(pair.says, one) for one in wanted]
    lost, added = min(readings, key=lambda both: len(both[0]) + len(both[1]))
    yield from (f"number: lost {one}" for one in (Counter(lost) - Counter(free)).elements())
    yield from (f"number: too much {one}" for one in (Counter(added) - Counter(free)).elements())


def _numbers(english: str) -> list[str]:
    """The values of the numbers of an English text."""
    return [run.replace(",", "") for run in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", english)]


def _clocks(english: str) -> Iterator[str]:
    """The text as it is, and with each 5 pm as 17 or as it is."""
    yield english
    for found in HALF.finditer(english):
        hour = int(found[1]) % 12 + (12 if found[2] == "p" else 0)
        for rest in _clocks(english[found.end() :]):
            yield f"{english[: found.start()]}{hour}{rest}"


def _named(pair: _Pair) -> Iterator[str]:
    """Names as they are, terms in their rendering, each as often as in the source."""
    for name in pair.expected.names:
        yield from _as_often(f"name: {name}", pair, name, name)
    for term, rendering in pair.expected.terms.items():
        yield from _as_often(f"term: {term}", pair, term, rendering)


def _as_often(what: str, pair: _Pair, here: str, there: str) -> Iterator[str]:
    wanted, found = pair.before.text.count(here), pair.after.text.count(there)
    if wanted != found:
        yield f"{what} stands {found} times, not {wanted}"


def _characters(pair: _Pair) -> Iterator[str]:
    had = Counter(pair.source)
    strange = {sign for sign in pair.target if sign in LEFT_OVER or _odd(sign)} - set(had)
    yield from (f"character: U+{ord(sign):04X}" for sign in sorted(strange))
    more = Counter(SIGNS.findall(pair.says)) - Counter(SIGNS.findall(pair.said))
    yield from (f"sign: {sign}" for sign in more)


def _turned(pair: _Pair) -> Iterator[str]:
    """Signs of direction in pairs: each kind that opens as often as its end, and not after it."""
    for openers, end in (("\u202a\u202b\u202d\u202e", "\u202c"), ("\u2066\u2067\u2068", "\u2069")):
        depths = list(accumulate((sign in openers) - (sign == end) for sign in pair.target))
        if depths[-1] or min(depths) < 0:
            yield f"direction: {depths[-1]} open"


def _odd(sign: str) -> bool:
    return unicodedata.category(sign) in ODD and sign not in JOINERS


def _repeated(pair: _Pair) -> Iterator[str]:
    run = stutter(pair.target)
    if run and not stutter(pair.source):
        yield f"repeated: {run}"


def _no_translation(pair: _Pair) -> Iterator[str]:
    """A copy of the source, or far too long a text."""
    small = re.findall(r"(?<!\w)[a-z]{2,}(?!\w)", pair.said)
    words = [re.findall(r"[^\W\d_]+", text) for text in (pair.said, pair.says)]
    if len(small) >= WORDS_OF_A_COPY and words[0] == words[1]:
        yield "copy: the source stands there"
    if len(pair.target) > LONGEST * len(pair.source) + ROOM:
        yield f"length: {len(pair.target)} for {len(pair.source)}"


def _glued(pair: _Pair) -> Iterator[str]:
    """A placeholder or address at a word, where it stands alone in the source."""
    if not _at_words(pair.source):
        yield from (f"glued: {one}" for one in _at_words(pair.target))


def _at_words(text: str) -> list[str]:
    found = [one for pattern in (tokens.PLACEHOLDER, tokens.URL) for one in pattern.finditer(text)]
    return [
        one[0]
        for one in found
        if _latin(text[one.start() - 1 : one.start()]) or _latin(text[one.end() : one.end() + 1])
    ]


def _latin(sign: str) -> bool:
    return sign.isalpha() and "LATIN" in unicodedata.name(sign, "")


RULES = (
    _same,
    _marked_up,
    _counted,
    _named,
    _characters,
    _turned,
    _repeated,
    _no_translation,
    _glued,
)
