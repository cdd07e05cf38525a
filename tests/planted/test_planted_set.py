"""The planted set itself is well-formed; what the checks find in it is measured elsewhere."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.planted import reading
from tests.planted.reading import (
    DEFECT_KINDS,
    FOLDER,
    RIGHT_KINDS,
    Defect,
    RightPair,
    defects,
    right_pairs,
)
from workflow import locales

DEFECTS = defects()
RIGHT = right_pairs()
WHOLE = {"empty", "untranslated", "too_long", "too_short", "repeated", "plural_forms"}
"""Kinds whose defect may take most of a text."""

RIGHT_MARKS = {"\u200c", "\u200e", "\u200f"}
"""Invisible characters that a right translation may need: Persian, and codes in Arabic."""


WELL = {
    "id": "right-same-01",
    "kind": "same",
    "locale": "es",
    "source": "Hotel",
    "target": "Hotel",
    "note": "the same word",
}
"""A right pair as the file should hold it."""


def invisible(text: str) -> set[str]:
    plain = {"\n", "\t", " ", "\u00a0", "\u202f"}
    odd = {"Cc", "Cf", "Co", "Cn", "Cs", "Zs", "Zl", "Zp"}
    return {one for one in text if unicodedata.category(one) in odd} - plain


def right_texts(one: Defect | RightPair) -> Iterator[str]:
    yield one.right if isinstance(one, Defect) else one.target
    yield from one.plural.right if one.plural else ()


def changed(one: Defect) -> tuple[str, str]:
    """What is left of both texts without their common start and end."""
    right, target = one.right, one.target
    while right and target and right[0] == target[0]:
        right, target = right[1:], target[1:]
    while right and target and right[-1] == target[-1]:
        right, target = right[:-1], target[:-1]
    return right, target


def test_there_are_300_defects_and_200_right_pairs() -> None:
    assert (len(DEFECTS), len(RIGHT)) == (300, 200)


def test_each_kind_has_at_least_eight() -> None:
    assert min(Counter(one.kind for one in DEFECTS)[kind] for kind in DEFECT_KINDS) >= 8
    assert min(Counter(one.kind for one in RIGHT)[kind] for kind in RIGHT_KINDS) >= 8


def test_an_id_is_its_kind_and_a_number_and_stands_once() -> None:
    ids = [one.id for one in (*DEFECTS, *RIGHT)]
    assert len(set(ids)) == len(ids)
    for one in (*DEFECTS, *RIGHT):
        before = "right-" if isinstance(one, RightPair) else ""
        assert re.fullmatch(f"{before}{one.kind.replace('_', '-')}-[0-9]{{2}}", one.id)


def test_no_source_and_no_translation_stands_twice() -> None:
    sources = Counter(one.source.casefold() for one in (*DEFECTS, *RIGHT))
    assert [text for text, count in sources.items() if count > 1] == []
    right = Counter((one.locale, next(right_texts(one))) for one in (*DEFECTS, *RIGHT))
    assert [text for text, count in right.items() if count > 1] == []


@pytest.mark.parametrize("one", DEFECTS, ids=lambda one: one.id)
def test_a_defect_differs_from_its_right_form(one: Defect) -> None:
    if one.plural:
        assert one.plural.right != one.plural.target
        assert (one.right, one.target) == (one.plural.right[0], one.plural.target[0])
    else:
        assert one.right != one.target


def test_a_defect_is_one_short_edit() -> None:
    sizes = {one.id: max(map(len, changed(one))) for one in DEFECTS if one.kind not in WHOLE}
    assert {name: size for name, size in sizes.items() if size > 24} == {}


def test_a_kind_that_needs_a_term_has_one_and_loses_it() -> None:
    for one in DEFECTS:
        assert bool(one.terms) == (one.kind in {"name", "glossary"})
        for term in one.terms:
            wanted = term.translation or term.term
            assert term.term.casefold() in one.source.casefold()
            assert wanted.casefold() in one.right.casefold()
            assert wanted not in one.target


def test_locales_are_tags_as_bcp_47_writes_them() -> None:
    tags = {one.locale for one in (*DEFECTS, *RIGHT)}
    assert {tag: locales.canonical(tag) for tag in tags} == {tag: tag for tag in tags}


def test_most_stand_in_the_five_languages_of_the_project() -> None:
    most = sum(one.locale in {"es", "pt", "pt-BR", "ar", "fr", "de"} for one in DEFECTS)
    assert most > len(DEFECTS) / 2
    assert len({one.locale for one in (*DEFECTS, *RIGHT)}) >= 20


def test_right_plurals_have_the_forms_of_their_locale() -> None:
    for one in (*DEFECTS, *RIGHT):
        assert bool(one.plural) == (one.kind in {"plural", "plural_forms"})
        if one.plural:
            header = locales.plural_forms(one.locale)
            assert header.startswith(f"nplurals={len(one.plural.right)};")
            assert all(one.plural.right)


def test_right_texts_are_plain() -> None:
    for one in (*DEFECTS, *RIGHT):
        for text in (one.source, one.note, *right_texts(one)):
            assert text
            assert text == unicodedata.normalize("NFC", text)
            assert len(text) < 200
            marks = RIGHT_MARKS if isinstance(one, RightPair) else set()
            assert invisible(text) <= marks, one.id


def test_what_cannot_be_seen_is_escaped_in_the_files() -> None:
    for name in ("defects.json", "right.json"):
        raw = (FOLDER / name).read_text("utf-8")
        assert invisible(raw) == set()
        assert not {"\t", "\u00a0", "\u202f", "\u0303"} & set(raw)
        assert raw.startswith('[\n  {\n    "id": ')
        assert raw.endswith("\n]\n")


def test_the_readme_names_every_kind_with_its_count() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    for found in (DEFECTS, RIGHT):
        for kind, count in Counter(one.kind for one in found).items():
            assert re.search(rf"^\| `{kind}` \| {count} \|", readme, re.MULTILINE), kind


@pytest.mark.parametrize(
    "entries",
    [
        [WELL, WELL],
        [WELL | {"kind": "style"}],
        [WELL | {"remark": "one field more"}],
        [{name: text for name, text in WELL.items() if name != "target"}],
        [WELL | {"target": None}],
        [WELL | {"terms": [{"term": "Garden"}]}],
        [WELL | {"plural": {"source": "Gardens"}}],
    ],
    ids=["twice", "no-kind", "a-field-more", "a-field-less", "no-text", "half-a-term", "no-forms"],
)
def test_an_entry_that_is_not_as_described_is_refused(
    entries: list[dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    path = tmp_path / "right.json"
    path.write_text(json.dumps([WELL]), "utf-8")
    assert [one.id for one in right_pairs()] == ["right-same-01"]
    path.write_text(json.dumps(entries), "utf-8")
    with pytest.raises(ValueError, match=r"right\.json: right-same-01: "):
        right_pairs()
