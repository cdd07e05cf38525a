"""What `workflow.bootstrap` needs of publishing: from settings to keys, table and rules."""

from __future__ import annotations

from pathlib import Path

from workflow.adapters.bundles.keys import KeyFolder
from workflow.adapters.withdrawals import WithdrawalsFile
from workflow.settings import PublishTable, load
from workflow.steps.project import Publishing


def open_keys(root: Path, table: PublishTable | None = None) -> KeyFolder:
    """The keys that releases are signed with; none is read yet. Raises SettingsError."""
    table = table or load(root).publish
    return KeyFolder(root / table.keys)


def open_withdrawals(root: Path) -> WithdrawalsFile:
    """The table of withdrawn items; it is not read yet."""
    return WithdrawalsFile(root)


def publishing(table: PublishTable) -> Publishing:
    """How bundles are made, as the steps know it."""
    notes = {locale: note.model_dump(exclude_none=True) for locale, note in table.notes.items()}
    return Publishing(table.site, table.labels, table.derived, table.timezone, table.keep, notes)
