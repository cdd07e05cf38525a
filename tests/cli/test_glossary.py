from __future__ import annotations

import pytest

from tests.cli.program import Program
from workflow import bootstrap

ROWS = "term,locale,translation\nTown Hall,es,Ayuntamiento\nTown Hall,es,Casa Consistorial\n"


@pytest.mark.parametrize("command", ["translate", "publish", "status"])
def test_a_broken_glossary_refuses_the_command_with_its_line(
    polypress: Program, command: str
) -> None:
    polypress("translate")
    catalogs = {path: path.read_bytes() for path in polypress.root.rglob("*.po")}
    (polypress.root / "locales" / "glossary.csv").write_text(ROWS, "utf-8")
    ran = polypress(command)
    assert ran.code == 3
    assert "locales/glossary.csv:3" in ran.err
    assert "line 2, too" in " ".join(ran.err.split())
    assert {path: path.read_bytes() for path in catalogs} == catalogs


def test_a_glossary_that_cannot_be_read_is_something_outside(polypress: Program) -> None:
    (polypress.root / "locales" / "glossary.csv").mkdir(parents=True)
    ran = polypress("translate")
    assert ran.code == 5
    assert "locales/glossary.csv" in ran.err


def test_a_sound_glossary_is_kept_to(polypress: Program) -> None:
    path = polypress.root / "locales" / "glossary.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("term,locale,translation,case\npool,*,Pool,no\n", "utf-8")
    assert polypress("translate").code == 0
    (term,) = bootstrap.open_project(polypress.root).glossary.for_locale("ar")
    assert (term.translation, term.match_case) == ("Pool", False)
