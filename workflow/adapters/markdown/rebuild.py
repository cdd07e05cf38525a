"""Puts translations into a Markdown file: what is no unit keeps its bytes, the tree its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from workflow.adapters.markdown.blocks import Block, Tree, blocks_of, tree
from workflow.adapters.markdown.fitting import fitted
from workflow.adapters.markdown.folding import folded
from workflow.adapters.markdown.front import FrontMatter, Value, front_matter
from workflow.adapters.markdown.yamltext import scalar
from workflow.adapters.text import LINE_END
from workflow.errors import ContentError

Shape = list[tuple[str, str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """`text[start:end]` is replaced by `new`, which reads back as `expected` at `index`."""

    start: int
    end: int
    new: str
    expected: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A body with other texts, and its tree; `sources` are those of its blocks, by token."""

    text: str
    tree: Tree
    sources: Mapping[int, str]


def rebuilt_body(path: str, body: str, texts: Mapping[str, str]) -> Rebuilt:
    """The body with `texts` (by source) in place of its blocks.

    A text that would change the tree even when escaped is left out: the source stands there.
    """
    return _rebuilt(path, body, tuple(sorted(texts.items())))


@lru_cache(maxsize=1)  # an item's own format and its page are made one right after the other
def _rebuilt(path: str, body: str, pairs: tuple[tuple[str, str], ...]) -> Rebuilt:
    found = LINE_END.search(body)
    line_end, texts = found[0] if found else "\n", dict(pairs)
    original = tree(body)
    there = blocks_of(path, body, original.tokens)
    wanted = [change for block in there if (change := _block_change(block, texts, line_end))]
    latest: dict[str, Tree] = {}

    def sound(some: Sequence[Change]) -> bool:
        new = spliced(body, some)
        latest.clear()
        latest[new] = tree(new)
        expected = {change.index: change.expected for change in some}
        return _shape(latest[new].tokens) == _shape(original.tokens, expected)

    text = spliced(body, _sound_part(wanted, sound))
    known = {**latest, body: original}
    return Rebuilt(text, known.get(text) or tree(text), {one.index: one.source for one in there})


def _block_change(block: Block, texts: Mapping[str, str], line_end: str) -> Change | None:
    text = texts.get(block.source, "")
    if not text.strip() or text == block.source:
        return None
    lines = fitted(block.kind, block.source, text)
    new = f"{line_end}{block.prefix}".join(lines)
    expected = folded("\n".join(lines))
    if block.kind.endswith("cell"):
        expected = expected.replace("\\|", "|")
    return Change(block.start, block.end, new, expected, block.index)


def _shape(tokens: Sequence[Token], instead: Mapping[int, str] | None = None) -> Shape:
    """What a translation must not change: every block, and all text but its own."""
    texts = instead or {}
    return [
        (token.type, token.tag, token.markup, token.info, texts.get(number, _content(token)))
        for number, token in enumerate(tokens)
    ]


def _content(token: Token) -> str:
    return folded(token.content) if token.type == "inline" else token.content


def _sound_part(
    changes: Sequence[Change], sound: Callable[[Sequence[Change]], bool]
) -> Sequence[Change]:
    """All changes if they are sound together, else those of each half that are."""
    if not changes or sound(changes):
        return changes
    if len(changes) == 1:
        return []
    middle = len(changes) // 2
    halves = [_sound_part(half, sound) for half in (changes[:middle], changes[middle:])]
    both = [*halves[0], *halves[1]]
    return both if sound(both) else max(halves, key=len)


def spliced(text: str, changes: Sequence[Change]) -> str:
    """The text with all changes made; they do not overlap."""
    pieces: list[str] = []
    position = 0
    for change in sorted(changes, key=lambda each: each.start):
        pieces.extend((text[position : change.start], change.new))
        position = change.end
    return "".join((*pieces, text[position:]))


def rebuilt_front(path: str, head: str, front: FrontMatter, texts: Mapping[str, str]) -> str:
    """The front matter with `texts` (by key) as the new values; all else keeps its bytes.

    `front` is what was read in `head`, which is all in front of the body.
    """
    changes = [
        _value_change(head, value, texts[key], index)
        for index, (key, value) in enumerate(front.values.items())
        if key in texts and texts[key].strip() not in {"", value.text.strip()}
    ]
    return spliced(head, _sound_part(changes, lambda some: _reads_back(path, head, front, some)))


def _value_change(head: str, value: Value, text: str, index: int) -> Change:
    raw = head[value.start : value.end]
    tail = raw[len(raw.rstrip()) :]
    lines = LINE_END.split(text.strip())
    expected = ("\n" if "\n" in value.text.strip() else " ").join(lines)
    return Change(
        value.start, value.end, scalar(expected, plain=not value.style) + tail, expected, index
    )


def _reads_back(path: str, head: str, front: FrontMatter, some: Sequence[Change]) -> bool:
    expected = {change.index: change.expected for change in some}
    wanted = [
        (key, expected.get(index, value.text))
        for index, (key, value) in enumerate(front.values.items())
    ]
    new = spliced(head, some)
    try:
        found = front_matter(path, new)
    except ContentError:
        return False
    values = [(key, value.text) for key, value in found.values.items()]
    return values == wanted and found.body == len(new) and list(found.others) == list(front.others)
