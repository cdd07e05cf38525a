"""What a text may cost: `--preset` on the command line, at once and through the queue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.program import SETTINGS, Program
from workflow.bootstrap import open_ledger
from workflow.model import DecodeParameters
from workflow.ports import Hypotheses
from workflow.presets import PRESETS


def asked(polypress: Program, monkeypatch: pytest.MonkeyPatch, *options: str) -> DecodeParameters:
    """How the engine was asked to decode."""
    seen: list[DecodeParameters] = []
    decode = polypress.engine.translate

    def translate(*arguments: Any) -> list[Hypotheses]:  # noqa: ANN401 (those of the port)
        seen.append(arguments[2])
        return decode(*arguments)

    monkeypatch.setattr(polypress.engine, "translate", translate)
    assert polypress("translate", *options).code == 0
    (parameters,) = set(seen)
    return parameters


def test_without_a_preset_texts_are_decoded_by_the_standard(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(polypress, monkeypatch) == PRESETS["standard"]


def test_a_preset_goes_before_that_of_the_settings(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = polypress.root / "polypress.toml"
    settings.write_text(f'{SETTINGS}\n[engine]\npreset = "draft"\n')
    assert asked(polypress, monkeypatch, "-l", "es", "--preset", "best") == PRESETS["best"]
    assert asked(polypress, monkeypatch, "-l", "ar") == PRESETS["draft"]


def test_a_job_is_planned_with_the_preset_and_keeps_it(polypress: Program) -> None:
    assert polypress("translate", "--queue", "--preset", "draft").code == 0
    ledger = open_ledger(polypress.root)
    for package in polypress.engine.packages:
        (batch,) = ledger.unsent(package, 10)
        assert batch.question.parameters == PRESETS["draft"]


def test_an_unknown_preset_is_2_and_the_known_ones_are_named(polypress: Program) -> None:
    ran = polypress("translate", "--preset", "fast")
    assert ran.code == 2
    assert all(preset in ran.err for preset in PRESETS)
