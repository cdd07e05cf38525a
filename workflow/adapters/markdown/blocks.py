"""The blocks of a Markdown body that hold inline text, with their places in the file.

Syntax: https://spec.commonmark.org/0.31.2/ and tables of https://github.github.com/gfm/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from workflow.adapters.markdown.cells import cell_spans
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


def block_tokens(body: str) -> list[Token]:
    """The body's block tokens; the inline ones carry raw content and no children."""
    return _parser().parse(body)


def blocks(path: str, body: str, *, line: int = 0) -> tuple[Block, ...]:
    """All inline blocks with text, in order.

    `line` is the number of lines above the body, for messages. Raises ContentError for a block
    whose place in the file cannot be told for certain.
    """
    tokens = block_tokens(body)
    index = {id(token): number for number, token in enumerate(tokens)}
    lines = tuple(_line_spans(body))
    found: list[Block] = []
    for node in SyntaxTreeNode(tokens).walk():
        if node.type == "inline" and node.content.strip():
            block = _located(body, lines, node, index[id(node.token)])
            if block is None:
                raise _lost(path, line + _first_line(node) + 1)
            found.append(block)
    return tuple(found)


def _line_spans(body: str) -> Iterator[tuple[int, int]]:
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


def _located(
    body: str, lines: tuple[tuple[int, int], ...], node: SyntaxTreeNode, index: int
) -> Block | None:
    parent = node.parent
    first = _first_line(node)
    if parent is None or node.map is None:
        return None
    if parent.type in {"td", "th"}:
        return _cell(body, lines[first], node, index)
    if parent.type == "heading" and parent.markup.startswith("#"):
        return _heading(body, lines[first], node, index)
    spans = lines[first : node.map[1]]
    return _paragraph(body, spans, node, index)


def _paragraph(
    body: str, spans: tuple[tuple[int, int], ...], node: SyntaxTreeNode, index: int
) -> Block | None:
    found = _lines_of(body, spans, node.content.split("\n"))
    if not found:
        return None
    line_start = max(start for start, _ in spans if start <= found[0][0])
    return Block(
        kind="underlined" if node.parent and node.parent.type == "heading" else "paragraph",
        source=folded(node.content),
        start=found[0][0],
        end=found[-1][1],
        line=_first_line(node) + [start for start, _ in spans].index(line_start),
        prefix=_NOT_CONTAINER.sub(" ", body[line_start : found[0][0]]),
        index=index,
    )


def _lines_of(
    body: str, spans: tuple[tuple[int, int], ...], content: list[str]
) -> list[tuple[int, int]] | None:
    """The place of each content line; lines of other blanks at the edges are not in the content."""
    for skipped in range(len(spans) - len(content) + 1):
        places = [
            _at_end(body, span, text) for span, text in zip(spans[skipped:], content, strict=False)
        ]
        found = [place for place in places if place]
        if len(found) == len(content):
            return found
    return None


def _at_end(body: str, span: tuple[int, int], text: str) -> tuple[int, int] | None:
    """Where a line's content stands: always at its end, whatever stands in front of it."""
    bare = text.strip()
    raw = body[span[0] : span[1]].rstrip()
    if not raw.endswith(bare):
        return None
    end = span[0] + len(raw)
    return end - len(bare), end


def _heading(body: str, span: tuple[int, int], node: SyntaxTreeNode, index: int) -> Block | None:
    raw = _CLOSING_HASHES.sub("", body[span[0] : span[1]].rstrip(BLANKS)).rstrip()
    place = _at_end(body, (span[0], span[0] + len(raw)), node.content)
    if place is None:
        return None
    return Block("heading", folded(node.content), *place, _first_line(node), index=index)


def _cell(body: str, span: tuple[int, int], node: SyntaxTreeNode, index: int) -> Block | None:
    row = node.parent.parent if node.parent else None
    if row is None:
        return None
    contents = [cell.children[0].content if cell.children else "" for cell in row.children]
    column = next(n for n, cell in enumerate(row.children) if cell is node.parent)
    places = cell_spans(body[span[0] : span[1]], contents)
    if places is None:
        return None
    start, end = places[column]
    starts_line = "|" not in body[span[0] : span[0] + start]
    return Block(
        kind="first-cell" if starts_line else "cell",
        source=folded(node.content),
        start=span[0] + start,
        end=span[0] + end,
        line=_first_line(node),
        index=index,
    )
