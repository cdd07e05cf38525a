"""The port `Traces` in a dictionary, held to the contract of the real one."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.ports.traces import Trace


class FakeTraces:
    def __init__(self) -> None:
        self.traces: dict[tuple[str, str], Trace] = {}

    def all(self) -> dict[tuple[str, str], Trace]:
        return dict(self.traces)

    def keep(self, traces: Iterable[Trace]) -> None:
        self.traces |= {(one.collection, one.locale): one for one in traces}
