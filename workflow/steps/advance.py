"""Advance: chunks whose answers are there are settled into catalogs, many in one write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from workflow.errors import PolypressError, SettingsError
from workflow.jobs import Chunk, Failure, JobState, Question
from workflow.memory import NOTHING
from workflow.model import Message
from workflow.ports import Ledger
from workflow.steps.draft import Wanted, drafts
from workflow.steps.known import Known
from workflow.steps.project import Collection, Project
from workflow.steps.settle import Settled
from workflow.steps.wanted import Slot, as_message, merged, needs_text, prepared, slot

AT_ONCE = 40
"""Chunks that are looked at in one turn."""


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a turn did: chunks settled, chunks that asked more, catalogs written, and errors."""

    settled: int = 0
    asked: int = 0
    written: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()
    ended: tuple[tuple[int, JobState], ...] = ()


@dataclass(slots=True)
class _Turn:
    settled: int = 0
    asked: int = 0
    written: list[str] = field(default_factory=list)
    failures: list[PolypressError] = field(default_factory=list)
    ended: list[tuple[int, JobState]] = field(default_factory=list)

    def told(self) -> Advanced:
        return Advanced(
            self.settled, self.asked, tuple(self.written), tuple(self.failures), tuple(self.ended)
        )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A chunk whose questions are all answered: entries, and the units that got no text."""

    chunk: Chunk
    messages: Mapping[Slot, Message]
    failures: tuple[Failure, ...]

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The locale and id of each unit that got one."""
        work, failed = self.chunk.work, {failure.unit for failure in self.failures}
        return [(work.locale, unit.id) for unit in work.units if unit.id not in failed]

    @property
    def withheld(self) -> int:
        return sum(not message.translation for message in self.messages.values())


def advance(project: Project, ledger: Ledger) -> Advanced:
    """Settle what is ready, ask what is missing, and end the jobs that have nothing left.

    A catalog that is locked or broken holds up its own chunks only, which say why and are tried
    again in the next turn. Running it twice changes nothing: a chunk's texts follow from the
    cached answers, and only entries that nobody has touched take them.
    """
    turn = _Turn()
    for group in _by_catalog(ledger.ready(AT_ONCE)):
        with _held_up(ledger, group, turn):
            _settle(project, ledger, group, turn)
    for job in ledger.finished():
        with _held_up(ledger, [], turn):
            _finish(project, ledger, job, turn)
    return turn.told()


@contextmanager
def _held_up(ledger: Ledger, chunks: Sequence[Chunk], turn: _Turn) -> Iterator[None]:
    """Whatever goes wrong with these chunks stops no others; they say why they wait."""
    try:
        yield
    except PolypressError as error:
        told = error
    except Exception as error:  # noqa: BLE001 (one bad chunk must not stop all of them)
        told = PolypressError(f"an error that should not be: {type(error).__name__}")
        told.__cause__ = error
    else:
        return
    turn.failures.append(told)
    ledger.hold([chunk.id for chunk in chunks], str(told))


def _by_catalog(chunks: Iterable[Chunk]) -> list[list[Chunk]]:
    groups: dict[tuple[str, str], list[Chunk]] = {}
    for chunk in chunks:
        groups.setdefault((chunk.work.locale, chunk.work.collection), []).append(chunk)
    return list(groups.values())


def _settle(project: Project, ledger: Ledger, chunks: Sequence[Chunk], turn: _Turn) -> None:
    if any(chunk.held for chunk in chunks):  # before all the work: it may be broken still
        project.catalogs.read(chunks[0].work.locale, chunks[0].work.domain)
    outcomes = []
    for chunk in chunks:
        outcome = _outcome(project, ledger, chunk)
        if isinstance(outcome, _Outcome):
            outcomes.append(outcome)
        else:
            ledger.ask(chunk.id, outcome)
            turn.asked += 1
    turn.written += _written(project, outcomes)
    for outcome in outcomes:
        ledger.settle(
            outcome.chunk.id,
            machine=len(outcome.messages) - outcome.withheld,
            withheld=outcome.withheld,
            failures=outcome.failures,
        )
    turn.settled += len(outcomes)


def _outcome(project: Project, ledger: Ledger, chunk: Chunk) -> _Outcome | tuple[Question, ...]:
    """What became of a chunk, or what has to be asked before one can say."""
    work = chunk.work
    collection = _collection(project, work.collection)
    if collection is None:
        gone = "the collection is no longer in polypress.toml"
        failures = tuple(Failure(work.locale, unit.id, gone) for unit in work.units)
        return _Outcome(chunk, {}, failures)
    wanted = [
        replace(prepared(project, collection, unit, work.locale), given=work.given.get(at, NOTHING))
        for at, unit in enumerate(work.units)
    ]
    known = Known(project, ledger, work.parameters)
    settled = drafts(known, work.route, wanted)
    questions = known.questions()
    if questions:
        return questions
    pairs = list(zip(wanted, settled, strict=True))
    messages = {
        slot(one): as_message(project, work.locale, one, got, work.route)
        for one, got in pairs
        if got
    }
    return _Outcome(chunk, messages, _failures(chunk, pairs, known.aside))


def _failures(
    chunk: Chunk, pairs: Sequence[tuple[Wanted, Settled | None]], aside: Mapping[str, str]
) -> tuple[Failure, ...]:
    """The units that wait for a segment which was set aside."""
    reason = "; ".join(sorted(set(aside.values())))
    return tuple(Failure(chunk.work.locale, one.unit.id, reason) for one, got in pairs if not got)


def _written(project: Project, outcomes: Sequence[_Outcome]) -> list[str]:
    """Write the outcomes of one catalog at once."""
    results = {key: one for outcome in outcomes for key, one in outcome.messages.items()}
    if not results:
        return []
    work = outcomes[0].chunk.work
    collection = _collection(project, work.collection)
    if collection is None:
        raise SettingsError("the collection is no longer in polypress.toml", fix="put it back")
    return merged(project, collection, work.locale, results)


def _collection(project: Project, name: str) -> Collection | None:
    return next((one for one in project.collections if one.name == name), None)


def _finish(project: Project, ledger: Ledger, job: int, turn: _Turn) -> None:
    """End a job, unless somebody saved an old copy of a catalog over what it had written there.

    What got lost that way is settled once more, from the cache; the job ends in a turn that
    found nothing to write.
    """
    before = len(turn.written), turn.asked
    for chunk in _lacking(project, ledger, job):
        outcome = _outcome(project, ledger, chunk)
        if isinstance(outcome, _Outcome):
            turn.written += _written(project, [outcome])
            ledger.mend(job, outcome.texts)
        else:
            ledger.reopen(job, [chunk.id])
            ledger.ask(chunk.id, outcome)
            turn.asked += 1
    if before == (len(turn.written), turn.asked):
        (figures,) = ledger.figures(job)
        state = JobState.PARTIAL if figures.failures else JobState.DONE
        if ledger.close(job, state):
            turn.ended.append((job, state))


def _lacking(project: Project, ledger: Ledger, job: int) -> Iterator[Chunk]:
    """The chunks of which a unit has no text in its catalog; each catalog is read once in a row."""
    for (locale, domain), group in groupby(
        ledger.chunks(job), key=lambda chunk: (chunk.work.locale, chunk.work.domain)
    ):
        try:
            messages = project.catalogs.read(locale, domain)
        except PolypressError as error:
            ledger.hold([chunk.id for chunk in islice(group, 1)], str(error))
            raise
        empty = {one.key for one in messages if not one.obsolete and needs_text(one)}
        for chunk in group:
            if any((unit.context, unit.source) in empty for unit in chunk.work.units):
                yield chunk
