"""Given: what a unit's text is made of besides the engine's answers, looked up for many at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow import catalog, changes
from workflow.memory import Given, MemoryMatch, match_lines
from workflow.model import Freshness, Message, Origin
from workflow.segments import Protected, Segmented, segmented
from workflow.steps.draft import Wanted
from workflow.steps.project import Project
from workflow.steps.settle import checked

Known = Callable[[str], Collection[str]]
OFFERED = 2
"""Similar texts that are told beside a draft."""


@dataclass(frozen=True, slots=True)
class Giving:
    """Gives the units of one locale what people wrote for them, or for the same sentences."""

    project: Project
    locale: str

    def sentences(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """With the sentences that a person's old text keeps, and those that the memory knows."""
        kept = self._kept(wanted)
        asked = [
            (at, one.place, segment.source)
            for at, one in enumerate(wanted)
            for segment in _without(one, kept.get(at, ()))
            if segment.source != one.unit.source  # that was asked for already
        ]
        matches = self.project.memory.exact(self.locale, [row[1:] for row in asked])
        found: dict[int, list[tuple[str, str]]] = {}
        for number, match in sorted(matches.items()):
            at, _, sentence = asked[number]
            found.setdefault(at, []).append((sentence, match.target))
        return [
            replace(one, given=Given(kept.get(at, ()), tuple(found.get(at, ()))))
            if at in kept or at in found
            else one
            for at, one in enumerate(wanted)
        ]

    def similar(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """With comments on what the memory has for similar texts, and the best of them to spare."""
        asked = [(one.place, one.unit.source) for one in wanted]
        found = self.project.memory.similar(self.locale, asked)
        return [
            replace(one, given=_with_matches(one, found[at])) if at in found else one
            for at, one in enumerate(wanted)
        ]

    def _kept(self, wanted: Sequence[Wanted]) -> dict[int, tuple[tuple[str, str], ...]]:
        """What stays of a person's old text, by the index of the unit."""
        stale = {
            at: (self._cut(one, one.old.previous_source or ""), one.old)
            for at, one in enumerate(wanted)
            if one.old is not None and _is_a_persons_old_text(one.old)
        }
        sentences = {one.source for cut, _ in stale.values() for one in cut.segments}
        told = self.project.memory.targets(self.locale, sentences) if sentences else {}
        return {
            at: kept
            for at, (old, message) in stale.items()
            if (kept := self._staying(wanted[at], old, message, told))
        }

    def _staying(
        self,
        one: Wanted,
        old: Segmented,
        message: Message,
        told: Mapping[str, Collection[str]],
    ) -> tuple[tuple[str, str], ...]:
        form, text = one.collection.format, message.translation
        new = self._cut(one, one.unit.source)
        kept = changes.kept(
            old,
            new,
            segmented(text, form.markup(text), language=self.locale),
            language=self.project.source,
            locale=self.locale,
            names=self.project.names(self.locale),
            known=lambda sentence: told.get(sentence, ()),
        )
        return tuple((new.segments[index].source, kept[index]) for index in sorted(kept))

    def _cut(self, one: Wanted, source: str) -> Segmented:
        markup = one.collection.format.markup(source)
        return segmented(source, markup, language=self.project.source)


def _is_a_persons_old_text(message: Message) -> bool:
    facts = catalog.facts_of(message)
    theirs = facts.origin is not Origin.MACHINE and any(message.translations)
    return theirs and facts.freshness is Freshness.STALE and message.previous_source is not None


def _without(one: Wanted, kept: Sequence[tuple[str, str]]) -> list[Protected]:
    """The segments that the engine would be asked for."""
    texts = replace(one, given=Given(tuple(kept))).texts
    return [segment for segment, text in zip(one.cut.segments, texts, strict=True) if text is None]


def _with_matches(one: Wanted, matches: Sequence[MemoryMatch]) -> Given:
    """The best matches as comments; a text that stands beside as it is, is not told again."""
    stands = one.old.translation.strip() if one.old else ""
    told = [match for match in matches if match.whole or match.place != one.place or not stands]
    lines = [
        line
        for match in told[:OFFERED]
        for line in match_lines(match, one.unit.source, known=match.target.strip() == stands)
    ]
    best, form = matches[0], one.collection.format
    sound = not checked(one.unit.source, best.target, form)
    spare = (best.source, best.target) if sound and best.target.strip() != stands else None
    return replace(one.given, lines=tuple(lines), spare=spare)
