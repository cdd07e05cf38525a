"""Catalogs in memory: the fake beside the real store, held to the same contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from workflow.errors import CatalogError
from workflow.model import Message


class FakeCatalogs:
    """`ports.CatalogStore` without a disk; `writes` counts what was really written."""

    def __init__(self) -> None:
        self.catalogs: dict[tuple[str, str], tuple[Message, ...]] = {}
        self.templates: dict[str, tuple[Message, ...]] = {}
        self.writes = 0

    def read(self, locale: str, domain: str) -> tuple[Message, ...]:
        return self.catalogs.get((locale, domain), ())

    def lines(self, locale: str, domain: str) -> dict[tuple[str | None, str], int]:
        active = (one for one in self.read(locale, domain) if not one.obsolete)
        return {message.key: number for number, message in enumerate(active, start=1)}

    def update(
        self,
        locale: str,
        domain: str,
        change: Callable[[tuple[Message, ...]], Iterable[Message]],
        *,
        settled: Callable[[], None] = lambda: None,
    ) -> bool:
        old = self.read(locale, domain)
        new = tuple(change(old))
        if len({message.key for message in new}) < len(new):
            raise CatalogError("two entries would have one context and msgid", fix="merge first")
        self.catalogs[locale, domain] = new
        self.writes += new != old
        settled()
        return new != old

    def read_template(self, domain: str) -> tuple[Message, ...]:
        return self.templates.get(domain, ())

    def write_template(self, domain: str, messages: Sequence[Message]) -> bool:
        if self.templates.get(domain) == tuple(messages):
            return False
        self.templates[domain] = tuple(messages)
        self.writes += 1
        return True
