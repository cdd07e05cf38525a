"""A process of its own that saves a catalog while something goes wrong; run by test_faults.

`victim.py PROJECT FAULT` prints the error it got, or `none`; `victim.py PROJECT kills SEED COUNT`
kills savers at random moments and prints what was found each time.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import PolypressError
from workflow.model import Message

ENTRIES = 300


def store(project: Path) -> FileCatalogStore:
    return FileCatalogStore(project, plural_forms=lambda _: "nplurals=2; plural=(n != 1);")


def entries(text: str) -> Iterator[Message]:
    for number in range(ENTRIES):
        yield Message(f"item{number}#body", f"Source {number}", (f"{text} {number}",))


def save(project: Path, text: str) -> str:
    try:
        store(project).update("es", "notices", lambda _: entries(text))
    except PolypressError as error:
        return f"{type(error).__name__}: {error.what}"
    return "none"


def small_files(_project: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def few_handles(_project: Path) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1,) * 2)  # noqa: PTH208 - counts handles


def read_only(project: Path) -> None:
    folder = project / "locales/es/LC_MESSAGES"
    folder.chmod(0o555)
    if os.geteuid() == 0:
        for name in (project, project / "var", project / "var/locks"):
            name.chmod(0o777)
        os.setgid(65534)
        os.setuid(65534)  # root may write anywhere; nobody may not


FAULTS = {"RLIMIT_FSIZE": small_files, "EMFILE": few_handles, "read-only": read_only}


def save_for_ever(project: Path) -> None:
    for number in count():
        save(project, f"text {number} " + "x" * (number % 7 * 40))


def kills(project: Path, seed: int, rounds: int) -> None:
    chance = random.Random(seed)
    save(project, "first")
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            save_for_ever(project)
        time.sleep(chance.uniform(0.005, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = store(project).read("es", "notices")
        texts = {message.translation.rpartition(" ")[0] for message in found}
        sys.stdout.write(f"{len(found)} {len(texts)}\n")


if __name__ == "__main__":
    where, what, *rest = sys.argv[1:]
    if what == "kills":
        kills(Path(where), int(rest[0]), int(rest[1]))
    else:
        FAULTS.get(what, lambda _: None)(Path(where))
        sys.stdout.write(save(Path(where), "new"))
