"""Decode: answers for texts along a route, from the segment cache first, then from the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.model import Hypothesis, PackageRef, Route
from workflow.ports import Hypotheses
from workflow.steps.project import Progress, Project

AT_ONCE = 1000
"""Segments between two writes of the cache: what a kill can cost at most."""


@dataclass(slots=True)
class Tally:
    """How many segments one run decoded, and how many the cache knew, over all hops."""

    decoded: int = 0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Decoding:
    """One run's way to answers; `label` is what progress shows."""

    project: Project
    progress: Progress
    label: str = "translate"
    tally: Tally = field(default_factory=Tally)

    def along(self, route: Route, texts: Iterable[str]) -> dict[str, Hypotheses]:
        """Hypotheses by text, each text decoded once; a pivot decodes hop by hop, all texts pooled.

        Raises PackageError if a package of the route is gone or damaged.
        """
        answers: dict[str, Hypotheses] = {text: (Hypothesis(text),) for text in texts}
        for hop in route.hops:
            asked = {best[0].text for best in answers.values()}
            known = self._hop(hop, sorted(text for text in asked if text.strip()))
            answers = {text: chained(best[0], known) for text, best in answers.items()}
        return answers

    def _hop(self, package: PackageRef, texts: Sequence[str]) -> dict[str, Hypotheses]:
        key = self.project.parameters.key
        known = self.project.cache.get(package, key, texts)
        missing = sorted((text for text in texts if text not in known), key=len)
        self.tally.cached += len(known)
        done = self.tally.decoded
        progress = _Counting(self.progress, self.label, done, done + len(missing))
        for part in _parts(missing):
            fresh = self._decoded(package, part, progress)
            self.project.cache.put(package, key, fresh)
            self.tally.decoded += len(fresh)
            known.update(fresh)
        return known

    def _decoded(
        self, package: PackageRef, texts: Sequence[str], progress: _Counting
    ) -> Mapping[str, Hypotheses]:
        answers = self.project.engine.translate(
            package, texts, self.project.parameters, progress.more
        )
        return dict(zip(texts, answers, strict=True))


@dataclass(slots=True)
class _Counting:
    """Turns an engine's "so many more" into a Progress of what is done so far."""

    progress: Progress
    label: str
    done: int
    total: int

    def more(self, count: int) -> None:
        self.done += count
        self.progress(self.label, self.done, self.total)


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE))


def chained(before: Hypothesis, known: Mapping[str, Hypotheses]) -> Hypotheses:
    """The answers of a hop, each figure the worst of the chain; a blank ends the chain."""
    if before.text not in known:
        return (before,)
    return tuple(
        replace(
            one,
            score=min(one.score, before.score),
            fallback=max(one.fallback, before.fallback),
            coverage=min(one.coverage, before.coverage),
            focus=_least(one.focus, before.focus),
            source_piece=_least(one.source_piece, before.source_piece),
            target_piece=_least(one.target_piece, before.target_piece),
            spread=_least(one.spread, before.spread),
        )
        for one in known[before.text]
    )


def _least(*values: float | None) -> float | None:
    """The least of those that are known."""
    return min((value for value in values if value is not None), default=None)
