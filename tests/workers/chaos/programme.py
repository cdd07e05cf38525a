"""All fault rows, and the sizes of the chaos test."""

from __future__ import annotations

from tests.workers.chaos import rows_days, rows_kills, rows_long, rows_messages, rows_redis
from tests.workers.chaos.chaos import Play
from tests.workers.chaos.stage import QUICK
from tests.workers.chaos.storm import Forecast

ROWS = [
    *rows_kills.ROWS,
    *rows_redis.ROWS,
    *rows_messages.ROWS,
    *rows_long.ROWS,
    *rows_days.ROWS,
]
SHORT = Play(
    600,
    Forecast(4.5, workers=6, hubs=2, redis=1, flushes=1, doubled=15, delayed=15, edits=8),
    seconds=0.2,
    units=40,
    settings={**QUICK, **rows_kills.INNOCENT},
)
FULL = Play(
    10_000,
    Forecast(75, workers=20, hubs=5, redis=3, flushes=1, doubled=100, delayed=100, edits=100),
    seconds=1.2,
    units=250,
    bound=400,
)
