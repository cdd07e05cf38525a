"""Hard checks of an engine's answer: what fails here is never published. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from workflow.checks import elements
from workflow.model import Diagnostic, Markup, Severity
from workflow.numbers import differences
from workflow.segments import literals

LONGEST_LOOP = 8
COPIES = 4
_WORD = re.compile(r"\w+")
_STUTTER = re.compile(r"(\S{1,12}?)\1{7,}")
_ADDRESS = re.compile(r"\]\(\s*(<[^>]*>|[^\s)]*(?:\([^\s)]*\)[^\s)]*)*)")
_SAME_AS_TEXT = re.compile(r"\\.|&[#\w]+;")
_KINDS = {"__": "**", "_": "*"}


def hard_findings(
    source: str,
    target: str,
    markup_source: Sequence[Markup] = (),
    markup_target: Sequence[Markup] = (),
) -> tuple[Diagnostic, ...]:
    """Everything in a target that must not be published, in a fixed order; empty if it may.

    The markup is that of each text as its own format reads it.
    """
    if not target.strip():
        return (_error("empty", "the translation is empty"),) if source.strip() else ()
    return (
        *_literals_kept(source, target, markup_source, markup_target),
        *_markup_kept(source, target, markup_source, markup_target),
        *_numbers_kept(source, target),
        *loops(_said(source, markup_source), _said(target, markup_target)),
        *elements.added(source, target),
    )


def _error(check: str, message: str) -> Diagnostic:
    return Diagnostic(check, Severity.ERROR, message)


def _literals_kept(
    source: str, target: str, markup_source: Sequence[Markup], markup_target: Sequence[Markup]
) -> Iterator[Diagnostic]:
    """Placeholders, URLs and e-mail addresses outside markup."""
    wanted = Counter(_literals(source, markup_source))
    found = Counter(_literals(target, markup_target))
    yield from _differences(wanted, found)


def _numbers_kept(source: str, target: str) -> Iterator[Diagnostic]:
    """Every number with its value, however the locale writes it."""
    lost, added = differences(source, target)
    for number in lost:
        yield _error("number", f"the number {number} is lost")
    for number in added:
        yield _error("number", f"the number {number} is not in the source")


def _literals(text: str, markup: Sequence[Markup]) -> Iterator[tuple[str, str]]:
    position = 0
    for start, end in (*((piece.start, piece.end) for piece in markup), (len(text), len(text))):
        stretch = text[position:start]
        for literal in literals(stretch):
            yield literal.kind, stretch[literal.start : literal.end]
        position = end


def _markup_kept(
    source: str, target: str, markup_source: Sequence[Markup], markup_target: Sequence[Markup]
) -> Iterator[Diagnostic]:
    wanted = Counter(_pieces(source, markup_source))
    found = Counter(_pieces(target, markup_target))
    yield from _differences(wanted, found)
    if wanted == found and _nesting(source, markup_source) != _nesting(target, markup_target):
        yield _error("markup", "a piece of markup stands inside another one than in the source")


def _nesting(text: str, markup: Sequence[Markup]) -> Counter[tuple[tuple[str, str], ...]]:
    """How often each piece of markup stands in which others, from the outermost to itself."""
    ends = {piece.pair: piece for piece in markup if piece.kind == "close"}
    path: list[tuple[str, str]] = []
    found: Counter[tuple[tuple[str, str], ...]] = Counter()
    for piece in markup:
        if piece.kind == "close":
            path.pop()
            continue
        end = ends.get(piece.pair, piece)
        of_it = tuple(one for part in (piece, end) for one in _pieces(text, [part]))[-1:]
        found[*path, *of_it] += len(of_it)
        if piece.kind == "open":
            path += of_it
    return found


def _pieces(text: str, markup: Sequence[Markup]) -> Iterator[tuple[str, str]]:
    """What of each piece of markup has to be the same in every language."""
    for piece in markup:
        raw = text[piece.start : piece.end]
        if piece.kind == "atom":
            yield from _atom(raw)
        elif piece.kind == "open":
            yield "markup", _KINDS.get(raw, raw)
        else:
            yield from _address(raw)


def _atom(raw: str) -> Iterator[tuple[str, str]]:
    if raw.endswith("\n"):
        yield "line-break", ""
    elif raw.startswith("!["):
        yield "image", _target(raw)
    elif raw.startswith("`"):
        yield "code", raw
    elif not _SAME_AS_TEXT.fullmatch(raw):
        yield "markup", raw


def _address(raw: str) -> Iterator[tuple[str, str]]:
    if raw.startswith("]"):
        yield "link", _target(raw)
    elif raw.startswith("</"):
        yield "markup", raw


def _target(raw: str) -> str:
    """A link's or image's address without its title, which may be translated."""
    addresses = _ADDRESS.findall(raw)
    return addresses[-1] if addresses else raw[raw.rfind("]", 0, -1) :]


def _differences(
    wanted: Counter[tuple[str, str]], found: Counter[tuple[str, str]]
) -> Iterator[Diagnostic]:
    for kind, raw in sorted((wanted - found).keys()):
        yield _error(kind, f"{raw!r} is lost" if raw else f"a {kind} is lost")
    for kind, raw in sorted((found - wanted).keys()):
        yield _error(kind, f"{raw!r} is new" if raw else f"a {kind} is new")


def loops(source: str, target: str) -> Iterator[Diagnostic]:
    """An engine that has lost the thread says the same again and again."""
    loop = _loop(target)
    if loop and not _loop(source):
        yield _error("loop", f"{loop!r} is repeated {COPIES} times or more")
    stutter = _STUTTER.search(target)
    if stutter and not _STUTTER.search(source):
        yield _error("loop", f"{stutter[1]!r} is repeated without end")


def _said(text: str, markup: Sequence[Markup]) -> str:
    """The text without its markup, which may stand between the words of a loop."""
    ends = (0, *(piece.end for piece in markup))
    starts = (*(piece.start for piece in markup), len(text))
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _loop(text: str) -> str:
    """What a text repeats, whatever signs stand between the words; empty if it repeats nothing."""
    return _word_loop(text.split()) or _word_loop(_WORD.findall(text.casefold()))


def _word_loop(words: Sequence[str]) -> str:
    """The words that stand `COPIES` times in a row, empty if there are none."""
    for length in range(1, LONGEST_LOOP + 1):
        run = 0
        for position in range(length, len(words)):
            run = run + 1 if words[position] == words[position - length] else 0
            if run >= length * (COPIES - 1):
                return " ".join(words[position - length + 1 : position + 1])
    return ""
