"""What GNU gettext's programs leave of the facts (docs/adr/0019): the real ones, on every row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.pofile.every_row import (
    ASIDE,
    ENTRIES,
    MEANT,
    asides,
    body,
    ran,
    read,
    template,
    told,
    without,
)
from workflow.catalog import facts_of, may_replace
from workflow.model import Facts, Freshness, Message, Origin, Review

pytestmark = pytest.mark.gettext
ACTIVE = [message for message in ENTRIES.values() if not message.obsolete]
DOUBTED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.NEEDS_WORK)


def test_every_row_of_the_table_reads_as_it_says() -> None:
    assert told(body()) == MEANT
    assert asides(body()) == ASIDE


@pytest.mark.parametrize(
    "options",
    [(), ("--no-wrap",), ("--width=40",), ("--width=120",), ("--sort-output",), ("--use-first",)],
    ids=" ".join,
)
def test_msgcat_keeps_all_facts_and_comments_whatever_the_width(options: tuple[str, ...]) -> None:
    after = ran("msgcat", *options, "-", raw=body())
    assert told(after) == MEANT
    assert asides(after) == ASIDE
    assert sorted(read(after), key=repr) == sorted(read(body()), key=repr)


def test_msgattrib_clear_fuzzy_approves_all_that_has_a_text() -> None:
    after = told(ran("msgattrib", "--clear-fuzzy", "-", raw=body()))
    for name, meant in MEANT.items():
        if meant.freshness is Freshness.MISSING:
            assert after[name] == meant
        else:
            assert after[name].review is Review.APPROVED
            assert after[name].freshness is Freshness.CURRENT
            assert (after[name].origin, after[name].risk) == (meant.origin, meant.risk)


def test_msgattrib_set_fuzzy_takes_approval_back_and_keeps_the_origin() -> None:
    after = told(ran("msgattrib", "--set-fuzzy", "-", raw=body()))
    approved = {"person's", "approved draft", "plural", "obsolete"}
    assert {name for name in MEANT if after[name] != MEANT[name]} == approved
    assert after["approved draft"] == replace(MEANT["approved draft"], review=Review.NONE)
    assert all(after[name] == DOUBTED for name in approved - {"approved draft"})


def test_msgattrib_no_obsolete_takes_out_the_obsolete_ones_only() -> None:
    after = told(ran("msgattrib", "--no-obsolete", "-", raw=body()))
    assert after == without("obsolete", "obsolete draft")


def test_msgattrib_clear_previous_makes_a_persons_stale_text_one_that_needs_work() -> None:
    after = told(ran("msgattrib", "--clear-previous", "-", raw=body()))
    assert after == {**MEANT, "person's, stale": DOUBTED}


def merged(folder: Path, messages: list[Message], *options: str) -> bytes:
    path = folder / "notices.po"
    path.write_bytes(body())
    return ran("msgmerge", "--quiet", *options, path, template(folder, messages))


def test_msgmerge_with_previous_keeps_all_facts_of_unchanged_entries(tmp_path: Path) -> None:
    after = merged(tmp_path, ACTIVE, "--previous")
    assert told(after) == MEANT
    assert asides(after) == ASIDE


def test_msgmerge_alone_drops_the_previous_msgid_so_a_stale_text_of_a_persons_needs_work(
    tmp_path: Path,
) -> None:
    after = merged(tmp_path, ACTIVE)
    assert told(after) == {**MEANT, "person's, stale": DOUBTED}
    assert asides(after) == ASIDE


def test_msgmerge_drops_flags_that_it_does_not_know_and_no_fact_with_them(tmp_path: Path) -> None:
    path = tmp_path / "notices.po"
    path.write_bytes(body().replace(b"#, fuzzy\n", b"#, fuzzy, polypress-draft\n"))
    after = ran("msgmerge", "--quiet", "--previous", path, template(tmp_path, ACTIVE))
    assert b"polypress-draft" not in after
    assert told(after) == MEANT


CHANGED = {
    "person's": "The library opens at nine sharp.",
    "approved draft": "Take a seat, please.",
    "machine": "The bus is very late.",
    "with asides": "The pool on Mill Road is closed today.",
}
NEW = Message("pool#body", "Something else entirely, about the new skating rink.")
VANISHED = "doubted"


def reworded(folder: Path, *options: str) -> dict[str, Message]:
    """The entries by msgid after a template in which some changed, one vanished and one is new."""
    moved = [replace(ENTRIES[name], source=source) for name, source in CHANGED.items()]
    stay = [ENTRIES[name] for name in MEANT if name not in {*CHANGED, VANISHED}]
    wanted = [message for message in stay if not message.obsolete]
    after = merged(folder, [*wanted, *moved, NEW], *options)
    assert {name: facts for name, facts in told(after).items() if name not in CHANGED} == {
        name: facts
        for name, facts in MEANT.items()
        if name not in CHANGED and (options or name != "person's, stale")
    } | ({} if options else {"person's, stale": DOUBTED})
    return {message.source: message for message in read(after)}


@pytest.mark.parametrize("options", [(), ("--previous",)], ids=" ".join)
def test_msgmerge_moves_a_draft_to_a_reworded_msgid_and_its_hash_tells_that_it_is_stale(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    found = reworded(tmp_path, *options)
    for name in ("approved draft", "machine", "with asides"):
        message, before = found[CHANGED[name]], ENTRIES[name]
        assert message.translations == before.translations
        assert message.comments == before.comments
        stale = replace(MEANT[name], freshness=Freshness.STALE, review=Review.NONE)
        assert facts_of(message) == stale
        told_old = options and not before.fuzzy  # of a fuzzy entry it keeps no previous msgid
        assert message.previous_source == (before.source if told_old else None)


def test_msgmerge_with_previous_makes_a_reworded_text_of_a_persons_stale(tmp_path: Path) -> None:
    message = reworded(tmp_path, "--previous")[CHANGED["person's"]]
    assert facts_of(message) == Facts(Origin.HUMAN, Freshness.STALE, Review.NONE)
    assert message.translations == ENTRIES["person's"].translations


def test_msgmerge_alone_makes_a_reworded_text_of_a_persons_one_that_needs_work(
    tmp_path: Path,
) -> None:
    message = reworded(tmp_path)[CHANGED["person's"]]
    assert facts_of(message) == DOUBTED
    assert not may_replace(message)


def test_msgmerge_makes_what_vanished_obsolete_and_what_is_new_empty(tmp_path: Path) -> None:
    found = reworded(tmp_path)
    gone = found[ENTRIES[VANISHED].source]
    assert gone.obsolete
    assert gone.comments == ENTRIES[VANISHED].comments
    assert not any(found[NEW.source].translations)
