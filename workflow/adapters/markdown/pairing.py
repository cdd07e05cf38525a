"""What the rules of Markdown found in a unit, made spans: which pieces are the two ends of one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from workflow.model import Markup
from workflow.segments import Literal, literals

Piece = tuple[int, int, str]
"""Start, end, and kind as in `workflow.model.Markup`."""
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^>]*?(/?)>", re.DOTALL)
DEEPEST = 50
"""Spans within spans; a unit with more is one piece, which nobody translates by machine."""
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "source", "wbr"})


def paired(source: str, pieces: Sequence[Piece]) -> tuple[Markup, ...] | None:
    """The pieces, which are in order, with the numbers of their pairs.

    A tag of HTML and its end are a span like any other; a tag without one is an atom. What lies
    within a placeholder or an address is none of Markdown's business. None if the pieces overlap,
    do not nest, or nest too deeply.
    """
    found = _numbered(_with_tags(source, pieces))
    if found is None:
        return None
    inside = [one for one in literals(source) if one.kind != "token"] if found else []
    ends = _ends(found)
    kept = [one for one in found if not _is_within(one, ends, inside)] if inside else found
    numbers = {pair: at for at, pair in enumerate(dict.fromkeys(_pairs(kept)), start=1)}
    return tuple(
        Markup(one.start, one.end, one.kind, numbers[one.pair] if one.pair else 0) for one in kept
    )


def _pairs(pieces: Sequence[Markup]) -> Iterator[int]:
    return (one.pair for one in pieces if one.pair)


def _with_tags(source: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with those tags as ends of spans that close in the span where they open."""
    kinds = [kind for _, _, kind in pieces]
    still_open: list[tuple[int, str]] = []
    for at, (start, end, kind) in enumerate(pieces):
        if kind == "open":
            still_open.append((at, ""))
        elif kind == "close":
            while still_open and still_open.pop()[1]:
                pass
        elif tag := _TAG.fullmatch(source, start, end):
            _take(tag, at, still_open, kinds)
    return [(start, end, kind) for (start, end, _), kind in zip(pieces, kinds, strict=True)]


def _take(tag: re.Match[str], at: int, still_open: list[tuple[int, str]], kinds: list[str]) -> None:
    """One tag: it waits for its end, or is the end of one that waits in the same span."""
    ends, name, empty = tag[1], tag[2].lower(), tag[3]
    if not ends and not empty and name not in _VOID:
        still_open.append((at, name))
    elif ends:
        depth = next((n for n, (_, of) in enumerate(reversed(still_open)) if of in {"", name}), -1)
        place = len(still_open) - 1 - depth
        if depth >= 0 and still_open[place][1]:
            kinds[still_open[place][0]], kinds[at] = "open", "close"
            del still_open[place:]


def _numbered(pieces: Sequence[Piece]) -> list[Markup] | None:
    found: list[Markup] = []
    still_open: list[int] = []
    pairs = position = 0
    for start, end, kind in pieces:
        pair = 0
        if start < position or (kind == "close" and not still_open):
            return None
        if kind == "open":
            pairs += 1
            still_open.append(pairs)
        if kind != "atom":
            pair = still_open[-1] if kind == "open" else still_open.pop()
        found.append(Markup(start, end, kind, pair))
        position = end
        if len(still_open) > DEEPEST:
            return None
    return None if still_open else found


def _is_within(
    piece: Markup, ends: Mapping[int, Sequence[Markup]], inside: Sequence[Literal]
) -> bool:
    """Whether a piece, with the other end of its span, is a part of one literal."""
    parts = ends[piece.pair] if piece.pair else [piece]
    at = bisect_right(inside, parts[0].start, key=lambda literal: literal.start) - 1
    if at < 0:
        return False
    literal = inside[at]
    longer = literal.end - literal.start > piece.end - piece.start
    return longer and all(part.end <= literal.end for part in parts)


def _ends(pieces: Sequence[Markup]) -> dict[int, list[Markup]]:
    """Both ends of each span by their number."""
    found: dict[int, list[Markup]] = {}
    for one in pieces:
        found.setdefault(one.pair, []).append(one)
    return found
