"""The inline markup of one unit with exact places: markdown-it's own rules, watched at work.

Its tokens carry no positions, so each rule is wrapped to note where it started and ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt, rules_inline
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from workflow.adapters.markdown.pairing import paired
from workflow.model import Markup
from workflow.segments import literals

Rule = Callable[[StateInline, bool], bool]
SPAN = "span"
_LABEL = re.compile(r"\[([^\[\]]*)\]")
_SIGNS = re.compile(r"[\\`*_~\[\]!<&\n\x00]")
"""All inline markup of CommonMark has one of these; most texts have none and need no parser."""


@dataclass(slots=True)
class _Trace:
    """What the rules noted about one text: atoms, ends of links, and the tokens themselves."""

    tokens: list[Token] = field(default_factory=list)
    found: list[tuple[int, int, str]] = field(default_factory=list)


class _AnyReference(dict[str, Any]):
    """Knows every link reference: a unit alone does not show which ones its page defines.

    But the `[0]` of a placeholder is none.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        inside = (source[one.start : one.end] for one in literals(source))
        labels = (label for literal in inside for label in _LABEL.findall(literal))
        self._unknown = frozenset(map(normalizeReference, labels))

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - the signature of dict
        return {"href": "#", "title": ""} if key and key not in self._unknown else default


def markup(source: str) -> tuple[Markup, ...]:
    """The markup of inline text in order; the pieces do not overlap, pairs nest.

    If a place cannot be told for certain, the whole text is one atom.
    """
    return _parsed(source) if _SIGNS.search(source) else ()


@lru_cache(maxsize=256)  # the checks read a source again for each answer to it
def _parsed(source: str) -> tuple[Markup, ...]:
    trace = _Trace()
    env = {"references": _AnyReference(source), "trace": trace}
    _parser().inline.parse(source, _parser(), env, trace.tokens)
    pieces = sorted([*_outside(trace.found), *_delimiters(trace.tokens)])
    found = paired(source, pieces)
    if found is None or not _as_parsed(source, trace.tokens):
        return (Markup(0, len(source), "atom"),)
    return found


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("strikethrough")
    for name, rule in _RULES.items():
        parser.inline.ruler.at(name, _watched(name, rule))
    return parser


def _watched(name: str, rule: Rule) -> Rule:
    note = _NOTES.get(name, _note_atom)

    def run(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        trace: _Trace = state.env["trace"]
        start, first = state.pos, len(state.tokens) + bool(state.pending)
        found = rule(state, silent)
        if found and not silent and state.tokens is trace.tokens:
            note(trace, state, start, first)
        return found

    return run


def _note_atom(trace: _Trace, state: StateInline, start: int, first: int) -> None:
    """Code, image, autolink, HTML tag: the rule's whole stretch, if it pushed anything."""
    if len(state.tokens) > first:
        trace.found.append((start, state.pos, "atom"))


def _note_special(trace: _Trace, state: StateInline, start: int, first: int) -> None:
    """Escapes and entities; a backslash before a letter is plain text."""
    token = state.tokens[-1]
    if token.type == "hardbreak" or token.content != token.markup:
        _note_atom(trace, state, start, first)


def _note_break(trace: _Trace, state: StateInline, start: int, first: int) -> None:
    del first
    if state.tokens[-1].type == "hardbreak":
        while start and state.src[start - 1] == " ":
            start -= 1
        trace.found.append((start, state.pos, "atom"))


def _note_link(trace: _Trace, state: StateInline, start: int, first: int) -> None:
    """`[`, and `](…)` or `][…]`; `[label]` and `[label][]` are atoms: the label is the address."""
    del first
    label = state.md.helpers.parseLinkLabel(state, start, disableNested=True)
    tail = state.src[label : state.pos]
    if tail in {"]", "][]"}:
        trace.found.append((start, state.pos, "atom"))
    else:
        trace.found.extend(((start, start + 1, "open"), (label, state.pos, "close")))


def _note_delimiters(trace: _Trace, state: StateInline, start: int, first: int) -> None:
    """Each delimiter is a token of its own; whether it is markup is known only in the end."""
    del trace
    for token in state.tokens[first:]:
        token.meta[SPAN] = (start, start + len(token.content))
        start += len(token.content)


_RULES: dict[str, Rule] = {
    "newline": rules_inline.newline,
    "escape": rules_inline.escape,
    "backticks": rules_inline.backtick,
    "strikethrough": rules_inline.strikethrough.tokenize,
    "emphasis": rules_inline.emphasis.tokenize,
    "link": rules_inline.link,
    "image": rules_inline.image,
    "autolink": rules_inline.autolink,
    "html_inline": rules_inline.html_inline,
    "entity": rules_inline.entity,
}
_NOTES: dict[str, Callable[[_Trace, StateInline, int, int], None]] = {
    "newline": _note_break,
    "escape": _note_special,
    "entity": _note_special,
    "strikethrough": _note_delimiters,
    "emphasis": _note_delimiters,
    "link": _note_link,
}


def _outside(found: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Without what lies inside an atom (a link around words that is one itself)."""
    kept: list[tuple[int, int, str]] = []
    inside = 0
    for piece in sorted(found, key=lambda each: (each[0], -each[1])):
        if piece[0] >= inside:
            kept.append(piece)
            inside = piece[1] if piece[2] == "atom" else inside
    return kept


def _delimiters(tokens: Sequence[Token]) -> list[tuple[int, int, str]]:
    return [
        (*_delimiter_span(token), "open" if token.nesting > 0 else "close")
        for token in tokens
        if SPAN in token.meta and token.nesting
    ]


def _delimiter_span(token: Token) -> tuple[int, int]:
    """`**` is the inner one of two tokens: the outer was emptied into it."""
    start, end = token.meta[SPAN]
    missing = len(token.markup) - (end - start)
    return (start - missing, end) if token.nesting > 0 else (start, end + missing)


def _as_parsed(source: str, tokens: Sequence[Token]) -> bool:
    spans = [(_delimiter_span(token), token.markup) for token in tokens if SPAN in token.meta]
    return all(source[start:end] == text for (start, end), text in spans if text)
