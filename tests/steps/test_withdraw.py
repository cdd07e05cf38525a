from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import full_disk
from tests.steps.project_for_tests import BRIEFS, NOTICES, TIME
from tests.steps.releases_for_tests import Town, copied, rows, town, two_releases
from workflow.errors import BundleError, OutsideError, SettingsError, UsageError
from workflow.steps.deriving import LeftOut
from workflow.steps.withdraw import undo

EVERY = ("ar", "en", "es")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return two_releases(tmp_path_factory.mktemp("two"))


@pytest.fixture
def city(ready: Town, tmp_path: Path) -> Town:
    """A pool, a library, a market, and since the second release a fair."""
    return copied(ready, tmp_path)


def table(city: Town) -> str:
    return (city.place.root / "locales" / "withdrawn.csv").read_text()


def test_a_withdrawn_item_is_out_at_once_in_every_locale(city: Town) -> None:
    done = city.withdraw("notices:pool", "wrong price")
    assert (done.item, done.serial, done.changed) == ("notices:pool", 3, True)
    assert done.left_out == (LeftOut("notices", "pool", EVERY, "withdrawn: wrong price"),)
    assert city.everywhere("library", "market", "fair")
    assert (city.live.kind, city.live.withdrawn) == ("withdraw", ("notices:pool",))
    assert table(city) == f"collection,item,at,why\nnotices,pool,{TIME},wrong price\n"


def test_the_release_is_what_a_publish_without_the_item_makes(city: Town) -> None:
    city.withdraw("pool")
    made = city.live.manifests
    assert city.publish().changed is False
    assert city.live.manifests == made
    city.place.project.bundles.pointer = None  # type: ignore[attr-defined]
    city.publish()
    assert city.live.manifests == made


def test_what_others_show_of_it_is_the_object_that_was_there(city: Town) -> None:
    before = city.entries()
    city.withdraw("pool")
    del before["notices:pool"]
    assert city.entries() == before


def test_the_next_publish_brings_an_item_back_that_is_taken_off(city: Town) -> None:
    city.withdraw("pool")
    assert undo(city.table, "pool") == "notices:pool"
    assert city.everywhere("library", "market", "fair")
    assert city.publish().changed
    assert city.everywhere("pool", "library", "market", "fair")
    assert city.live.withdrawn == ()


def test_nothing_can_be_taken_off_that_is_not_there(city: Town) -> None:
    with pytest.raises(UsageError, match="is not withdrawn"):
        undo(city.table, "pool")
    city.table.write(rows(pool="", fair=""))
    with pytest.raises(UsageError, match="is not withdrawn") as refused:
        undo(city.table, "market")
    assert "notices:fair, notices:pool" in refused.value.fix


def test_an_item_that_is_gone_from_the_content_can_be_withdrawn(city: Town) -> None:
    (city.place.root / "content" / "notices" / "fair.md").unlink()
    city.publish()
    assert city.withdraw("fair").item == "notices:fair"
    city.rollback(2)
    assert city.everywhere("pool", "library", "market")


def test_an_item_that_was_never_published_can_be_withdrawn(city: Town) -> None:
    city.notice("late", "Late", publish_at="2027-01-01")
    assert city.withdraw("late").changed
    assert city.live.withdrawn == ("notices:late",)
    assert city.everywhere("pool", "library", "market", "fair")


def test_content_that_cannot_be_read_keeps_nobody_from_withdrawing(city: Town) -> None:
    (city.place.root / "content" / "notices" / "fair.md").write_bytes(b"---\ntitle: [\n---\n")
    (city.place.root / "content" / "notices" / "pool.md").unlink()
    city.place.catalog("es").write_text("msgid broken\n")
    city.withdraw("notices:pool")
    assert city.everywhere("library", "market", "fair")


@pytest.mark.parametrize("name", ["pol", "notices:pol", "briefs:pool", "", "*", "notices:", "a\nb"])
def test_an_item_that_nobody_knows_is_refused_and_nothing_is_written(city: Town, name: str) -> None:
    before = city.store.release()
    with pytest.raises(UsageError, match="no item"):
        city.withdraw(name)
    assert city.store.release() == before
    assert not (city.place.root / "locales" / "withdrawn.csv").exists()


def test_a_name_near_to_what_was_typed_is_offered(city: Town) -> None:
    with pytest.raises(UsageError) as refused:
        city.withdraw("librry")
    assert "library" in refused.value.fix


def test_the_id_of_a_unit_names_its_item(city: Town) -> None:
    assert city.withdraw("notices:pool#title@0123456789").item == "notices:pool"


def test_an_id_of_two_items_has_to_be_named_with_its_collection(tmp_path: Path) -> None:
    city = town(tmp_path)
    city.place = city.place.with_(collections=(NOTICES, BRIEFS))
    city.place.write("briefs/week.txt", "The pool is open.\n")
    city.publish()
    (brief,) = [key for key in city.entries("en") if key.startswith("briefs:")]
    item = brief.partition(":")[2]
    city.notice("twin", "A twin", id=item)
    city.publish()
    with pytest.raises(UsageError, match="several items") as refused:
        city.withdraw(item)
    assert f"{brief}, notices:{item}" in refused.value.fix
    assert city.withdraw(brief).item == brief
    assert f"notices:{item}" in city.entries("en")


def test_withdrawing_again_changes_nothing_but_the_reason(city: Town) -> None:
    city.withdraw("pool", "wrong price")
    before, rows_before = city.store.release(), table(city)
    again = city.withdraw("pool")
    assert (again.listed, again.changed, city.store.release()) == (False, False, before)
    assert table(city) == rows_before
    assert city.withdraw("pool", "wrong\nday").listed
    assert table(city).endswith(",wrong day\n")
    assert city.store.release() == before


def test_before_the_first_release_only_the_table_is_written(tmp_path: Path) -> None:
    city = town(tmp_path)
    done = city.withdraw("pool")
    assert (done.serial, done.changed) == (0, False)
    assert city.store.release() is None
    city.publish()
    assert city.everywhere("library", "market")


def test_a_withdrawal_after_a_rollback_leaves_it_a_rollback(city: Town) -> None:
    city.rollback()
    assert city.withdraw("pool").changed
    assert city.everywhere("library", "market")
    assert not city.withdraw("pool").changed
    assert city.live.kind == "rollback"
    city.publish()
    assert city.live.kind == "publish"


# Cut off, damaged, full.


def test_a_withdrawal_that_was_cut_off_is_completed_by_whatever_comes_next(city: Town) -> None:
    city.table.write(rows(pool=""))  # and the process was killed
    assert "notices:pool" in city.entries()
    other = city.withdraw("fair")
    assert {one.item for one in other.left_out} == {"pool", "fair"}
    assert city.everywhere("library", "market")


def test_a_publish_completes_it_as_well(city: Town) -> None:
    city.table.write(rows(pool=""))
    assert city.publish().changed
    assert city.everywhere("library", "market", "fair")


def test_a_damaged_table_is_refused_and_nothing_changes(city: Town) -> None:
    city.withdraw("pool")
    path = city.place.root / "locales" / "withdrawn.csv"
    project = city.project
    path.write_text(path.read_text() + "<<<<<<< HEAD\n")
    before, body = city.store.release(), path.read_bytes()
    from workflow.steps.withdraw import withdraw  # noqa: PLC0415 - with a project opened before

    with pytest.raises(SettingsError, match="cells") as refused:
        withdraw(project, city.table, "fair")
    assert refused.value.place.line == 3
    assert (city.store.release(), path.read_bytes()) == (before, body)


def test_a_live_release_that_is_not_whole_is_told_and_the_table_stands(city: Town) -> None:
    city.lose(city.manifests()["es"].collections["notices"].shards[0])
    with pytest.raises(BundleError):
        city.withdraw("notices:pool")
    assert "notices,pool" in table(city)
    city.publish()
    assert city.everywhere("library", "market", "fair")


def test_a_full_disk_leaves_table_and_release_as_they_were(tmp_path: Path) -> None:
    city = two_releases(tmp_path, fake=False)
    before = city.store.release()
    with full_disk(10), pytest.raises(OutsideError):
        city.withdraw("pool")
    assert not (tmp_path / "locales" / "withdrawn.csv").exists()
    with full_disk(300), pytest.raises(OutsideError):
        city.withdraw("pool")
    assert city.store.release() == before
    assert "notices,pool" in table(city)
    assert city.withdraw("pool").changed
    assert city.everywhere("library", "market", "fair")
