"""The set in short: in an even sample of it, all that is not withheld keeps its invariants."""

from __future__ import annotations

from pathlib import Path

from tests.survival import score, town
from tests.survival.reading import LOCALES, even_sample, units

SAMPLE = 60


def test_what_is_not_withheld_keeps_everything_that_must_survive(tmp_path: Path) -> None:
    sample = even_sample(units(), SAMPLE)
    made = town.translated(town.begun(tmp_path, sample), sample)
    found = score.judged(sample, made.texts)
    assert len(found) == SAMPLE * len(LOCALES)
    assert score.failures(found) == []
