from __future__ import annotations

from tests.cli.program import Program


def translated(polypress: Program, text: str) -> None:
    """Bring the catalog up to date, and give its first title this translation."""
    polypress("status")
    path = polypress.catalog()
    entry = 'msgid "The pool opens"\nmsgstr ""'
    old = path.read_text("utf-8")
    assert entry in old
    path.write_text(old.replace(entry, f'{entry[:-2]}"{text}"'), "utf-8")


def test_an_error_gives_1_and_a_line_with_its_place(polypress: Program) -> None:
    translated(polypress, "La piscina abre a las 10")
    ran = polypress("check", "--locale", "es")
    assert ran.code == 1
    assert "es/LC_MESSAGES/notices.po:" in ran.out
    assert "(approved): error: number:" in ran.out


def test_a_warning_gives_0_and_stands_in_the_json(polypress: Program) -> None:
    translated(polypress, "La piscina abre.")
    ran = polypress("check", "--json", "--collection", "notices", "--item", "pool")
    assert ran.code == 0
    spanish, _arabic = ran.json["catalogs"]
    assert [one["check"] for one in spanish["units"][0]["findings"]] == ["end-punctuation"]


def test_notes_are_written_and_cleared(polypress: Program) -> None:
    translated(polypress, "La piscina abre.")
    assert polypress("check", "--notes", "--quiet").out == ""
    assert "# check: end-punctuation: " in polypress.catalog().read_text("utf-8")
    polypress("check", "--clear-notes")
    assert "# check:" not in polypress.catalog().read_text("utf-8")


def test_an_unknown_collection_is_a_usage_error(polypress: Program) -> None:
    assert polypress("check", "--collection", "nothing").code == 2
