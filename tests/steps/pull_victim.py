"""A process of its own that is killed again and again while it pulls; run by test_pull_faults.

`pull_victim.py ROOT PUBLIC KEY STEP` copies ROOT/before to ROOT/site, pulls there and is killed
before the first of its changes to the disk, then before the one that is STEP later, and so on, till
a pull comes through. After each kill it prints what a reader sees, and what is there after another
pull: `old`, `new`, or `torn`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from runpy import run_path

run_path(str(Path(__file__).resolve().parents[1] / "as_in_pytest.py"))

from tests.pull_for_tests import TOOLS, files  # noqa: E402 - see above
from workflow.adapters.bundles.nearby import FolderRemote  # noqa: E402
from workflow.adapters.bundles.sitefolder import SiteFolder  # noqa: E402
from workflow.steps.pull import Asked, pull  # noqa: E402
from workflow.steps.pull_trust import Trust  # noqa: E402

CHANGES = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.remove", "os.rmdir"}


def changes(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether what is audited is about to change something on the disk."""
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in CHANGES


def pull_once(site: Path, public: Path, key: str) -> None:
    pull(SiteFolder(site), FolderRemote(public), Asked(Trust((key,)), keep=1), tools=TOOLS)


def killed(at: int, site: Path, public: Path, key: str) -> bool:
    """Whether a pull was killed before its change number `at`; else it came through."""
    child = os.fork()
    if child == 0:
        done = count()

        def told(event: str, arguments: tuple[object, ...]) -> None:
            if changes(event, arguments) and next(done) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(told)
        pull_once(site, public, key)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) and status:
        raise SystemExit(f"a pull failed with {status}")
    return os.WIFSIGNALED(status)


def main(root: Path, public: Path, key: str, step: int) -> None:
    site, before = root / "site", root / "before"
    old = files(before / "current")
    shutil.copytree(before, site, symlinks=True)
    pull_once(site, public, key)
    seen = {str(old): "old", str(files(site / "current")): "new"}
    tidy = names(site)
    for at in count(0, step):
        shutil.rmtree(site)
        shutil.copytree(before, site, symlinks=True)
        if not killed(at, site, public, key):
            return
        first = seen.get(str(files(site / "current")), "torn")
        pull_once(site, public, key)
        second = seen.get(str(files(site / "current")), "torn")
        left = "" if names(site) == tidy else " and something left over"
        sys.stdout.write(f"{first} {second}{left}\n")


def names(site: Path) -> set[str]:
    return {str(path.relative_to(site)) for path in site.rglob("*")}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
