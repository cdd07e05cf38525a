"""Pull: what a site gets, what it costs, and what it goes on from."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pull_for_tests import TOOLS, Town, files, stamps, town
from workflow.bundle import Manifest, Release, Shard
from workflow.errors import BundleError, OutsideError, UsageError
from workflow.model import digest_of


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def pointer(here: Town) -> bytes:
    return (here.publisher.folder / "release.json").read_bytes()


# What a site gets.


def test_a_site_gets_a_folder_for_each_locale_with_every_item_in_every_form(here: Town) -> None:
    pulled = here.pull()
    release = Release.parse(pointer(here))
    assert (pulled.serial, pulled.before, pulled.switched, pulled.signed) == (1, 0, True, True)
    assert os.readlink(here.current) == f"trees/1-{digest_of(pointer(here))[:12]}"  # noqa: PTH115
    seen = here.seen()
    assert seen.pop("release.json") == pointer(here)
    for locale, digest in release.manifests.items():
        assert digest_of(seen.pop(f"{locale}/manifest.json")) == digest
        for name in ("pool", "market"):
            item = json.loads(seen.pop(f"{locale}/notices/items/{name}.json"))
            assert (item["locale"], item["item"]) == (locale, name)
            assert seen.pop(f"{locale}/notices/items/{name}.md").decode() == item["content"]
            assert item["html"] in seen.pop(f"{locale}/notices/items/{name}.html").decode()
        texts = json.loads(seen.pop(f"{locale}/notices/messages.json"))
        assert texts["notices:pool#title@0123456789"].startswith(f"[{locale}] 2026-01-01 The pool")
        assert b"<feed" in seen.pop(f"{locale}/notices/feed.atom")
        assert not [name for name in seen if name.startswith(f"{locale}/notices/items")]
        assert f"{locale}/pages/feed.atom" not in seen  # no item there has a date


def test_whole_collection_files_are_those_that_the_manifest_names(here: Town) -> None:
    here.pull()
    for path in here.current.glob("*/manifest.json"):
        for name, section in Manifest.parse(path.read_bytes()).collections.items():
            for file, digest in section.derived.items():
                assert digest_of((path.parent / name / file).read_bytes()) == digest


def test_an_item_is_its_object_under_a_second_name(here: Town) -> None:
    here.pull()
    item = here.current / "es/notices/items/pool.json"
    body = item.read_bytes()
    assert item.samefile(here.folder / "objects" / digest_of(body))


def test_where_there_are_no_hard_links_files_are_copied(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refused)
    here.pull()
    item = here.current / "es/notices/items/pool.json"
    assert item.stat().st_nlink == 1
    monkeypatch.undo()
    assert here.seen() == here.fresh()


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_where_there_are_no_symbolic_links_that_is_said(
    here: Town, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, "no links here")

    with monkeypatch.context() as patch:
        patch.setattr(os, "symlink", refused)
        here.refuses("no symbolic links.*on another", OutsideError)
    here.pull()
    assert here.seen() == here.fresh()


def test_a_tree_is_folders_and_relative_links_alone(here: Town) -> None:
    here.pull()
    tree = here.current.resolve()
    assert {path.name for path in tree.rglob("*") if path.is_file() and not path.is_symlink()} == {
        "release.json",
        "manifest.json",
    }
    links = [os.readlink(path) for path in tree.rglob("*") if path.is_symlink()]  # noqa: PTH115
    assert len(links) == 6
    assert all(link.startswith("../../../sections/") for link in links)
    moved = here.root / "elsewhere"
    shutil.move(here.folder, moved)
    assert len(files(moved / "current")) == len(here.fresh())


@pytest.mark.parametrize("shape", ["file://{}", "file://localhost{}", "{}"])
def test_a_folder_on_the_same_machine_needs_no_server(here: Town, shape: str) -> None:
    pulled = here.pull(shape.format(here.publisher.folder))
    assert here.server.asked == []
    assert pulled.moved > 0
    assert here.seen() == here.fresh()


# What it costs.


def test_nothing_new_is_one_question_and_no_write(here: Town) -> None:
    here.pull()
    before = stamps(here.folder)
    here.server.asked.clear()
    here.server.statuses.clear()
    pulled = here.pull()
    assert (here.server.asked, here.server.statuses) == (["/release.json"], [304])
    assert (pulled.switched, pulled.fetched, pulled.moved, pulled.sections) == (False, 0, 0, 0)
    assert stamps(here.folder) == before


def test_without_etags_the_same_release_is_known_by_its_bytes(here: Town) -> None:
    here.server.etags = False
    here.pull()
    before = stamps(here.folder)
    assert here.pull().switched is False
    assert stamps(here.folder) == before


def test_one_changed_item_moves_its_objects_and_what_lists_it(here: Town) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 The pool is closed"
    here.publisher.publish()
    sections = set(os.listdir(here.folder / "sections"))  # noqa: PTH208
    here.server.objects()
    pulled = here.pull()
    asked = here.server.objects()
    assert len(asked) == len(set(asked)) == pulled.fetched == 9  # 3 × manifest, shard, object
    assert pulled.sections == 3
    assert len(set(os.listdir(here.folder / "sections")) - sections) == 3  # noqa: PTH208
    assert here.seen() == here.fresh()


def test_work_does_not_grow_with_what_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def calls(name: str, others: int) -> int:
        with town(tmp_path / name) as here:
            here.publisher.content |= {
                f"c{n}": {f"i{m}": "A text" for m in range(5)} for n in range(others)
            }
            here.publisher.publish()
            here.pull()
            here.publisher.content["notices"]["pool"] = "2026-01-01 Closed"
            here.publisher.publish()
            counted = {"open": 0, "link": 0}
            real_open, real_link = os.open, os.link
            monkeypatch.setattr(
                os, "open", lambda *a, **k: _count(counted, "open", real_open, a, k)
            )
            monkeypatch.setattr(
                os, "link", lambda *a, **k: _count(counted, "link", real_link, a, k)
            )
            here.pull()
            monkeypatch.undo()
            return sum(counted.values()) - others * 3  # a look at each section is allowed

    def _count(counted: dict[str, int], name: str, real, arguments, named):  # noqa: ANN001, ANN202
        counted[name] += 1
        return real(*arguments, **named)

    assert calls("small", 1) == calls("large", 4)


def test_compressed_forms_are_taken_where_a_server_has_them(tmp_path: Path) -> None:
    with town(tmp_path, compressed=True) as here:
        here.publisher.content["notices"]["long"] = "2026-01-03 " + "The same words again. " * 500
        here.publisher.publish()
        small = here.pull().moved
        seen = here.seen()
        shutil.rmtree(here.folder)
        here.server.compressed = False
        assert small < here.pull().moved / 3
        assert here.seen() == seen


def test_files_of_items_that_have_not_changed_are_those_of_before(here: Town) -> None:
    here.pull()
    tree = here.current.resolve()
    here.publisher.content["notices"]["pool"] = "2026-01-01 The pool is closed"
    here.publisher.publish()
    here.pull()

    def same(name: str) -> bool:
        path = f"es/notices/items/{name}"
        return (here.current / path).samefile(tree / path)

    names = [f"{item}.{end}" for item in ("market", "pool") for end in ("json", "html", "md")]
    assert [same(name) for name in names] == [True] * 3 + [False] * 3
    assert here.seen() == here.fresh()


def test_where_there_are_no_hard_links_unchanged_files_are_copied(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(18, "another disk")

    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 The pool is closed"
    here.publisher.publish()
    monkeypatch.setattr(os, "link", refused)
    here.pull()
    monkeypatch.undo()
    assert here.seen() == here.fresh()


def test_after_an_update_of_the_program_all_is_built_by_its_new_code(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.pull()
    monkeypatch.setattr("tests.pull_for_tests.TOOLS", replace(TOOLS, form="another"))
    monkeypatch.setattr("workflow.steps.derived.page", lambda one: one.item.encode())
    pulled = here.pull()
    assert (pulled.sections, pulled.switched, pulled.fetched) == (6, True, 0)
    assert here.seen()["es/notices/items/pool.html"] == b"pool"


# Locales.


def test_only_the_objects_of_the_locales_that_are_asked_for_are_fetched(here: Town) -> None:
    pulled = here.pull(locales=("es",))
    assert pulled.locales == ("es",)
    assert {path.name for path in here.current.iterdir()} == {"release.json", "es"}
    bodies = [path.read_bytes() for path in (here.folder / "objects").iterdir()]
    assert {json.loads(body).get("locale") for body in bodies if b'"units"' in body} == {"es"}
    assert {name: body for name, body in here.fresh().items() if name.startswith("es/")} == {
        name: body for name, body in here.seen().items() if name.startswith("es/")
    }


def test_other_locales_of_the_same_release_are_another_tree(here: Town) -> None:
    here.pull(locales=("es",))
    first = here.current.resolve()
    here.pull(locales=("es", "ar"))
    assert here.current.resolve().name == f"{first.name}.2"
    assert {path.name for path in here.current.iterdir()} == {"release.json", "es", "ar"}
    here.pull()
    assert here.seen() == here.fresh()


def test_a_locale_that_there_is_not_is_refused_with_those_there_are(here: Town) -> None:
    here.pull()
    here.refuses("ar, en, es", UsageError, locales=("es", "pt"))


def test_a_locale_with_nothing_to_ship_is_there_and_empty(tmp_path: Path) -> None:
    lacking = {("ar", name, one) for name, one in (("notices", "pool"), ("notices", "market"))}
    with town(tmp_path, lacking=lacking) as here:
        here.pull()
        assert sorted((here.current / "ar/notices/items").iterdir()) == []
        assert json.loads((here.current / "ar/notices/messages.json").read_bytes()) == {}
        assert b'hreflang="ar"' not in (here.current / "es/notices/feed.atom").read_bytes()
        here.publisher.content.clear()
        here.publisher.publish()
        here.pull()
        assert {path.name for path in (here.current / "ar").iterdir()} == {"manifest.json"}


def test_who_else_has_an_item_changes_the_feeds_of_all(here: Town) -> None:
    here.pull(locales=("es",))
    assert b'hreflang="ar"' in (here.current / "es/notices/feed.atom").read_bytes()
    here.publisher.lacking.add(("ar", "notices", "pool"))
    here.publisher.publish()
    here.pull(locales=("es",))
    feed = (here.current / "es/notices/feed.atom").read_bytes()
    assert feed.count(b'hreflang="ar"') == 1


# What is mended.


def _no_link(here: Town) -> None:
    here.current.unlink()


def _another_link(here: Town) -> None:
    here.current.unlink()
    here.current.symlink_to(here.root / "public")


def _no_tree(here: Town) -> None:
    shutil.rmtree(here.current.resolve())


def _no_manifest(here: Town) -> None:
    (here.current / "es/manifest.json").unlink()


def _a_link_to_elsewhere(here: Town) -> None:
    link = here.current / "es/notices"
    link.unlink()
    link.symlink_to(here.root / "public")


def _no_section(here: Town) -> None:
    shutil.rmtree((here.current / "es/notices").resolve())


def _a_short_file(here: Town) -> None:
    (here.current / "es/notices/messages.json").write_bytes(b"{")


def _no_item(here: Town) -> None:
    (here.current / "es/notices/items/pool.json").unlink()


def _nothing_but_memory(here: Town) -> None:
    for name in ("objects", "sections", "trees"):
        shutil.rmtree(here.folder / name)


DAMAGES = (
    _no_link,
    _another_link,
    _no_tree,
    _no_manifest,
    _a_link_to_elsewhere,
    _no_section,
    _a_short_file,
    _no_item,
    _nothing_but_memory,
)


def test_what_is_missing_or_damaged_is_mended_though_nothing_is_new(here: Town) -> None:
    here.pull()
    before = here.seen()
    for damage in DAMAGES:
        damage(here)
        here.pull()
        assert here.seen() == before, damage
        assert here.pull().sections == 0
    assert (here.root / "public/release.json").is_file()


def test_a_file_whose_bytes_changed_is_found_by_building_again(here: Town) -> None:
    here.pull()
    before = here.seen()
    (here.current / "es/notices/items/pool.html").write_bytes(b"<p>other</p>")
    (here.current / "es/notices/items/pool.json").write_bytes(b"{}")  # and so its object
    assert here.pull().sections == 0
    assert here.seen() != before
    pulled = here.pull(rebuild=True)
    assert (pulled.sections, pulled.fetched, pulled.switched) == (6, 1, False)
    assert here.seen() == before


def test_a_damaged_section_is_exchanged_where_the_system_cannot_exchange_names(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.pull()
    before = here.seen()

    def refused(*_: object) -> None:
        raise OSError(38, "no renameat2")

    monkeypatch.setattr("workflow.adapters.bundles.sitesections.exchange", refused)
    here.pull(rebuild=True)
    assert here.seen() == before


# What goes on, and what is cleared.


def _without(here: Town, path: str) -> None:
    here.server.special[path] = lambda handler: handler.answer(503, b"") or True


def test_a_pull_that_failed_goes_on_with_what_had_come(here: Town) -> None:
    last = Manifest.parse(here.publisher.bundles.get(Release.parse(pointer(here)).manifests["es"]))
    shard = Shard.parse(here.publisher.bundles.get(last.collections["pages"].shards[0]))
    lost = shard.items[-1].object
    _without(here, f"/objects/{lost}")
    here.refuses("503", OutsideError)
    come = len(list((here.folder / "objects").iterdir()))
    assert come > 15
    here.server.special.clear()
    here.server.objects()
    assert here.pull().fetched == 22 - come  # the release itself is one of them
    assert set(here.server.objects()) >= {lost}
    assert here.seen() == here.fresh()


def test_what_a_failed_pull_left_of_a_release_that_never_came_is_cleared(here: Town) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 A draft"
    body = here.publisher.publish().to_bytes()
    here.publisher.content["notices"]["pool"] = "2026-01-01 The text"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "workflow.steps.pull_sections.derived_files", lambda *_: {}
        )  # all has come, and then something goes wrong
        here.refuses("other than named")
    draft = set(os.listdir(here.folder / "objects"))  # noqa: PTH208
    assert digest_of(body) in draft
    here.publisher.publish()
    here.pull()
    left = set(os.listdir(here.folder / "objects"))  # noqa: PTH208
    assert digest_of(body) not in left
    assert left == _needed(here)
    assert not (here.folder / "building").exists()


def _needed(here: Town) -> set[str]:
    """The digests that the trees of a site are made of, found by a walk over all of it."""
    needed: set[str] = set()
    for tree in (here.folder / "trees").iterdir():
        body = (tree / "release.json").read_bytes()
        needed.add(digest_of(body))
        for digest in Release.parse(body).manifests.values():
            needed.add(digest)
            manifest = Manifest.parse(here.publisher.bundles.get(digest))
            for section in manifest.collections.values():
                needed |= set(section.shards)
                for shard in section.shards:
                    entries = Shard.parse(here.publisher.bundles.get(shard)).items
                    needed |= {entry.object for entry in entries}
    return needed


@pytest.mark.parametrize("keep", [1, 3])
def test_the_last_trees_stay_and_what_only_older_ones_need_is_cleared(
    here: Town, keep: int
) -> None:
    changes = ("Closed", "Open", "2026-01-01 The pool", "Closed", "New water", "Closed again")
    for number, text in enumerate(changes):
        here.publisher.content["notices"]["pool"] = f"2026-01-01 {text}"
        here.publisher.content["notices"][f"more{number}"] = "2026-02-02 More"
        here.publisher.content["notices"].pop(f"more{number - 2}", None)
        here.publisher.publish()
        here.pull(keep=keep)
    trees = sorted((here.folder / "trees").iterdir(), key=lambda path: int(path.name.split("-")[0]))
    assert [int(tree.name.split("-")[0]) for tree in trees] == list(range(8 - keep, 8))
    linked = {
        link.resolve().name for tree in trees for link in tree.glob("*/*") if link.is_symlink()
    }
    assert set(os.listdir(here.folder / "sections")) == linked  # noqa: PTH208
    assert set(os.listdir(here.folder / "objects")) == _needed(here)  # noqa: PTH208
    assert here.seen() == here.fresh()


def test_trees_that_go_together_take_nothing_along_that_stays(here: Town) -> None:
    here.pull()
    for collection, name in (("notices", "pool"), ("pages", "about")):  # the market stays as it is
        here.publisher.content[collection][name] = "2026-01-01 Another text"
        here.publisher.publish()
        here.pull(keep=1 if collection == "pages" else 3)
    assert set(os.listdir(here.folder / "objects")) == _needed(here)  # noqa: PTH208


def test_a_reader_of_the_tree_before_still_finds_all_of_it(here: Town) -> None:
    here.pull()
    tree, before = here.current.resolve(), here.seen()
    for number in range(2):
        here.publisher.content["notices"] = {"pool": f"2026-01-01 Another {number}"}
        here.publisher.publish()
        here.pull()
    assert here.current.resolve() != tree
    assert files(tree) == before


# The release switches under way.


def test_an_object_that_is_gone_because_the_release_switched_is_no_failure(here: Town) -> None:
    old = pointer(here)
    here.publisher.content["notices"]["pool"] = "2026-01-01 The new text"
    gone = set(Release.parse(old).manifests.values())
    here.publisher.publish()
    for digest in gone:
        here.publisher.bundles.remove(digest)
    shown = iter([old, old])

    def stale(handler) -> bool:  # noqa: ANN001
        body = next(shown, None)
        return body is not None and (handler.answer(200, body) or True)

    here.server.special["/release.json"] = stale
    assert here.pull().serial == 2
    assert here.server.asked.count("/release.json") == 3
    assert here.seen() == here.fresh()


def test_an_object_that_is_never_there_ends_the_pull(here: Town) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 The new text"
    release = here.publisher.publish()
    here.publisher.bundles.remove(release.manifests["es"])
    here.server.asked.clear()
    here.refuses(f"objects/{release.manifests['es']}")
    assert here.server.asked.count("/release.json") == 4


# Whole-collection files of another version.


def test_a_file_that_comes_out_otherwise_here_is_fetched_where_it_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town(tmp_path, stored=True) as here:
        expected = here.fresh()
        monkeypatch.setattr("workflow.steps.pull_sections.derived_files", lambda *_: {})
        here.pull()
        assert here.seen() == expected


def test_a_file_that_comes_out_otherwise_and_is_not_stored_is_refused(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "workflow.steps.pull_sections.derived_files", lambda *_: {"messages.mo": b""}
    )
    here.refuses("comes out other than named")


def test_memory_that_is_damaged_or_lost_is_not_guessed(here: Town) -> None:
    here.pull()
    memory = here.folder / "pull.json"
    for body in (b"", b"{}", b'{"schema":1,"serial":-1}', memory.read_bytes()[:-30]):
        memory.write_bytes(body)
        here.refuses(r"pull\.json", BundleError)
    memory.unlink()
    here.refuses(r"pull\.json", BundleError)
