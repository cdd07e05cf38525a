"""The `digest` format: plain text, one item per paragraph; paragraphs end at a blank line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from workflow.adapters.text import LINE_END, checked_id, decode
from workflow.bundle.elements import element, escaped
from workflow.errors import Place
from workflow.model import Diagnostic, Item, Markup, Severity, Unit, hash8
from workflow.ports import CollectionSpec

FIELD = "body"
Paragraph = tuple[int, str]


class DigestFormat:
    """Reads a digest; an item's id is `<file stem>.<hash8 of its text>`, its one field `body`.

    Nothing in a text is normalised: only line breaks and the blanks around them fold to a space.
    """

    suffixes: tuple[str, ...] = (".txt",)

    def read(self, path: str, raw: bytes, spec: CollectionSpec) -> tuple[Item, ...]:
        """All paragraphs of the file; equal ones are one item with a warning.

        Raises ContentError for a file that is no text or whose name cannot start an id.
        """
        paragraphs = tuple(_paragraphs(decode(path, raw)))
        lines = _lines_by_text(paragraphs)
        first = {_folded(raw): raw for _, raw in reversed(paragraphs)}
        return tuple(_item(path, spec.name, first[text], lines[text]) for text in lines)

    def markup(self, source: str) -> tuple[Markup, ...]:
        """Plain text has no markup."""
        del source
        return ()

    def render(self, item: Item, texts: Mapping[tuple[str, str], str], spec: CollectionSpec) -> str:
        """The paragraph, or what stands there instead of it, on one line."""
        del spec
        source = _folded(item.raw)
        text = _folded(texts.get((FIELD, source), ""))
        return item.raw if text in {"", source} else text

    def html(
        self,
        item: Item,
        texts: Mapping[tuple[str, str], str],
        marks: Mapping[tuple[str, str], Mapping[str, str]],
        spec: CollectionSpec,
    ) -> str:
        """The paragraph, or what stands there instead of it; plain text holds no markup."""
        del spec
        key = (FIELD, _folded(item.raw))
        text = _folded(texts.get(key, "")) or key[1]
        return element("p", marks.get(key, {}), escaped(text))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """Line number (from 1) and text of each paragraph, its lines trimmed at the right."""
    start, lines = 0, list[str]()
    for number, line in enumerate((*LINE_END.split(text), ""), start=1):
        if line.strip():
            start = start or number
            lines.append(line.rstrip())
        elif lines:
            yield start, "\n".join(lines)
            start, lines = 0, []


def _folded(paragraph: str) -> str:
    return " ".join(line.strip() for line in LINE_END.split(paragraph)).strip()


def _lines_by_text(paragraphs: tuple[Paragraph, ...]) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = {}
    for number, paragraph in paragraphs:
        lines.setdefault(_folded(paragraph), []).append(number)
    return lines


def _item(path: str, collection: str, raw: str, lines: list[int]) -> Item:
    text = _folded(raw)
    place = Place(path=path, line=lines[0])
    name = checked_id(
        f"{PurePosixPath(path).stem}.{hash8(text)}",
        place=place,
        fix="rename the file: its name without suffix starts the ids of its items",
    )
    unit = Unit(collection, name, FIELD, text, line=lines[0])
    return Item(collection, name, path, raw, (unit,), warnings=_repeated(path, lines))


def _repeated(path: str, lines: list[int]) -> tuple[Diagnostic, ...]:
    if len(lines) == 1:
        return ()
    where = ", ".join(str(number) for number in lines[1:])
    message = f"the same paragraph stands again in line {where}: it is one item"
    return (
        Diagnostic("repeated-paragraph", Severity.WARNING, message, str(Place(path, lines[0]))),
    )
