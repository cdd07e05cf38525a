"""Cuts a unit into segments and puts tokens where the engine must not touch the text."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from workflow.glossary import Term, found
from workflow.model import Markup
from workflow.segments.literals import is_plain
from workflow.segments.sentences import edges, split, starts
from workflow.segments.tokens import MAX_TOKENS, OPENING, TOKEN
from workflow.segments.tree import (
    Atom,
    Node,
    Span,
    Words,
    merged,
    raw_of,
    shown_of,
    tokens_in,
    tree,
)

MIN_LETTERS = 2
_STANDS_FOR_ATOM = "Xx"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one token stands for, and becomes again: `raw`, which for a term is its rendering.

    `kind` and `pair` are those of `workflow.model.Markup`.
    """

    raw: str
    kind: str
    pair: int = 0


@dataclass(frozen=True, slots=True)
class Protected:
    """One segment: its source, the text for the engine, and what token n stands for (n from 1)."""

    source: str
    text: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixed:
    """Text without words but for terms: `text` stands for it in every translation."""

    source: str
    text: str


Part = str | Protected | Fixed


@dataclass(frozen=True, slots=True)
class Segmented:
    """A unit in order: segments for the engine, text that is copied as it is, and terms alone."""

    parts: tuple[Part, ...]

    @property
    def segments(self) -> tuple[Protected, ...]:
        """What is to be translated."""
        return tuple(part for part in self.parts if isinstance(part, Protected))

    @property
    def source(self) -> str:
        """The unit's text, as it was."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)

    def joined(self, texts: Sequence[str]) -> str:
        """The unit with one (restored) text for each segment."""
        following = iter(texts)
        return "".join(_shown(part, following) for part in self.parts)


def _shown(part: Part, following: Iterator[str]) -> str:
    if isinstance(part, Protected):
        return next(following)
    return part.text if isinstance(part, Fixed) else part


def translatable(text: str) -> bool:
    """Whether a text has words: two letters at least outside tokens; if not, it is copied."""
    bare = TOKEN.sub(" ", text) if OPENING in text else text
    letters = (True for character in bare[:10_000] if unicodedata.category(character)[0] == "L")
    return sum(islice(letters, MIN_LETTERS)) == MIN_LETTERS


def segmented(
    source: str,
    markup: Sequence[Markup] = (),
    *,
    language: str,
    terms: Sequence[str] = (),
    glossary: Sequence[Term] = (),
) -> Segmented:
    """The unit's segments, each with `MAX_TOKENS` tokens at most.

    A span round a whole sentence or more stays outside the engine; a span that holds the end of
    one sentence and the start of the next keeps both in one segment. `terms` are names that no
    language translates, `glossary` are terms with one rendering in the target language.
    """
    if markup or terms or not is_plain(source) or found(source, glossary):
        parts = _segments(tree(source, markup, terms, glossary), language)
    else:
        parts = _plain(source, language)
    return Segmented(tuple(part for part in parts if part))


def protect(
    source: str,
    markup: Sequence[Markup] = (),
    *,
    terms: Sequence[str] = (),
    glossary: Sequence[Term] = (),
) -> Protected:
    """The whole text as one segment, however many tokens it needs; see `segmented`."""
    return _protected(tree(source, markup, terms, glossary))


def _plain(source: str, language: str) -> Iterator[Part]:
    """What `_segments` gives for one stretch of words, in fewer steps."""
    for piece in split(source, language):
        yield Protected(piece, piece) if translatable(piece) else piece


def _segments(nodes: Sequence[Node], language: str) -> Iterator[Part]:
    for sentence in _sentences(nodes, language):
        before, inner, after = _trimmed(sentence)
        yield before
        yield from _one_sentence(inner, language)
        yield after


def _one_sentence(nodes: Sequence[Node], language: str) -> Iterator[Part]:
    few = merged(nodes) if tokens_in(nodes) > MAX_TOKENS else nodes
    if len(few) == 1 and isinstance(few[0], Span):
        yield few[0].opening
        yield from _segments(few[0].nodes, language)
        yield few[0].closing
    elif tokens_in(few) > MAX_TOKENS:
        for group in _groups(few):
            before, inner, after = _trimmed(group)
            yield before
            yield from _one_sentence(inner, language)
            yield after
    else:
        protected = _protected(few)
        yield protected if translatable(protected.text) else _copied(few)


def _copied(nodes: Sequence[Node]) -> Part:
    source, text = raw_of(nodes), shown_of(nodes)
    return source if source == text else Fixed(source, text)


def _groups(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """Runs of nodes with `MAX_TOKENS` tokens at most; a larger span is a run of its own."""
    group: list[Node] = []
    for node in nodes:
        if group and tokens_in([*group, node]) > MAX_TOKENS:
            yield group
            group = []
        group.append(node)
    yield group


def _sentences(nodes: Sequence[Node], language: str) -> Iterator[list[Node]]:
    """The nodes cut where a sentence starts outside all spans, and at hard line breaks."""
    clean = "".join(_clean(node) for node in nodes)
    boundaries = starts(clean, language)
    sentence: list[Node] = []
    position = 0
    for node in nodes:
        end = position + len(_clean(node))
        inside = boundaries[bisect_left(boundaries, position) : bisect_left(boundaries, end)]
        for piece, starts_new in _cut(node, {at - position for at in inside}):
            if starts_new and sentence:
                yield sentence
                sentence = []
            sentence.append(piece)
        position = end
    yield sentence


def _cut(node: Node, offsets: AbstractSet[int]) -> Iterator[tuple[Node, bool]]:
    """The pieces of a node, and whether a sentence starts with each; only words can be cut."""
    if not isinstance(node, Words):
        yield node, 0 in offsets
        return
    position = 0
    for offset in (*sorted(offsets - {0}), len(node.raw)):
        yield Words(node.raw[position:offset]), position in offsets
        position = offset


def _clean(node: Node) -> str:
    """The text by which sentences are found: no markup, a word for an atom."""
    if isinstance(node, Words):
        return node.raw
    if isinstance(node, Span):
        return "".join(_clean(child) for child in node.nodes)
    return "\n" if node.raw.endswith("\n") else _STANDS_FOR_ATOM


def _trimmed(nodes: Sequence[Node]) -> tuple[str, list[Node], str]:
    """Blanks and line breaks before and after, and what stands between them."""
    inner = list(nodes)
    before = after = ""
    while inner and _is_blank(inner[0]):
        before += inner.pop(0).raw
    while inner and _is_blank(inner[-1]):
        after = inner.pop().raw + after
    if inner and isinstance(inner[0], Words):
        blanks, bare, rest = edges(inner[0].raw)
        before, inner[0] = before + blanks, Words(bare + rest)
    if inner and isinstance(inner[-1], Words):
        lead, bare, blanks = edges(inner[-1].raw)
        inner[-1], after = Words(lead + bare), blanks + after
    return before, inner, after


def _is_blank(node: Node) -> bool:
    return not isinstance(node, Span) and (not node.raw.strip() or node.raw.endswith("\n"))


def _protected(nodes: Sequence[Node]) -> Protected:
    pieces: list[Piece] = []
    pairs = iter(range(1, tokens_in(nodes) + 1))
    text = "".join(_with_tokens(nodes, pieces, pairs))
    return Protected(raw_of(nodes), text, tuple(pieces))


def _with_tokens(nodes: Sequence[Node], pieces: list[Piece], pairs: Iterator[int]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Words):
            yield node.raw
        elif isinstance(node, Atom):
            yield _token(pieces, Piece(node.shown, "atom"))
        else:
            pair = next(pairs)
            yield _token(pieces, Piece(node.opening, "open", pair))
            yield from _with_tokens(node.nodes, pieces, pairs)
            yield _token(pieces, Piece(node.closing, "close", pair))


def _token(pieces: list[Piece], piece: Piece) -> str:
    pieces.append(piece)
    return f"⟦{len(pieces)}⟧"
