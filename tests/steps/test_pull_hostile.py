"""Pull: correctly signed releases with hostile names, damaged files, and links that wait in DIR."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bundles_for_tests import item, resigned
from tests.hostile import LOCALES, PATHS
from tests.pull_for_tests import Town, files, town
from workflow.adapters.bundles.sitefolder import SiteFolder
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.bundle import encoded
from workflow.errors import BundleError, OutsideError, PolypressError
from workflow.ports.pulling import SectionFile, Tree
from workflow.steps import derived

DIGEST = "0" * 64
SERVERS_RUN = (".php", ".cgi", ".shtml", ".xhtml", ".svg", ".js", ".built")
"""Ends of names that a web server, or a browser, takes for more than a text."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


class Forger:
    """Signs whatever it is told: a release from the parts of a good one, some of them changed."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.store = here.publisher.bundles
        self.serial = 2
        self.release: dict[str, Any] = json.loads(self.store.release() or b"")

    def value(self, digest: str) -> dict[str, Any]:
        value = json.loads(self.store.get(digest))
        assert isinstance(value, dict)
        return value

    def show(self, **changes: Any) -> None:  # noqa: ANN401 (JSON)
        body = resigned(self.here.publisher, self.release | {"serial": self.serial} | changes)
        self.here.server.special["/release.json"] = lambda told: told.answer(200, body) or True

    def manifest(self, change: Callable[[dict[str, Any]], object], locale: str = "es") -> None:
        value = self.value(self.release["manifests"][locale])
        change(value)
        digest = self.store.put(encoded(value))
        self.show(manifests=self.release["manifests"] | {locale: digest})

    def shard(self, change: Callable[[dict[str, Any]], object]) -> None:
        def forge(manifest: dict[str, Any]) -> None:
            section = manifest["collections"]["notices"]
            value = self.value(section["shards"][0])
            change(value)
            section["shards"] = [self.store.put(encoded(value))]

        self.manifest(forge)

    def object(self, change: Callable[[dict[str, Any]], object]) -> None:
        def forge(shard: dict[str, Any]) -> None:
            value = self.value(shard["items"][0]["object"])
            change(value)
            shard["items"][0]["object"] = self.store.put(encoded(value))

        self.shard(forge)


@pytest.fixture
def forger(here: Town) -> Forger:
    here.pull()
    return Forger(here)


def refused_all(here: Town, forge: Callable[[str], None], names: Sequence[str]) -> None:
    """With each of these names the pull is refused, and nothing is written but in DIR."""
    there = set(here.root.rglob("*")) - set(here.folder.rglob("*"))
    for name in names:
        forge(name)
        here.refuses(".", BundleError)
    public = set(here.publisher.folder.rglob("*"))
    assert set(here.root.rglob("*")) - set(here.folder.rglob("*")) - public == there - public


# Names and paths.


def test_a_locale_in_a_signed_release(here: Town, forger: Forger) -> None:
    refused_all(
        here,
        lambda name: forger.show(manifests={name: DIGEST}),
        [name for name in LOCALES if "\ud800" not in name][::4],
    )


def test_a_digest_in_a_signed_release(here: Town, forger: Forger) -> None:
    names = (*PATHS[::4], "0" * 63, "0" * 65, "A" * 64, DIGEST + "\n", "../" + DIGEST)
    refused_all(here, lambda name: forger.show(manifests={"es": name}), names)


def test_a_collection_in_a_manifest(here: Town, forger: Forger) -> None:
    def forge(name: str) -> None:
        forger.manifest(lambda it: it["collections"].update({name: it["collections"]["pages"]}))

    refused_all(here, forge, (*PATHS[::4], "manifest.json", "Notices", "a.b"))


def test_the_name_of_a_derived_file_in_a_manifest(here: Town, forger: Forger) -> None:
    def forge(name: str) -> None:
        forger.manifest(lambda it: it["collections"]["pages"]["derived"].update({name: DIGEST}))

    refused_all(here, forge, (*PATHS[1::4], "items", "items/x.json", ".built"))


def test_a_digest_in_a_manifest(here: Town, forger: Forger) -> None:
    def forge(name: str) -> None:
        forger.manifest(lambda it: it["collections"]["pages"].update(shards=[name]))

    refused_all(here, forge, PATHS[2::4])


def test_an_item_in_a_shard(here: Town, forger: Forger) -> None:
    def forge(name: str) -> None:
        forger.shard(lambda it: it["items"][0].update(item=name))

    refused_all(here, forge, PATHS[3::4])


def test_a_path_in_the_object_of_an_item(here: Town, forger: Forger) -> None:
    names = [path for path in PATHS if _hostile(path)]
    refused_all(here, lambda name: forger.object(lambda it: it.update(path=name)), names[::5])


def _hostile(path: str) -> bool:
    """Odd, but inside: `%2e%2e/x` and the like are names as good as any."""
    parts = path.split("/")
    return path.startswith("/") or not path.isprintable() or ".." in parts or "\\" in path


def test_the_end_of_a_path_gives_no_other_file_than_those_of_the_item(
    here: Town, forger: Forger
) -> None:
    for end in (".json", ".html", ".", "", ".MD", ".a-b", ". x", "." + "m" * 200, *SERVERS_RUN):
        forger.object(lambda it, end=end: it.update(path=f"content/notices/pool{end}"))
        here.pull()
        forger.serial += 1
        names = {name for name in here.seen() if name.startswith("es/notices/items/pool.")}
        files = ("pool.json", "pool.html", "pool.source")
        assert names == {f"es/notices/items/{name}" for name in files}


def test_content_keeps_the_end_of_its_name() -> None:
    assert {*MarkdownFormat.suffixes, *DigestFormat.suffixes} == derived._OWN


# Parts of other things.


def _of(**parts: object) -> Callable[[dict[str, Any]], object]:
    return lambda value: value.update(parts)


def test_a_manifest_of_another_locale(here: Town, forger: Forger) -> None:
    manifests = forger.release["manifests"]
    forger.show(manifests=manifests | {"es": manifests["ar"]})
    here.refuses("the manifest of es is one of ar")


def test_a_shard_of_another_collection(here: Town, forger: Forger) -> None:
    forger.shard(_of(collection="pages"))
    here.refuses("a shard of notices is one of pages")


@pytest.mark.parametrize("change", [_of(item="market"), _of(locale="ar"), _of(collection="pages")])
def test_an_object_of_another_item(
    here: Town, forger: Forger, change: Callable[[dict[str, Any]], object]
) -> None:
    forger.object(change)
    here.refuses("notices:pool is one of another")


def test_an_item_twice(here: Town, forger: Forger) -> None:
    forger.shard(lambda it: it["items"].append(it["items"][0]))
    here.refuses("an item twice")


def test_an_object_where_a_manifest_shall_be(here: Town, forger: Forger) -> None:
    digest = forger.store.put(item("es", "notices", "pool", "A text").to_bytes())
    forger.show(manifests={"es": digest})
    here.refuses("manifest is not in its form")


def test_what_is_no_manifest_at_all(here: Town, forger: Forger) -> None:
    for body in (b"", b"{}", b"[]", b"null", b"[" * 9_999, b"\xff", b'{"schema":1}'):
        forger.show(manifests={"es": forger.store.put(body)})
        here.refuses("manifest", BundleError)


# Damage on the way.


TAMPERED: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: body[:-1],
    lambda body: body + b" ",
    lambda body: body.replace(b"es", b"eS", 1),
    lambda _: b"",
    lambda _: b"<html>Please log in</html>",
)


def test_a_tampered_object_is_refused_whatever_it_is(here: Town) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 New"
    manifest = here.publisher.publish().manifests["es"]
    forger = Forger(here)
    shard = forger.value(manifest)["collections"]["notices"]["shards"][0]
    for digest in (manifest, shard, forger.value(shard)["items"][0]["object"]):
        path = f"objects/{digest}"
        body = (here.publisher.folder / path).read_bytes()
        for change in TAMPERED:
            here.tamper(path, change)
            here.refuses(f"{path}.*not what its digest says")
            (here.publisher.folder / path).write_bytes(body)
    assert here.pull().serial == 2


@pytest.fixture(scope="module")
def flipping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, dict[str, bytes]]]:
    with town(tmp_path_factory.mktemp("flips"), compressed=True) as made:
        made.publisher.content["pages"]["about"] = "The same words again. " * 30
        made.publisher.publish()  # long enough to be served in a compressed form
        yield made, made.fresh()


@given(data=st.data())
@settings(
    max_examples=24,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_byte_is_changed_the_pull_is_refused_or_the_same(
    flipping: tuple[Town, dict[str, bytes]], data: st.DataObject
) -> None:
    here, expected = flipping
    here.server.compressed = data.draw(st.booleans())
    served = sorted(path for path in here.publisher.folder.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(served))
    body = path.read_bytes()
    at = data.draw(st.integers(0, len(body) - 1))
    other = body[at] ^ data.draw(st.integers(1, 255))
    kept = path.stat()
    path.write_bytes(body[:at] + bytes([other]) + body[at + 1 :])
    try:
        here.pull()
        assert here.seen() == expected
    except PolypressError as error:
        assert isinstance(error, BundleError | OutsideError)  # noqa: PT017 - either may be
        assert not here.current.exists()
    finally:
        path.write_bytes(body)
        os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
        _remove(here.folder)


def _remove(folder: Path) -> None:
    folder.rename(folder.with_name(f"done{len(list(folder.parent.iterdir()))}"))


# What stands in the folder of the site.


@pytest.mark.parametrize("name", ["objects", "sections", "trees"])
def test_a_link_in_the_place_of_a_folder_is_not_written_through(here: Town, name: str) -> None:
    elsewhere = here.root / "elsewhere"
    elsewhere.mkdir()
    here.folder.mkdir()
    (here.folder / name).symlink_to(elsewhere)
    here.refuses("stands in the way", OutsideError)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["pull.json", "pull.lock"])
def test_a_link_in_the_place_of_a_file_is_not_followed(here: Town, name: str) -> None:
    here.pull()
    elsewhere = here.root / "elsewhere"
    elsewhere.write_bytes((here.folder / "pull.json").read_bytes())
    before = elsewhere.read_bytes()
    (here.folder / name).unlink()
    (here.folder / name).symlink_to(elsewhere)
    here.refuses("stands in the way", OutsideError)
    assert elsewhere.read_bytes() == before


def test_a_link_in_the_place_of_what_is_built_is_removed_and_what_it_leads_to_stays(
    here: Town,
) -> None:
    elsewhere = here.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_bytes(b"a")
    here.folder.mkdir()
    (here.folder / "building").symlink_to(elsewhere)
    here.pull()
    assert files(elsewhere) == {"file": b"a"}


def test_a_folder_in_the_place_of_current_is_left_alone(here: Town) -> None:
    (here.folder / "current").mkdir(parents=True)
    (here.folder / "current" / "index.html").write_bytes(b"a page")
    here.refuses("stands in the way", OutsideError)


def test_a_link_in_the_place_of_an_object_is_replaced(here: Town) -> None:
    here.pull()
    expected = here.seen()
    secret = here.root / "secret"
    secret.write_bytes(b"private")
    for path in (here.folder / "objects").iterdir():
        path.unlink()
        path.symlink_to(secret)
    here.pull(rebuild=True)
    assert here.seen() == expected
    assert secret.read_bytes() == b"private"
    assert not [path for path in (here.folder / "objects").iterdir() if path.is_symlink()]


def doors(site: SiteFolder, name: str) -> Iterator[Callable[[], object]]:
    """All ways by which a name gets to the disk."""
    yield lambda: site.sections.has(name)
    yield lambda: site.sections.build(name, [])
    yield lambda: site.sections.items(name)
    yield lambda: site.sections.remove(name)
    yield lambda: site.sections.build(DIGEST, [SectionFile(f"items/{name}/x", b"")])
    yield lambda: site.sections.build(DIGEST, [SectionFile("x", earlier=name or "..")])
    yield lambda: site.trees.switch(name)
    yield lambda: site.trees.remove(name)
    yield lambda: site.trees.release(name)
    yield lambda: site.trees.plant(Tree(1, DIGEST, {name: DIGEST}, {name: {}}))
    yield lambda: site.objects.has(name)
    yield lambda: site.objects.read(name)
    yield lambda: site.objects.remove(name)
    yield lambda: site.objects.link(name, "x")


def test_names_are_checked_once_more_at_the_door(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path / "site")
    with site.opened():
        for name in (path for path in PATHS if "/" in path or path in {"", ".", ".."}):
            for work in doors(site, name):
                with pytest.raises((BundleError, OutsideError)):
                    work()
    assert {path.name for path in tmp_path.iterdir()} == {"site"}
