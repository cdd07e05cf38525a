"""What every CatalogStore promises, run on the fake and on the real one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_catalogs import FakeCatalogs
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import CatalogError
from workflow.model import Message
from workflow.ports import CatalogStore

ONE = Message("a#body", "One", ("Uno",), comments=("mine",), notes=("n",), references=("a.md",))
TWO = Message("a#body", "Two", flags=frozenset({"fuzzy"}), previous_source="To")
OLD = Message("b#body", "Old\n", ("Viejo\n",), obsolete=True)


@pytest.fixture(params=["fake", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> CatalogStore:
    if request.param == "fake":
        return FakeCatalogs()
    return FileCatalogStore(tmp_path, plural_forms=lambda _: "nplurals=2; plural=(n != 1);")


def test_a_catalog_that_is_not_there_is_empty(store: CatalogStore) -> None:
    assert store.read("es", "notices") == ()


def test_what_was_written_is_read_in_order(store: CatalogStore) -> None:
    assert store.update("es", "notices", lambda _: [ONE, TWO, OLD])
    assert store.read("es", "notices") == (ONE, TWO, OLD)


def test_every_active_entry_has_a_line_and_lines_go_up(store: CatalogStore) -> None:
    assert store.lines("es", "notices") == {}
    store.update("es", "notices", lambda _: [ONE, TWO, OLD])
    lines = store.lines("es", "notices")
    assert list(lines) == [ONE.key, TWO.key]
    assert 0 < lines[ONE.key] < lines[TWO.key]


def test_catalogs_of_locales_and_domains_are_apart(store: CatalogStore) -> None:
    store.update("es", "notices", lambda _: [ONE])
    assert store.read("ar", "notices") == store.read("es", "pages") == ()


def test_change_sees_what_is_there(store: CatalogStore) -> None:
    store.update("es", "notices", lambda _: [ONE])
    store.update("es", "notices", lambda messages: [*messages, TWO])
    assert store.read("es", "notices") == (ONE, TWO)


def test_no_change_is_no_write(store: CatalogStore) -> None:
    assert not store.update("es", "notices", lambda _: [])
    store.update("es", "notices", lambda _: [ONE])
    assert not store.update("es", "notices", lambda messages: messages)
    assert not store.update("es", "notices", lambda _: [replace(ONE)])


def test_two_entries_with_one_key_are_refused(store: CatalogStore) -> None:
    store.update("es", "notices", lambda _: [ONE])
    with pytest.raises(CatalogError):
        store.update("es", "notices", lambda _: [ONE, replace(ONE, obsolete=True)])
    assert store.read("es", "notices") == (ONE,)


def test_an_error_of_the_change_leaves_the_catalog(store: CatalogStore) -> None:
    def fails(_: tuple[Message, ...]) -> list[Message]:
        raise CatalogError("no")

    store.update("es", "notices", lambda _: [ONE])
    with pytest.raises(CatalogError):
        store.update("es", "notices", fails)
    assert store.read("es", "notices") == (ONE,)


def test_a_template_is_written_when_it_differs(store: CatalogStore) -> None:
    assert store.read_template("notices") == ()
    assert store.write_template("notices", [ONE])
    assert store.read_template("notices") == (ONE,)
    assert not store.write_template("notices", [ONE])
    assert store.write_template("notices", [])
