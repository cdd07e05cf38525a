"""Make GNU gettext's programs available to the tests: from PATH, else unpacked without root.

On Debian and Ubuntu the packages are downloaded with `apt-get download` and unpacked into
`.tools/`. Where neither works, the tests that need them are skipped loudly (with `CI=true` they
fail).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAMS = ("msgfmt", "msgunfmt", "msgcat", "msgmerge", "msgattrib")
PACKAGES = ("gettext", "gettext-base", "libunistring2", "libicu72", "libxml2")
FOLDER = Path(__file__).resolve().parent.parent / ".tools"


def missing() -> list[str]:
    """The programs that neither PATH nor `.tools/` has."""
    path = FOLDER / "usr" / "bin"
    return [name for name in PROGRAMS if not (shutil.which(name) or (path / name).is_file())]


def unpack() -> None:
    """Download Debian's packages and unpack them below `.tools/`."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            subprocess.run([_found("apt-get"), "download", package], cwd=folder, check=False)
        for archive in sorted(Path(folder).glob("*.deb")):
            subprocess.run([_found("dpkg-deb"), "-x", archive, FOLDER], check=True)


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(f"there is no {program} here")
    return path


def main() -> None:
    """Say what there is, and fetch what is missing."""
    if not missing():
        return
    try:
        unpack()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"gettext's programs could not be unpacked: {error}", file=sys.stderr)
    if missing():
        names = ", ".join(missing())
        print(f"not found: {names}; install gettext to run all tests", file=sys.stderr)


if __name__ == "__main__":
    main()
