from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.bundle import ItemObject, PublishedUnit
from workflow.bundle.feed import feed
from workflow.policy import Label

SITE = "https://city.example/{locale}/{collection}/{item}?a=1&b=2"
HUMAN = Label("human", "approved", "current")
MACHINE = Label("machine", "none", "current")


def item(name: str, date: str, text: str = "La piscina", label: Label = HUMAN,
         **meta: str) -> ItemObject:  # fmt: skip
    units = (PublishedUnit(f"n:{name}#title@0", "title", "The pool", text, label),)
    html = f'<article lang="es"><p>{text}</p> <a href="plan.html">x</a></article>'
    given_meta = {"date": date, **meta}
    return ItemObject("n", name, "es", f"content/n/{name}.md", given_meta, {}, "", html, units)


def made(*items: ItemObject, site: str = SITE, locale: str = "es", project: str = "City",
         direction: str = "ltr") -> bytes:  # fmt: skip
    found = feed(
        items,
        locale=locale,
        direction=direction,
        project=project,
        site=site,
        collection="n",
        alternates={"a": ["ar", "en", "es"], "b": ["en", "es"]},
    )
    assert found is not None
    return found


def read(body: bytes) -> feedparser.FeedParserDict:
    found = feedparser.parse(body)
    assert found.bozo == 0, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_the_newest_item_comes_first_and_gives_the_feed_its_time() -> None:
    found = read(made(item("a", "2026-11-20"), item("b", "2026-11-22"), item("c", "2026-11-21")))
    assert [entry.updated for entry in found.entries] == [
        "2026-11-22T00:00:00Z",
        "2026-11-21T00:00:00Z",
        "2026-11-20T00:00:00Z",
    ]
    assert found.feed.updated == "2026-11-22T00:00:00Z"


@pytest.mark.parametrize(
    ("meta", "updated"),
    [
        ({"updated": "2026-11-21"}, "2026-11-21T00:00:00Z"),
        ({"updated": "2026-11-21T10:00:00+02:00"}, "2026-11-21T08:00:00Z"),
        ({"updated": "2026-11-21 10:00"}, "2026-11-21T10:00:00Z"),
        ({"updated": "soon"}, "2026-11-20T00:00:00Z"),
    ],
)
def test_an_entry_has_the_time_of_its_last_change(meta: dict[str, str], updated: str) -> None:
    (entry,) = read(made(item("a", "2026-11-20", **meta))).entries
    assert entry.updated == updated


@pytest.mark.parametrize("date", ["", "soon", "20.11.2026", "0001-01-01T00:00:00+10:00", "9" * 99])
def test_without_a_date_there_is_no_entry_and_without_an_entry_no_feed(date: str) -> None:
    found = feed(
        [item("a", date)], locale="es", direction="ltr", project="City", site="", collection="n",
        alternates={},
    )  # fmt: skip
    assert found is None


def test_a_feed_has_a_hundred_entries_at_most() -> None:
    found = read(made(*(item(f"i{number:03}", "2026-11-20") for number in range(101))))
    assert len(found.entries) == 100
    assert found.entries[0].link.endswith("i100?a=1&b=2")


def test_an_entry_is_linked_in_every_locale_that_has_it() -> None:
    (entry,) = read(made(item("a", "2026-11-20"))).entries
    _, *links = [link for link in entry.links if link.rel == "alternate"]
    there = {link.hreflang: link.href for link in links}
    assert there == {tag: f"https://city.example/{tag}/n/a?a=1&b=2" for tag in ("es", "ar", "en")}


def test_the_first_and_the_last_link_lead_to_the_locale_of_the_feed() -> None:
    (entry,) = read(made(item("a", "2026-11-20"))).entries
    here = "https://city.example/es/n/a?a=1&b=2"
    assert [entry.links[0].href, entry.links[-1].href, entry.link] == [here] * 3


def test_without_a_site_links_lead_to_pulled_pages() -> None:
    body = made(item("a", "2026-11-20"), site="")
    assert set(re.findall(r'href="([^"]*)"', body.decode())) == {
        f"../../{tag}/n/items/a.html" for tag in ("es", "ar", "en")
    }
    assert read(body).entries


def test_an_id_is_the_same_in_every_locale_and_release() -> None:
    first = read(made(item("a", "2026-11-20"))).entries[0]
    other = read(made(item("a", "2026-11-30", "Pool"), locale="pt", site="")).entries[0]
    assert first.id == other.id == "urn:uuid:acbd85e7-0581-5d8c-89eb-ddf759e2732e"
    assert read(made(item("b", "2026-11-20"))).entries[0].id != first.id
    assert read(made(item("a", "2026-11-20"), project="Town")).entries[0].id != first.id


def test_feeds_of_two_locales_are_two_feeds() -> None:
    ids = {read(made(item("a", "2026-11-20"), locale=tag)).feed.id for tag in ("es", "pt")}
    assert len(ids) == 2


def test_a_feed_says_its_language_and_what_no_person_wrote() -> None:
    found = read(made(item("a", "2026-11-20", label=MACHINE), item("b", "2026-11-19")))
    assert found.feed.language == "es"
    machine, human = found.entries
    assert [(tag.scheme, tag.term) for tag in machine.tags] == [("urn:polypress:origin", "machine")]
    assert "tags" not in human


def test_stale_text_and_source_text_are_said_too() -> None:
    stale = item("a", "2026-11-20", label=Label("mixed", "approved", "stale"))
    source = item("b", "2026-11-19", label=Label("source", "none", "current"))
    terms = [[tag.term for tag in entry.tags] for entry in read(made(stale, source)).entries]
    assert terms == [["machine", "stale"], ["source"]]


def test_the_content_is_the_article_and_its_addresses_are_those_of_the_page() -> None:
    (entry,) = read(made(item("a", "2026-11-20"))).entries
    (content,) = entry.content
    assert content.type == "text/html"
    assert "<p>La piscina</p>" in content.value
    assert 'href="https://city.example/es/n/plan.html"' in content.value


def test_a_title_from_right_to_left_says_so_where_its_first_letter_does_not() -> None:
    def titled(text: str, label: Label = HUMAN) -> str:
        body = made(item("a", "2026-11-20", text, label), locale="ar", direction="rtl")
        return str(read(body).entries[0].title)

    assert titled("CityGo متاح") == "\u200fCityGo متاح"
    assert titled("المسبح CityGo") == "المسبح CityGo"
    assert titled("The pool", Label("source", "none", "current")) == "The pool"


@given(st.text(), st.text())
def test_any_text_gives_xml_that_can_be_read(text: str, project: str) -> None:
    root = ET.fromstring(made(item("a", "2026-11-20", text), project=project))  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
