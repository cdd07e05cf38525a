"""The ports `Memory` and `SegmentCache` in dictionaries, held to the contract of the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workflow.model import PackageRef
from workflow.ports import Hypotheses, MemoryMatch


class FakeMemory:
    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str, str], str] = {}

    def exact(self, locale: str, sources: Sequence[tuple[str, str]]) -> dict[int, MemoryMatch]:
        found = {}
        for index, (place, source) in enumerate(sources):
            places = [key[1] for key in self.pairs if key[::2] == (locale, source)]
            if places:
                best = min(places, key=lambda other: (other != place, other))
                target = self.pairs[locale, best, source]
                found[index] = MemoryMatch(source, target, same_place=best == place)
        return found

    def learn(self, locale: str, pairs: Iterable[tuple[str, str, str | None]]) -> int:
        changed = 0
        for (place, source), target in {pair[:2]: pair[2] for pair in pairs}.items():
            key = (locale, place, source)
            changed += self.pairs.get(key) != target
            self.pairs.pop(key, None)
            if target is not None:
                self.pairs[key] = target
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
