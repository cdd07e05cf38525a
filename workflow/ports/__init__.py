"""What the core needs from outside, as protocols; `workflow.adapters` and `workers` implement them.

`workflow.ports.project` has what every run needs, `workflow.ports.queue` what the queue
needs, `workflow.ports.review` what review needs, `workflow.ports.bundles` what publishing needs.
"""

from __future__ import annotations

from workflow.memory import Lesson, MemoryMatch
from workflow.ports.bundles import BundleStore, Keys, NoKeys, Signatures
from workflow.ports.project import (
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
    "Keys",
    "Ledger",
    "Lesson",
    "Memory",
    "MemoryMatch",
    "MessageCompiler",
    "NoKeys",
    "PackageStore",
    "SegmentCache",
    "Signatures",
]
