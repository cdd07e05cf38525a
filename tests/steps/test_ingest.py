from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.faults import open_folder, read_only
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from workflow.adapters.pofile.places import lock_path
from workflow.errors import CatalogError, ContentError, LockedError
from workflow.model import Freshness, Origin, Review
from workflow.steps import contents as contents_step


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, collections=(NOTICES, BRIEFS))
    made.notice("pool", "The pool opens", "Bring a towel.")
    made.write("briefs/week.txt", "The library is shut.\n")
    return made


def whats(failures: tuple[Exception, ...]) -> str:
    return "\n".join(str(failure) for failure in failures)


def test_new_items_become_entries_in_every_catalog_and_the_template(city: Place) -> None:
    found = city.ingest()
    assert found.failures == ()
    assert found.written == (
        "notices.pot", "es/LC_MESSAGES/notices.po", "ar/LC_MESSAGES/notices.po",
        "briefs.pot", "es/LC_MESSAGES/briefs.po", "ar/LC_MESSAGES/briefs.po",
    )  # fmt: skip
    assert all((city.root / "locales" / name).is_file() for name in found.written)
    for locale in ("es", "ar"):
        assert list(city.messages(locale)) == ["The pool opens", "Bring a towel."]
        assert list(city.messages(locale, "briefs")) == ["The library is shut."]
    assert city.messages()["The pool opens"].context == "pool#title"
    assert city.messages()["The pool opens"].references == ("content/notices/pool.md",)
    template = (city.root / "locales" / "notices.pot").read_text()
    assert "content/notices/pool.md:5" in template


def test_a_locale_lies_on_disk_as_gettext_writes_it(tmp_path: Path) -> None:
    city = place(tmp_path, "pt-BR")
    city.notice("pool", "The pool opens")
    assert city.ingest().written == ("notices.pot", "pt_BR/LC_MESSAGES/notices.po")
    assert city.catalog("pt_BR").is_file()


def test_nothing_changed_writes_nothing(city: Place) -> None:
    city.ingest()
    before = snapshot(city.root / "locales")
    again = city.ingest()
    assert (again.written, again.failures) == ((), ())
    assert snapshot(city.root / "locales") == before


def test_units_are_told_in_the_order_of_the_items(city: Place) -> None:
    city.notice("a/first", "First")
    city.notice("a-second", "Second")
    contents = city.ingest().contents[0]
    assert [item.id for item in contents.items] == ["a.first", "a-second", "pool"]
    assert [unit.source for unit in contents.units][:2] == ["First", "Second"]


def test_what_a_reader_could_live_with_is_a_warning(city: Place) -> None:
    city.write("briefs/week.txt", "Same.\n\nSame.\n")
    contents = city.ingest().contents[1]
    assert [warning.check for warning in contents.warnings] == ["repeated-paragraph"]


def test_a_changed_text_keeps_the_others_and_remembers_what_it_was(city: Place) -> None:
    city.ingest()
    city.approve("The pool opens", "La piscina abre")
    city.approve("Bring a towel.", "Traiga una toalla.")
    city.notice("pool", "The pool opens", "Bring a large towel.")
    assert "es/LC_MESSAGES/notices.po" in city.ingest().written
    assert city.facts("The pool opens").review is Review.APPROVED
    changed = city.messages()["Bring a large towel."]
    assert (changed.previous_source, changed.fuzzy) == ("Bring a towel.", True)
    assert city.facts("Bring a large towel.").freshness is Freshness.STALE


def test_a_deleted_item_leaves_the_catalog_but_what_a_person_wrote_stays_obsolete(
    city: Place,
) -> None:
    path = city.notice("gone", "Gone soon", "No translation here.")
    city.ingest()
    city.approve("Gone soon", "Se va pronto")
    path.unlink()
    city.ingest()
    assert city.messages()["Gone soon"].obsolete
    assert city.text("Gone soon") == "Se va pronto"
    assert "No translation here." not in city.messages()
    assert "Gone soon" not in (city.root / "locales" / "notices.pot").read_text()


def test_an_item_that_comes_back_is_approved_again(city: Place) -> None:
    path = city.notice("gone", "Gone soon")
    city.ingest()
    city.approve("Gone soon", "Se va pronto")
    text = path.read_bytes()
    path.unlink()
    city.ingest()
    path.write_bytes(text)
    city.ingest()
    assert city.facts("Gone soon").review is Review.APPROVED
    assert not city.messages()["Gone soon"].obsolete


def test_a_file_with_an_id_of_its_own_may_move(city: Place) -> None:
    path = city.notice("pool", "The pool opens", item="swimming")
    city.ingest()
    city.approve("The pool opens", "La piscina abre")
    (city.root / "content/notices/sport").mkdir()
    path.rename(city.root / "content/notices/sport/water.md")
    city.ingest()
    moved = city.messages()["The pool opens"]
    assert moved.references == ("content/notices/sport/water.md",)
    assert city.facts("The pool opens").review is Review.APPROVED
    assert [one.source for one in city.messages().values() if one.obsolete] == []


def test_a_file_without_one_becomes_another_item_and_no_approval_is_lost(city: Place) -> None:
    city.ingest()
    city.approve("The pool opens", "La piscina abre")
    (city.root / "content/notices/pool.md").rename(city.root / "content/notices/water.md")
    city.ingest()
    entries = city.project.catalogs.read("es", "notices")
    kept = [one for one in entries if one.translation == "La piscina abre"]
    assert [one.source for one in kept] == ["The pool opens"]


BROKEN = {
    "not UTF-8": "---\ntitle: Ni\xf1o\n---\n".encode("latin-1"),
    "broken front matter": b"---\ntitle: [a\n---\n",
    "empty": b"",
    "NUL": b"---\ntitle: A\n---\n\nB\0.\n",
    "over the limit": b"a" * (contents_step.LARGEST_FILE + 1),
    "one long line": b"a " * 1_000_000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_keeps_its_entries_and_their_approvals(
    city: Place, body: bytes
) -> None:
    broken = city.notice("my notice", "Mine", item="mine")
    city.ingest()
    city.approve("Mine", "Mío")
    before = snapshot(city.root / "locales")
    broken.write_bytes(body)
    found = city.ingest()
    assert [type(failure) for failure in found.failures] == [ContentError]
    assert "content/notices/my notice.md" in whats(found.failures)
    assert found.failures[0].fix
    assert found.written == ()
    assert snapshot(city.root / "locales") == before
    assert broken.read_bytes() == body


def test_other_items_go_on_beside_a_broken_one(city: Place) -> None:
    broken = city.notice("mine", "Mine")
    city.ingest()
    broken.write_bytes(b"")
    city.notice("new", "New one")
    found = city.ingest()
    assert len(found.failures) == 1
    assert list(city.messages()) == ["Mine", "New one", "The pool opens", "Bring a towel."]
    template = (city.root / "locales" / "notices.pot").read_text()
    assert "Mine" in template
    assert "New one" in template


def test_a_word_that_no_line_of_a_catalog_can_hold_is_told(city: Place) -> None:
    city.notice("endless", "Endless", "図書館" * 20_001)
    city.notice("long", "Long", f"{'abc' * 20_000} abc")
    found = city.ingest()
    assert [str(one.place) for one in found.failures] == ["content/notices/endless.md:5"]
    assert "60,000 characters" in whats(found.failures)
    assert "Long" in city.messages()
    assert "Endless" not in city.messages()


def test_two_items_with_one_id_are_both_told_and_their_entries_stay(city: Place) -> None:
    city.notice("one", "First text", item="same")
    city.ingest()
    city.approve("First text", "Primer texto")
    before = city.catalog().read_bytes()
    second = city.notice("two", "Second text", item="same")
    found = city.ingest()
    told = whats(found.failures)
    assert "content/notices/one.md: the id 'same' is used by 2 items" in told
    assert "content/notices/two.md: the id 'same' is used by 2 items" in told
    assert [item.id for item in found.contents[0].items] == ["pool"]
    assert city.catalog().read_bytes() == before
    second.unlink()
    assert city.ingest().failures == ()
    assert city.facts("First text").review is Review.APPROVED


def test_a_link_out_of_the_project_is_refused(city: Place, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-secret.md"
    outside.write_text("---\ntitle: Secret\n---\n")
    (city.root / "content/notices/link.md").symlink_to(outside)
    found = city.ingest()
    assert "content/notices/link.md: the file lies outside the project" in whats(found.failures)
    assert "Secret" not in city.catalog().read_text()


def test_a_collection_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    city = place(tmp_path / "project")
    outside = tmp_path / "secrets"
    outside.mkdir()
    (outside / "a.md").write_text("---\ntitle: Secret\n---\n")
    (city.root / "content/notices").rmdir()
    (city.root / "content/notices").symlink_to(outside)
    assert "outside the project" in whats(city.ingest().failures)
    assert city.messages() == {}


def test_a_link_within_the_project_is_read(city: Place) -> None:
    (city.root / "content/notices/twin.md").symlink_to(city.root / "content/notices/pool.md")
    assert [item.id for item in city.ingest().contents[0].items] == ["pool", "twin"]


def test_links_that_lead_nowhere_are_told(city: Place) -> None:
    (city.root / "content/notices/loop.md").symlink_to("loop.md")
    (city.root / "content/notices/gone.md").symlink_to("nothing.md")
    told = whats(city.ingest().failures)
    assert "loop.md: cannot read" in told
    assert "gone.md: cannot read" in told


def test_what_is_no_file_is_told_and_not_waited_for(city: Place) -> None:
    os.mkfifo(city.root / "content/notices/pipe.md")
    before = Path.cwd()
    os.chdir(city.root / "content/notices")  # a socket's name must be short
    try:
        server = socket.socket(socket.AF_UNIX)
        server.bind("socket.md")
        server.close()
    finally:
        os.chdir(before)
    told = whats(city.ingest().failures)
    assert "pipe.md: this is no file" in told
    assert "socket.md: this is no file" in told


def test_hidden_files_and_other_suffixes_are_no_content(city: Place) -> None:
    for name in (".draft.md", ".git/HEAD.md", ".#pool.md", "README", "pool.md~", "image.png"):
        city.write(f"notices/{name}", "---\ntitle: Hidden\n---\n")
    (city.root / "content/notices/folder.md").mkdir()
    found = city.ingest()
    assert [item.id for item in found.contents[0].items] == ["pool"]
    assert found.failures == ()


def test_a_name_that_no_catalog_can_hold_is_told(city: Place) -> None:
    folder = os.fsencode(city.root / "content/notices")
    for name in (b"caf\xe9.md", b"a\nb.md", b"esc\x1b[2J.md", "x\u2069.md".encode()):
        Path(os.fsdecode(folder + b"/" + name)).write_text("---\nid: a\ntitle: A\n---\n")
    found = city.ingest()
    told = whats(found.failures)
    assert told.count("control characters, or is not UTF-8") == 4
    assert told.isascii()
    assert "\x1b" not in told
    assert [item.id for item in found.contents[0].items] == ["pool"]


def test_a_collection_that_is_one_file(tmp_path: Path) -> None:
    spec = BRIEFS.spec.__class__("briefs", "content/briefs.txt", "digest")
    city = place(tmp_path, collections=(BRIEFS.__class__(spec, "briefs", BRIEFS.format),))
    (tmp_path / "content/briefs.txt").rmdir()
    city.write("briefs.txt", "One.\n\nTwo.\n")
    assert [unit.source for unit in city.ingest().contents[0].units] == ["One.", "Two."]


def test_a_collection_that_is_gone_is_told_and_nothing_becomes_obsolete(city: Place) -> None:
    city.ingest()
    city.approve("The pool opens", "La piscina abre")
    before = snapshot(city.root / "locales")
    (city.root / "content").rename(city.root / "elsewhere")
    found = city.ingest()
    told = whats(found.failures)
    assert "content/notices: cannot read: No such file or directory" in told
    assert "polypress.toml" in told
    assert snapshot(city.root / "locales") == before


@pytest.fixture
def open_root() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_a_folder_that_cannot_be_read_keeps_the_entries_of_its_files(open_root: Path) -> None:
    city = place(open_root)
    city.notice("closed/pool", "The pool opens")
    city.notice("open", "The library")
    city.ingest()
    before = city.catalog().read_bytes()
    closed = city.root / "content/notices/closed"
    with read_only():  # as nobody
        closed_mode = closed.stat().st_mode
    closed.chmod(0)
    try:
        with read_only():
            contents = contents_step.read(city.root, NOTICES)
    finally:
        closed.chmod(closed_mode)
    assert "content/notices/closed: cannot read: Permission denied" in whats(contents.failures)
    assert contents.unread == {"content/notices/closed"}
    assert city.catalog().read_bytes() == before


def test_a_folder_in_one_that_may_not_be_entered_is_told_and_keeps_its_entries(
    open_root: Path,
) -> None:
    city = place(open_root)
    city.notice("pool", "The pool opens")
    above = city.root / "content"
    above.chmod(0)
    try:
        with read_only():  # as nobody
            contents = contents_step.read(city.root, NOTICES)
    finally:
        above.chmod(0o755)
    assert "content/notices: cannot read: Permission denied" in whats(contents.failures)
    assert contents.unread == {"content/notices"}


def test_a_broken_catalog_stays_as_it_is_and_the_others_go_on(city: Place) -> None:
    city.ingest()
    broken = city.catalog().read_bytes() + b'\nmsgid "unterminated\n'
    city.catalog().write_bytes(broken)
    city.notice("new", "New one")
    found = city.ingest()
    assert [type(failure) for failure in found.failures] == [CatalogError]
    assert found.failures[0].place.line
    assert city.catalog().read_bytes() == broken
    assert "New one" in city.messages("ar")


def test_a_catalog_that_is_locked_is_told_and_the_others_go_on(city: Place) -> None:
    lock = lock_path(city.root, "es", "notices")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        found = city.ingest()
    assert [type(failure) for failure in found.failures] == [LockedError]
    assert "ar/LC_MESSAGES/notices.po" in found.written
    assert not city.catalog().exists()


def test_drafts_of_the_machine_are_dropped_with_their_unit(city: Place) -> None:
    city.translate("es")
    assert city.facts("Bring a towel.").origin is Origin.MACHINE
    city.notice("pool", "The pool opens")
    city.ingest()
    assert "Bring a towel." not in city.messages()
