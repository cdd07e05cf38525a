from __future__ import annotations

import doctest
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workflow.bundle import ItemObject, PublishedUnit, article
from workflow.bundle.article import Languages, Notes, Story, marks
from workflow.bundle.article import article as made
from workflow.bundle.elements import attributes, escaped
from workflow.bundle.page import page, title
from workflow.policy import Label

ES = Languages("es", "en")
NOTES = Notes(
    machine="Traducción automática: {count} de {total}.",
    stale="Sin actualizar: {count}.",
    source="En inglés: {count}.",
)


def unit(source: str, text: str, *label: str, field: str = "body") -> PublishedUnit:
    """A unit; its label is origin, review and freshness."""
    known = (*label, *("none", "current")[len(label) - 1 :])
    return PublishedUnit("n:a#body@0", field, source, text, Label(*known))


HUMAN = unit("One", "Uno", "human", "approved")
DRAFT = unit("Two", "Dos", "machine")
STALE = unit("Three", "Tres", "human", "approved", "stale")
ENGLISH = unit("Four", "Four", "source")


def item(*units: PublishedUnit, html: str = "<p>x</p>", locale: str = "es") -> ItemObject:
    return ItemObject("n", "a", locale, "content/n/a.md", {}, {}, "x", html, units)


def opening(text: str) -> dict[str, str]:
    """The attributes of the article."""
    return dict(re.findall(r'([\w-]+)="([^"]*)"', text[: text.index(">")]))


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(article).failed == 0


def test_a_unit_says_where_its_text_comes_from() -> None:
    assert marks([DRAFT], ES)["body", "Two"] == {
        "data-origin": "machine",
        "data-review": "none",
        "data-freshness": "current",
    }


def test_only_a_unit_in_another_language_than_the_item_says_its_language() -> None:
    found = marks([HUMAN, ENGLISH], ES)
    assert "lang" not in found["body", "One"]
    assert (found["body", "Four"]["lang"], found["body", "Four"]["dir"]) == ("en", "ltr")
    assert marks([ENGLISH], Languages("ar", "en"))["body", "Four"].keys() & {"lang", "dir"} == set()


def test_an_item_without_any_translation_is_in_its_source_language() -> None:
    text = made("", [ENGLISH], Languages("ar", "en"), Story(notes=Notes(source="غير مترجم")))
    assert (opening(text)["lang"], opening(text)["dir"]) == ("en", "ltr")
    assert '<p data-polypress-note="source" dir="rtl" lang="ar">غير مترجم</p>' in text
    assert '<meta content="en" itemprop="inLanguage">' in text


def test_the_article_counts_what_no_person_wrote_today() -> None:
    found = opening(made("", [HUMAN, DRAFT, STALE, ENGLISH], ES))
    told = {name.removeprefix("data-polypress-"): value for name, value in found.items()}
    assert (
        told
        | {
            "origin": "mixed",
            "review": "none",
            "units": "4",
            "machine": "1",
            "stale": "1",
            "source": "1",
        }
        == told
    )


def test_an_article_that_people_wrote_says_just_that() -> None:
    found = opening(made("", [HUMAN], ES))
    assert found["data-polypress-origin"] == "human"
    assert found["data-polypress-review"] == "approved"
    assert not found.keys() & {"data-polypress-machine", "data-polypress-source"}


def test_readers_are_told_in_their_language_and_with_its_numbers() -> None:
    units = [DRAFT] * 1200 + [HUMAN] * 34 + [ENGLISH]
    text = made("<p>x</p>", units, ES, Story(notes=NOTES))
    assert '<p data-polypress-note="machine">Traducción automática: 1.200 de 1.235.</p>' in text
    assert '<p data-polypress-note="source">En inglés: 1.</p>' in text
    assert "Sin actualizar" not in text


def test_a_machine_text_that_a_person_approved_has_no_note_and_keeps_its_origin() -> None:
    approved = unit("Two", "Dos", "machine", "approved")
    text = made("", [approved], ES, Story(notes=NOTES))
    assert "Traducción" not in text
    assert opening(text)["data-polypress-machine"] == "1"


def test_notes_and_dates_are_escaped() -> None:
    evil = "<script>alert(1)</script>\x01{count.__class__}"
    story = Story("2026-11-20", evil, '"><script>', Notes(machine=evil))
    text = made("", [DRAFT], ES, story)
    assert "<script" not in text
    assert "\x01" not in text
    assert "{count.__class__}" in text


def test_a_date_is_for_people_and_for_programs() -> None:
    text = made("", [HUMAN], ES, Story("2026-11-20", "20 de noviembre de 2026"))
    shown = '<time datetime="2026-11-20" itemprop="datePublished">20 de noviembre de 2026</time>'
    assert shown in text
    assert "<time" not in made("", [HUMAN], ES, Story("next week", "next week"))


def test_a_translation_names_its_original_and_the_original_does_not() -> None:
    story = Story(original="https://city.example/en/n/a")
    link = '<link href="https://city.example/en/n/a" itemprop="translationOfWork">'
    assert link in made("", [HUMAN], ES, story)
    assert link not in made("", [HUMAN], Languages("en", "en"), story)


def test_a_page_is_a_document_in_the_language_of_its_locale() -> None:
    text = page(item(HUMAN, locale="ar")).decode()
    assert text.startswith('<!DOCTYPE html>\n<html dir="rtl" lang="ar">')
    assert "<main>\n<p>x</p>\n</main>" in text
    assert "script-src 'none'" in text


def test_a_page_forbids_scripts_before_it_shows_whatever_its_object_says() -> None:
    hostile = replace(item(HUMAN), html="<script>alert(1)</script>")
    head, _, _ = page(hostile).decode().partition("<script>")
    assert '<meta http-equiv="Content-Security-Policy" content="script-src \'none\';' in head
    assert "<body>" in head


def test_the_title_of_a_page_is_that_of_the_item_in_its_locale() -> None:
    named = unit("Pool", "La <piscina>", "human", field="title")
    assert "<title>La &lt;piscina&gt;</title>" in page(item(HUMAN, named)).decode()
    assert title(item(HUMAN)) == "Uno"
    assert title(item()) == "a"
    assert len(title(item(unit("x", "palabra " * 99, "human")))) <= 200


@given(st.text())
def test_no_value_leaves_its_quotes_and_no_text_its_element(text: str) -> None:
    assert not set(escaped(text)) & set("<>\"'\x00\x0b")
    assert re.fullmatch(r' title="[^"<>]*"', attributes({"title": text}), re.DOTALL)
