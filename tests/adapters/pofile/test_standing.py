from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workflow.adapters.pofile.places import catalog_path, template_path
from workflow.adapters.pofile.standing import ABSENT
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import CatalogError, OutsideError
from workflow.model import Message

PLACE = "es", "notices"
ONE = Message("a#body", "One", ("Uno",))


@pytest.fixture
def store(tmp_path: Path) -> FileCatalogStore:
    made = FileCatalogStore(tmp_path, plural_forms=lambda _: "nplurals=2; plural=(n != 1);")
    made.update(*PLACE, lambda _: [ONE])
    made.standing.begin()
    return made


def kept(store: FileCatalogStore, translation: str = "") -> None:
    """An update, with another text if there is one."""
    texts = (translation,) if translation else None
    store.update(
        *PLACE,
        lambda found: [replace(one, translations=texts or one.translations) for one in found],
    )


def test_what_an_update_left_has_the_signature_of_the_file(store: FileCatalogStore) -> None:
    for text in ("", "Un", ""):
        kept(store, text)
        assert store.standing.verified(*PLACE) == store.standing.signature(*PLACE) is not None


def test_only_what_was_updated_since_the_beginning_is_verified(store: FileCatalogStore) -> None:
    assert store.standing.verified(*PLACE) is None
    store.read(*PLACE)
    assert store.standing.verified(*PLACE) is None
    kept(store)
    store.standing.begin()
    assert store.standing.verified(*PLACE) is None


def test_a_catalog_that_is_not_there_is_known_too(store: FileCatalogStore) -> None:
    store.update("ar", "notices", lambda found: found)
    assert store.standing.verified("ar", "notices") == ABSENT
    catalog_path(store.standing._project, "ar", "notices").parent.mkdir(parents=True)
    catalog_path(store.standing._project, "ar", "notices").write_bytes(b"")
    assert store.standing.verified("ar", "notices") is None


def test_a_template_is_known_whether_it_was_written_or_not(store: FileCatalogStore) -> None:
    for _ in range(2):
        store.write_template("notices", [ONE])
        assert store.standing.verified("", "notices") is not None
        store.standing.begin()


def test_a_save_is_no_longer_what_the_update_left(tmp_path: Path, store: FileCatalogStore) -> None:
    kept(store)
    store.write_template("notices", [ONE])
    for path, place in ((catalog_path(tmp_path, *PLACE), PLACE),
                        (template_path(tmp_path, "notices"), ("", "notices"))):  # fmt: skip
        path.write_bytes(path.read_bytes() + b"\n")
        assert store.standing.verified(*place) is None


def test_a_save_before_a_later_update_makes_the_file_unsure(
    tmp_path: Path, store: FileCatalogStore
) -> None:
    kept(store)
    path = catalog_path(tmp_path, *PLACE)
    path.write_bytes(path.read_bytes().replace(b"Uno", b"Una"))
    kept(store, "Un")
    assert store.standing.verified(*PLACE) is None


def test_a_save_that_was_read_and_taken_back_makes_the_file_unsure(
    tmp_path: Path, store: FileCatalogStore
) -> None:
    kept(store)
    path = catalog_path(tmp_path, *PLACE)
    before = path.read_bytes()
    path.write_bytes(before.replace(b"Uno", b"Una"))
    store.read(*PLACE)
    path.write_bytes(before)
    kept(store)
    assert store.standing.verified(*PLACE) is None


def test_an_update_that_failed_left_nothing(tmp_path: Path, store: FileCatalogStore) -> None:
    def refuse() -> None:
        raise OutsideError("the disk is full")

    with pytest.raises(OutsideError):
        store.update(*PLACE, lambda _: [replace(ONE, translations=("Un",))], settled=refuse)
    assert store.standing.verified(*PLACE) is None
    path = catalog_path(tmp_path, *PLACE)
    path.write_bytes(b'msgid "a\n')
    with pytest.raises(CatalogError):
        kept(store)
    assert store.standing.verified(*PLACE) is None


def test_what_cannot_be_looked_at_has_no_signature(tmp_path: Path) -> None:
    store = FileCatalogStore(tmp_path, plural_forms=lambda _: "")
    (tmp_path / "locales").write_text("a file")
    assert store.standing.signature("", "notices") is None
    assert store.standing.verified("", "notices") is None
