"""Row S2: no text of an editor, a translator or an engine runs anything where it is shown."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.browser import RUN, dangers
from tests.fake_bundles import FakeBundles
from tests.fake_engine import FakeEngine
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from tests.xss import ALL, FAMILIES, HANDLERS, SCRIPTS
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.bundle import ItemObject, PublishedUnit
from workflow.bundle.page import page
from workflow.errors import PolypressError
from workflow.model import Message
from workflow.policy import Label, Policy, Rule
from workflow.ports import ContentFormat
from workflow.steps.translate import translate
from workflow.steps.unpack import unpack

CONTENT = "{http://www.w3.org/2005/Atom}content"
APART = Policy(rules=(Rule("each unit by itself", collection="notices", atomic=False),))
"""Notices ship unit by unit; each brief is an item of one unit, under the policy as it is."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What neither a content file nor a catalog holds: it is refused as a whole."""
READABLE = tuple(text for text in ALL if not _NO_TEXT.search(text))
_LETTERS = "abcdefghijklmnopqrst"


def _number(at: int) -> str:
    """A number in letters: digits would be compared by the checks for numbers."""
    return f"{_LETTERS[at // 20]}{_LETTERS[at % 20]}"


HALLS = {f"Hall {_number(at)} is open.": text for at, text in enumerate(ALL)}
"""A harmless source for each hostile text, which a person writes in its place."""
ROOMS = {f"Room {_number(at)} is open.": text for at, text in enumerate(ALL)}
"""Others, for which the engine answers the hostile text."""
SAID = {source: f"La sala está abierta. {text}" for source, text in (HALLS | ROOMS).items()}


def _by_a_person(message: Message) -> Message:
    """The entry as somebody writes it who approves the hostile text, as far as a file takes it."""
    if message.source not in HALLS:
        return message
    text = _NO_TEXT.sub("", SAID[message.source])
    flags = message.flags - {"fuzzy"}
    return dataclasses.replace(message, translations=(text,), comments=(), flags=flags)


@dataclasses.dataclass(frozen=True)
class Published:
    """What a site gets: the files of each locale by their paths; and what was refused before."""

    files: Mapping[str, Mapping[str, bytes]]
    refused: tuple[PolypressError, ...]

    def read(self, name: str) -> dict[str, Any]:
        """What the files of this name say in Spanish, of all collections."""
        bodies = [body for path, body in self.files["es"].items() if path.endswith(f"/{name}")]
        return {key: value for body in bodies for key, value in json.loads(body).items()}

    def ending(self, suffix: str) -> dict[str, bytes]:
        """The files of all locales whose names end so."""
        return {f"{tag}/{path}": body for tag, files in self.files.items()
                for path, body in files.items() if path.endswith(suffix)}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """One release with all texts: by a person, by the engine, and in the sources."""
    engine = FakeEngine(answers={source: SAID[source] for source in ROOMS})
    made = place(tmp_path_factory.mktemp("xss"), "es", engine=engine, policy=APART,
                 collections=(NOTICES, BRIEFS))  # fmt: skip
    city = made.with_(bundles=FakeBundles())
    _write(city)
    ingested = city.ingest()
    translate(city.project, ingested)
    for domain in ("notices", "briefs"):
        assert city.project.catalogs.update("es", domain, lambda all_: map(_by_a_person, all_))
    city.publish()
    return Published({tag: _of_site(city, tag) for tag in ("en", "es")}, ingested.failures)


def _write(city: Place) -> None:
    halls = "\n\n".join(HALLS)
    city.write("briefs/halls.txt", halls)
    city.notice("halls", "Halls", "\n\n".join(HALLS | ROOMS))
    for at, text in enumerate(ALL):
        head = f"title: {json.dumps(text)}\ndate: 2026-11-{at % 28 + 1:02}"
        city.write(f"notices/{_number(at)}.md", f"---\n{head}\n---\n\n{text}\n")
        city.write(f"briefs/{_number(at)}.txt", text)


def _of_site(city: Place, locale: str) -> dict[str, bytes]:
    files = unpack(city.project.bundles, city.project.compiler, locale)
    return {file.path: file.body for file in files}


def test_there_are_more_than_two_hundred_texts_of_many_families() -> None:
    assert len(READABLE) > 200
    assert all(len(family) >= 8 for family in FAMILIES.values())


def test_the_reader_of_these_tests_sees_what_a_browser_would_run() -> None:
    for text in (*SCRIPTS[:7], *HANDLERS[:49], *(f"<{tag} src=x>" for tag in RUN)):
        assert dangers(text), text
    for address in ("java\tscript:x", "\x01JAVASCRIPT:x", "data:text/html,x"):
        assert dangers(f'<a href="{address}">x</a>'), address
    assert not dangers('<!DOCTYPE html><p lang="es"><a href="https://city.example">x</a></p>')


# What becomes of a translation.


@pytest.mark.parametrize(
    ("sources", "count", "why"),
    [
        (HALLS, 2, r"failed the check [a-z-]+: .*"),
        (ROOMS, 1, r"withheld: the engine's answer failed its checks"),
    ],
    ids=["person", "engine"],
)
def test_a_translation_that_adds_what_its_source_lacks_is_held_back(
    published: Published, sources: Mapping[str, str], count: int, why: str
) -> None:
    texts, labels = published.read("messages.json"), published.read("labels.json")
    told = [labels[unit] for unit, text in texts.items() if text in sources]
    assert len(told) == count * len(ALL)
    assert {label["origin"] for label in told} == {"source"}
    assert [label["why"] for label in told if not re.fullmatch(why, label["why"], re.DOTALL)] == []


def test_most_of_plain_text_is_held_back_by_the_check_of_html_alone(published: Published) -> None:
    labels = published.read("labels.json")
    briefs = [label["why"] for unit, label in labels.items() if unit.startswith("briefs:halls.")]
    assert len(briefs) == len(ALL)
    assert sum(why.startswith("failed the check html: ") for why in briefs) > 200


def test_no_hostile_translation_is_in_any_file_of_a_site(published: Published) -> None:
    found = [name for name, body in published.ending("").items() if b"La sala" in body]
    assert found == []


# What becomes of hostile source content, which ships as it is written.


def test_content_that_is_no_text_is_refused_and_all_other_is_there(published: Published) -> None:
    assert len(published.refused) == 2 * (len(ALL) - len(READABLE)) > 0
    assert all("control character" in str(error) for error in published.refused)
    for tag in ("en", "es"):
        names = [name for name in published.files[tag] if name.endswith(".html")]
        assert len(names) > len(HALLS) + 2 * len(READABLE)


def test_no_page_of_a_site_holds_what_a_browser_would_run(published: Published) -> None:
    pages = published.ending(".html")
    found = {name: told for name, body in pages.items() if (told := dangers(body.decode()))}
    assert len(pages) > 4 * len(READABLE)
    assert found == {}


def test_the_html_of_an_item_is_that_of_its_page(published: Published) -> None:
    pages = published.ending(".html")
    for name, body in pages.items():
        tag, _, path = name.partition("/")
        item = published.files[tag][path.replace(".html", ".json")]
        assert json.loads(item)["html"] in body.decode()


def test_no_feed_holds_what_a_browser_would_run(published: Published) -> None:
    feeds = published.ending("/feed.atom")
    assert sorted(feeds) == ["en/notices/feed.atom", "es/notices/feed.atom"]
    for body in feeds.values():
        contents = [one.text or "" for one in ET.fromstring(body).iter(CONTENT)]  # noqa: S314 (ours)
        assert len(contents) == 100
        assert [told for html in contents if (told := dangers(html))] == []


class Scripts(HTMLParser):
    """The elements of a page, and the text in them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_all_json_of_a_site_is_safe_in_a_script(published: Published) -> None:
    bodies = [body.decode() for body in published.ending(".json").values()]
    assert len(bodies) > 4 * len(READABLE)
    assert not [body for body in bodies if set(body) & set("<>&\u2028\u2029")]
    whole = f"[{','.join(bodies)}]"
    page = Scripts()
    page.feed(f'<script type="application/json">{whole}</script>')
    page.close()
    assert page.tags == ["script", "/script"]
    assert json.loads(page.text) == [json.loads(body) for body in bodies]


# A text that came past the checks.


@pytest.mark.parametrize("form", [MarkdownFormat(), DigestFormat()], ids=["markdown", "digest"])
def test_what_the_checks_let_through_runs_in_no_page_either(form: ContentFormat) -> None:
    """Rendering does not trust the checks: all texts stand in the place of a source here."""
    collection = NOTICES if isinstance(form, MarkdownFormat) else BRIEFS
    raw = b"---\ntitle: Pool\n---\n\nOpen\n" if collection is NOTICES else b"Open"
    (item,) = form.read(f"content/a{form.suffixes[0]}", raw, collection.spec)
    for text in ALL:
        texts = {(unit.field, unit.source): text for unit in item.units}
        marks = {key: {"data-origin": text, "lang": text} for key in texts}
        html = form.html(item, texts, marks, collection.spec)
        title = PublishedUnit("n:a#title@0", "title", "Pool", text, Label("human", "none", "stale"))
        shown = ItemObject("n", "a", "es", "a.md", {}, {}, text, html, (title,))
        assert (text, dangers(page(shown).decode())) == (text, [])
