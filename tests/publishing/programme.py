"""The rows in their order."""

from __future__ import annotations

from tests.publishing.rows_disk import full_disk
from tests.publishing.rows_kills import crash
from tests.publishing.rows_pull import pulled
from tests.publishing.rows_two import at_once
from tests.publishing.stage import Row

ROWS = (
    Row("crash", "publish, pull, rollback, gc and withdraw are killed at random", crash),
    Row("R16", "sites pull while a publisher is killed again and again", pulled),
    Row("R17", "the disk is full while something is published", full_disk),
    Row("at once", "two publish at once, and a site pulls meanwhile", at_once),
)
