"""`polypress translate --explain`: which source texts changed, how, and what that means."""

from __future__ import annotations

from tests.cli.program import Program


def approved(polypress: Program) -> None:
    polypress("translate")
    path = polypress.catalog()
    path.write_text(path.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")


def test_each_change_is_told_once_with_its_kind_and_what_becomes_of_each_locale(
    polypress: Program,
) -> None:
    polypress.notice("pool", "The pool opens", "It opens at 9:00. Don't wait.")
    approved(polypress)
    polypress.notice("pool", "The pool  opens", "It opens at 10:00. Don't wait.")
    ran = polypress("translate", "--explain")
    assert ran.code == 0
    told = ran.out.split("Translated")[0]
    assert "notices:pool#title: style" in told
    assert "es, ar: the translation stands as it stood" in told
    assert "notices:pool#body: recall (number: 9 -> 10)" in told
    assert "  - It opens at 9:00. Don't wait.\n  + It opens at 10:00. Don't wait." in told
    assert "es, ar: to review" in told
    assert told.count("notices:pool#body") == 1


def test_a_renamed_item_is_told(polypress: Program) -> None:
    polypress("translate")
    path = polypress.root / "content/notices/pool.md"
    path.rename(path.with_name("water.md"))
    assert "notices:pool is now notices:water" in polypress("translate", "--explain").out


def test_json_has_the_changes_with_or_without_it(polypress: Program) -> None:
    approved(polypress)
    polypress.notice("pool", "The pool opens", "Bring two towels.")
    (change,) = polypress("translate", "--json").json["ingested"]["changes"]
    assert change == {
        "unit": "notices:pool#body",
        "kind": "reworded",
        "reasons": [],
        "old": "Bring a towel.",
        "new": "Bring two towels.",
        "kept": [],
        "review": ["es", "ar"],
    }


def test_nothing_changed_is_nothing_to_tell(polypress: Program) -> None:
    polypress("translate")
    assert "notices:" not in polypress("translate", "--explain").out.split("Translated")[0]
