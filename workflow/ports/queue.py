"""What the queue needs: a ledger that outlives everything, and a way to send batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from workflow.jobs import Batch, Chunk, Failure, JobFigures, JobState, Look, Question, Request, Work
from workflow.model import PackageRef
from workflow.ports.project import Hypotheses


class Ledger(Protocol):
    """What was asked for and how far it is; every method is one transaction.

    Raises OutsideError when the disk refuses; nothing of that call is kept then.
    """

    def begin(self, request: Request, at: str) -> int:
        """A new job that is being planned; its number."""
        ...

    def add(self, job: int, work: Work, questions: Iterable[Question]) -> None:
        """A chunk of a job, waiting for the answers to these questions (see `ask`).

        Raises CancelledError if the job is no longer being planned.
        """
        ...

    def planned(self, job: int, state: JobState) -> None:
        """Say what became of the planning of a job; nothing is changed if it was cancelled."""
        ...

    def fail(self, job: int, failures: Iterable[Failure]) -> None:
        """Remember why something of a job gets no text."""
        ...

    def cancel(self, job: int) -> bool:
        """Settle nothing more of a job; False if it is over. What others wait for goes on."""
        ...

    def again(self, job: int, *, forget: bool) -> None:
        """Plan a job anew: without its failures and unfinished chunks.

        With `forget`, what was set aside is asked again, in all jobs.
        """
        ...

    def ready(self, limit: int) -> tuple[Chunk, ...]:
        """Chunks that wait for nothing: first those not held, urgent ones, and the oldest."""
        ...

    def ask(self, chunk: int, questions: Iterable[Question]) -> None:
        """Let a chunk wait for answers: batches of what nobody asked yet, else those under way."""
        ...

    def settle(
        self, chunk: int, *, machine: int, withheld: int, failures: Iterable[Failure]
    ) -> None:
        """A chunk is in its catalog: how many units got a text, and which ones none."""
        ...

    def hold(self, chunks: Iterable[int], reason: str) -> None:
        """Say why chunks that are ready cannot be settled now; an empty reason clears that."""
        ...

    def reopen(self, job: int, chunks: Iterable[int]) -> None:
        """Let settled chunks be settled once more."""
        ...

    def chunks(self, job: int) -> Iterable[Chunk]:
        """The settled chunks of a job, one after the other."""
        ...

    def finished(self) -> tuple[int, ...]:
        """Running jobs that have nothing left to settle."""
        ...

    def planning(self) -> tuple[int, ...]:
        """Jobs that are being planned, or whose planning was cut off."""
        ...

    def close(self, job: int, state: JobState) -> bool:
        """End a job that runs and has nothing left, and forget its texts; False if it does not."""
        ...

    def mend(self, job: int, units: Iterable[tuple[str, str]]) -> None:
        """Forget the failures of (locale, unit id) pairs that got their texts after all."""
        ...

    def aside(self, package: PackageRef, parameters: str, texts: Sequence[str]) -> dict[str, str]:
        """The texts that were set aside, and why."""
        ...

    def outstanding(self) -> dict[PackageRef, tuple[int, int]]:
        """How many batches of each package are to be sent, and how many are sent."""
        ...

    def unsent(self, package: PackageRef, limit: int) -> tuple[Batch, ...]:
        """The next batches to send, urgent ones first."""
        ...

    def sent(self) -> tuple[Batch, ...]:
        """The batches that are in the queue or at a worker."""
        ...

    def mark_sent(self, batches: Iterable[int]) -> None:
        """These batches are on their way."""
        ...

    def send_again(self, batches: Iterable[int], *, note: str = "") -> list[int]:
        """Put batches that are sent back to be sent; those that were."""
        ...

    def crash(self, batch: int, *, alone: bool, note: str = "") -> int | None:
        """A worker died with this batch: send it again, alone; its crashes, None if it is over.

        Only one that was the only batch there (`alone`) counts as its own crash.
        """
        ...

    def split(self, batch: int) -> bool:
        """Put smaller batches in the place of one; False if it has one segment.

        Each part counts one crash already: two more of its own decide.
        """
        ...

    def set_aside(self, batch: int, reason: str) -> None:
        """Give a batch up: its segments are not asked again until somebody says so."""
        ...

    def answer(self, batch: int, answers: Mapping[str, Hypotheses]) -> bool:
        """Keep the answers of a batch, by the hexadecimal `answer_key`; False if it is over.

        Answers that the batch did not ask for are ignored; it is done when none is missing.
        """
        ...

    def figures(self, job: int | None = None) -> tuple[JobFigures, ...]:
        """All jobs, or one, the newest first; failures and what is aside only for one."""
        ...

    def states(self) -> dict[JobState, int]:
        """How many jobs there are in each state."""
        ...

    def write_snapshot(self, name: str, body: str) -> None:
        """Keep what a part says of itself, for those who cannot ask it."""
        ...

    def snapshot(self, name: str) -> str:
        """What a part last said of itself; empty if nothing."""
        ...


class Dispatcher(Protocol):
    """The way to the workers; it may lose messages, and the ledger knows better."""

    def send(self, batches: Iterable[Batch]) -> None:
        """Put batches into their packages' queues. Raises OutsideError."""
        ...

    def look(self, packages: Iterable[PackageRef]) -> Look:
        """What the queues of these packages and the workers look like. Raises OutsideError."""
        ...

    def bury(self, worker: str) -> None:
        """Forget a dead worker. Raises OutsideError."""
        ...
