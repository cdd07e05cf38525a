from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.steps.project_for_tests import snapshot
from tests.steps.releases_for_tests import Town, copied, rows, two_releases
from workflow.errors import BundleError, OutsideError
from workflow.steps.clearing import Cleared, clear
from workflow.steps.compare import LOST, compare
from workflow.steps.history import history
from workflow.steps.releases import releases

OLD = 7200


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Town]:
    """Five releases: a fair, a fair at another place, no fair, and again as the second."""
    made = {}
    for fake in (True, False):
        city = two_releases(tmp_path_factory.mktemp("five"), fake=fake)
        city.notice("fair", "The fair moves", "With music.")
        city.publish()
        (city.place.root / "content" / "notices" / "fair.md").unlink()
        city.publish()
        city.rollback(2)
        made[fake] = city
    return made


@pytest.fixture
def city(towns: dict[bool, Town], tmp_path: Path) -> Town:
    return copied(towns[True], tmp_path)


@pytest.fixture
def real(towns: dict[bool, Town], tmp_path: Path) -> Town:
    return copied(towns[False], tmp_path)


def cleared(city: Town, keep: int = 10, **options: bool) -> Cleared:
    return clear(city.project, keep=keep, **options)


def named_by(city: Town, serial: int) -> set[str]:
    """All that a release names, gathered by another way than the program's."""
    found = set(history(city.store).release(serial).manifests.values())
    for tag, manifest in city.manifests(serial).items():
        for section in manifest.collections.values():
            found |= set(section.shards)
        found |= {entry.object for entry in city.entries(tag, serial).values()}
    return found


def test_nothing_goes_that_one_of_the_last_releases_names(city: Town) -> None:
    before = set(city.store.digests())
    done = cleared(city, keep=5)
    assert (done.objects, done.size, done.releases) == (0, 0, ())
    assert set(city.store.digests()) == before


@pytest.mark.parametrize("keep", [1, 2, 3, 4])
def test_just_what_the_last_releases_name_stays(city: Town, keep: int) -> None:
    stay = range(6 - keep, 6)
    wanted = set().union(*(named_by(city, serial) for serial in stay))
    sizes = {digest: city.store.size(digest) for digest in city.store.digests()}
    done = cleared(city, keep=keep)
    assert set(city.store.digests()) == wanted
    assert city.store.serials() == tuple(stay) == done.kept
    assert done.objects == len(sizes) - len(wanted)
    assert done.size == sum(size for digest, size in sizes.items() if digest not in wanted)
    assert city.everywhere("pool", "library", "market", "fair")


def test_a_dry_run_tells_the_same_and_removes_nothing(real: Town) -> None:
    public = real.place.root / "var" / "public"
    before = snapshot(public)
    told = cleared(real, keep=1, dry_run=True)
    assert snapshot(public) == before
    done = cleared(real, keep=1)
    assert told == done
    assert done.objects
    assert done.size == _bytes(before) - _bytes(snapshot(public)) - _records(before)


def _bytes(files: dict[str, tuple[bytes, int]]) -> int:
    return sum(len(body) for body, _ in files.values())


def _records(files: dict[str, tuple[bytes, int]]) -> int:
    gone = [name for name in files if "/releases/" in name and not name.endswith("/5.json")]
    return sum(len(files[name][0]) for name in gone)


def test_the_live_release_stays_even_if_it_is_older_than_all_that_stay(city: Town) -> None:
    body = city.store.recorded()[2]
    city.store.pointer = body  # type: ignore[attr-defined] - a backup was put back
    done = cleared(city, keep=1)
    assert done.kept == (2, 5)
    assert city.everywhere("pool", "library", "market", "fair")


def test_a_live_release_without_a_record_stays(city: Town) -> None:
    city.store.forget(5)
    assert 5 in cleared(city, keep=1).kept
    assert city.everywhere("pool", "library", "market", "fair")


def test_without_a_release_all_objects_are_nobodys(city: Town) -> None:
    city.store.pointer = None  # type: ignore[attr-defined]
    city.store.releases.clear()  # type: ignore[attr-defined]
    cleared(city)
    assert list(city.store.digests()) == []


def test_compressed_forms_and_halves_of_objects_go_with_them(real: Town) -> None:
    objects = real.place.root / "var" / "public" / "objects"
    half = objects / f"{'0' * 64}.br"
    half.write_bytes(b"cut off before the object itself was written")
    there = {path.name.partition(".")[0] for path in objects.iterdir()}
    cleared(real, keep=1)
    assert not half.exists()
    stay = {path.name.partition(".")[0] for path in objects.iterdir()}
    assert stay == named_by(real, 5) < there


def test_temporary_files_go_after_an_hour(real: Town) -> None:
    public = real.place.root / "var" / "public"
    left = [public / ".release.json.x.tmp", public / "objects" / f".{'0' * 64}.y.tmp"]
    for path in left:
        path.write_bytes(b"half")
    assert cleared(real).temporary == 0
    for path in left:
        os.utime(path, (os.path.getmtime(path) - OLD,) * 2)  # noqa: PTH204 - the time itself
    assert cleared(real, dry_run=True).temporary == 0
    assert cleared(real).temporary == 2
    assert not any(path.exists() for path in left)


# Damage.


def test_a_live_release_that_is_not_whole_stops_everything(city: Town) -> None:
    (shard,) = city.manifests()["es"].collections["notices"].shards
    city.lose(shard)
    before = set(city.store.digests()), city.store.serials()
    with pytest.raises(BundleError):
        cleared(city, keep=1)
    assert (set(city.store.digests()), city.store.serials()) == before


def test_a_damaged_pointer_stops_everything(city: Town) -> None:
    before = set(city.store.digests())
    city.store.pointer = b"{}"  # type: ignore[attr-defined]
    with pytest.raises(BundleError):
        cleared(city, keep=1)
    assert set(city.store.digests()) == before


def test_an_older_release_that_is_not_whole_is_told_and_keeps_what_can_be_read_of_it(
    city: Town,
) -> None:
    digest = history(city.store).release(3).manifests["es"]
    city.lose(digest)
    done = cleared(city)
    assert [error.what for error in done.problems] == ["object missing"]
    assert city.everywhere("pool", "library", "market", "fair")


def test_a_damaged_record_counts_as_one_and_names_nothing(city: Town) -> None:
    city.store.record(4, b"{}")
    assert cleared(city, keep=2).kept == (4, 5)
    assert city.everywhere("pool", "library", "market", "fair")


def test_a_disk_that_refuses_is_told(real: Town) -> None:
    objects = real.place.root / "var" / "public" / "objects"
    digest = (named_by(real, 3) - named_by(real, 5)).pop()
    (objects / digest).unlink()
    (objects / digest).mkdir()
    with pytest.raises(OutsideError, match="cannot remove"):
        cleared(real, keep=1)
    assert real.everywhere("pool", "library", "market", "fair")


# Purging.


def test_a_purge_takes_the_objects_of_withdrawn_items_out_of_all_releases(city: Town) -> None:
    city.withdraw("fair")
    theirs = {
        city.entries(tag, serial)["notices:fair"].object
        for tag in ("en", "es", "ar")
        for serial in (2, 3, 5)
    }
    before = set(city.store.digests())
    done = cleared(city, purge=True)
    assert before - set(city.store.digests()) == theirs
    assert (done.objects, done.held) == (len(theirs), ())
    assert not any(b"music" in body for body in city.store.objects.values())  # type: ignore[attr-defined]
    assert city.everywhere("pool", "library", "market")


def test_releases_with_holes_can_be_listed_compared_and_gone_back_to(city: Town) -> None:
    city.withdraw("fair")
    cleared(city, purge=True)
    told = {one.serial: one.purged for one in releases(city.project)}
    assert told == {1: (), 2: ("notices:fair",), 3: ("notices:fair",), 4: (), 5: ("notices:fair",),
                    6: ()}  # fmt: skip
    found = history(city.store)
    changes = compare(city.store, found.release(2), found.release(3)).items
    assert {(one.item, one.note) for one in changes} == {("fair", LOST)}
    assert {one.why for one in city.rollback(3).left_out} == {"withdrawn"}
    city.table.write({})
    assert {one.item for one in city.rollback(2).left_out} == {"fair"}
    assert city.everywhere("pool", "library", "market")


def test_a_purge_leaves_what_the_live_release_still_shows_and_says_so(city: Town) -> None:
    city.table.write(rows(fair="", pool=""))
    done = cleared(city, purge=True)
    assert done.held == ("notices:fair", "notices:pool")
    assert city.everywhere("pool", "library", "market", "fair")


def test_stored_files_that_hold_a_withdrawn_item_are_purged_as_well(
    towns: dict[bool, Town], tmp_path: Path
) -> None:
    from dataclasses import replace  # noqa: PLC0415 - for this alone

    city = copied(towns[True], tmp_path)
    publishing = replace(city.place.project.publishing, derived="stored")
    city.place = city.place.with_(publishing=publishing)
    city.notice("fair", "The fair comes", "With drums.")
    city.publish()
    city.withdraw("fair")
    assert any(b"drums" in body for body in city.store.objects.values())  # type: ignore[attr-defined]
    cleared(city, purge=True)
    assert not any(b"drums" in body for body in city.store.objects.values())  # type: ignore[attr-defined]
    for tag, manifest in city.manifests().items():
        city.texts(tag)
        (section,) = manifest.collections.values()
        assert all(city.store.has(digest) for digest in section.derived.values())
