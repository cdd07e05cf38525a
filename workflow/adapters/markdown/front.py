"""YAML front matter as text with positions: no value is ever resolved to a type.

`no`, `2026-11-20` and `1_000` are what the editor typed. Format: https://yaml.org/spec/1.1/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from workflow.adapters.text import LINE_END
from workflow.errors import ContentError, Place

MAX_CHARACTERS = 64 * 1024
MAX_DEPTH = 20
_FENCE = re.compile(r"---[ \t]*(\r\n|\r|\n|\Z)")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


class _Mark(Protocol):
    @property
    def line(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Value:
    """One top-level scalar: its text, where its YAML stands in the file, line from 1, style.

    `style` is YAML's: empty for plain, else one of `'`, `"`, `|`, `>`.
    """

    text: str
    start: int
    end: int
    line: int
    style: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The scalars and the other keys of a front matter, and the offset at which the body starts."""

    values: dict[str, Value] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    body: int = 0

    def text(self, key: str) -> str:
        """A scalar's text without surrounding blanks; empty if there is none."""
        value = self.values.get(key)
        return value.text.strip() if value else ""


def front_matter(path: str, text: str) -> FrontMatter:
    """The front matter of a file, empty if the file does not start with `---`.

    Raises ContentError with the line for YAML that cannot be read, or that is no list of keys.
    """
    fence = _FENCE.match(text)
    if not fence:
        return FrontMatter()
    start = fence.end()
    end, body = _closed(path, text, start)
    source = text[start:end]
    _check_events(path, source)
    return _top_level(path, source, start, body)


def _closed(path: str, text: str, start: int) -> tuple[int, int]:
    """Where the YAML ends and where the body starts."""
    for line_start, line_end in _lines(text, start):
        if _CLOSING.fullmatch(text, line_start, line_end):
            following = LINE_END.match(text, line_end)
            return line_start, following.end() if following else line_end
    raise ContentError(
        "the front matter is not closed",
        fix="put a line with --- after it; for a rule at the top of a page write ***",
        place=Place(path=path, line=1),
    )


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    for end in LINE_END.finditer(text, start):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def _check_events(path: str, source: str) -> None:
    """Refuse what could grow without bound, before anything is built from it."""
    if len(source) > MAX_CHARACTERS:
        raise _broken(path, 1, f"the front matter has more than {MAX_CHARACTERS:,} characters")
    depth = 0
    try:
        for event in yaml.parse(source, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _broken(path, _line(event.start_mark), "aliases (*name) are not allowed")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _broken(path, _line(event.start_mark), "the front matter is nested too deep")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _broken(path, _line(mark), str(error.problem or error.context)) from error
    except yaml.YAMLError as error:
        raise _broken(path, 1, str(error).splitlines()[0]) from error


def _line(mark: _Mark | None) -> int:
    """The line in the file: marks count from 0, and the opening `---` stands above."""
    return mark.line + 2 if mark else 1


def _broken(path: str, line: int, problem: str) -> ContentError:
    return ContentError(
        f"the front matter cannot be read: {problem}",
        fix='write `key: text`, and put a text with special characters in "quotes"',
        place=Place(path=path, line=line),
    )


def _top_level(path: str, source: str, start: int, body: int) -> FrontMatter:
    root = _composed(path, source)
    found = FrontMatter(body=body)
    if root is None:
        return found
    if not isinstance(root, yaml.MappingNode):
        raise _broken(path, _line(root.start_mark), "it is no list of `key: text`")
    for key, value in root.value:
        name, line = str(key.value), _line(key.start_mark)
        if name in found.values or name in found.others:
            raise _broken(path, line, f"the key {name!r} stands there twice")
        if isinstance(value, yaml.ScalarNode):
            _refuse_escaped(path, value)
            found.values[name] = _value(value, start)
        else:
            found.others[name] = line
    return found


def _refuse_escaped(path: str, node: yaml.ScalarNode) -> None:
    """YAML's escapes can write what no catalog can hold: NUL, and half of a character."""
    found = _UNFIT.search(node.value)
    if found:
        character = f"U+{ord(found[0]):04X}"
        raise _broken(path, _line(node.start_mark), f"an escape stands for {character}")


def _composed(path: str, source: str) -> yaml.Node | None:
    try:
        return yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _broken(path, _line(error.problem_mark), str(error.problem)) from error


def _value(node: yaml.ScalarNode, start: int) -> Value:
    return Value(
        text=node.value,
        start=start + node.start_mark.index,
        end=start + node.end_mark.index,
        line=_line(node.start_mark),
        style=node.style or "",
    )
