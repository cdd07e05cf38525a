"""Catalogs as the world has them: told with the line, left as they are, and in no other's way."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import open_folder, read_only
from tests.steps.project_for_tests import Place, place
from workflow import locales
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.errors import CatalogError, OutsideError, PolypressError
from workflow.steps.remembered import RememberedCatalogs

APPROVED = "La piscina abre el lunes"
PATH = "locales/es/LC_MESSAGES/notices.po"


@pytest.fixture
def city(tmp_path: Path) -> Place:
    """Two locales; in one of them a person has approved a text."""
    return with_approval(place(tmp_path))


def with_approval(city: Place) -> Place:
    city.notice("pool", "The pool opens on Monday", "Bring a towel.")
    city.translate()
    city.approve("The pool opens on Monday", APPROVED)
    city.ingest()
    return city


def failures(city: Place) -> tuple[PolypressError, ...]:
    """What a run tells of the first locale, once there is something new to translate."""
    city.notice("library", "The library is closed")
    ingested = city.ingest()
    assert city.text("The library is closed", "ar") == ""
    outcomes = {one.locale: one for one in city.translate()}
    assert city.text("The library is closed", "ar") == "ar: The library is closed"
    assert not outcomes["ar"].failures
    assert not outcomes["es"].written
    return ingested.failures


def entry(raw: bytes, source: bytes) -> bytes:
    """The lines of an entry, from its msgctxt on."""
    [found] = [block for block in raw.split(b"\n\n") if b'msgid "' + source in block]
    return b"\n" + found[found.index(b"msgctxt") :].rstrip(b"\n") + b"\n"


def conflicted(raw: bytes) -> bytes:
    mine = entry(raw, b"The pool").strip(b"\n")
    theirs = mine.replace(b"lunes", b"martes")
    return raw.replace(mine, b"\n".join([b"<<<<<<< HEAD", mine, b"=======", theirs, b">>>>>>> x"]))


BROKEN = {
    "the header names another charset": lambda raw: raw.replace(b"UTF-8", b"ISO-8859-1"),
    "it is in another charset": lambda raw: raw.decode().encode("latin-1") + b"# \xf1\n",
    "it is UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "an entry stands there twice": lambda raw: raw + entry(raw, b"The pool"),
    "git left a conflict": conflicted,
    "it is cut off in a string": lambda raw: raw[: raw.index(APPROVED.encode()) + 4],
    "it is cut off in a keyword": lambda raw: raw[: raw.rindex(b"msgstr") + 3],
    "it is cut off behind a msgid": lambda raw: raw[: raw.rindex(b"msgstr")],
    "it is cut off in comments": lambda raw: raw[: raw.rindex(b"#:") + 9],
    "it holds NUL bytes": lambda raw: raw + b"\0" * 512,
    "it is empty": lambda _: b"",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_catalog_is_told_and_left_and_the_other_locale_goes_on(
    what: str, city: Place
) -> None:
    sound = city.catalog().read_bytes()
    broken = BROKEN[what](sound)
    city.catalog().write_bytes(broken)
    [failure] = failures(city)
    assert isinstance(failure, CatalogError)
    assert failure.place.path == PATH
    assert failure.place.line or what in {"it is empty", "it is UTF-16"}
    assert failure.fix
    assert city.catalog().read_bytes() == broken
    city.catalog().write_bytes(sound)
    city.translate()
    assert city.text("The pool opens on Monday") == APPROVED
    assert city.text("The library is closed") == "es: The library is closed"


def test_entries_that_a_cut_between_two_took_away_come_back_from_the_base(city: Place) -> None:
    """Such a file is sound PO: only what stood there before tells that something is missing."""
    whole = city.catalog().read_bytes()
    city.catalog().write_bytes(whole[: whole.index(b"\n\n") + 1])
    assert city.ingest().failures == ()
    assert city.catalog().read_bytes() == whole


FOREIGN = b"""
# a person's
msgctxt "menu|file"
msgid "Open"
msgstr "Abrir"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d archivo"
msgstr[1] "%d archivos"

msgctxt "no such item#body"
msgid "Elsewhere"
msgstr "En otra parte"

#, fuzzy
#~ msgctxt "old#body"
#~ msgid "Gone"
#~ msgstr "Ido"
"""
ODD = {
    "a byte order mark": lambda raw: codecs.BOM_UTF8 + raw,
    "line ends of Windows": lambda raw: raw.replace(b"\n", b"\r\n"),
    "no header": lambda raw: raw[raw.index(b"\n\n") + 2 :],
    "entries that are not ours": lambda raw: raw + FOREIGN,
    "no last line end": lambda raw: raw.rstrip(b"\n"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_catalog_is_used_and_what_is_odd_about_it_harms_nothing(
    what: str, city: Place
) -> None:
    city.catalog().write_bytes(ODD[what](city.catalog().read_bytes()))
    city.notice("library", "The library is closed")
    assert city.ingest().failures == ()
    city.translate()
    after = city.catalog().read_bytes()
    assert city.text("The pool opens on Monday") == APPROVED
    assert city.text("The library is closed") == "es: The library is closed"
    assert (b"\r\n" in after) == (what == "line ends of Windows")
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    if what == "entries that are not ours":
        assert all(block in after for block in FOREIGN.strip().split(b"\n\n"))


@pytest.fixture
def open_city() -> Iterator[Place]:
    with open_folder() as folder:
        yield with_approval(place(folder))


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_catalog_that_is_read_only_is_told_and_left(mode: int, city: Place) -> None:
    before = city.catalog().read_bytes()
    city.catalog().chmod(mode)
    [failure] = failures(city)
    assert isinstance(failure, OutsideError)
    assert "read-only" in failure.what
    assert city.catalog().read_bytes() == before
    assert list(city.catalog().parent.iterdir()) == [city.catalog()]


def test_a_read_only_catalog_in_which_nothing_changes_is_no_failure(city: Place) -> None:
    city.catalog().chmod(0o444)
    assert city.ingest().failures == ()


def test_a_folder_that_is_read_only_is_told_and_the_other_locale_goes_on(open_city: Place) -> None:
    for path in [open_city.root, *open_city.root.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    before = open_city.catalog().read_bytes()
    open_city.notice("library", "The library is closed")
    with read_only(open_city.catalog().parent):
        [failure] = open_city.ingest().failures
    assert isinstance(failure, OutsideError)
    assert PATH in failure.place.path
    assert open_city.catalog().read_bytes() == before
    assert "The library is closed" in open_city.messages("ar")


def test_an_editor_that_saves_while_we_write_loses_nothing(city: Place) -> None:
    saves = iter([b"La piscina abre el lunes a las nueve"])

    def between(path: Path) -> None:
        text = next(saves, None)
        if text and "es" in path.parts:
            path.write_bytes(path.read_bytes().replace(APPROVED.encode(), text))

    catalogs = RememberedCatalogs(
        FileCatalogStore(city.root, plural_forms=locales.plural_forms, between=between),
        SqliteHistory(Database(city.root / "var" / "polypress.db")),
    )
    city.notice("library", "The library is closed")
    busy = city.with_(catalogs=catalogs, locales=("es",))
    assert busy.ingest().failures == ()
    assert city.text("The pool opens on Monday") == f"{APPROVED} a las nueve"
    assert "The library is closed" in city.messages()
