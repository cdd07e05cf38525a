"""Reviewing: a person's word on texts, by name or by filter, written into the catalogs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow import catalog
from workflow.catalog.revision import revision, revisions_of_text
from workflow.catalog.verdict import approve, doubt
from workflow.errors import PolypressError, UsageError
from workflow.model import Freshness, Message, Review
from workflow.ports.reviews import Note, ReviewLog
from workflow.pseudo import is_pseudo
from workflow.steps.check import unit_errors
from workflow.steps.project import Collection, Project, catalog_name
from workflow.steps.reviewed import Asked, Filter, Outcome, Reviewed, State, Word, unit_id, unit_of

Ask = Callable[[Message], str | None]
"""The revision that is asked for of an entry; None if nothing is."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One catalog, and what it holds by unit id; `messages` are those that were read before."""

    locale: str
    collection: Collection
    messages: Mapping[str, Message] = field(default_factory=dict)


@dataclass(slots=True)
class Reviewing:
    """One person's word on many texts: one write for each catalog, and a note for each text."""

    project: Project
    log: ReviewLog
    word: Word
    outcomes: list[Outcome] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    failures: list[PolypressError] = field(default_factory=list)

    def named(self, asks: Sequence[Asked], locales: Sequence[str]) -> Reviewed:
        """Set the review of the units that are named, each in the locale whose text was shown.

        Raises UsageError if several locales hold such a text; nothing is written then.
        """
        places = list(self._places(asks, locales))
        homes = [(ask, self._home(ask, places)) for ask in dict.fromkeys(asks)]
        for place in places:
            wanted = {ask.unit: ask.revision for ask, home in homes if home is place}
            if wanted:
                self._write(place, _by_name(place.collection, wanted))
        return self._told()

    def filtered(self, wanted: Filter, locales: Sequence[str]) -> Reviewed:
        """Set the review of every text that a filter takes and that waits for such a word.

        Drafts of today's source wait to be approved; any text that nobody doubts yet may be.
        """
        for collection in self.project.collections:
            for locale in locales:
                place = _Place(locale, collection)
                self._write(place, _by_filter(collection, wanted, self.word.review))
        return self._told()

    def _told(self) -> Reviewed:
        return Reviewed(tuple(self.outcomes), tuple(self.written), tuple(self.failures))

    def _places(self, asks: Iterable[Asked], locales: Sequence[str]) -> Iterator[_Place]:
        """The catalogs that may hold these units, as they stand now."""
        names = {ask.unit.partition(":")[0] for ask in asks}
        for collection in self.project.collections:
            for locale in locales if collection.name in names else ():
                try:
                    messages = self.project.catalogs.read(locale, collection.domain)
                except PolypressError as error:
                    self.failures.append(error)
                else:
                    found = {unit_id(collection, one): one for one in _active(messages)}
                    yield _Place(locale, collection, found)

    def _home(self, ask: Asked, places: Iterable[_Place]) -> _Place | None:
        """The place whose text was shown; a unit that has none any more is refused."""
        here = [(place, place.messages[ask.unit]) for place in places if ask.unit in place.messages]
        homes = [place for place, one in here if ask.revision in revisions_of_text(one)]
        if len(homes) > 1:
            names = ", ".join(place.locale for place in homes)
            what = f"{ask.unit}@{ask.revision} is the same in {names}"
            raise UsageError(what, fix="say which is meant with --locale")
        if len(here) == 1:
            return here[0][0]  # if it is not what was shown, it is refused where it is read again
        if not homes:
            self.outcomes.append(_nowhere(ask, here))
        return homes[0] if homes else None

    def _write(self, place: _Place, ask: Ask) -> None:
        """Set what is asked for in one catalog, in one write."""
        outcomes: list[Outcome] = []

        def change(messages: tuple[Message, ...]) -> list[Message]:
            outcomes.clear()  # somebody may have saved in between, then it is called again
            return [self._set(place, one, ask(one), outcomes) for one in messages]

        try:
            changed = self.project.catalogs.update(place.locale, place.collection.domain, change)
            self._note(outcomes)
        except PolypressError as error:
            self.failures.append(error)
            return
        self.outcomes += outcomes
        self.written += [catalog_name(place.locale, place.collection.domain)] * changed

    def _set(
        self, place: _Place, message: Message, shown: str | None, outcomes: list[Outcome]
    ) -> Message:
        if shown is None or message.obsolete:
            return message
        unit = unit_id(place.collection, message)
        now = Outcome(unit, place.locale, State.SET, revision(message), text=message.translations)
        reason = self._refusal(place, message, shown)
        if _is_already(message, shown, self.word.review):
            outcomes.append(replace(now, state=State.ALREADY))
            return message
        if reason:
            outcomes.append(replace(now, state=State.REFUSED, reason=reason))
            return message
        new = self._said_of(message)
        outcomes.append(replace(now, revision=revision(new)))
        return new

    def _said_of(self, message: Message) -> Message:
        if self.word.review is Review.APPROVED:
            return approve(message)
        return doubt(message, why=self.word.why)

    def _refusal(self, place: _Place, message: Message, shown: str) -> str:
        """Why the word cannot be taken, empty if it can."""
        if revision(message) != shown:
            if shown in revisions_of_text(message):
                return "somebody has said something else of this text since it was shown"
            return "the text was changed since it was shown"
        if not all(message.translations):
            return "there is no text yet"
        if self.word.review is Review.APPROVED and not self.word.despite:
            unit = unit_of(place.collection, message)
            text = approve(message)  # what is known of pseudo text, it is not known of a person's
            found = unit_errors(self.project, place.collection, place.locale, unit, text)
            errors = "; ".join(f"{one.check}: {one.message}" for one in found)
            return f"{errors} (--despite-findings approves it)" if errors else ""
        return ""

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        now = self.project.clock.now()
        self.log.note(
            Note(
                one.locale, one.unit, one.revision, self.word.review.value,
                self.word.by, now, self.word.why,
            )
            for one in outcomes
            if one.state is not State.REFUSED
        )  # fmt: skip


def _nowhere(ask: Asked, here: Sequence[tuple[_Place, Message]]) -> Outcome:
    """A unit that no locale has, or none with the text that was shown."""
    if not here:
        reason = "there is no such unit now: its source has changed, or it is gone"
        return Outcome(ask.unit, "", State.REFUSED, reason=reason)
    texts = tuple(
        f"{place.locale}: {text}" for place, one in here for text in one.translations if text
    )
    reason = "no locale has the text that was shown any more"
    return Outcome(ask.unit, "", State.REFUSED, reason=reason, text=texts)


def _active(messages: Iterable[Message]) -> Iterator[Message]:
    return (message for message in messages if not message.obsolete)


def _by_name(collection: Collection, wanted: Mapping[str, str]) -> Ask:
    return lambda message: wanted.get(unit_id(collection, message))


def _by_filter(collection: Collection, wanted: Filter, review: Review) -> Ask:
    def ask(message: Message) -> str | None:
        waits = _waits_for(message, review) and wanted.takes(collection, message)
        return revision(message) if waits else None

    return ask


def _waits_for(message: Message, review: Review) -> bool:
    """Whether a word on many texts is meant for this one, too; of pseudo text nobody means it."""
    facts = catalog.facts_of(message)
    if not all(message.translations) or catalog.conflicts(message) or is_pseudo(facts):
        return False
    if review is Review.APPROVED:
        return facts.review is Review.NONE and facts.freshness is Freshness.CURRENT
    return facts.review is not Review.NEEDS_WORK


def _is_already(message: Message, shown: str, review: Review) -> bool:
    """Whether somebody has said the same of the same text."""
    same = shown in revisions_of_text(message) and not catalog.conflicts(message)
    return same and catalog.facts_of(message).review is review
