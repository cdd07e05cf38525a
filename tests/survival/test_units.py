"""The units of the set are sound: each invariant holds for the source that it was written for."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.survival import glossed, tokens
from tests.survival.inline import paragraph, parsed
from tests.survival.judge import judge
from tests.survival.reading import FOLDER, Unit, even_sample, read, unit, units

FILES = sorted(FOLDER.glob("*.jsonl"))
LEAST, LEAST_OF_A_KIND = 2_000, 100
UNITS = units()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_invariant_holds_for_the_source_itself(path: Path) -> None:
    wrong = {one.id: judge(one, "en", one.source) for one in read(path)}
    assert {name: broken for name, broken in wrong.items() if broken} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_invariant_was_forgotten(path: Path) -> None:
    assert {one.id: forgotten(one) for one in read(path) if forgotten(one)} == {}


def forgotten(one: Unit) -> list[str]:
    """What anybody can see in the source, and no list holds."""
    text = parsed(one.source).text
    seen = tokens.PLACEHOLDER.findall(text) + tokens.EMAIL.findall(text) + tokens.urls(text)
    seen += tokens.tags(one.source)[0] + tokens.ENTITY.findall(one.source)
    listed = " ".join((*one.keep, *one.markup))
    named = [name for name in glossed.names() if name in text and name not in one.names]
    termed = [term for term in glossed.terms() if term in text and term not in one.terms]
    return [string for string in seen if string not in listed] + named + termed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_source_is_one_paragraph_as_a_catalog_holds_it(path: Path) -> None:
    assert [one.id for one in read(path) if paragraph(one.source) != one.source] == []


def test_no_two_units_have_one_id_or_one_source() -> None:
    assert [name for name, count in Counter(one.id for one in UNITS).items() if count > 1] == []
    assert [text for text, count in Counter(one.source for one in UNITS).items() if count > 1] == []


def test_there_are_enough_units() -> None:
    assert len(UNITS) >= LEAST


def test_every_kind_has_its_own_file_and_enough_units() -> None:
    kinds = Counter(one.kind for one in UNITS)
    assert sorted(kinds) == [path.stem for path in FILES]
    assert {kind: count for kind, count in kinds.items() if count < LEAST_OF_A_KIND} == {}


def test_a_line_that_is_no_unit_is_told_with_its_number(tmp_path: Path) -> None:
    for told in ("{", "[]", '{"id": "x-1"}', '{"id": "x-1", "source": "A", "kept": []}',
                 '{"id": "x-1", "source": "A", "keep": "a"}',
                 '{"id": "x-1", "source": "A", "numbers": [1]}'):  # fmt: skip
        path = tmp_path / "x.jsonl"
        path.write_text(f'{{"id": "x-0", "source": "B"}}\n{told}\n', "utf-8")
        with pytest.raises(ValueError, match=r"x\.jsonl, line 2"):
            list(read(path))


def test_a_false_invariant_would_be_found() -> None:
    told = {"id": "x-1", "source": "Bus **12** goes to {place}.", "keep": ["{place}"],
            "numbers": ["12"], "markup": ["strong"]}  # fmt: skip
    assert judge(unit(json.loads(json.dumps(told))), "en", str(told["source"])) == []
    for name, value in (("keep", ["{town}"]), ("numbers", ["21"]), ("markup", []),
                        ("names", ["Lindholm"]), ("terms", ["council tax"])):  # fmt: skip
        assert judge(unit(told | {name: value}), "en", str(told["source"])) != []
    assert forgotten(Unit("x-1", "Ask {who} at a@b.example in Lindholm.")) == [
        "{who}",
        "a@b.example",
        "Lindholm",
    ]


def test_an_even_sample_has_units_of_every_kind_and_none_twice() -> None:
    sample = even_sample(UNITS, 60)
    assert len({one.id for one in sample}) == 60
    assert {one.kind for one in sample} == {one.kind for one in UNITS}
