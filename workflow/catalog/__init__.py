"""The catalog rules: facts of an entry, making entries, merging units, settling drafts."""

from __future__ import annotations

from workflow.catalog.aside import conflicts
from workflow.catalog.entries import (
    LONGEST_WORD,
    approved,
    draft,
    entry,
    holds_longer_word,
    read_back,
    template,
    withheld,
)
from workflow.catalog.facts import facts_of, is_note, is_withheld_for
from workflow.catalog.lastapproved import Retired, last_approved, retired
from workflow.catalog.merge import Change, Merged, item_of, merge, merged, written_by_a_person
from workflow.catalog.settle import may_replace, settle
from workflow.catalog.state import Key
from workflow.catalog.takeover import change_of

__all__ = [
    "LONGEST_WORD",
    "Change",
    "Key",
    "Merged",
    "Retired",
    "approved",
    "change_of",
    "conflicts",
    "draft",
    "entry",
    "facts_of",
    "holds_longer_word",
    "is_note",
    "is_withheld_for",
    "item_of",
    "last_approved",
    "may_replace",
    "merge",
    "merged",
    "read_back",
    "retired",
    "settle",
    "template",
    "withheld",
    "written_by_a_person",
]
