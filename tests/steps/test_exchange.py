"""Copies that leave the house and come back weeks later, merged entry by entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from workflow import locales
from workflow.adapters.pofile.copies import PoCopies
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.catalog import facts_of
from workflow.catalog.aside import conflicts
from workflow.errors import UsageError
from workflow.model import Freshness, Message, Review
from workflow.pseudo import is_pseudo
from workflow.steps.exchange import Exchange, Imported
from workflow.steps.translate import translate

POOL, BUS = "The pool opens", "The bus is late"


@dataclass(frozen=True)
class Desk:
    """A project, and what a translator does far from it."""

    city: Place
    exchange: Exchange

    def export(self) -> bytes:
        self.city.translate()
        wanted = [
            (one.name, message.key)
            for one in self.city.project.collections
            for message in self.city.project.catalogs.read("es", one.domain)
        ]
        return self.exchange.exported("es", wanted)

    def edited(self, raw: bytes, source: str, text: str, *, based: bool = True) -> bytes:
        copy = self.exchange.copies.read(raw, "copy.po")
        entries = [
            replace(one, translations=(text,), flags=frozenset()) if one.source == source else one
            for one in copy.messages
        ]
        return self.exchange.copies.write("es", entries, mark=copy.mark if based else "x.0")

    def import_(self, raw: bytes) -> Imported:
        copy = self.exchange.copies.read(raw, "copy.po")
        return self.exchange.imported(self.city.ingest().contents, copy, "es")

    def found(self, source: str) -> Message:
        return self.city.messages()[source]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    city = place(tmp_path, "es")
    city.notice("pool", POOL)
    city.notice("bus", BUS)
    history = SqliteHistory(Database(tmp_path / "var" / "polypress.db"))
    return Desk(
        city,
        Exchange(city.project, history, PoCopies(name="Test", plural_forms=locales.plural_forms)),
    )


def test_pseudo_text_stays_in_the_house_and_a_translation_comes_back_over_it(desk: Desk) -> None:
    trying = replace(desk.city.project, engine=PseudoEngine(), pseudo=True)
    translate(trying, desk.city.ingest())
    keys = [("notices", desk.found(one).key) for one in (POOL, BUS)]
    raw = desk.exchange.exported("es", keys)
    sent = desk.exchange.copies.read(raw, "copy.po").messages
    assert [(one.translations, one.comments, one.fuzzy) for one in sent] == [(("",), (), False)] * 2
    outcome = desk.import_(desk.edited(raw, POOL, "La piscina abre"))
    assert (outcome.taken, outcome.conflicts) == (1, ())
    assert desk.found(POOL).translation == "La piscina abre"
    assert facts_of(desk.found(POOL)).review is Review.APPROVED
    assert is_pseudo(facts_of(desk.found(BUS)))


def test_a_copy_names_its_language_and_base_and_holds_the_entries_in_order(desk: Desk) -> None:
    desk.city.translate()
    keys = [("notices", desk.found(one).key) for one in (POOL, BUS)]
    copy = desk.exchange.copies.read(desk.exchange.exported("es", keys), "copy.po")
    assert [one.source for one in copy.messages] == [POOL, BUS]
    assert (copy.locale, copy.mark) == ("es", desk.exchange.history.mark())


@pytest.mark.parametrize("based", [True, False])
def test_what_the_translator_wrote_is_approved_here(desk: Desk, based: bool) -> None:  # noqa: FBT001
    raw = desk.edited(desk.export(), POOL, "La piscina abre", based=based)
    told = desk.import_(raw)
    assert (told.based, told.taken, told.conflicts) == (based, 1, ())
    assert desk.city.text(POOL) == "La piscina abre"
    assert desk.city.facts(POOL).review is Review.APPROVED
    assert desk.city.facts(BUS).review is Review.NONE


@pytest.mark.parametrize("based", [True, False])
def test_importing_twice_changes_nothing_more(desk: Desk, based: bool) -> None:  # noqa: FBT001
    raw = desk.edited(desk.export(), POOL, "La piscina abre", based=based)
    desk.import_(raw)
    before = desk.city.messages()
    told = desk.import_(raw)
    assert (told.taken, told.conflicts, told.written) == (0, (), ())
    assert desk.city.messages() == before


def test_what_was_written_here_meanwhile_stays(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, "La piscina abre")
    desk.city.approve(BUS, "El autobús va con retraso")
    desk.import_(raw)
    assert desk.city.text(BUS) == "El autobús va con retraso"
    assert desk.city.text(POOL) == "La piscina abre"


@pytest.mark.parametrize("based", [True, False])
def test_two_texts_for_one_entry_are_both_kept_once(desk: Desk, based: bool) -> None:  # noqa: FBT001
    raw = desk.edited(desk.export(), POOL, "Abre la piscina", based=based)
    desk.city.approve(POOL, "La piscina abre")
    told = desk.import_(raw)
    assert told.conflicts == ("pool#title",)
    desk.import_(raw)
    assert desk.city.text(POOL) == "La piscina abre"
    assert conflicts(desk.found(POOL)) == ("Abre la piscina",)


def test_a_text_for_a_source_that_was_reworded_goes_to_review(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, "La piscina abre")
    desk.city.notice("pool", "The pool opens again")
    desk.city.translate()
    told = desk.import_(raw)
    assert told.stale == ("pool#title",)
    found = desk.found("The pool opens again")
    assert (found.translation, found.previous_source) == ("La piscina abre", POOL)
    assert desk.city.facts("The pool opens again").freshness is Freshness.STALE


def test_a_text_for_another_style_of_the_source_is_approved(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, "La piscina abre")
    desk.city.notice("pool", "The  pool opens")
    desk.city.translate()
    desk.import_(raw)
    (found,) = [one for one in desk.city.messages().values() if one.context == "pool#title"]
    assert (found.translation, found.fuzzy) == ("La piscina abre", False)


def test_a_text_for_an_item_that_was_renamed_finds_it(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, "La piscina abre")
    folder = desk.city.root / "content/notices"
    (folder / "pool.md").rename(folder / "water.md")
    desk.import_(raw)
    assert desk.found(POOL).context == "water#title"
    assert desk.city.text(POOL) == "La piscina abre"


def test_a_text_for_an_item_that_is_gone_is_kept_as_obsolete_and_comes_back(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, "La piscina abre")
    path = desk.city.root / "content/notices/pool.md"
    body = path.read_bytes()
    path.unlink()
    told = desk.import_(raw)
    assert told.retired == ("pool#title",)
    assert desk.found(POOL).obsolete
    path.write_bytes(body)
    desk.city.ingest()
    assert desk.city.facts(POOL).review is Review.APPROVED


def test_an_entry_of_nobody_is_told_and_left_out(tmp_path: Path) -> None:
    city = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    city.notice("pool", POOL)
    city.ingest()
    history = SqliteHistory(Database(tmp_path / "var" / "polypress.db"))
    copies = PoCopies(name="Test", plural_forms=locales.plural_forms)
    strange = Message("other#x", "What is this?", ("¿Qué es esto?",))
    raw = copies.write("es", [strange], mark="x.1")
    told = Exchange(city.project, history, copies).imported(
        city.ingest().contents, copies.read(raw, "copy.po"), "es"
    )
    assert (told.strange, told.written) == (("other#x",), ())


def test_a_locale_that_the_project_lacks_is_refused(desk: Desk) -> None:
    copy = desk.exchange.copies.read(desk.export(), "copy.po")
    with pytest.raises(UsageError, match="no locale of this project"):
        desk.exchange.imported(desk.city.ingest().contents, copy, "fr")


@pytest.mark.parametrize("gone", [True, False])
def test_a_comment_on_a_draft_whose_source_has_changed_is_not_lost(desk: Desk, gone: bool) -> None:  # noqa: FBT001
    copy = desk.exchange.copies.read(desk.export(), "copy.po")
    said = [replace(one, comments=("ask Ana", *one.comments)) for one in copy.messages]
    raw = desk.exchange.copies.write("es", said, mark=copy.mark)
    if gone:
        (desk.city.root / "content/notices/pool.md").unlink()
    else:
        desk.city.notice("pool", "The pool opens again")
        desk.city.translate()
    desk.import_(raw)
    found = desk.found(POOL if gone else "The pool opens again")
    assert "ask Ana" in found.comments
    assert found.translation == ("es: The pool opens" if gone else "es: The pool opens again")


def test_an_approval_of_a_draft_holds_for_another_style_of_the_source(desk: Desk) -> None:
    raw = desk.edited(desk.export(), POOL, f"es: {POOL}")
    desk.city.notice("pool", "The  pool opens")
    desk.city.translate()
    desk.import_(raw)
    (found,) = [one for one in desk.city.messages().values() if one.context == "pool#title"]
    assert (found.translation, found.fuzzy) == (f"es: {POOL}", False)


def test_one_context_in_two_collections_is_told_apart_by_its_file(tmp_path: Path) -> None:
    other = replace(NOTICES, spec=replace(NOTICES.spec, name="news", path="content/news"),
                    domain="news")  # fmt: skip
    city = place(tmp_path, "es", collections=(NOTICES, other))
    for folder in ("notices", "news"):
        city.write(f"{folder}/contact.md", "---\ntitle: Contact\n---\n\nText.\n")
    city.translate()
    city.edit("Contact", "Contacto", domain="notices")
    city.edit("Contact", "Contáctenos", domain="news")
    history = SqliteHistory(Database(tmp_path / "var" / "polypress.db"))
    exchange = Exchange(
        city.project, history, PoCopies(name="Test", plural_forms=locales.plural_forms)
    )
    key = city.messages()["Contact"].key
    raw = exchange.exported("es", [("news", key), ("notices", key)])
    exchange.imported(city.ingest().contents, exchange.copies.read(raw, "copy.po"), "es")
    assert city.text("Contact", domain="notices") == "Contacto"
    assert city.text("Contact", domain="news") == "Contáctenos"
