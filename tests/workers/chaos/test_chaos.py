"""The chaos test in its short form; `make chaos` plays the full one."""

from __future__ import annotations

from tests.workers.chaos.chaos import play
from tests.workers.chaos.programme import SHORT
from tests.workers.chaos.stage import Stage
from workflow.jobs import JobState


def test_a_job_ends_as_a_local_run_does_whatever_dies_meanwhile(stage: Stage) -> None:
    outcome = play(stage.nursery, stage.folder / "chaos", stage.redis, SHORT)
    assert outcome.wrong == []
    assert outcome.state is JobState.DONE
    assert outcome.figures["worker kills"] >= 3
    assert outcome.figures["Redis kills"] + outcome.figures["FLUSHALL"] == 2
    assert outcome.figures["hub kills"] >= 1
    assert min(outcome.figures[f"answers {what}"] for what in ("doubled", "delayed")) >= 5
    assert sum(outcome.figures["edits"].values()) >= 3
