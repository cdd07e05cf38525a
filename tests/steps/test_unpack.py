from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_bundles import FakeBundles
from tests.hostile import PATHS
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from workflow import locales
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.bundle import ItemObject, Manifest, Release, Section, Shard, encoded
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.steps.unpack import BundleFile, unpack

COMPILER = MoCompiler(plural_forms=locales.plural_forms)


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    made.notice("swim/pool", "The pool opens", "Bring a towel.")
    made.write("briefs/week.txt", "The library is shut.\n")
    made.translate()
    made.publish()
    return made


def unpacked(city: Place, locale: str = "es") -> list[BundleFile]:
    return list(unpack(city.project.bundles, COMPILER, locale))


def test_a_published_bundle_comes_back_as_plain_files(city: Place) -> None:
    files = {file.path: file.body for file in unpacked(city)}
    brief = f"briefs/items/week.{digest_of('The library is shut.')[:8]}"
    assert set(files) == {
        "manifest.json",
        "briefs/labels.json", "briefs/messages.json", "briefs/messages.mo",
        f"{brief}.json", f"{brief}.html", f"{brief}.txt",
        "notices/labels.json", "notices/messages.json", "notices/messages.mo",
        "notices/items/swim.pool.json", "notices/items/swim.pool.html",
        "notices/items/swim.pool.md",
    }  # fmt: skip
    assert files["notices/items/swim.pool.md"] == (
        b'---\ntitle: "es: The pool opens"\n---\n\nes: Bring a towel.\n'
    )
    assert files[f"{brief}.txt"] == b"es: The library is shut."
    assert json.loads(files["manifest.json"])["locale"] == "es"
    assert ItemObject.parse(files["notices/items/swim.pool.json"]).item == "swim.pool"


def test_the_source_locale_is_a_bundle_too(city: Place) -> None:
    files = {file.path: file.body for file in unpacked(city, "en")}
    written = (city.root / "content/notices/swim/pool.md").read_bytes()
    assert files["notices/items/swim.pool.md"] == written


def test_nothing_published_says_what_there_is(city: Place) -> None:
    with pytest.raises(BundleError, match="nothing is published for es") as caught:
        list(unpack(FakeBundles(), COMPILER, "es"))
    assert caught.value.fix == "published: none"
    with pytest.raises(BundleError, match="nothing is published for ar") as caught:
        unpacked(city, "ar")
    assert caught.value.fix == "published: en, es"


def objects(city: Place) -> dict[str, str]:
    """A digest of each kind of object that leads to the notices in Spanish."""
    release = Release.live(city.project.bundles.release())
    manifest = release.manifests["es"]
    section = Manifest.parse(city.project.bundles.get(manifest)).collections["notices"]
    shard = section.shards[0]
    item = Shard.parse(city.project.bundles.get(shard)).items[0].object
    return {"manifest": manifest, "shard": shard, "item": item}


@pytest.mark.parametrize("which", ["manifest", "shard", "item"])
@pytest.mark.parametrize("damage", ["damaged", "missing"])
def test_a_damaged_or_missing_object_is_refused(city: Place, which: str, damage: str) -> None:
    path = city.root / "var/public/objects" / objects(city)[which]
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match=damage) as caught:
        unpacked(city)
    assert caught.value.fix


def rewritten(city: Place, **changes: object) -> None:
    """A release whose Spanish section an enemy has written."""
    bundles = city.project.bundles
    release = Release.live(bundles.release())
    manifest = Manifest.parse(bundles.get(release.manifests["es"]))
    section = replace(manifest.collections["notices"], **changes)  # type: ignore[arg-type]
    forged = replace(manifest, collections={"notices": section})
    digests = {**release.manifests, "es": bundles.put(forged.to_bytes())}
    bundles.switch(replace(release, serial=2, manifests=digests).to_bytes(), 2)


def test_a_whole_collection_file_that_is_not_what_was_named_is_refused(city: Place) -> None:
    rewritten(city, derived={"messages.json": digest_of("other")})
    with pytest.raises(BundleError, match=r"es/notices/messages\.json is not what the manifest"):
        unpacked(city)


@pytest.mark.parametrize("name", PATHS)
def test_no_file_of_a_bundle_leaves_its_folder(city: Place, name: str) -> None:
    rewritten(city, derived={name: digest_of("x")})
    with pytest.raises(BundleError):
        unpacked(city)


def test_a_text_that_is_half_a_character_is_refused(city: Place) -> None:
    item = json.loads(city.project.bundles.get(objects(city)["item"]))
    body = encoded({**item, "content": "x"}).replace(b'"content":"x"', b'"content":"\\ud800"')
    entry = {"item": "swim.pool", "object": city.project.bundles.put(body)}
    shard = encoded({"schema": 1, "collection": "notices", "items": [entry]})
    rewritten(city, shards=(city.project.bundles.put(shard),))
    with pytest.raises(BundleError, match="not in its form"):
        unpacked(city)


def test_a_section_that_names_nothing_gives_no_file(city: Place) -> None:
    empty = Section("0" * 64, {}, (), (), {})
    rewritten(city, revision=empty.revision, counts={}, packages=(), shards=(), derived={})
    assert [file.path for file in unpacked(city)] == ["manifest.json"]


def test_a_damaged_release_is_refused() -> None:
    store = FakeBundles()
    store.switch(b"{", 1)
    with pytest.raises(BundleError, match="not JSON"):
        list(unpack(store, COMPILER, "es"))
