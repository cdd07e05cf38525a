from __future__ import annotations

import re

from tests.cli.program import Program


def test_it_shows_what_is_live_and_what_ships_and_why(polypress: Program) -> None:
    polypress("translate")
    polypress("publish", "--at", "2026-01-31T12:00:00Z")
    ran = polypress("why", "es", "pool", "--at", "2026-01-31T13:00:00Z")
    assert ran.code == 0
    assert ran.out.startswith(
        "notices:pool in es, content/notices/pool.md\n"
        "  live:  in release 1 of 2026-01-31T12:00:00+00:00, as the next publish ships it\n"
        "  next:  ships at 2026-01-31T13:00:00+00:00\n"
        "title: The pool opens\n"
        "  ships:  machine, current, review none, risk "
    )
    assert 'why:    unapproved text may ship: text = "machine" in [publish]' in ran.out


def test_the_command_that_it_names_makes_the_text_live(polypress: Program) -> None:
    settings = polypress.root / "polypress.toml"
    settings.write_text(f'{settings.read_text()}\n[publish]\ntext = "reviewed"\n')
    polypress("translate")
    while found := re.findall(r"(approve \S+) -l es", polypress("why", "es", "pool").out):
        assert polypress(*found[0].split(), "-l", "es").code == 0
    last = polypress("why", "es", "pool").out
    assert last.count("why:    a person approved it") == 2
    assert "remedy" not in last


def test_the_command_that_it_names_makes_a_draft(polypress: Program) -> None:
    out = polypress("why", "es", "notices:pool").out
    assert "stands: missing" in out
    assert "live:  nothing was published yet" in out
    [command] = set(re.findall(r"remedy: .*: polypress (translate .*)", out))
    assert polypress(*command.split()).code == 0
    assert "remedy" not in polypress("why", "es", "notices:pool").out


def test_one_unit_alone_may_be_asked_for(polypress: Program) -> None:
    units = polypress("why", "es", "pool", "--json").json["units"]
    ran = polypress("why", "es", units[1]["id"])
    assert ran.code == 0
    assert "\nbody: " in ran.out
    assert "\ntitle: " not in ran.out


def test_json_has_everything(polypress: Program) -> None:
    polypress("translate")
    polypress("publish")
    told = polypress("why", "es", "pool", "--json").json
    assert set(told) == {
        "ingested", "locale", "item", "path", "at", "absence", "why", "remedy", "comes", "goes",
        "live", "units", "failure", "ships",
    }  # fmt: skip
    assert (told["ships"], told["live"]["same"], told["live"]["serial"]) == (True, True, 1)
    assert set(told["units"][0]) == {
        "id", "field", "source", "translation", "facts", "revision", "last", "text", "label",
        "reason", "because", "remedy", "live", "place",
    }  # fmt: skip
    assert told["units"][0]["place"].startswith("locales/es/LC_MESSAGES/notices.po:")


def test_an_embargo_and_a_withdrawal_say_what_to_do(polypress: Program) -> None:
    path = polypress.notice("late", "Later")
    path.write_text("---\ntitle: Later\npublish_at: 2999-01-01\n---\n")
    out = polypress("why", "en", "late").out
    assert "comes out at 2999-01-01T00:00:00+00:00" in out
    assert "if it shipped:" in out
    (polypress.root / "locales").mkdir(exist_ok=True)
    (polypress.root / "locales/withdrawn.csv").write_text(
        "collection,item,at,why\nnotices,pool,,wrong day\n"
    )
    out = polypress("why", "es", "pool").out
    assert "withdrawn: wrong day" in out
    assert "undo it: polypress withdraw notices:pool --undo" in out


def test_a_malformed_time_is_1_and_names_the_line_to_mend(polypress: Program) -> None:
    polypress.notice("odd", "Odd").write_text("---\ntitle: Odd\nexpires_at: soon\n---\n")
    ran = polypress("why", "es", "odd")
    assert ran.code == 1
    assert "'soon' is no date and no time; the item is held back" in ran.err
    assert "content/notices/odd.md" in ran.err
    assert "correct expires_at in content/notices/odd.md" in ran.out


def test_an_unknown_item_is_2_with_names_that_are_alike(polypress: Program) -> None:
    ran = polypress("why", "es", "pol")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no item 'pol' (perhaps notices:pool)" in ran.err


def test_an_unknown_locale_is_2_and_the_source_is_known(polypress: Program) -> None:
    assert polypress("why", "pt", "pool").code == 2
    assert "this project's locales: en, es, ar" in polypress("why", "xx", "pool").err
    assert "the source as it is written" in polypress("why", "en", "pool").out


def test_an_item_that_is_only_live_any_more_is_told(polypress: Program) -> None:
    path = polypress.notice("gone", "Gone")
    polypress("publish")
    path.unlink()
    ran = polypress("why", "es", "gone")
    assert ran.code == 0
    assert "it is not in the content any more: the next publish takes it out" in ran.out


def test_quiet_says_nothing(polypress: Program) -> None:
    ran = polypress("why", "es", "pool", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
