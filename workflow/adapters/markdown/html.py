"""The HTML of an item: markdown-it's rendering of the rebuilt body, cleaned by a whitelist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from workflow.adapters.markdown.html_whitelist import ALIGN, clean, marked
from workflow.adapters.markdown.rebuild import Rebuilt

Marks = Mapping[str, str]
_STYLE = "text-align:"
MOST_TAGS, MOST_GAPS = 20_000, 50_000
"""Tags in the raw HTML of a page, and blanks and slashes up to the next tag: what parsers of HTML
do grows with the square of open elements and of attributes, so eight million characters of them
would keep everybody from publishing for hours."""
_RAW = frozenset({"html_block", "html_inline"})
_GAP = re.compile(r"[\s/]")


@cache
def _parser() -> MarkdownIt:
    """For inline text: the blocks were read when the body was rebuilt."""
    return MarkdownIt("commonmark").enable("strikethrough")


def body_html(rebuilt: Rebuilt, marks: Mapping[str, Marks]) -> str:
    """A body as HTML; `marks` maps sources of its blocks to the attributes that they carry.

    The block is the element that holds the text and nothing else; where there is none (an item of
    a list that holds a list, too), it is a `<span>`. If raw HTML would hide a block, all of it is
    shown as text.
    """
    page = _Page(rebuilt, marks)
    made, whole = clean(page.rendered(), page.used)
    if whole:
        return made
    plain = _Page(rebuilt, marks, raw=False)
    return clean(plain.rendered(), plain.used)[0]


@dataclass(slots=True)
class _Page:
    rebuilt: Rebuilt
    marks: Mapping[str, Marks]
    raw: bool = True
    used: list[Marks] = field(default_factory=list)

    def rendered(self) -> str:
        parser = _parser()
        tokens = list(self.rebuilt.tree.tokens)
        for at, token in enumerate(tokens):
            if token.type == "inline":
                tokens[at] = token.copy(children=list(self._children(token.content)))
                self._mark(tokens, at)
            elif "style" in token.attrs:
                tokens[at] = token.copy(attrs=dict(_aligned(token)))
        if not self.raw or _is_unwieldy(
            "".join(token.content for token in _all(tokens) if token.type in _RAW)
        ):
            tokens = [_as_text(token) for token in tokens]
        return str(parser.renderer.render(tokens, parser.options, self.rebuilt.tree.env))

    def _children(self, content: str) -> Iterator[Token]:
        parser, found = _parser(), list[Token]()
        parser.inline.parse(content, parser, self.rebuilt.tree.env, found)
        yield from found

    def _mark(self, tokens: list[Token], at: int) -> None:
        """Put the marks of a block's source at the element round its text."""
        marks = self.marks.get(self.rebuilt.sources.get(at, ""))
        if not marks:
            return
        number = marked(len(self.used))
        self.used.append(marks)
        holder = _holder(tokens, at)
        if holder is None:
            inside = [Token("span_open", "span", 1, attrs=number), *(tokens[at].children or ())]
            tokens[at].children = [*inside, Token("span_close", "span", -1)]
        else:
            tokens[holder] = tokens[holder].copy(attrs={**tokens[holder].attrs, **number})


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (token, *(token.children or ()))


def _is_unwieldy(raw: str) -> bool:
    tags = raw.split("<")
    return len(tags) > MOST_TAGS or any(len(_GAP.findall(tag)) > MOST_GAPS for tag in tags)


def _as_text(token: Token) -> Token:
    """The token without raw HTML: what stood there is shown as it was written."""
    children = [_as_text(child) for child in token.children or ()]
    kind = "text" if token.type in _RAW else token.type
    return token.copy(type=kind, children=children or None)


def _holder(tokens: Sequence[Token], at: int) -> int | None:
    """The token whose element holds this text alone; None if there is no such element."""
    if not tokens[at - 1].hidden:
        return at - 1
    alone = tokens[at - 2].type == "list_item_open" and tokens[at + 2].type == "list_item_close"
    return at - 2 if alone else None


def _aligned(token: Token) -> Iterator[tuple[str, Any]]:
    """The attributes of a cell, with its alignment as no style."""
    for name, value in token.attrs.items():
        yield (ALIGN, str(value).removeprefix(_STYLE)) if name == "style" else (name, value)
