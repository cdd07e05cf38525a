from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from workflow.catalog.revision import revision
from workflow.errors import CatalogError
from workflow.model import Hypothesis, Message, PackageRef
from workflow.ports import Hypotheses
from workflow.priority import Need
from workflow.steps.review import Queue, ToReview, review, seen


class Doubtful(FakeEngine):
    """Doubts what it is told to doubt."""

    def __init__(self, *doubted: str) -> None:
        super().__init__()
        self.doubted = doubted

    def _hypotheses(self, package: PackageRef, text: str, *_: object) -> Hypotheses:
        score = -0.4 if text in self.doubted else -0.1
        return (Hypothesis(self.form.format(package.target, text), score),)


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, engine=Doubtful("Third.", "Sixth."), collections=(NOTICES, BRIEFS))
    made.notice("a", "First", "Second.\n\nThird.\n\nFourth.")
    made.write("briefs/b.txt", "Sixth.\n")
    return made


def queue(city: Place, *locales: str, **only: tuple[str, ...]) -> Queue:
    return review(city.project, city.ingest().contents, locales=locales or ("es",), **only)


def sources(city: Place, *locales: str, **only: tuple[str, ...]) -> list[str]:
    return [one.source for one in queue(city, *locales, **only).units]


def unit(city: Place, source: str) -> ToReview:
    (found,) = (one for one in queue(city).units if one.source == source)
    return found


def comment(city: Place, source: str, *lines: str) -> None:
    def change(messages: tuple[Message, ...]) -> list[Message]:
        return [
            replace(one, comments=(*lines, *one.comments)) if one.source == source else one
            for one in messages
        ]

    assert city.project.catalogs.update("es", "notices", change)


def test_before_the_first_draft_nobody_is_needed(city: Place) -> None:
    assert sources(city) == []


def test_drafts_wait_the_riskiest_and_most_visible_first(city: Place) -> None:
    city.translate("es")
    assert sources(city) == ["Sixth.", "Third.", "First", "Second.", "Fourth."]
    first = unit(city, "Sixth.")
    assert first.need is Need.DRAFT
    assert first.risk == first.facts.risk == pytest.approx(0.93, abs=0.02)
    assert first.target == ("es: Sixth.",)
    assert sources(city, "ar") == []


def test_what_is_approved_waits_for_nobody(city: Place) -> None:
    city.translate("es")
    city.approve("Third.")
    city.approve("First", "Primero")
    assert sources(city) == ["Sixth.", "Second.", "Fourth."]


def test_each_unit_is_named_with_its_revision_and_its_line(city: Place) -> None:
    city.translate("es")
    found = unit(city, "Third.")
    assert found.name == f"{found.id}@{revision(city.messages()['Third.'])}"
    assert found.id.startswith("notices:a#body@")
    path, _, line = found.place.partition(":")
    assert city.root / path == city.catalog()
    block = city.catalog().read_text().splitlines()[int(line) - 1 :]
    assert block[: block.index("")][-2:] == ['msgid "Third."', 'msgstr "es: Third."']


def test_a_conflict_comes_first_even_of_an_approved_text(city: Place) -> None:
    city.translate("es")
    city.approve("Fourth.", "Cuarto.")
    comment(city, "Fourth.", "conflict: El cuarto.")
    found = queue(city).units[0]
    assert (found.need, found.source, found.conflicts) == (
        Need.CONFLICT, "Fourth.", ("El cuarto.",),
    )  # fmt: skip


def test_an_approved_text_with_an_error_comes_next(city: Place) -> None:
    city.notice("c", "Call {phone} now")
    city.translate("es")
    city.approve("Call {phone} now", "Llame ahora")
    found = queue(city).units[0]
    assert (found.need, found.source) == (Need.ERROR, "Call {phone} now")
    assert [finding.check for finding in found.findings] == ["placeholder"]


def test_a_persons_unfinished_text_goes_before_drafts(city: Place) -> None:
    city.translate("es")
    city.edit("Fourth.", "¿Cuarto?", fuzzy=True)
    found = queue(city).units[0]
    assert (found.need, found.source) == (Need.NEEDS_WORK, "Fourth.")


def test_a_stale_text_is_shown_with_what_changed(city: Place) -> None:
    city.ingest()
    city.approve("Second.", "Segundo.")
    city.notice("a", "First", "Second one.\n\nThird.\n\nFourth.")
    found = unit(city, "Second one.")
    assert (found.need, found.previous_source, found.target) == (
        Need.STALE, "Second.", ("Segundo.",),
    )  # fmt: skip
    assert "{+" in found.difference
    assert found.change is not None


def test_a_withheld_unit_waits_with_its_empty_text(city: Place) -> None:
    city.notice("c", "Fifth")
    broken = FakeEngine(answers={"Fifth": ""})
    broken.form = "{0}: {1}"
    city.with_(engine=broken).translate("es")
    found = unit(city, "Fifth")
    assert (found.need, found.target, found.risk) == (Need.WITHHELD, ("",), None)


def test_the_queue_can_be_of_one_collection_or_item(city: Place) -> None:
    city.notice("c", "Fifth")
    city.translate("es")
    assert sources(city, collections=("briefs",)) == ["Sixth."]
    assert sources(city, items=("c",)) == ["Fifth"]
    assert sources(city, collections=("briefs",), items=("c",)) == []


def test_titles_first_paragraphs_and_repeated_texts_are_seen_most(city: Place) -> None:
    city.notice("c", "Fifth", "Fourth.")
    contents = city.ingest().contents
    sights = seen(contents)
    by_source = {unit.source: sights[unit.id] for one in contents for unit in one.units}
    assert by_source["First"].title
    assert not by_source["Sixth."].title
    assert (by_source["Second."].position, by_source["Third."].position) == (0, 1)
    assert (by_source["Third."].places, by_source["Fourth."].places) == (1, 2)


def test_a_broken_catalog_is_told_and_the_others_are_shown(city: Place) -> None:
    city.translate("es", "ar")
    contents = city.ingest().contents
    city.catalog("es").write_text("no catalog")
    found = review(city.project, contents, locales=("es", "ar"))
    assert [type(error) for error in found.failures] == [CatalogError]
    assert {(one.locale, one.collection) for one in found.units} == {
        ("es", "briefs"), ("ar", "notices"), ("ar", "briefs"),
    }  # fmt: skip


def test_looking_changes_nothing(city: Place) -> None:
    city.translate("es")
    contents = city.ingest().contents
    before = snapshot(city.root)
    review(city.project, contents, locales=("es", "ar"))
    assert snapshot(city.root) == before
