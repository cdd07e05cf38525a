"""Whether programs from outside are here, and what becomes of the tests that need them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache

GETTEXT = ("msgfmt", "msgunfmt", "msgcat", "msgmerge", "msgattrib")


@cache
def missing() -> tuple[str, ...]:
    """The programs of gettext that are not here, or that do not run."""
    return tuple(name for name in GETTEXT if not _runs(name))


def _runs(name: str) -> bool:
    path = shutil.which(name)
    if path is None:
        return False
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0


def verdict(
    lacking: tuple[str, ...], environment: Mapping[str, str], *, suite: str = "gettext"
) -> tuple[str, str]:
    """`run`, `skip` or `fail` with the reason: continuous integration must not skip them."""
    if not lacking:
        return "run", ""
    names = ", ".join(lacking)
    reason = f"{suite.upper()} IS MISSING, NOT TESTED: {names}; `python -m tools.programs` helps"
    return ("fail" if environment.get("CI") == "true" else "skip"), reason
