"""What the core needs from outside, as protocols; `workflow.adapters` and `workers` implement them.

`workflow.ports.project` has what every run needs, `workflow.ports.queue` what the queue
needs, `workflow.ports.review` what review needs.
"""

from __future__ import annotations

from workflow.memory import Lesson, MemoryMatch
from workflow.ports.project import (
    BundleStore,
    CatalogStore,
    Clock,
    CollectionSpec,
    ContentFormat,
    Engine,
    Hypotheses,
    InstalledPackage,
    Memory,
    MessageCompiler,
    PackageStore,
    SegmentCache,
)
from workflow.ports.queue import Dispatcher, Ledger
from workflow.ports.review import CatalogCopies, History

__all__ = [
    "BundleStore",
    "CatalogCopies",
    "CatalogStore",
    "Clock",
    "CollectionSpec",
    "ContentFormat",
    "Dispatcher",
    "Engine",
    "History",
    "Hypotheses",
    "InstalledPackage",
    "Ledger",
    "Lesson",
    "Memory",
    "MemoryMatch",
    "MessageCompiler",
    "PackageStore",
    "SegmentCache",
]
