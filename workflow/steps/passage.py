"""Passage: how texts get through the packages of a route, hop by hop, in a form that each keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workflow.model import Hypothesis, PackageRef, Route, Traits
from workflow.numbers import differences
from workflow.ports import Hypotheses
from workflow.segments import FORMS, TOKEN, TokenForm
from workflow.steps.project import Project

ALIGNS = 0.9
"""The share of known words that a package puts right from which its alignment is trusted."""
_BARE = FORMS["brackets"]


class Answers(Protocol):
    """A way to hypotheses: an engine that answers at once, or what is known by now."""

    def ask(self, package: PackageRef, texts: Sequence[str]) -> Iterable[Mapping[str, Hypotheses]]:
        """Hypotheses by text, part by part; a text that is not answered (yet) is left out."""
        ...

    def traits(self, package: PackageRef) -> Traits:
        """What the package keeps."""
        ...

    def detour(self, route: Route) -> Route | None:
        """Another route between the same languages, if there is one."""
        ...


class OfEngine:
    """What both ways to answers have from the project's engine; a record is read once for each."""

    __slots__ = ()
    project: Project
    known_traits: dict[PackageRef, Traits]

    def traits(self, package: PackageRef) -> Traits:
        """What the package keeps."""
        if package not in self.known_traits:
            self.known_traits[package] = self.project.engine.traits(package)
        return self.known_traits[package]

    def detour(self, route: Route) -> Route | None:
        """Another route between the same languages."""
        return self.project.engine.detour(route)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A text before one hop: what came of it so far, and the form in which it goes on."""

    text: str
    before: Hypothesis
    form: TokenForm


def aligns(answers: Answers, route: Route) -> bool:
    """Whether the alignment of all packages of a route can be trusted."""
    return all((answers.traits(hop).alignment or 0.0) >= ALIGNS for hop in route.hops)


def keeps_tokens(answers: Answers, route: Route) -> bool:
    """Whether every package of a route keeps tokens in some form."""
    return all(answers.traits(hop).forms for hop in route.hops)


def has_another_form(answers: Answers, route: Route) -> bool:
    """Whether some package of a route keeps tokens in a second form."""
    return any(len(answers.traits(hop).forms) > 1 for hop in route.hops)


def along(
    answers: Answers, route: Route, texts: Iterable[str], *, rank: int = 0
) -> dict[str, Hypotheses]:
    """Hypotheses by text, as `flow`, all parts in one."""
    found: dict[str, Hypotheses] = {}
    for part in flow(answers, route, texts, rank=rank):
        found.update(part)
    return found


def flow(
    answers: Answers, route: Route, texts: Iterable[str], *, rank: int = 0
) -> Iterator[dict[str, Hypotheses]]:
    """Hypotheses by text, part by part as they get ready; each text is asked once.

    Tokens are sent in the form that a package keeps best (`rank` 0), or in the next one, and
    are `⟦n⟧` again in the answers. Of a hop's hypotheses the first one goes on that has all tokens
    and numbers. Raises PackageError if a package is gone or damaged.
    """
    known: dict[str, Hypotheses] = {text: (Hypothesis(text),) for text in texts}
    for number, hop in enumerate(route.hops):
        parts = _hop(answers, hop, known, rank=rank, first=not number)
        if number == len(route.hops) - 1:
            yield from parts
            return
        known = {text: found for part in parts for text, found in part.items()}


def _hop(
    answers: Answers,
    package: PackageRef,
    known: Mapping[str, Hypotheses],
    *,
    rank: int,
    first: bool,
) -> Iterator[dict[str, Hypotheses]]:
    forms = answers.traits(package).forms
    form = FORMS.get(forms[min(rank, len(forms) - 1)], _BARE) if forms else _BARE
    waiting: dict[str, list[_Sent]] = {}
    ended: dict[str, Hypotheses] = {}
    for text, found in known.items():
        best = _going_on(text, found)
        if not best.text.strip():
            ended[text] = (best,)
            continue
        fitting = form if form.fits(best.text) else _BARE
        waiting.setdefault(fitting.sent(best.text), []).append(_Sent(text, best, fitting))
    if ended:
        yield ended
    if waiting:
        for part in answers.ask(package, sorted(waiting)):
            yield {
                one.text: _chained(one, hypotheses, first=first)
                for sent, hypotheses in part.items()
                for one in waiting[sent]
            }


def _going_on(text: str, found: Hypotheses) -> Hypothesis:
    """The hypothesis that the next package gets: the first one that has lost nothing."""
    if len(found) == 1:
        return found[0]
    return next((one for one in found if _is_whole(text, one.text)), found[0])


def _is_whole(source: str, answer: str) -> bool:
    if Counter(TOKEN.findall(source)) != Counter(TOKEN.findall(answer)):
        return False
    lost, added = differences(TOKEN.sub(" ", source), TOKEN.sub(" ", answer))
    return not lost and not added


def _chained(sent: _Sent, hypotheses: Hypotheses, *, first: bool) -> Hypotheses:
    """The answers of a hop in canonical tokens, each figure the worst of the chain."""
    received = [_received(sent, one, first=first) for one in hypotheses]
    if first:
        return tuple(received)
    before = sent.before
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
        for one in received
    )


def _received(sent: _Sent, one: Hypothesis, *, first: bool) -> Hypothesis:
    text, alignment = sent.form.received(one.text, one.alignment)
    if alignment is not None and not first:
        alignment = _composed(sent.before.alignment, alignment)
    return replace(one, text=text, alignment=alignment)


def _composed(before: Sequence[int] | None, after: Sequence[int]) -> tuple[int, ...] | None:
    """From words of this hop's answer to words of the first source."""
    if before is None:
        return None
    return tuple(before[link] if 0 <= link < len(before) else -1 for link in after)


def _least(*values: float | None) -> float | None:
    """The least of those that are known."""
    return min((value for value in values if value is not None), default=None)
