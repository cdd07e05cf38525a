from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from workflow.bundle import Manifest, Release, Shard
from workflow.policy import Policy, Text
from workflow.steps.project import Publishing
from workflow.steps.publish import publish
from workflow.withdrawn import Withdrawal


@pytest.fixture
def city(tmp_path: Path) -> Place:
    """Two collections, published once; what the run before has left is old enough to be trusted."""
    made = place(tmp_path / "city", collections=(NOTICES, BRIEFS))
    made.notice("pool", "The pool opens", "Bring a towel.")
    made.notice("library", "The library is shut")
    made.write("briefs/week.txt", "The market is on Monday.\n\nThe lift is broken.\n")
    made.translate()
    made.publish()
    return made


def public(city: Place) -> Path:
    return city.root / "var" / "public"


def named(city: Place) -> set[str]:
    """The objects that the live release leads to."""
    bundles = city.project.bundles
    found: set[str] = set()
    for digest in Release.live(bundles.release()).manifests.values():
        sections = Manifest.parse(bundles.get(digest)).collections.values()
        shards = [shard for section in sections for shard in section.shards]
        items = [entry.object for one in shards for entry in Shard.parse(bundles.get(one)).items]
        found |= {digest, *shards, *items}
    return found


def live_manifest(city: Place, locale: str = "es") -> Manifest:
    bundles = city.project.bundles
    return Manifest.parse(bundles.get(Release.live(bundles.release()).manifests[locale]))


def items(city: Place, locale: str = "es", collection: str = "notices") -> list[str]:
    bundles = city.project.bundles
    shards = live_manifest(city, locale).collections[collection].shards
    return [entry.item for one in shards for entry in Shard.parse(bundles.get(one)).items]


def from_nothing(city: Place, folder: Path) -> Place:
    """The same content and catalogs elsewhere, published for the first time."""
    other = place(folder, collections=city.project.collections, policy=city.project.policy)
    for part in ("content", "locales"):
        shutil.copytree(city.root / part, other.root / part, dirs_exist_ok=True)
    other.publish()
    return other


def test_nothing_is_read_if_nothing_has_changed(city: Place) -> None:
    before = snapshot(public(city))
    again = city.publish()
    assert (again.changed, again.reused) == (False, ("notices", "briefs"))
    assert snapshot(public(city)) == before


def test_only_the_collection_that_has_changed_is_read(city: Place) -> None:
    city.approve("The library is shut", "La biblioteca está cerrada")
    release = city.publish()
    assert (release.changed, release.reused) == (True, ("briefs",))


def test_a_change_writes_the_touched_item_its_shard_and_manifest_alone(city: Place) -> None:
    before = named(city)
    city.approve("The library is shut", "La biblioteca está cerrada")
    city.publish()
    new = named(city) - before
    kinds = sorted(
        "manifest" if "collections" in value else "shard" if "items" in value else value["item"]
        for value in (json.loads(city.project.bundles.get(digest)) for digest in new)
    )
    assert kinds == ["library", "manifest", "shard"]
    written = {path.name for path in (public(city) / "objects").iterdir() if not path.suffix}
    assert written == before | new


def test_what_is_built_step_by_step_is_what_a_build_from_nothing_gives(
    city: Place, tmp_path: Path
) -> None:
    city.approve("The library is shut", "La biblioteca está cerrada")
    city.publish()
    city.notice("pool", "The pool opens", "Bring two towels.")
    city.notice("museum", "The museum is open")
    city.translate()
    city.publish()
    (city.root / "content/notices/library.md").unlink()
    city.publish()
    other = from_nothing(city, tmp_path / "other")
    assert named(city) == named(other)
    folders = [public(one) / "objects" for one in (city, other)]
    for name in named(city):
        assert len({(folder / name).read_bytes() for folder in folders}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": Policy(text=Text.REVIEWED)},
        {"publishing": Publishing(labels="required")},
        {"publishing": Publishing(site="https://city.example/{locale}/{item}")},
        {"locales": ("es",)},
        {"withdrawn": {"notices:pool": Withdrawal("notices", "pool")}},
    ],
    ids=["policy", "labels", "site", "locales", "withdrawn"],
)
def test_another_setting_reads_what_it_concerns(city: Place, changes: dict[str, object]) -> None:
    release = city.with_(**changes).publish()
    assert release.changed
    assert "notices" not in release.reused


def test_all_can_be_read_whatever_is_known(city: Place) -> None:
    _, release = publish(city.project, whole=True)
    assert (release.changed, release.reused) == (False, ())


def test_a_lost_shard_is_built_again(city: Place) -> None:
    bundles = city.project.bundles
    manifest = Manifest.parse(bundles.get(Release.live(bundles.release()).manifests["es"]))
    shard = public(city) / "objects" / manifest.collections["notices"].shards[0]
    body = shard.read_bytes()
    shard.unlink()
    assert city.publish().reused == ("briefs",)
    assert shard.read_bytes() == body


def test_a_lost_manifest_is_built_again(city: Place) -> None:
    path = public(city) / "objects" / Release.live(city.project.bundles.release()).manifests["es"]
    body = path.read_bytes()
    path.write_bytes(b"")
    assert not city.publish().changed
    assert path.read_bytes() == body


def test_a_release_that_is_gone_is_built_again_with_a_higher_serial(city: Place) -> None:
    (public(city) / "release.json").unlink()
    release = city.publish()
    assert (release.serial, release.changed, release.reused) == (2, True, ())


# What cannot be read keeps what is live of it.


def test_a_file_that_cannot_be_read_keeps_its_live_items_where_they_stood(city: Place) -> None:
    city.notice("aaa", "The desk is open")
    city.publish()
    assert items(city) == ["aaa", "library", "pool"]
    city.write("notices/library.md", b"\xff")
    city.publish()
    assert items(city) == items(city, "en") == ["aaa", "library", "pool"]
    (city.root / "content/notices/library.md").unlink()
    city.publish()
    assert items(city) == ["aaa", "pool"]


def test_an_item_that_cannot_be_read_still_expires(city: Place) -> None:
    city.write("notices/fair.md", "---\ntitle: The fair\nexpires_at: 2026-02-01\n---\n")
    city.publish(at="2026-01-31T00:00:00+00:00")
    city.write("notices/fair.md", b"\xff")
    city.publish(at="2026-01-31T12:00:00+00:00")
    assert "fair" in items(city)
    city.publish(at="2026-02-01T00:00:00+00:00")
    assert "fair" not in items(city)


def test_an_item_that_cannot_be_read_is_withdrawn_all_the_same(city: Place) -> None:
    city.write("notices/pool.md", b"\xff")
    held = {"notices:pool": Withdrawal("notices", "pool")}
    city.with_(withdrawn=held).publish()
    assert items(city) == ["library"]


def test_an_item_that_cannot_be_made_keeps_what_is_live_of_it(
    city: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.errors import ContentError  # noqa: PLC0415 - what the renderer is made to raise

    city.notice("pool", "The pool opens late", "Bring a towel.")
    city.notice("museum", "The museum is open")
    made = type(NOTICES.format).html

    def refuses(self: object, item: object, *rest: object) -> str:
        if item.id == "pool":  # type: ignore[attr-defined]
            raise ContentError("cannot be shown", fix="mend it")
        return made(self, item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(NOTICES.format), "html", refuses)
    release = city.publish()
    assert {str(one) for one in release.failures} == {"cannot be shown (mend it)"}
    assert items(city, "en") == ["library", "pool", "museum"]
    assert city.publish().reused == ("briefs",)  # it is tried again


def test_a_file_that_cannot_be_read_for_a_moment_leaves_no_trace(
    city: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies there as it did, so only the text that is live of it is another than it should be."""
    real = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "pool.md":
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    strict = city.with_(policy=Policy(text=Text.REVIEWED))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refused)
        strict.publish()
    assert strict.publish().changed
    counts = live_manifest(strict).collections["notices"].counts["origin"]
    assert counts == {"source": 3}


# Time.


def test_an_item_comes_and_goes_when_its_time_has_come(city: Place) -> None:
    city.write(
        "notices/fair.md",
        "---\ntitle: The fair\npublish_at: 2026-02-01\nexpires_at: 2026-03-01\n---\n",
    )
    for at, there in (
        ("2026-01-31T23:59:59+00:00", False),
        ("2026-02-01T00:00:00+00:00", True),
        ("2026-02-15T00:00:00+00:00", True),
        ("2026-03-01T00:00:00+00:00", False),
        ("2026-02-15T00:00:00+00:00", True),
    ):
        release = city.publish(at=at)
        assert ("fair" in items(city)) is there, at
        assert "briefs" in release.reused
        assert city.publish(at=at).reused == ("notices", "briefs")


def test_the_time_alone_makes_no_new_release(city: Place) -> None:
    for at in ("2026-02-01T00:00:00+00:00", "2036-02-01T00:00:00+00:00"):
        assert not city.publish(at=at).changed


def test_without_a_lookout_everything_is_read(city: Place) -> None:
    bare = Place(replace(city.project, lookout=None), city.engine)
    release = bare.publish()
    assert (release.changed, release.reused) == (False, ())
