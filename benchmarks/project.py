"""The project that the queue's benchmarks work in: one locale, one collection, no content yet."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
[project]
name = "Stage"
source = "en"
locales = ["es"]

[collections.notices]
path = "content"
format = "markdown"
"""


def begin(root: Path) -> None:
    """Make such a project in a folder."""
    (root / "content").mkdir(parents=True)
    (root / "polypress.toml").write_text(SETTINGS, "utf-8")
