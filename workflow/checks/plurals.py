"""The forms of a plural: as many as the locale has, and none of them empty."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from workflow.checks.subject import Subject, error
from workflow.locales import plural_forms
from workflow.model import Diagnostic

CHECKS = {"plural-forms": "A form of the plural is missing, empty or too many."}
_HEADER = re.compile(r"nplurals\s*=\s*(\d+);\s*plural\s*=\s*([^;]+)")
_TRIED = range(201)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Count the forms of an entry that has a plural."""
    if subject.plural is None:
        return
    forms = subject.translations or (subject.target,)
    wanted = subject.nplurals or _rule(subject.locale)[0]
    if len(forms) != wanted:
        yield error("plural-forms", f"{len(forms)} forms, the locale has {wanted}")
    for number, form in enumerate(forms):
        if not form.strip():
            yield error("plural-forms", f"form {number} is empty")


def one_number(locale: str, form: int, nplurals: int) -> bool:
    """Whether this form stands for a single number: 1 in English, 0, 1 or 2 in Arabic."""
    count, rule = _rule(locale)
    if nplurals not in {0, count}:
        return form < nplurals - 1
    return sum(rule(number) == form for number in _TRIED) == 1


@lru_cache(maxsize=64)
def _rule(locale: str) -> tuple[int, Callable[[int], int]]:
    found = _HEADER.match(plural_forms(locale))
    if not found:
        return 1, lambda _number: 0
    return int(found[1]), gettext.c2py(found[2])
