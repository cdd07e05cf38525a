from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.digest import DigestFormat
from workflow.errors import ContentError
from workflow.model import Item, hash8
from workflow.ports import CollectionSpec

SPEC = CollectionSpec("news", "content/digest.txt", "digest")
FORMAT = DigestFormat()
REAL = Path(__file__).parents[3] / "shared" / "seed" / "digest.txt"


def read(text: str, path: str = "content/digest.txt") -> tuple[Item, ...]:
    return FORMAT.read(path, text.encode(), SPEC)


def test_a_paragraph_is_an_item_named_by_its_text() -> None:
    first, second = read("One line  \nand its end \n \t\nİstanbul, Rodríguez\n\n\n")
    assert first.id == f"digest.{hash8('One line and its end')}"
    assert first.units[0].source == "One line and its end"
    assert first.units[0].context == f"{first.id}#body"
    assert first.raw == "One line\nand its end"
    assert (first.units[0].line, second.units[0].line) == (1, 4)
    assert second.units[0].source == "İstanbul, Rodríguez"


def test_equal_paragraphs_are_one_item_with_a_warning() -> None:
    first, second = read("Same\ntext\n\nOther\n\nSame text\n")
    assert [item.units[0].source for item in (first, second)] == ["Same text", "Other"]
    assert first.raw == "Same\ntext"
    (warning,) = first.warnings
    assert "line 6" in warning.message
    assert warning.place == "content/digest.txt:1"
    assert not second.warnings


def test_wrapping_lines_anew_keeps_the_id() -> None:
    assert read("a b\nc")[0].id == read("a\r\nb c")[0].id


def test_render_returns_the_text() -> None:
    (item,) = read("One\ntwo")
    assert FORMAT.render(item, {}, SPEC) == "One\ntwo"
    assert FORMAT.render(item, {("body", "One two"): "One two"}, SPEC) == "One\ntwo"
    assert FORMAT.render(item, {("body", "One two"): "Uno\n\ndos"}, SPEC) == "Uno  dos"
    assert FORMAT.render(item, {("body", "One two"): " "}, SPEC) == "One\ntwo"


def test_a_file_name_that_cannot_start_an_id_is_refused() -> None:
    with pytest.raises(ContentError, match="rename the file"):
        read("text", "content/My Digest.txt")


def test_plain_text_has_no_markup() -> None:
    assert FORMAT.markup("**not bold**") == ()


@pytest.mark.skipif(not REAL.exists(), reason="the real digest is not beside this checkout")
def test_the_real_digest_is_read_as_it_is() -> None:
    text = REAL.read_text(encoding="utf-8")
    items = read(text)
    sources = [item.units[0].source for item in items]
    assert len(items) == len({" ".join(p.split()) for p in text.split("\n\n") if p.strip()})
    assert any("İstanbul" in source for source in sources)
    assert any("Rodríguez" in source for source in sources)
    assert all(source in text for source in sources)


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_any_paragraphs_come_back(paragraphs: list[str]) -> None:
    wanted = list(dict.fromkeys(p.strip() for p in paragraphs if p.strip().strip("\ufeff")))
    if wanted and not wanted[0].startswith("\ufeff"):
        items = read("\n\n".join(wanted))
        assert [item.units[0].source for item in items] == wanted
