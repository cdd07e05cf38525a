from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.markdown.yamltext import scalar
from workflow.errors import ContentError
from workflow.model import Item
from workflow.ports import CollectionSpec

FORMAT = MarkdownFormat()
SPEC = CollectionSpec("notices", "content/notices", "markdown", ("title", "summary", "body"))
PATH = "content/notices/a/b.md"


def read(text: str, path: str = PATH) -> Item:
    (item,) = FORMAT.read(path, text.encode(), SPEC)
    return item


def test_values_are_what_the_editor_typed() -> None:
    item = read(
        "---\ntitle: no\nsummary: 2026-11-20\ncount: 1_000\nwhen: 12:30\nnothing:\n"
        "tags: [a, b]\n---\n"
    )
    assert [unit.source for unit in item.units] == ["no", "2026-11-20"]
    assert item.meta == (("count", "1_000"), ("when", "12:30"), ("nothing", ""))


def test_id_notes_title_and_lines() -> None:
    item = read(
        "---\nid: my-id.1\nnote: |\n  City Pass is a brand.\n\n  Second line.\n"
        'title: "A: title"\n---\n\nText\n'
    )
    assert item.id == "my-id.1"
    assert [(unit.field, unit.line) for unit in item.units] == [("title", 7), ("body", 10)]
    assert item.units[0].notes == (
        "A: title · title",
        "City Pass is a brand.",
        "Second line.",
    )
    assert not item.meta


def test_the_path_is_the_id_where_none_is_given() -> None:
    assert read("Text").id == "a.b"
    assert read("Text").units[0].notes == ("a.b · body",)


@pytest.mark.parametrize("path", ["content/notices/My page.md", "content/notices/Ä.md"])
def test_a_path_that_is_no_id_is_refused(path: str) -> None:
    with pytest.raises(ContentError, match="give an `id`"):
        read("Text", path)


def test_a_hostile_id_is_refused_with_its_line() -> None:
    with pytest.raises(ContentError, match="not allowed") as caught:
        read("---\ntitle: x\nid: ../../etc/passwd\n---\n")
    assert caught.value.place.line == 3


@pytest.mark.parametrize(
    ("front", "line", "what"),
    [
        ("title: [unclosed\nsummary: x", 3, "cannot be read"),
        ("title: a\nsummary: b: c", 3, "mapping values are not allowed"),
        ("title: a\n\tsummary: b", 3, "cannot start any token"),
        ("title: a\ntitle: b", 3, "twice"),
        ("- a\n- b", 2, "no list of"),
        ("a: &x 1\nb: *x", 3, "aliases"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", 3, "aliases"),
        ("a: " + "[" * 30 + "]" * 30, 2, "nested too deep"),
        ("a: " + "[" * 30_000, 2, "nested too deep"),
        ("a: " + "x" * 70_000, 1, "more than 65,536"),
        ("title:\n  - a list", 2, "is no text"),
        ("a: !!python/object:os.system x\n? [b, c]\n: d\n%", 5, "cannot be read"),
    ],
)
def test_broken_front_matter_names_its_line(front: str, line: int, what: str) -> None:
    with pytest.raises(ContentError, match=r".*") as caught:
        read(f"---\n{front}\n---\n\nText\n")
    assert what in caught.value.what
    assert caught.value.place.path == PATH
    assert caught.value.place.line == line
    assert caught.value.fix


@pytest.mark.parametrize("escape", ["\\0", "\\x00", "\\uD800", "\\uDFFF"])
def test_an_escape_cannot_write_what_no_catalog_can_hold(escape: str) -> None:
    with pytest.raises(ContentError, match=r"an escape stands for U\+") as refused:
        read(f'---\nid: a\ntitle: "a {escape} b"\n---\n')
    assert refused.value.place.line == 3


def test_front_matter_that_is_not_closed() -> None:
    with pytest.raises(ContentError, match="not closed"):
        read("---\ntitle: a\n\nText\n")


def test_tags_are_never_obeyed() -> None:
    item = read("---\ntitle: !!python/name:os.system x\nsummary: !!int y\n---\n")
    assert [unit.source for unit in item.units] == ["x", "y"]


FILE = """---
# a comment
title: Old title   # behind it
"summary": >-
  folded
  text

date: 2026-11-20
tags: [a,   b]
note: 'n'
---

Body
"""


def render(text: str, **fields: str) -> str:
    item = read(text)
    texts = {
        (unit.field, unit.source): fields[unit.field] for unit in item.units if unit.field in fields
    }
    return FORMAT.render(item, texts, SPEC)


def test_only_translated_values_change() -> None:
    assert render(FILE, title="Título nuevo", summary="Un: texto") == FILE.replace(
        "Old title", "Título nuevo"
    ).replace(">-\n  folded\n  text\n", '"Un: texto"\n')


@pytest.mark.parametrize(
    "hostile",
    [
        "---",
        "...",
        "a\n---\nb",
        'say "no"',
        "{{ x }}",
        "a: b",
        "# x",
        "yes",
        "No",
        "2026-11-20",
        "*x",
        "&x y",
        "!!int 3",
        "| x",
        "a #b",
        "\\",
        "a\u2028b",
        "\x7f",
        "é\x85a",
        "'",
        "٣",
        "~",
    ],
)
def test_a_translation_cannot_break_out(hostile: str) -> None:
    new = render(FILE, title=hostile, summary=hostile)
    values = yaml.load(new.split("\n---\n\nBody")[0][4:], yaml.SafeLoader)
    wanted = " ".join(hostile.split("\n"))
    assert values["title"] == values["summary"] == wanted
    assert list(values) == ["title", "summary", "date", "tags", "note"]
    assert new.endswith("\ndate: 2026-11-20\ntags: [a,   b]\nnote: 'n'\n---\n\nBody\n")


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), plain=st.booleans())
def test_a_scalar_reads_back_as_its_text(text: str, *, plain: bool) -> None:
    assert yaml.safe_load(scalar(text, plain=plain)) == text


def test_line_ends_of_windows_stay() -> None:
    text = FILE.replace("\n", "\r\n")
    assert render(text) == text
    new = render(text, title="Nuevo", body="Cuerpo")
    assert new == text.replace("Old title", "Nuevo").replace("Body", "Cuerpo")
