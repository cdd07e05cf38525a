"""What the commands show: tables for people, JSON for machines, progress where it helps."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from workflow.errors import PolypressError
from workflow.steps.project import Progress as Report

Show = Callable[[RenderableType, Sequence[str]], None]
"""Shows the view where there is a terminal, else the lines."""
EVERY = 2.0
"""Seconds between two plain progress lines where there is no terminal."""


@dataclass(frozen=True, slots=True)
class Output:
    """One command's way to speak: results to standard output, the rest to standard error."""

    as_json: bool = False
    quiet: bool = False

    def result(self, value: Any) -> None:  # noqa: ANN401 (any value that becomes JSON)
        """The result for machines; only with `--json`."""
        if self.as_json:
            narrow = "utf" not in (sys.stdout.encoding or "").lower()
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=narrow, indent=2) + "\n")

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table for people; the first column is text, the others are figures."""
        self.show(table_of(title, columns, rows))

    def show(self, what: RenderableType) -> None:
        """Something for people that rich can print."""
        if not (self.as_json or self.quiet):
            _console().print(what)

    def say(self, text: str) -> None:
        """A line for people."""
        if not (self.as_json or self.quiet):
            _console().print(escape(text), soft_wrap=True)

    def warning(self, text: str) -> None:
        """A line on standard error about what one can live with."""
        if not self.quiet:
            self.problem(f"warning: {text}")

    def problem(self, text: str) -> None:
        """A line on standard error, whatever the options; what could steer a terminal is told."""
        shown = "".join(
            sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text
        )
        sys.stderr.write(f"{shown}\n")

    def failures(self, errors: Sequence[PolypressError]) -> None:
        """Each error once, in the order they came."""
        for text in dict.fromkeys(str(error) for error in errors):
            self.problem(f"error: {text}")

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """A Progress for the steps: a bar on a terminal, else a plain line now and then."""
        if self.quiet or self.as_json:
            yield lambda _what, _done, _total: None
        elif sys.stderr.isatty():
            with _bars() as bars:
                yield _Bars(bars, {}).report
        else:
            yield _Lines().report

    @contextmanager
    def live(self) -> Iterator[Show]:
        """A way to show what goes on: in place on a terminal, else changed lines now and then."""
        if self.quiet or self.as_json:
            yield lambda _view, _lines: None
        elif sys.stdout.isatty():
            with Live(console=_console(), auto_refresh=False, transient=True) as live:
                yield lambda view, _lines: live.update(view, refresh=True)
        else:
            yield _Changes().show


def table_of(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    figures: bool = True,
) -> Table:
    """A table; the first column is text, the others are figures if there are `figures`."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index and figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    return table


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@dataclass(slots=True)
class _Bars:
    """One bar for each thing that goes on."""

    bars: Progress
    tasks: dict[str, Any]

    def report(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bars.add_task(what, total=total, pace="")
        task = self.bars.tasks[self.tasks[what]]
        pace = f"{task.speed:.0f}/s" if task.speed else ""
        self.bars.update(self.tasks[what], completed=done, total=total, pace=pace)


class _Changes:
    """Plain lines, as often as they change but not more often than now and then."""

    def __init__(self) -> None:
        self._shown: Sequence[str] = ()
        self._last = -EVERY

    def show(self, _view: RenderableType, lines: Sequence[str]) -> None:
        now = time.monotonic()
        if lines != self._shown and now - self._last >= EVERY:
            self._shown, self._last = lines, now
            sys.stderr.writelines(f"{line}\n" for line in lines)
            sys.stderr.flush()


class _Lines:
    """Plain lines: what, how much of how much, how fast, and the time left in seconds."""

    def __init__(self) -> None:
        self._start: dict[str, float] = {}
        self._last = 0.0

    def report(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        start = self._start.setdefault(what, now)
        if now - self._last < EVERY and done < total:
            return
        self._last = now
        pace = done / (now - start) if now > start else 0.0
        left = f", {pace:.0f}/s, {(total - done) / pace:.0f} s left" if pace else ""
        sys.stderr.write(f"{what}: {done}/{total}{left}\n")


def plain(value: Any) -> Any:  # noqa: ANN401 (any value that becomes JSON)
    """A value as JSON knows it: dataclasses as objects, errors as what, where and fix."""
    if isinstance(value, PolypressError):
        place = {name: text for name, text in plain(value.place).items() if text}
        return {"what": value.what, "where": place, "fix": value.fix}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value
