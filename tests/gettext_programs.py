"""Whether GNU gettext's programs are here, and what becomes of the tests that need them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path

PROGRAMS = ("msgfmt", "msgunfmt", "msgcat", "msgmerge", "msgattrib")
UNPACKED = Path(__file__).resolve().parent.parent / ".tools" / "usr"


def offer_unpacked(environment: MutableMapping[str, str], unpacked: Path = UNPACKED) -> None:
    """Let what was unpacked without root be found, its libraries too; PATH's own come first."""
    if not (unpacked / "bin").is_dir():
        return
    environment["PATH"] = os.pathsep.join([environment.get("PATH", ""), str(unpacked / "bin")])
    libraries = [str(folder) for folder in sorted(unpacked.glob("lib/*-linux-*"))]
    before = [environment["LD_LIBRARY_PATH"]] if environment.get("LD_LIBRARY_PATH") else []
    environment["LD_LIBRARY_PATH"] = os.pathsep.join([*before, *libraries])


@cache
def missing() -> tuple[str, ...]:
    """The programs that are not here, or that do not run."""
    return tuple(name for name in PROGRAMS if not _runs(name))


def _runs(name: str) -> bool:
    path = shutil.which(name)
    if path is None:
        return False
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0


def verdict(lacking: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str, str]:
    """`run`, `skip` or `fail` with the reason: continuous integration must not skip them."""
    if not lacking:
        return "run", ""
    names = ", ".join(lacking)
    reason = f"GETTEXT IS MISSING, NOT TESTED: {names}; `python -m tools.gettext_programs` helps"
    return ("fail" if environment.get("CI") == "true" else "skip"), reason
