"""Make programs available to tests and benchmarks: from PATH, else unpacked without root.

On Debian and Ubuntu the packages are downloaded with `apt-get download` and unpacked into
`.tools/`. Where neither works, the tests that need them are skipped loudly (with `CI=true` they
fail).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".tools"
UNPACKED = FOLDER / "usr"


@dataclass(frozen=True, slots=True)
class Suite:
    """Programs that come together: what they are, and the packages that hold them."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]

    def missing(self) -> list[str]:
        """What neither the system nor `.tools/` has."""
        places = [UNPACKED / name for name in ("bin", "sbin")]
        return [
            name
            for name in self.programs
            if not (shutil.which(name) or any((place / name).is_file() for place in places))
        ]


SUITES = (
    Suite(
        "gettext",
        ("msgfmt", "msgunfmt", "msgcat", "msgmerge", "msgattrib"),
        ("gettext", "gettext-base", "libunistring2", "libicu72", "libxml2"),
    ),
    Suite("nginx", ("nginx",), ("nginx", "nginx-common")),
    Suite("wrk", ("wrk",), ("wrk", "libluajit-5.1-2", "libluajit2-5.1-2")),
)


def unpack(packages: Sequence[str]) -> None:
    """Download Debian's packages and unpack them below `.tools/`.

    A machine whose lists of packages are empty or old gets lists of its own for that.
    """
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if not all(_downloaded(place, package) for package in packages):
            lists = _lists_in(place / "apt")
            _apt(place, *lists, "update")
            for package in packages:
                _downloaded(place, package, *lists)
        for archive in sorted(place.glob("*.deb")):
            subprocess.run([_found("dpkg-deb"), "-x", archive, FOLDER], check=True)


def _downloaded(folder: Path, package: str, *options: str) -> bool:
    return _apt(folder, *options, "download", package) == 0


def _apt(folder: Path, *words: str) -> int:
    return subprocess.run([_found("apt-get"), "-qq", *words], cwd=folder, check=False).returncode


def _lists_in(folder: Path) -> list[str]:
    """Options with which apt keeps its lists in a folder that needs no root."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    return [f"-oDir::State::Lists={folder}/state/lists", f"-oDir::Cache={folder}/cache"]


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(f"there is no {program} here")
    return path


def offer_unpacked(environment: MutableMapping[str, str], unpacked: Path = UNPACKED) -> None:
    """Let what was unpacked without root be found, its libraries too; PATH's own come first."""
    folders = [str(unpacked / name) for name in ("bin", "sbin") if (unpacked / name).is_dir()]
    if not folders:
        return
    environment["PATH"] = os.pathsep.join([environment.get("PATH", ""), *folders])
    libraries = [str(folder) for folder in sorted(unpacked.glob("lib/*-linux-*"))]
    before = [environment["LD_LIBRARY_PATH"]] if environment.get("LD_LIBRARY_PATH") else []
    environment["LD_LIBRARY_PATH"] = os.pathsep.join([*before, *libraries])


def fetch(suite: Suite) -> None:
    """Unpack what is missing of a suite, and say what still is."""
    if not suite.missing():
        return
    try:
        unpack(suite.packages)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{suite.name} could not be unpacked: {error}", file=sys.stderr)
    names = ", ".join(suite.missing())
    if names:
        print(f"not found: {names}; install {suite.name} to run all tests", file=sys.stderr)


def main() -> None:
    """Say what there is, and fetch what is missing."""
    for suite in SUITES:
        fetch(suite)


if __name__ == "__main__":
    main()
