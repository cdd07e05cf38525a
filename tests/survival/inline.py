"""What markdown-it sees in a line of Markdown: the tree's paths, its addresses, its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

NAMES = {"strong": "strong", "em": "em", "s": "del", "hardbreak": "br"}
ADDRESSED = {"link": "href", "image": "src"}
ADDRESS = re.compile(r"(?<=\()[^()]*(?=\)$)")


@dataclass(frozen=True, slots=True)
class Inline:
    """`paths` has one for each node; `empty` are those of nodes that hold no text any more.

    `text` is what a reader sees, without code, tags and bare addresses.
    """

    paths: tuple[str, ...]
    empty: tuple[str, ...]
    text: str


@cache
def _parser() -> MarkdownIt:
    """As in CommonMark, but no address is judged or rewritten."""
    parser = MarkdownIt("commonmark").enable("strikethrough")
    parser.validateLink = lambda _: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def parsed(text: str) -> Inline:
    """The inline tree of one paragraph."""
    root = SyntaxTreeNode(_parser().parseInline(text))
    found = list(_walk(root, ()))
    empty = tuple(path for path, node in found if _holds(node) and not _text(node).strip())
    return Inline(tuple(path for path, _ in found), empty, " ".join(_text(root).split()))


def paragraph(text: str) -> str | None:
    """The inline content if all the text is one paragraph of a Markdown file, else None."""
    tokens = _parser().parse(text)
    shape = [token.type for token in tokens]
    return tokens[1].content if shape == ["paragraph_open", "inline", "paragraph_close"] else None


def _walk(node: SyntaxTreeNode, above: tuple[str, ...]) -> Iterator[tuple[str, SyntaxTreeNode]]:
    name = _name(node)
    here = (*above, name) if name else above
    if name:
        yield ">".join(here), node
    if node.type != "image":
        for child in node.children:
            yield from _walk(child, here)


def _name(node: SyntaxTreeNode) -> str:
    if node.type == "code_inline":
        return f"code({node.content})"
    if node.type in ADDRESSED:
        return f"{node.type}({unescape(str(node.attrs[ADDRESSED[node.type]]))})"
    return NAMES.get(node.type, "")


def _holds(node: SyntaxTreeNode) -> bool:
    """Whether it is markup around a text; an autolink or code carries its own."""
    around = node.type in {"strong", "em", "s", "link"} and node.info != "auto"
    inside = {child.type for child in node.walk()} - {node.type}
    return around and not inside & {"code_inline", "image", "html_inline", "link"}


def _text(node: SyntaxTreeNode) -> str:
    if node.type in {"text", "text_special"}:
        return node.content
    if node.type == "link" and node.info == "auto":
        return " "
    if node.children:
        return "".join(_text(child) for child in node.children)
    return " "
