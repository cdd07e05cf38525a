from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fake_bundles import FakeBundles
from tests.hostile import PATHS
from tests.steps.project_for_tests import BRIEFS, NOTICES, place
from workflow.bundle import earlier as bundle
from workflow.adapters.files import write_atomically
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.steps.unpack import BundleFile, unpack


def bundles(
    *, derived: object = None, items: object = None, content: object = "x", shards: object = None
) -> FakeBundles:
    """A release of es whose manifest, shard or item an enemy has written."""
    store = FakeBundles()
    item = store.put(bundle.encoded({"schema": 1, "content": content}))
    entries = [{"object": item, **one} for one in items] if isinstance(items, list) else items
    shard = store.put(bundle.encoded({"schema": 1, "items": entries}))
    manifest = {
        "schema": 1,
        "derived": {} if derived is None else derived,
        "shards": [shard] if shards is None else shards,
    }
    digest = store.put(bundle.encoded(manifest))
    store.switch(bundle.release(1, {"es": digest}, at="now"), 1)
    return store


def entry(**changes: object) -> dict[str, object]:
    return {"collection": "notices", "item": "pool", "path": "content/pool.md", **changes}


def unpacked(store: FakeBundles) -> list[BundleFile]:
    return list(unpack(store, "es"))


def test_a_published_bundle_comes_back_as_plain_files(tmp_path: Path) -> None:
    city = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    city.notice("swim/pool", "The pool opens", "Bring a towel.")
    city.write("briefs/week.txt", "The library is shut.\n")
    city.translate()
    city.publish()
    files = {file.path: file.body for file in unpack(city.project.bundles, "es")}
    brief = f"week.{digest_of('The library is shut.')[:8]}"
    assert list(files) == [
        "manifest.json", "labels.json", "messages.json", "messages.mo",
        "items/notices/swim.pool.md", f"items/briefs/{brief}.txt",
    ]  # fmt: skip
    assert files["items/notices/swim.pool.md"] == (
        b'---\ntitle: "es: The pool opens"\n---\n\nes: Bring a towel.\n'
    )
    assert files[f"items/briefs/{brief}.txt"] == b"es: The library is shut."
    assert json.loads(files["manifest.json"])["locale"] == "es"


def test_the_source_locale_is_a_bundle_too(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    text = city.notice("pool", "The pool opens", "Bring a towel.").read_bytes()
    city.publish()
    files = {file.path: file.body for file in unpack(city.project.bundles, "en")}
    assert files["items/notices/pool.md"] == text


def test_nothing_published_says_what_there_is() -> None:
    with pytest.raises(BundleError, match="nothing is published for es") as caught:
        unpacked(FakeBundles())
    assert caught.value.fix == "published: none"
    with pytest.raises(BundleError, match="nothing is published for ar") as caught:
        list(unpack(bundles(items=[]), "ar"))
    assert caught.value.fix == "published: es"


def is_inside(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())


def accepted(store: FakeBundles) -> list[BundleFile]:
    """The files of a bundle, none if it is refused."""
    try:
        return unpacked(store)
    except BundleError:
        return []


def test_no_file_of_a_bundle_leaves_its_folder(tmp_path: Path) -> None:
    """What is a harmless name on this system (`....//x`) lies inside and can be written."""
    harmless = []
    for number, name in enumerate(PATHS):
        store = bundles(derived={name: digest_of("x")}, items=[])
        store.objects[digest_of("x")] = b"x"
        for file in accepted(store):
            assert is_inside(tmp_path, file.path)
            write_atomically(tmp_path / str(number) / file.path, file.body)
            harmless += [name] * (file.path != "manifest.json")
    assert len(harmless) < len(PATHS) / 3
    assert not {"../x", "/etc/passwd", "..", "", "x\0", "a/../../x"} & set(harmless)


@pytest.mark.parametrize("part", ["collection", "item", "path"])
def test_no_item_of_a_bundle_leaves_its_folder(tmp_path: Path, part: str) -> None:
    for name in PATHS:
        files = accepted(bundles(items=[entry(**{part: name})]))
        assert all(is_inside(tmp_path / "items", str(tmp_path / file.path)) for file in files[1:])


@pytest.mark.parametrize(
    "store",
    [
        bundles(derived=[]),
        bundles(derived={"a": 3}),
        bundles(derived={"a": "../../etc/passwd"}),
        bundles(items=3),
        bundles(items=[{}]),
        bundles(items=[entry(path=3)]),
        bundles(items=[entry(object="x")]),
        bundles(items=[entry()], content=None),
        bundles(items=[entry()], content=3),
        bundles(shards=3),
        bundles(shards=[digest_of("none")]),
        bundles(shards=[None]),
    ],
    ids=range(12),
)
def test_a_bundle_in_another_form_is_refused(store: FakeBundles) -> None:
    with pytest.raises(BundleError) as caught:
        unpacked(store)
    assert caught.value.fix


def test_a_text_that_is_half_a_character_is_refused() -> None:
    store = FakeBundles()
    item = store.put(b'{"schema":1,"content":"\\ud800"}')
    shard = store.put(bundle.encoded({"schema": 1, "items": [{**entry(), "object": item}]}))
    digest = store.put(bundle.encoded({"schema": 1, "derived": {}, "shards": [shard]}))
    store.switch(bundle.release(1, {"es": digest}, at="now"), 1)
    with pytest.raises(BundleError, match="not in its form"):
        unpacked(store)


@pytest.mark.parametrize("which", ["manifest", "shard", "item", "derived"])
def test_a_damaged_object_is_refused(which: str) -> None:
    store = bundles(derived={"a": digest_of("d")}, items=[entry()])
    store.objects[digest_of("d")] = b"d"
    keys = {"item": 0, "shard": 1, "manifest": 2, "derived": 3}
    digest = list(store.objects)[keys[which]]
    store.objects[digest] += b" "
    with pytest.raises(BundleError, match="damaged"):
        unpacked(store)


def test_a_damaged_release_is_refused() -> None:
    store = FakeBundles()
    store.switch(b"{")
    with pytest.raises(BundleError, match="not JSON"):
        unpacked(store)
