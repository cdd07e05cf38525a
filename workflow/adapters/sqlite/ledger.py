"""The ledger in SQLite, in the file of the segment cache: an answer and its batch end together."""

from __future__ import annotations

from workflow.adapters.sqlite.ledger_batches import BatchRows
from workflow.adapters.sqlite.ledger_figures import FigureRows
from workflow.adapters.sqlite.ledger_jobs import JobRows


class SqliteLedger(JobRows, BatchRows, FigureRows):
    """Implements `ports.Ledger`."""
