from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.steps.releases_for_tests import Town, copied, minute, town
from workflow.errors import BundleError
from workflow.steps import due as due_step
from workflow.steps.due import DueDone, due, publish_due

NOON, LATER = minute(0), minute(30)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Published at noon: a sale that ends half an hour later; a parade that comes then waits."""
    made = town(tmp_path_factory.mktemp("due"))
    made.notice("sale", "Sale", expires_at=minute(20))
    made.notice("parade", "Parade", publish_at=minute(40), expires_at=minute(50))
    made.publish(NOON)
    return made


@pytest.fixture
def city(ready: Town, tmp_path: Path) -> Town:
    made = copied(ready, tmp_path)
    time.sleep(0.02)  # the signatures of its files are ripe
    return made


def done(city: Town, at: str) -> DueDone:
    return publish_due(city.project, at=at)


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The collections that are read from here on."""
    seen: list[str] = []
    read = due_step.read

    def noted(root: Path, collection: Any) -> Any:  # noqa: ANN401 (what `read` takes and gives)
        seen.append(collection.name)
        return read(root, collection)

    monkeypatch.setattr(due_step, "read", noted)
    return seen


BASE = {"pool", "library", "market"}


def live(city: Town) -> set[str]:
    (items,) = {frozenset(items) for items in city.items().values()}
    for tag in city.live.manifests:
        city.texts(tag)
    return set(items)


def test_a_moment_is_due_from_its_very_second_on(city: Town) -> None:
    for at in (0, 19, 20, 39, 40, 49, 50, 500, 0, 19, 20):
        found = due(city.project, minute(at))
        assert set(found) == ({"notices"} if at >= 20 else set())
        assert all(minute(20) <= passed <= minute(at) for passed in found.values())


def test_what_is_due_is_published_and_then_no_more(city: Town) -> None:
    assert live(city) == BASE | {"sale"}
    for at, items in ((20, BASE), (40, BASE | {"parade"}), (50, BASE)):
        serial = city.live.serial
        assert done(city, minute(at)).changed
        assert (live(city), city.live.serial) == (items, serial + 1)
        assert city.live.released == minute(at)
        assert not done(city, minute(at + 9)).due
        assert city.live.serial == serial + 1


def test_a_publish_by_hand_does_what_was_due(city: Town) -> None:
    city.publish(minute(45))
    assert due(city.project, minute(46)) == {}
    assert due(city.project, minute(50)) == {"notices": minute(50)}


def test_before_the_first_release_nothing_is_due(tmp_path: Path) -> None:
    city = town(tmp_path)
    city.notice("parade", "Parade", publish_at=minute(40))
    assert done(city, minute(60)) == DueDone({}, 0)
    assert city.store.release() is None


def test_an_item_that_was_written_since_comes_when_it_is_due(city: Town) -> None:
    assert due(city.project, minute(10)) == {}
    city.notice("late", "Late", publish_at=minute(15))
    assert due(city.project, minute(14)) == {}
    assert due(city.project, minute(15)) == {"notices": minute(15)}
    done(city, minute(15))
    assert "late" in live(city)


def test_a_time_that_was_put_off_is_not_due_at_the_old_one(city: Town) -> None:
    assert due(city.project, minute(10)) == {}
    city.notice("sale", "Sale", expires_at=minute(30))
    assert due(city.project, minute(25)) == {}
    assert due(city.project, minute(30)) == {"notices": minute(30)}


def test_an_edit_alone_is_not_due(city: Town) -> None:
    city.notice("pool", "The pool is shut")
    assert due(city.project, minute(10)) == {}


def test_a_moment_that_changes_nothing_is_asked_about_once(city: Town) -> None:
    city.withdraw("sale")
    city.store.record(3, city.store.release() or b"")
    city.publish(minute(1))
    first = done(city, minute(25))
    assert (set(first.due), first.changed, first.failures) == ({"notices"}, False, ())
    assert done(city, minute(26)).due == {}


def test_what_was_asked_about_one_release_is_not_known_of_another(city: Town) -> None:
    """A folder that was put back from a backup, or a second one."""
    before = city.store.release()
    city.withdraw("pool")
    city.notice("sale", "Sale", publish_at=minute(20))
    city.publish(minute(1))
    city.notice("sale", "Sale", expires_at=minute(20))
    assert done(city, minute(25)).due
    assert before
    city.store.switch(before, 1)
    assert due(city.project, minute(26)) == {"notices": minute(20)}


def test_what_failed_stays_due(city: Town) -> None:
    city.withdraw("sale")
    city.publish(minute(1))
    city.place.catalog("ar").write_text("msgid broken\n")
    assert done(city, minute(25)).failures
    assert done(city, minute(26)).due


def test_the_end_of_an_item_whose_file_is_damaged_is_due_as_its_release_says(city: Town) -> None:
    city.place.write("notices/sale.md", b"\xff")
    assert due(city.project, minute(19)) == {}
    for at in (20, 21):
        assert due(city.project, minute(at)) == {"notices": minute(20)}
    assert done(city, minute(22)).changed
    assert live(city) == BASE
    assert due(city.project, minute(23)) == {}


def test_files_that_are_as_they_were_are_not_read_again(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = reads(monkeypatch)
    assert due(city.project, minute(10)) == {}
    assert seen == ["notices"]
    for at in (11, 12, 19, 20, 35):
        due(city.project, minute(at))
    assert seen == ["notices"]
    city.notice("pool", "The pool is shut")
    time.sleep(0.02)
    due(city.project, minute(12))
    due(city.project, minute(13))
    assert seen == ["notices"] * 2


def test_files_that_may_still_change_unseen_are_read_again(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = reads(monkeypatch)
    monkeypatch.setattr(due_step.time, "time_ns", lambda: 0)
    due(city.project, minute(10))
    due(city.project, minute(10))
    assert seen == ["notices"] * 2


def test_without_traces_it_is_the_same_only_dearer(city: Town) -> None:
    city.place = city.place.with_(lookout=None)
    assert due(city.project, minute(20)) == {"notices": minute(20)}
    done(city, minute(20))
    assert live(city) == BASE


def test_a_trace_that_makes_no_sense_counts_for_nothing(city: Town) -> None:
    due(city.project, minute(10))
    traces = city.project.lookout.traces  # type: ignore[union-attr]
    mine = [one for one in traces.all().values() if one.locale == "due"]
    assert mine
    for told in ("", "x", "null", "[]", '["a"]', "[1, 2]", '{"a": 1}', "[[], []]"):
        traces.keep([replace(one, told=told) for one in mine])
        assert due(city.project, minute(20)) == {"notices": minute(20)}


def test_a_clock_that_went_back_finds_nothing_due(city: Town) -> None:
    done(city, minute(45))
    assert due(city.project, minute(5)) == {}
    assert live(city) == BASE | {"parade"}


def test_a_damaged_release_is_told(city: Town) -> None:
    city.store.pointer = b"{}"  # type: ignore[attr-defined]
    with pytest.raises(BundleError):
        due(city.project, minute(20))


# After a rollback.


@pytest.fixture
def back(city: Town) -> Town:
    """Gone back to the first release, without a fair."""
    city.notice("fair", "The fair comes")
    city.publish(minute(1))
    city.rollback(at=minute(2))
    assert live(city) == BASE | {"sale"}
    return city


def test_after_a_rollback_only_what_is_over_goes_out(back: Town) -> None:
    assert done(back, minute(19)).due == {}
    over = done(back, minute(20))
    assert [(one.item, one.why) for one in over.left_out] == [("sale", f"expired at {minute(20)}")]
    assert live(back) == BASE
    assert (back.live.kind, back.live.serial) == ("rollback", 4)
    assert done(back, minute(21)).due == {}


def test_after_a_rollback_what_would_come_does_not(back: Town) -> None:
    done(back, minute(20))
    coming = done(back, minute(40))
    assert (set(coming.due), coming.changed) == ({"notices"}, False)
    assert done(back, minute(41)).due == {}
    assert live(back) == BASE
    back.publish(minute(42))
    assert live(back) == BASE | {"parade", "fair"}


def test_an_item_that_is_gone_from_the_content_ends_as_its_release_says(back: Town) -> None:
    (back.place.root / "content" / "notices" / "sale.md").unlink()
    assert due(back.project, minute(20)) == {"notices": minute(20)}
    done(back, minute(20))
    assert live(back) == BASE


def test_an_end_that_was_put_off_holds_after_a_rollback(back: Town) -> None:
    back.notice("sale", "Sale", expires_at=minute(30))
    assert not done(back, minute(20)).changed
    assert not done(back, minute(21)).due
    assert done(back, minute(30)).changed
    assert live(back) == BASE


def test_a_withdrawal_after_a_rollback_does_not_bring_the_rest_back(back: Town) -> None:
    back.withdraw("pool")
    assert live(back) == {"library", "market", "sale"}
    done(back, minute(20))
    assert live(back) == {"library", "market"}
    done(back, minute(40))
    assert live(back) == {"library", "market"}


def test_a_collection_that_cannot_be_read_leaves_the_rollback_as_it_is(back: Town) -> None:
    (back.place.root / "content" / "notices").rename(back.place.root / "content" / "away")
    before = back.store.release()
    with pytest.raises(BundleError, match="cannot be read"):
        done(back, minute(20))
    assert back.store.release() == before


def test_a_withdrawn_item_does_not_come_back_when_something_is_due(city: Town) -> None:
    city.withdraw("pool")
    done(city, minute(20))
    assert live(city) == BASE - {"pool"}
