from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.program import Program
from workflow.bootstrap import open_reviews

DOCS = Path(__file__).resolve().parents[2] / "docs" / "commands.md"


def documented(command: str) -> set[str]:
    """The words in code in the section of a command."""
    section = DOCS.read_text("utf-8").split(f"## `polypress {command}`\n")[1].split("\n## ")[0]
    return set(re.findall(r"`([a-z_0-9]+)`", section))


@pytest.fixture
def city(polypress: Program) -> Program:
    assert polypress("translate", "--quiet").code == 0
    return polypress


def names(city: Program, *arguments: str) -> dict[str, str]:
    """The names of the units that wait, by source."""
    told = city("review", "--json", *arguments).json
    return {one["source"]: one["name"] for one in told["units"]}


def edit(city: Program, old: str, new: str, locale: str = "es") -> None:
    path = city.catalog(locale)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_review_shows_what_waits_with_names_places_and_how_risk_is_meant(city: Program) -> None:
    ran = city("review", "-l", "es")
    assert ran.code == 0
    assert re.search(r"^notices:pool#title@\w{10}@\w{8}$", ran.out, re.MULTILINE)
    assert re.search(r"locales/es/LC_MESSAGES/notices\.po:\d+ +es +draft, risk 0\.\d\d", ran.out)
    assert "2 of 2 units that wait; risk: prior, not yet calibrated" in ran.out
    assert ran.out.index("The pool opens") < ran.out.index("Bring a towel.")


def test_review_shows_as_many_as_one_wants(city: Program) -> None:
    assert len(city("review", "--json", "-n", "1").json["units"]) == 1
    assert len(city("review", "--json", "--limit", "0").json["units"]) == 4
    assert city("review", "--json", "-n", "1").json["waiting"] == 4
    assert city("review", "-n", "-1").code == 2


def test_json_of_review_has_what_the_docs_say(city: Program) -> None:
    told = city("review", "--json").json
    assert set(told) == {"ingested", "risk", "waiting", "units"}
    said = documented("review")
    assert set(told) <= said
    for one in told["units"]:
        assert set(one) <= said


def test_what_was_shown_can_be_approved(city: Program) -> None:
    name = names(city, "-l", "es")["The pool opens"]
    ran = city("approve", name, "--by", "Ana")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"notices:pool#title@\w{10}@\w{8}  es  set\n", ran.out)
    assert list(names(city, "-l", "es")) == ["Bring a towel."]
    (note,) = open_reviews(city.root).of(name.rpartition("@")[0])
    assert (note.by, note.review, note.locale) == ("Ana", "approved", "es")


def test_needs_work_says_why_in_the_catalog(city: Program) -> None:
    name = names(city, "-l", "es")["The pool opens"]
    assert city("needs-work", name, "--why", "which pool?").code == 0
    assert "# review: which pool?\n" in city.catalog().read_text()
    assert city("status", "--json").json["locales"][0]["review"]["needs-work"] == 1


def test_a_text_that_changed_since_is_refused_with_what_stands_there(city: Program) -> None:
    found = names(city, "-l", "es")
    edit(city, '"es: The pool opens"', '"Abre la piscina"')
    ran = city("approve", *found.values(), "-l", "es")
    assert ran.code == 1
    assert "refused: the text was changed since it was shown\n  now: Abre la piscina\n" in ran.err
    assert len(re.findall(" set$", ran.out, re.MULTILINE)) == 1
    assert '#, fuzzy\nmsgctxt "pool#title"' in city.catalog().read_text()


def test_json_of_a_word_has_what_the_docs_say(city: Program) -> None:
    told = city("approve", "--json", "-l", "es", "--by", "Ana").json
    assert set(told) == {"ingested", "by", "units", "written", "failures"}
    assert told["by"] == "Ana"
    for command in ("approve", "needs-work"):
        assert {*told, *told["units"][0]} <= documented(command)
    assert [one["state"] for one in told["units"]] == ["set", "set"]


def test_a_filter_sets_and_tells_each(city: Program) -> None:
    ran = city("approve", "--item", "pool", "--origin", "machine")
    assert len(re.findall(r"  (?:es|ar)  set$", ran.out, re.MULTILINE)) == 4
    assert city("approve", "-c", "notices").out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing says which texts are meant"),
        (("notices:pool#title@0123456789",), "names no revision"),
        (("pool",), "no unit with its revision"),
        (("a:b#c@0123456789@01234567", "--item", "pool"), "both named and filtered"),
        (("--item", "nothing"), "there is no item"),
        (("-c", "nothing"), "there is no collection"),
        (("-l", "fr"), "fr is no locale of this project"),
        (("-l", "es", "--by", " \n"), "nobody knows who you are"),
        (("--origin", "nobody"), "nobody"),
    ],
)
@pytest.mark.parametrize("command", ["approve", "needs-work"])
def test_what_cannot_be_meant_is_refused_and_nothing_is_set(
    city: Program, command: str, arguments: tuple[str, ...], message: str
) -> None:
    before = city.catalog().read_bytes()
    ran = city(command, *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert city.catalog().read_bytes() == before


def test_who_speaks_is_told_in_one_printable_line(city: Program) -> None:
    told = city("approve", "--json", "-l", "es", "--by", "A\x1bna\n" + "x" * 200).json
    assert told["by"] == "A na " + "x" * 75


def test_errors_stand_only_if_somebody_says_so(city: Program) -> None:
    edit(city, '"es: The pool opens"', '"La piscina abre {pronto}"')
    name = names(city, "-l", "es")["The pool opens"]
    ran = city("approve", name)
    assert ran.code == 1
    assert "--despite-findings" in ran.err
    assert city("approve", name, "--despite-findings").code == 0


def test_a_broken_catalog_is_told_and_the_other_locale_is_shown(city: Program) -> None:
    city.catalog("es").write_text("no catalog")
    ran = city("review", "--json")
    assert ran.code == 1
    assert {one["locale"] for one in ran.json["units"]} == {"ar"}
