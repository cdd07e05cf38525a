"""A reviewer who says a word on texts that they were shown."""

from __future__ import annotations

from tests.fake_reviews import FakeReviews
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place
from workflow.catalog.revision import revision
from workflow.model import Review
from workflow.steps.reviewed import Asked, Reviewed, State, Word, unit_id
from workflow.steps.reviewing import Reviewing

YES = Word(Review.APPROVED, "Ana")
NO = Word(Review.NEEDS_WORK, "Ben", why="too free")


def shown(city: Place, source: str, locale: str = "es", domain: str = "notices") -> Asked:
    message = city.messages(locale, domain)[source]
    collection = NOTICES if domain == "notices" else BRIEFS
    return Asked(unit_id(collection, message), revision(message))


def say(
    city: Place, log: FakeReviews, word: Word, *asks: Asked, locales: tuple[str, ...] = ("es", "ar")
) -> Reviewed:
    return Reviewing(city.project, log, word).named(asks, locales)


def states(done: Reviewed) -> list[State]:
    return [one.state for one in done.units]
