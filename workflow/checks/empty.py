"""A translation with nothing that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, error
from workflow.model import Diagnostic

CHECKS = {"empty": "The translation holds nothing that can be read."}
_READABLE = re.compile(r"[\w%{$<&#]")
_LONGEST = 10
_NOTHING = {"-", "n/a", "tbd", "todo", "xxx", "null", "none", "undefined", "nan"}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Only blanks, marks or a stand-in where the source has words."""
    source, target = subject.source.strip(), subject.target.strip()
    if not _READABLE.search(source):
        if source and not target:
            yield error("empty", "the translation is empty")
        return
    stand_in = len(target) < _LONGEST and target.casefold() in _NOTHING
    if not _READABLE.search(target) or (stand_in and source.casefold() not in _NOTHING):
        yield error("empty", "the translation holds no words")
