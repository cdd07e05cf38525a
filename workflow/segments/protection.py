"""Cuts a unit into segments and puts tokens where the engine must not touch the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from workflow.glossary import Term, found
from workflow.model import Markup
from workflow.segments.literals import is_plain
from workflow.segments.parts import Fixed, Part, Piece, Protected, Segmented, translatable
from workflow.segments.sentences import edges, split, starts
from workflow.segments.tokens import MAX_TOKENS
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

_STANDS_FOR_ATOM = "Xx"


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
    for at in (0, -1):
        image = nodes[at] if nodes else None
        if isinstance(image, Atom) and image.inside:
            yield from _beside_image(nodes, at, image, language)
            return
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


def _beside_image(nodes: Sequence[Node], at: int, image: Atom, language: str) -> Iterator[Part]:
    """An image at the start or the end of a sentence, and the sentence without it."""
    before, rest, after = _trimmed(nodes[1:] if at == 0 else nodes[:-1])
    text = raw_of(image.inside)
    start = image.raw.index(text)
    inside = (
        image.raw[:start],
        *_segments(image.inside, language),
        image.raw[start + len(text) :],
    )
    yield from inside if at == 0 else ()
    yield before
    yield from _one_sentence(rest, language) if rest else ()
    yield after
    yield from () if at == 0 else inside


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
