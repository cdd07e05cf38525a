from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.steps.releases_for_tests import Town, two_releases
from workflow.bundle import Entry, ItemObject, Manifest, counted
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.steps.derived import Ground, derived_files
from workflow.steps.deriving import Derived, LeftOut, derived
from workflow.steps.history import entries_of
from workflow.steps.sections import alternates_of

EVERY = [
    (tag, item) for tag in ("en", "es", "ar") for item in ("pool", "library", "market", "fair")
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return two_releases(tmp_path_factory.mktemp("two"))


def without(city: Town, gone: Mapping[tuple[str, str], str]) -> Derived:
    def keep(tag: str, _name: str, entry: Entry) -> Entry | str:
        return gone.get((tag, entry.item), entry)

    return derived(city.project, city.manifests(), keep)


def read(city: Town, made: Derived) -> dict[str, Manifest]:
    return {tag: Manifest.parse(city.store.get(one)) for tag, one in made.manifests.items()}


@given(st.dictionaries(st.sampled_from(EVERY), st.sampled_from(["wrong", "over"])))
def test_what_stays_is_as_it_was_and_what_is_told_of_it_is_true(
    city: Town, gone: dict[tuple[str, str], str]
) -> None:
    made = without(city, gone)
    manifests = read(city, made)
    sections = {tag: manifest.collections["notices"] for tag, manifest in manifests.items()}
    entries = {tag: entries_of(city.store, section) for tag, section in sections.items()}
    have = alternates_of(entries)
    for tag, section in sections.items():
        before = entries_of(city.store, city.manifests()[tag].collections["notices"])
        assert list(entries[tag]) == [one for one in before if (tag, one.item) not in gone]
        objects = [ItemObject.parse(city.store.get(one.object)) for one in entries[tag]]
        labels = [unit.label for one in objects for unit in one.units]
        left_out = len(before) - len(objects)
        assert section.counts == counted(labels, items=len(objects), left_out=left_out)
        assert manifests[tag].counts == section.counts
        files = derived_files(
            objects, Ground.of(manifests[tag], "notices"), have, city.project.compiler
        )
        assert section.derived == {name: digest_of(body) for name, body in files.items()}
    told = {(tag, one.item): one.why for one in made.left_out for tag in one.locales}
    assert told == gone
    assert without(city, gone) == made


def test_with_nothing_left_out_it_is_the_very_release(city: Town) -> None:
    objects = set(city.store.digests())
    assert without(city, {}) == Derived(dict(city.live.manifests))
    assert set(city.store.digests()) == objects


def test_what_is_not_looked_at_is_not_read(city: Town) -> None:
    def keep(_tag: str, _name: str, _entry: Entry) -> str:
        raise AssertionError

    made = derived(city.project, city.manifests(), keep, collections={"briefs"})
    assert made == Derived(dict(city.live.manifests))


def test_other_locales_no_longer_link_to_what_one_of_them_lost(city: Town) -> None:
    made = without(city, {("es", "library"): "wrong"})
    for tag, manifest in read(city, made).items():
        before = city.manifests()[tag].collections["notices"]
        after = manifest.collections["notices"]
        assert (after.shards == before.shards) == (tag != "es")
        if tag != "es":
            changed = {
                name for name in after.derived if after.derived[name] != before.derived[name]
            }
            assert changed == {"feed.atom"}
    assert made.left_out == (LeftOut("notices", "library", ("es",), "wrong"),)


def test_a_lost_shard_stops_it(tmp_path: Path) -> None:
    city = two_releases(tmp_path)
    manifests = city.manifests()
    city.lose(manifests["es"].collections["notices"].shards[0])
    with pytest.raises(BundleError):
        derived(city.project, manifests, lambda _tag, _name, entry: entry)
