"""The blocks of a Markdown body that hold inline text, with their places in the file.

Syntax: https://spec.commonmark.org/0.31.2/ and tables of https://github.github.com/gfm/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from workflow.adapters.markdown.cells import Span, cell_spans
from workflow.adapters.markdown.folding import folded
from workflow.adapters.text import LINE_END
from workflow.errors import ContentError, Place

BLANKS = " \t"
_CLOSING_HASHES = re.compile(r"[ \t]+#+$")
_NOT_CONTAINER = re.compile(r"[^>\s]")


@dataclass(frozen=True, slots=True)
class Block:
    """One inline block: `body[start:end]` is its raw text, `source` the same, folded.

    `kind` is `paragraph`, `heading` (one line, `#`), `underlined` or `cell`; `line` counts from 0
    in the body; `prefix` is what a second line of the block has to start with; `index` is the
    place of its token among all tokens of the body.
    """

    kind: str
    source: str
    start: int
    end: int
    line: int
    prefix: str = ""
    index: int = 0


@cache
def _parser() -> MarkdownIt:
    """Blocks only: inline text is cut elsewhere, so the inline pass would be wasted."""
    return MarkdownIt("commonmark").enable("table").disable("inline")


@dataclass(frozen=True, slots=True)
class Tree:
    """A body's block tokens, the inline ones with raw content and no children.

    `env` holds the link definitions of the body, as markdown-it keeps them. Nobody changes tokens.
    """

    tokens: list[Token]
    env: dict[str, Any]


def tree(body: str) -> Tree:
    """The body's blocks as markdown-it reads them."""
    env: dict[str, Any] = {}
    return Tree(_parser().parse(body, env), env)


def block_tokens(body: str) -> list[Token]:
    """The body's block tokens; the inline ones carry raw content and no children."""
    return tree(body).tokens


def blocks(path: str, body: str, *, line: int = 0) -> tuple[Block, ...]:
    """All inline blocks with text, in order.

    `line` is the number of lines above the body, for messages. Raises ContentError for a block
    whose place in the file cannot be told for certain.
    """
    return blocks_of(path, body, block_tokens(body), line=line)


def blocks_of(path: str, body: str, tokens: list[Token], *, line: int = 0) -> tuple[Block, ...]:
    """The same, of a body whose tokens are there already."""
    page = _Page.of(body, tokens)
    found: list[Block] = []
    for node in SyntaxTreeNode(page.tokens).walk():
        located = _located(page, node)
        if located is None:
            raise _lost(path, line + _first_line(node) + 1)
        found.extend(located)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Page:
    """A body, the start and end of its lines, and its tokens with their numbers."""

    body: str
    lines: tuple[Span, ...]
    tokens: list[Token]
    numbers: dict[int, int]

    @classmethod
    def of(cls, body: str, tokens: list[Token]) -> _Page:
        numbers = {id(token): number for number, token in enumerate(tokens)}
        return cls(body, tuple(_line_spans(body)), tokens, numbers)

    def number(self, node: SyntaxTreeNode) -> int:
        return self.numbers[id(node.token)]


def _line_spans(body: str) -> Iterator[Span]:
    start = 0
    for end in LINE_END.finditer(body):
        yield start, end.start()
        start = end.end()
    yield start, len(body)


def _first_line(node: SyntaxTreeNode) -> int:
    return node.map[0] if node.map else 0


def _lost(path: str, line: int) -> ContentError:
    return ContentError(
        "the text of this block cannot be found in the file for certain",
        fix="write the block in a simpler form, without tabs",
        place=Place(path=path, line=line),
    )


def _located(page: _Page, node: SyntaxTreeNode) -> list[Block] | None:
    """The blocks that a node brings by itself; None if their place cannot be told."""
    if node.type == "tr":
        return _row(page, node)
    parent = node.parent
    if node.type != "inline" or not node.content.strip() or parent is None or node.map is None:
        return []
    if parent.type in {"td", "th"}:
        return []
    one_line = parent.type == "heading" and parent.markup.startswith("#")
    block = _heading(page, node) if one_line else _paragraph(page, node, parent.type, node.map)
    return [block] if block else None


def _paragraph(
    page: _Page, node: SyntaxTreeNode, kind: str, lines: tuple[int, int]
) -> Block | None:
    spans = page.lines[lines[0] : lines[1]]
    found = _lines_of(page.body, spans, node.content.split("\n"))
    if not found:
        return None
    line_start = max(start for start, _ in spans if start <= found[0][0])
    return Block(
        kind="underlined" if kind == "heading" else "paragraph",
        source=folded(node.content),
        start=found[0][0],
        end=found[-1][1],
        line=lines[0] + [start for start, _ in spans].index(line_start),
        prefix=_NOT_CONTAINER.sub(" ", page.body[line_start : found[0][0]]),
        index=page.number(node),
    )


def _lines_of(body: str, spans: tuple[Span, ...], content: list[str]) -> list[Span] | None:
    """The place of each content line; lines of other blanks at the edges are not in the content."""
    for skipped in range(len(spans) - len(content) + 1):
        places = [
            _at_end(body, span, text) for span, text in zip(spans[skipped:], content, strict=False)
        ]
        found = [place for place in places if place]
        if len(found) == len(content):
            return found
    return None


def _at_end(body: str, span: Span, text: str) -> Span | None:
    """Where a line's content stands: always at its end, whatever stands in front of it."""
    bare = text.strip()
    raw = body[span[0] : span[1]].rstrip()
    if not raw.endswith(bare):
        return None
    end = span[0] + len(raw)
    return end - len(bare), end


def _heading(page: _Page, node: SyntaxTreeNode) -> Block | None:
    line = _first_line(node)
    start, end = page.lines[line]
    raw = _CLOSING_HASHES.sub("", page.body[start:end].rstrip(BLANKS)).rstrip()
    place = _at_end(page.body, (start, start + len(raw)), node.content)
    if place is None:
        return None
    return Block("heading", folded(node.content), *place, line, index=page.number(node))


def _row(page: _Page, row: SyntaxTreeNode) -> list[Block] | None:
    line = _first_line(row)
    start, end = page.lines[line]
    cells = [cell.children[0] for cell in row.children if cell.children]
    raw = page.body[start:end]
    places = cell_spans(raw, [cell.content for cell in cells])
    if places is None:
        return None
    first_bar = raw.find("|") if "|" in raw else len(raw)
    return [
        Block(
            kind="cell" if place[0] > first_bar else "first-cell",
            source=folded(cell.content),
            start=start + place[0],
            end=start + place[1],
            line=line,
            index=page.number(cell),
        )
        for cell, place in zip(cells, places, strict=True)
        if cell.content.strip()
    ]
