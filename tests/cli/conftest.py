from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program, program


@pytest.fixture
def polypress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    return program(tmp_path, monkeypatch, capsys)
