"""The simulation in short: what ten thousand operations must not break, a few hundred must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation import table
from tests.simulation.peers import WAYS
from tests.simulation.play import Play


@pytest.mark.parametrize("seed", [1, 2])
def test_no_promise_is_broken_by_many_hands(tmp_path: Path, seed: int) -> None:
    play = Play(WAYS["polypress"](tmp_path), seed, notices=12)
    record = play.all(150, checked_every=75)
    again = f"python tests/simulation/full.py --seed {seed} --way polypress"
    assert not table.broken(record.counted), (again, record.examples, record.not_kept)
    assert record.counted["texts typed"] > 50


def test_who_saves_last_loses_what_others_typed(tmp_path: Path) -> None:
    play = Play(WAYS["last writer wins"](tmp_path), 1, notices=12)
    assert play.all(150, checked_every=75).counted["human edits lost"] > 0
