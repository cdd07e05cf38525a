"""What a way of translating kept: each text judged, and counted by kind and by locale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.survival.judge import judge
from tests.survival.reading import LOCALES, Unit

MOST_WITHHELD = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """One unit in one locale; without a target it is withheld, and breaks nothing."""

    unit: Unit
    locale: str
    target: str
    broken: tuple[str, ...]

    @property
    def withheld(self) -> bool:
        return not self.target

    @property
    def kept(self) -> bool:
        return bool(self.target) and not self.broken


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of texts: all, those withheld, and those that stand and break nothing."""

    texts: int
    withheld: int
    kept: int

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> Score:
        found = list(judged)
        return cls(len(found), sum(one.withheld for one in found), sum(one.kept for one in found))

    @property
    def broken(self) -> int:
        return self.texts - self.withheld - self.kept

    @property
    def share_withheld(self) -> float:
        return self.withheld / self.texts if self.texts else 0.0

    @property
    def share_kept(self) -> float:
        """Of what is not withheld."""
        standing = self.texts - self.withheld
        return self.kept / standing if standing else 1.0


def judged(units: Sequence[Unit], texts: Mapping[str, Mapping[str, str]]) -> list[Judged]:
    """Every unit in every locale, with what is broken in its text."""
    return list(_judged(units, texts))


def _judged(units: Sequence[Unit], texts: Mapping[str, Mapping[str, str]]) -> Iterator[Judged]:
    for locale in LOCALES:
        for unit in units:
            target = texts[locale][unit.source]
            broken = judge(unit, locale, target) if target else []
            yield Judged(unit, locale, target, tuple(broken))


def by_kind(found: Sequence[Judged]) -> dict[str, Score]:
    """A score for each kind of unit, all locales together."""
    kinds = dict.fromkeys(one.unit.kind for one in found)
    return {kind: Score.of(one for one in found if one.unit.kind == kind) for kind in kinds}


def by_locale(found: Sequence[Judged]) -> dict[str, Score]:
    """A score for each locale."""
    return {tag: Score.of(one for one in found if one.locale == tag) for tag in LOCALES}


def failures(found: Sequence[Judged]) -> list[str]:
    """What of the promise is not held: nothing broken, at most 5 % withheld in each locale."""
    broken = [f"{one.unit.id} {one.locale}: {'; '.join(one.broken)}\n  source: {one.unit.source}\n"
              f"  target: {one.target}" for one in found if one.broken]  # fmt: skip
    withheld = [f"{tag}: {score.share_withheld:.1%} of the units are withheld"
                for tag, score in by_locale(found).items()
                if score.share_withheld > MOST_WITHHELD]  # fmt: skip
    return broken + withheld
