from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from workflow.cli import output
from workflow.cli.output import Output, plain
from workflow.errors import ContentError, Place
from workflow.model import Origin

Captured = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Thing:
    path: Path
    origin: Origin
    error: ContentError


def test_values_become_json() -> None:
    error = ContentError("broken", fix="mend it", place=Place(path="a.md", line=3))
    assert plain(Thing(Path("/a"), Origin.HUMAN, error)) == {
        "path": "/a",
        "origin": "human",
        "error": {"what": "broken", "where": {"path": "a.md", "line": 3}, "fix": "mend it"},
    }
    assert plain({Origin.HUMAN: (1, None, 0.5)}) == {"human": [1, None, 0.5]}
    assert plain(Thing) is Thing


def test_the_result_is_printed_only_as_json(capsys: Captured) -> None:
    Output().result({"a": "ñ"})
    assert capsys.readouterr().out == ""
    Output(as_json=True).result({"a": "ñ"})
    assert capsys.readouterr().out == '{\n  "a": "ñ"\n}\n'


def test_json_is_ascii_where_the_output_is_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", narrow)
    Output(as_json=True).result("مرحبا")
    narrow.flush()
    assert narrow.buffer.getvalue() == b'"\\u0645\\u0631\\u062d\\u0628\\u0627"\n'  # type: ignore[attr-defined]


@pytest.mark.parametrize("silent", [Output(quiet=True), Output(as_json=True)])
def test_what_is_for_people_is_not_printed_for_machines(silent: Output, capsys: Captured) -> None:
    silent.say("hello")
    silent.table("Table", ["a"], [[1]])
    with silent.progress() as progress:
        progress("work", 1, 1)
    assert capsys.readouterr() == ("", "")


def test_markup_in_a_text_is_shown_and_not_obeyed(capsys: Captured) -> None:
    Output().say("withheld: [red]x[/red] [link=y]")
    Output().table("Units", ["locale", "n"], [["[bold]es", 3]])
    out = capsys.readouterr().out
    assert "[red]x[/red] [link=y]" in out
    assert "[bold]es" in out


def test_warnings_and_errors_go_to_standard_error_errors_once(capsys: Captured) -> None:
    error = ContentError("broken", fix="mend it")
    Output().failures([error, ContentError("broken", fix="mend it")])
    Output().warning("look")
    Output(quiet=True).warning("look")
    assert capsys.readouterr() == ("", "error: broken (mend it)\nwarning: look\n")


def test_without_a_terminal_progress_is_plain_lines_now_and_then(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([100.0, 100.5, 101.0, 103.0, 104.0])
    monkeypatch.setattr(output.time, "monotonic", lambda: next(seconds))
    with Output().progress() as progress:
        for done in (0, 1, 2, 6, 8):
            progress("translate es", done, 8)
    assert capsys.readouterr().err.splitlines() == [
        "translate es: 0/8",
        "translate es: 6/8, 2/s, 1 s left",
        "translate es: 8/8, 2/s, 0 s left",
    ]


def test_on_a_terminal_progress_is_a_bar_for_each_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Output().progress() as progress:
        for done in range(5):
            progress("translate es", done, 4)
        progress("translate ar", 1, 2)
    shown = terminal.getvalue()
    assert "translate es" in shown
    assert "translate ar" in shown
    assert "4/4" in shown
