"""The `markdown` format: one item per file, fields from the front matter and the body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from workflow.adapters.markdown.blocks import blocks
from workflow.adapters.markdown.front import FrontMatter, front_matter
from workflow.adapters.markdown.html import body_html
from workflow.adapters.markdown.inline import markup
from workflow.adapters.markdown.rebuild import rebuilt_body, rebuilt_front
from workflow.adapters.text import checked_id, decode, line_at, within
from workflow.bundle.elements import element, escaped
from workflow.errors import ContentError, Place
from workflow.model import COMES, GOES, Item, Markup, Unit
from workflow.ports import CollectionSpec

BODY = "body"
Kind = TypeVar("Kind")


class MarkdownFormat:
    """CommonMark with tables and strikethrough under YAML front matter."""

    suffixes: tuple[str, ...] = (".md", ".markdown")

    def read(self, path: str, raw: bytes, spec: CollectionSpec) -> tuple[Item, ...]:
        """The one item of the file; raises ContentError with the line of what is wrong."""
        text = decode(path, raw)
        front = front_matter(path, text)
        name = _item_id(path, front, spec)
        return (
            Item(
                collection=spec.name,
                id=name,
                path=path,
                raw=text,
                units=_units(path, text, front, spec, name),
                meta=tuple(_meta(front, spec)),
            ),
        )

    def markup(self, source: str) -> tuple[Markup, ...]:
        """Emphasis, links, code, images, entities, … as markdown-it sees them."""
        return markup(source)

    def render(self, item: Item, texts: Mapping[tuple[str, str], str], spec: CollectionSpec) -> str:
        """The file with translations in place; all that is no unit keeps its bytes."""
        front = _front(item.path, item.raw)
        head, body = item.raw[: front.body], item.raw[front.body :]
        named = {
            key: texts[key, front.text(key)]
            for key in spec.fields
            if key != BODY and (key, front.text(key)) in texts
        }
        by_source = _of_body(texts)
        new_head = rebuilt_front(item.path, head, front, named) if named else head
        return new_head + (rebuilt_body(item.path, body, by_source).text if by_source else body)

    def html(
        self,
        item: Item,
        texts: Mapping[tuple[str, str], str],
        marks: Mapping[tuple[str, str], Mapping[str, str]],
        spec: CollectionSpec,
    ) -> str:
        """The item's fields as HTML in their order; of the body nothing but what may be in a page.

        The title is an `<h1>`, other fields of the front matter are paragraphs.
        """
        front = _front(item.path, item.raw)
        parts: list[str] = []
        for key in spec.fields:
            source = front.text(key)
            if key == BODY:
                rebuilt = rebuilt_body(item.path, item.raw[front.body :], _of_body(texts))
                parts.append(body_html(rebuilt, _of_body(marks)))
            elif source:
                text = texts.get((key, source), "").strip() or source
                parts.append(_field(key, text, marks.get((key, source), {})))
        return "\n".join(part.strip() for part in parts if part.strip())


_front = lru_cache(maxsize=1)(front_matter)
"""An item's own format and its page are made one right after the other."""


def _of_body(by_unit: Mapping[tuple[str, str], Kind]) -> dict[str, Kind]:
    return {source: value for (key, source), value in by_unit.items() if key == BODY}


def _field(key: str, text: str, marks: Mapping[str, str]) -> str:
    if key == "title":
        return element("h1", marks, escaped(text))
    return element("p", {**marks, "data-field": key}, escaped(text))


def _item_id(path: str, front: FrontMatter, spec: CollectionSpec) -> str:
    given = front.values.get("id")
    if given:
        place = Place(path=path, line=given.line, key="id")
        return checked_id(front.text("id"), place=place, fix="change `id` in the front matter")
    name = ".".join(within(path, spec.path).parts)
    fix = "rename the file, or give an `id` in its front matter"
    return checked_id(name, place=Place(path=path), fix=fix)


def _meta(front: FrontMatter, spec: CollectionSpec) -> Iterator[tuple[str, str]]:
    for key in front.values:
        if key not in {*spec.fields, spec.notes, "id"}:
            yield key, front.text(key)
    for key in (COMES, GOES):
        if key in front.others:
            yield key, ""  # a list is no time, and must not be as good as none


def _units(
    path: str, text: str, front: FrontMatter, spec: CollectionSpec, name: str
) -> tuple[Unit, ...]:
    """Units in the order of the fields; the same source twice in a field is one, the first."""
    title = front.text("title") or name
    editors = tuple(line.strip() for line in front.text(spec.notes).split("\n") if line.strip())
    found: dict[tuple[str, str], Unit] = {}
    for field in spec.fields:
        notes = (f"{title} · {field}", *editors)
        for line, source in _sources(path, text, front, field):
            unit = Unit(spec.name, name, field, source, line=line, notes=notes)
            found.setdefault((field, source), unit)
    return tuple(found.values())


def _sources(path: str, text: str, front: FrontMatter, field: str) -> Iterator[tuple[int, str]]:
    if field in front.others:
        raise ContentError(
            f"the field {field!r} is no text",
            fix=f"write `{field}: text`, or take it out of the collection's fields",
            place=Place(path=path, line=front.others[field], key=field),
        )
    if field == BODY:
        above = line_at(text, front.body) - 1
        for block in blocks(path, text[front.body :], line=above):
            yield above + block.line + 1, block.source
    elif front.text(field):
        yield front.values[field].line, front.text(field)
