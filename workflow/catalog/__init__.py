"""The catalog rules: facts of an entry, making entries, merging units, settling drafts."""

from __future__ import annotations

from workflow.catalog.entries import approved, draft, entry, read_back, template, withheld
from workflow.catalog.facts import facts_of, is_withheld_for
from workflow.catalog.merge import item_of, merge, written_by_a_person
from workflow.catalog.settle import may_replace, settle
from workflow.catalog.state import Key

__all__ = [
    "Key",
    "approved",
    "draft",
    "entry",
    "facts_of",
    "is_withheld_for",
    "item_of",
    "may_replace",
    "merge",
    "read_back",
    "settle",
    "template",
    "withheld",
    "written_by_a_person",
]
