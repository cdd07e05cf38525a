"""Catalogs with a memory of what stood in them: every update merges three ways with the base."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.catalog import Key
from workflow.catalog.reconcile import reconciled
from workflow.model import Message
from workflow.ports import CatalogStore, History
from workflow.ports.review import Difference

Change = Callable[[tuple[Message, ...]], Iterable[Message]]


@dataclass(frozen=True, slots=True)
class RememberedCatalogs:
    """`ports.CatalogStore` over another one and a history.

    What somebody saved since the last update is read back first (`catalog.reconcile`), so a change
    never sees what a stale editor undid. What is written is told to the history before and after,
    under the catalog's lock.
    """

    store: CatalogStore
    history: History

    def read(self, locale: str, domain: str) -> tuple[Message, ...]:
        """All entries as they lie on disk; see the port."""
        return self.store.read(locale, domain)

    def lines(self, locale: str, domain: str) -> Mapping[Key, int]:
        """The line of each active entry; see the port."""
        return self.store.lines(locale, domain)

    def update(
        self,
        locale: str,
        domain: str,
        change: Change,
        *,
        settled: Callable[[], None] = lambda: None,
    ) -> bool:
        """Read again under the lock, undo stale saves, apply `change`, write what differs."""
        turn = _Turn(self.history, locale, domain, change)

        def done() -> None:
            turn.record()
            settled()

        return self.store.update(locale, domain, turn.changed, settled=done)

    def read_template(self, domain: str) -> tuple[Message, ...]:
        """The entries of a template; see the port."""
        return self.store.read_template(domain)

    def write_template(self, domain: str, messages: Sequence[Message]) -> bool:
        """Write a template; see the port."""
        return self.store.write_template(domain, messages)


@dataclass(slots=True)
class _Turn:
    """One update: what was read, what it differs in, and what shall stand there now."""

    history: History
    locale: str
    domain: str
    change: Change
    read: tuple[Message, ...] = ()
    result: tuple[Message, ...] = ()
    written: list[Message] = field(default_factory=list)
    difference: Difference = field(default_factory=Difference)

    def changed(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """What shall stand there instead of these; called again if somebody saves in between."""
        self.read = messages
        self.difference = self.history.difference(self.locale, self.domain, messages)
        back = reconciled(messages, self.difference.pasts, newest=self.difference.newest)
        self.result = tuple(self.change(back.messages))
        same = set(map(id, messages))
        self.written = [message for message in self.result if id(message) not in same]
        self.history.intend(self.locale, self.domain, self.written, self._gone())
        return self.result

    def _gone(self) -> list[Key]:
        """The keys that stood there, or should have, and shall not any more."""
        here = {message.key for message in self.result}
        before = {message.key for message in self.read} | set(self.difference.pasts)
        return sorted(before - here, key=str)

    def record(self) -> None:
        """What stands there now is the base."""
        told = {*self.difference.pasts, *self.difference.new}
        adopted = [message for message in self.result if message.key in told] if told else []
        self.history.record(self.locale, self.domain, [*adopted, *self.written], self._gone())
