"""A unit's text as a tree of words, atoms and spans, so that no cut can part a span's ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.glossary import Term, found
from workflow.model import Markup
from workflow.segments.literals import literals

_IMAGE = re.compile(r"!\[([^\[\]\\`*_<>&~!{}%$@⟦⟧]+)\]\(.*\)")
"""An image of Markdown whose text is words alone."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text that the engine sees."""

    raw: str

    @property
    def shown(self) -> str:
        """The words as they are."""
        return self.raw


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing that the engine must not touch; a term has a `rendering` of its own.

    `inside` is the text of an image: it can be translated by itself.
    """

    raw: str
    rendering: str | None = None
    inside: tuple[Node, ...] = ()

    @property
    def shown(self) -> str:
        """What stands for it in the translation."""
        return self.raw if self.rendering is None else self.rendering


@dataclass(frozen=True, slots=True)
class Span:
    """Two ends that stay round what stands between them."""

    opening: str
    nodes: tuple[Node, ...]
    closing: str

    @property
    def raw(self) -> str:
        """The span as it stands in the source."""
        return f"{self.opening}{raw_of(self.nodes)}{self.closing}"

    @property
    def shown(self) -> str:
        """The span with each term in it as the translation has it."""
        return f"{self.opening}{shown_of(self.nodes)}{self.closing}"


Node = Words | Atom | Span


def raw_of(nodes: Sequence[Node]) -> str:
    """The source text of nodes."""
    return "".join(node.raw for node in nodes)


def shown_of(nodes: Sequence[Node]) -> str:
    """The text of nodes with each term in its rendering."""
    return "".join(node.shown for node in nodes)


def tokens_in(nodes: Sequence[Node]) -> int:
    """How many tokens the nodes need."""
    return sum(_tokens(node) for node in nodes)


def _tokens(node: Node) -> int:
    if isinstance(node, Span):
        return 2 + tokens_in(node.nodes)
    return int(isinstance(node, Atom))


def tree(
    source: str,
    markup: Sequence[Markup],
    terms: Sequence[str] = (),
    glossary: Sequence[Term] = (),
) -> tuple[Node, ...]:
    """The tree of a text; `markup` is in order, does not overlap, and its pairs nest."""
    levels: list[list[Node]] = [[]]
    openings: list[str] = []
    position = 0
    for piece in markup:
        levels[-1].extend(_between(source[position : piece.start], terms, glossary))
        position = piece.end
        raw = source[piece.start : piece.end]
        if piece.kind == "open":
            openings.append(raw)
            levels.append([])
        elif piece.kind == "close":
            inner = levels.pop()
            levels[-1].append(_span(openings.pop(), tuple(inner), raw))
        else:
            levels[-1].append(_atom(raw, terms, glossary))
    levels[-1].extend(_between(source[position:], terms, glossary))
    return tuple(levels[0])


def _atom(raw: str, terms: Sequence[str], glossary: Sequence[Term]) -> Atom:
    image = _IMAGE.fullmatch(raw)
    return Atom(raw, inside=tuple(_between(image[1], terms, glossary)) if image else ())


def _between(text: str, terms: Sequence[str], glossary: Sequence[Term]) -> Iterator[Node]:
    """Words and atoms; a term of the glossary is found only outside addresses and the like."""
    if not glossary:
        yield from _with_literals(text, terms)
        return
    for node in _with_literals(text, ()):
        for part in _with_terms(node.raw, glossary) if isinstance(node, Words) else (node,):
            yield from _with_literals(part.raw, terms) if isinstance(part, Words) else (part,)


def _with_literals(text: str, terms: Sequence[str]) -> Iterator[Words | Atom]:
    position = 0
    for literal in literals(text, terms):
        if literal.start > position:
            yield Words(text[position : literal.start])
        yield Atom(text[literal.start : literal.end])
        position = literal.end
    if position < len(text):
        yield Words(text[position:])


def _with_terms(text: str, glossary: Sequence[Term]) -> Iterator[Words | Atom]:
    position = 0
    for spot in found(text, glossary):
        if spot.start > position:
            yield Words(text[position : spot.start])
        yield Atom(text[spot.start : spot.end], spot.rendering)
        position = spot.end
    if position < len(text):
        yield Words(text[position:])


def _span(opening: str, nodes: tuple[Node, ...], closing: str) -> Node:
    """The span, or something simpler that needs fewer tokens and is as safe."""
    raw = raw_of(nodes)
    if all(isinstance(node, Atom) or not node.raw.strip() for node in nodes):
        return Atom(f"{opening}{raw}{closing}", f"{opening}{shown_of(nodes)}{closing}")
    if closing.startswith("](") and " " not in raw and "." in raw and raw in closing:
        return Atom(f"{opening}{raw}{closing}")
    if len(nodes) == 1 and isinstance(nodes[0], Span):
        inner = nodes[0]
        return Span(opening + inner.opening, inner.nodes, inner.closing + closing)
    return Span(opening, nodes, closing)


def merged(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with atoms that only blanks part made one."""
    result: list[Node] = []
    for node in nodes:
        result.append(node)
        while _ends_in_two_atoms(result):
            between = 3 if isinstance(result[-2], Words) else 2
            atoms = result[-between:]
            result[-between:] = [Atom(raw_of(atoms), shown_of(atoms))]
    return result


def _ends_in_two_atoms(nodes: Sequence[Node]) -> bool:
    rest = [node for node in nodes[-3:] if isinstance(node, Atom) or node.raw.strip()]
    return (
        isinstance(nodes[-1], Atom)
        and len(rest) > 1
        and isinstance(rest[-2], Atom)
        and not (len(nodes) > 2 and isinstance(nodes[-2], Words) and nodes[-2].raw.strip())  # noqa: PLR2004 - atom, blanks, atom
    )
