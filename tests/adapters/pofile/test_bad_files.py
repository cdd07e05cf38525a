"""Bad files (fault row F2): each is refused with a clear message, or read as the table says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.adapters.pofile.bad_files import READ, REFUSED
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import CatalogError


def catalog_in(folder: Path) -> Path:
    path = folder / "locales/es/LC_MESSAGES/notices.po"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return catalog_in(tmp_path)


def store(folder: Path) -> FileCatalogStore:
    return FileCatalogStore(folder, plural_forms=lambda _: "nplurals=2; plural=(n != 1);")


def assert_refused(name: str, folder: Path, catalog: Path) -> None:
    body, word, line = REFUSED[name]
    catalog.write_bytes(body)
    before, started = catalog.stat().st_mtime_ns, time.process_time()
    with pytest.raises(CatalogError) as refused:
        store(folder).update("es", "notices", lambda _: ())
    assert time.process_time() - started < 2
    assert word in refused.value.what
    assert refused.value.fix
    assert refused.value.place.path == "locales/es/LC_MESSAGES/notices.po"
    assert refused.value.place.line == line
    assert (catalog.read_bytes(), catalog.stat().st_mtime_ns) == (body, before)
    assert [path.name for path in catalog.parent.iterdir()] == ["notices.po"]


def assert_read(name: str, folder: Path, catalog: Path) -> None:
    body, count = READ[name]
    catalog.write_bytes(body)
    assert len(store(folder).read("es", "notices")) == count
    assert not store(folder).update("es", "notices", lambda messages: messages)
    assert catalog.read_bytes() == body


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_and_stays_as_it_is(name: str, tmp_path: Path, catalog: Path) -> None:
    assert_refused(name, tmp_path, catalog)


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_and_untouched_when_nothing_changes(
    name: str, tmp_path: Path, catalog: Path
) -> None:
    assert_read(name, tmp_path, catalog)


def test_the_tables_hold_more_than_sixty_files() -> None:
    assert len(REFUSED) + len(READ) > 60


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, catalog: Path
) -> None:
    with catalog.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    started = time.process_time()
    with pytest.raises(CatalogError, match="bytes"):
        store(tmp_path).read("es", "notices")
    assert time.process_time() - started < 2


def test_a_folder_in_the_place_of_a_catalog_is_refused(tmp_path: Path, catalog: Path) -> None:
    catalog.mkdir()
    with pytest.raises(CatalogError, match="folder"):
        store(tmp_path).read("es", "notices")
