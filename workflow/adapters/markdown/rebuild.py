"""Puts translations into a Markdown file: what is no unit keeps its bytes, the tree its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from workflow.adapters.markdown.blocks import Block, block_tokens, blocks
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


def rebuilt_body(path: str, body: str, texts: Mapping[str, str]) -> str:
    """The body with `texts` (by source) in place of its blocks.

    A text that would change the tree even when escaped is left out: the source stands there.
    """
    found = LINE_END.search(body)
    line_end = found[0] if found else "\n"
    changes = [_block_change(block, texts, line_end) for block in blocks(path, body)]
    wanted = [change for change in changes if change]
    original = block_tokens(body)

    def sound(some: Sequence[Change]) -> bool:
        expected = {change.index: change.expected for change in some}
        return _shape(block_tokens(spliced(body, some))) == _shape(original, expected)

    return spliced(body, _sound_part(wanted, sound))


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


def rebuilt_front(path: str, head: str, texts: Mapping[str, str]) -> str:
    """The front matter with `texts` (by key) as the new values; all else keeps its bytes."""
    front = front_matter(path, head)
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
