"""The ports `Memory` and `SegmentCache` in dictionaries, held to the contract of the real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from workflow.memory import (
    LEAST,
    Lesson,
    MemoryMatch,
    Shelf,
    index_words,
    rarest,
    shelves,
    similar,
)
from workflow.model import PackageRef
from workflow.ports import Hypotheses


class FakeMemory:
    def __init__(self) -> None:
        self.lessons: dict[tuple[str, str, str], Lesson] = {}
        self.versions: Counter[str] = Counter()

    def version(self, locale: str) -> int:
        return self.versions[locale]

    def _shelves(self, locale: str) -> dict[str, Shelf]:
        return shelves(
            (source, one.place, target, source == one.source)
            for (tag, _, _), one in self.lessons.items()
            for source, target in ((one.source, one.target), *one.pairs)
            if tag == locale and target is not None
        )

    def exact(self, locale: str, sources: Sequence[tuple[str, str]]) -> dict[int, MemoryMatch]:
        held = self._shelves(locale)
        found = {
            index: held[source].match(place)
            for index, (place, source) in enumerate(sources)
            if source in held
        }
        return {index: match for index, match in found.items() if match}

    def targets(self, locale: str, sources: Iterable[str]) -> dict[str, frozenset[str]]:
        wanted, told = set(sources), dict[str, set[str]]()
        for (tag, _, _), one in self.lessons.items():
            for source, target in ((one.source, one.target), *one.pairs):
                if tag == locale and source in wanted and target is not None:
                    told.setdefault(source, set()).add(target)
        return {source: frozenset(texts) for source, texts in told.items()}

    def similar(
        self, locale: str, sources: Sequence[tuple[str, str]], *, least: float = LEAST
    ) -> dict[int, tuple[MemoryMatch, ...]]:
        held = self._shelves(locale)
        found = {}
        for index, (place, source) in enumerate(sources):
            words = {
                word: [text for text in held if word in index_words(text)]
                for word in index_words(source)
            }
            near = {text: held[text] for word in rarest(words) for text in words[word]}
            found[index] = similar(place, source, near, least=least)
        return {index: matches for index, matches in found.items() if matches}

    def news(self, locale: str, collection: str, lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
        said = {(one.place, one.source): one for one in lessons}
        assert all(place.startswith(f"{collection}:") for place, _ in said)
        return tuple(
            one
            for (place, source), one in said.items()
            if self._target(locale, place, source) != one.target
        )

    def _target(self, locale: str, place: str, source: str) -> str | None:
        known = self.lessons.get((locale, place, source))
        return known.target if known else None

    def learn(self, locale: str, lessons: Iterable[Lesson]) -> int:
        changed = 0
        for one in {(one.place, one.source): one for one in lessons}.values():
            key = (locale, one.place, one.source)
            before = self.lessons.pop(key, None)
            if one.target is not None:
                self.lessons[key] = one
            changed += before != self.lessons.get(key)
        self.versions[locale] += bool(changed)
        return changed


class FakeSegmentCache:
    def __init__(self) -> None:
        self.answers: dict[tuple[str, str, str], Hypotheses] = {}

    def get(self, package: PackageRef, key: str, segments: Sequence[str]) -> dict[str, Hypotheses]:
        keys = {segment: (package.sha256, key, segment) for segment in segments}
        return {text: self.answers[key] for text, key in keys.items() if key in self.answers}

    def put(self, package: PackageRef, key: str, answers: Mapping[str, Hypotheses]) -> None:
        for text, answer in answers.items():
            self.answers[package.sha256, key, text] = answer
