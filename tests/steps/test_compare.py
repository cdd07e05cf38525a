from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.releases_for_tests import Town, copied, minute, two_releases
from workflow.adapters.bundles.keys import KeyFolder
from workflow.errors import BundleError
from workflow.steps.compare import Difference, ItemChange, UnitChange, compare
from workflow.steps.history import history
from workflow.steps.releases import Recorded, releases


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return two_releases(tmp_path_factory.mktemp("two"))


@pytest.fixture
def city(ready: Town, tmp_path: Path) -> Town:
    """A pool, a library, a market, and since the second release a fair."""
    return copied(ready, tmp_path)


def between(city: Town, before: int, after: int) -> Difference:
    found = history(city.store)
    return compare(city.store, found.release(before), found.release(after))


def one(difference: Difference, locale: str = "es") -> ItemChange:
    (found,) = [change for change in difference.items if change.locale == locale]
    return found


def unit(difference: Difference, locale: str = "es") -> UnitChange:
    (found,) = one(difference, locale).units
    return found


# Differences.


def test_a_release_does_not_differ_from_itself(city: Town) -> None:
    assert between(city, 2, 2) == Difference(2, 2, (), (), ())


def test_items_that_came_or_went_are_told_in_each_locale(city: Town) -> None:
    came = between(city, 1, 2).items
    assert [(one.locale, one.collection, one.item, one.kind) for one in came] == [
        (tag, "notices", "fair", "added") for tag in ("ar", "en", "es")
    ]
    assert {change.kind for change in between(city, 2, 1).items} == {"removed"}


def test_a_text_that_changed_is_told_with_its_labels(city: Town) -> None:
    city.place.approve("Bring a towel.", "Traiga una toalla.")
    city.publish()
    changed = unit(between(city, 2, 3))
    assert changed.field == "body"
    assert changed.text == ("es: Bring a towel.", "Traiga una toalla.")
    assert [label and label["origin"] for label in changed.label] == ["machine", "human"]
    assert {change.locale for change in between(city, 2, 3).items} == {"es"}
    assert set(one(between(city, 2, 3)).beside) == {"content", "html"}


def test_a_label_alone_is_a_change(city: Town) -> None:
    city.place.approve("Bring a towel.")
    city.publish()
    changed = unit(between(city, 2, 3))
    assert changed.text[0] == changed.text[1]
    assert [label and label["review"] for label in changed.label] == ["none", "approved"]


def test_a_source_that_changed_stands_beside_what_it_was(city: Town) -> None:
    city.notice("fair", "The fair comes", "With loud music.\n\nBring friends.")
    city.publish()
    changed, added = one(between(city, 2, 3), "en").units
    assert changed.source == ("With music.", "With loud music.")
    assert (added.source, added.label[0]) == (("", "Bring friends."), None)


def test_what_differs_besides_the_texts_is_named(city: Town) -> None:
    city.notice("library", "The library is shut", "Sorry.", date="2026-01-03")
    city.notice("fair", "The fair comes", "With music.", expires_at="2026-03-01")
    city.publish()
    told = {change.item: change for change in between(city, 2, 3).items if change.locale == "en"}
    assert {item: change.units for item, change in told.items()} == {"library": (), "fair": ()}
    assert {"meta", "formatted"} <= set(told["library"].beside)
    assert {"meta", "until"} <= set(told["fair"].beside)


def test_locales_that_came_or_went_are_told(city: Town) -> None:
    city.place = city.place.with_(locales=("es",))
    city.publish()
    assert between(city, 2, 3).locales_removed == ("ar",)
    assert between(city, 3, 2).locales_added == ("ar",)
    assert {change.kind for change in between(city, 3, 2).items} == {"added"}


def test_a_release_that_is_not_whole_cannot_be_compared(city: Town) -> None:
    city.lose(city.manifests(1)["es"].collections["notices"].shards[0])
    with pytest.raises(BundleError):
        between(city, 1, 2)


# The list of releases.


def test_all_releases_are_told_the_latest_first(city: Town) -> None:
    city.rollback()
    last, second, first = releases(city.project)
    assert last == Recorded(
        serial=3,
        live=True,
        released=minute(3),
        kind="rollback",
        locales=("ar", "en", "es"),
        items=3,
        units={"machine": 14},
    )
    assert (second.kind, second.items, second.live) == ("publish", 4, False)
    assert (first.serial, first.items, first.problem) == (1, 3, "")


def test_before_the_first_publish_there_is_none(city: Town) -> None:
    city.store.pointer = None  # type: ignore[attr-defined]
    city.store.releases.clear()  # type: ignore[attr-defined]
    assert releases(city.project) == ()


def test_what_is_lost_of_a_release_is_told_and_the_others_are_listed(city: Town) -> None:
    city.lose(history(city.store).release(1).manifests["es"])
    city.store.record(7, b"{}")
    seventh, second, first = releases(city.project)
    assert "none of Polypress' files" in seventh.problem
    assert second.problem == ""
    assert "missing" in first.problem


def test_it_is_told_whether_a_release_is_signed(city: Town) -> None:
    keys = KeyFolder(city.place.root / "keys")
    keys.new("main")
    city.place = city.place.with_(keys=keys)
    city.publish()
    assert [told.signed for told in releases(city.project)] == [True, False, False]
