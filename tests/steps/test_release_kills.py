"""Fault row R10: a process is killed at each of its writes; what is live is the old or the new."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.steps.project_for_tests import TIME
from tests.steps.releases_for_tests import Town, copied, two_releases
from workflow.adapters.bundles.keys import Ed25519, KeyFolder
from workflow.bundle import Release
from workflow.steps.clearing import clear
from workflow.steps.history import history

CALLS = ("replace", "unlink", "rename", "link")
"""What the kernel is asked for when something is written or removed."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """With a key, in the real folder."""
    made = two_releases(tmp_path_factory.mktemp("two"), fake=False)
    KeyFolder(made.place.root / "keys").new("main")
    return made


def opened(ready: Town, root: Path) -> Town:
    made = copied(ready, root)
    made.place = made.place.with_(keys=KeyFolder(root / "keys"))
    return made


def killed(work: Callable[[], object], at: int) -> bool:
    """Whether a child that does this work was killed before its n-th call to the kernel."""
    child = os.fork()
    if child == 0:
        _kill_at(at)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _kill_at(at: int) -> None:
    left = at

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))


def state(city: Town) -> tuple[frozenset[str], ...]:
    """What is live, after all of it was compared with what the release says; signed throughout."""
    live = Release.parse(city.store.release() or b"")
    assert all(Ed25519().verify(key, live.payload(), one) for key, one in live.signatures.items())
    for tag in live.manifests:
        city.texts(tag)
    return tuple(frozenset(items) for items in city.items().values())


OLD = tuple([frozenset({"pool", "library", "market", "fair"})] * 3)


@pytest.mark.parametrize(
    ("work", "new"),
    [
        (lambda city: city.withdraw("pool"), {"library", "market", "fair"}),
        (lambda city: city.rollback(1, at=TIME), {"pool", "library", "market"}),
    ],
    ids=["withdraw", "rollback"],
)
def test_a_kill_anywhere_leaves_the_old_release_or_the_new_one(
    ready: Town, tmp_path: Path, work: Callable[[Town], object], new: set[str]
) -> None:
    seen = []
    for at in range(1000):
        city = opened(ready, tmp_path / str(at))
        was_killed = killed(lambda city=city: work(city), at)  # type: ignore[misc]
        seen.append(state(city))
        work(city)
        assert state(city) == (frozenset(new),) * 3
        assert city.live.serial in history(city.store).releases
        if not was_killed:
            break
    assert set(seen) == {OLD, (frozenset(new),) * 3}
    assert len(seen) > 2
    assert seen == sorted(seen, key=lambda one: one != OLD), "once it is live it stays"


def test_a_kill_while_clearing_takes_nothing_that_is_live(ready: Town, tmp_path: Path) -> None:
    base = opened(ready, tmp_path / "base")
    base.rollback(1, at=TIME)
    for at in range(1000):
        city = opened(base, tmp_path / str(at))
        was_killed = killed(lambda city=city: clear(city.project, keep=1), at)  # type: ignore[misc]
        assert state(city) == (frozenset({"pool", "library", "market"}),) * 3
        clear(city.project, keep=1)
        objects = {
            path.name.partition(".")[0] for path in (city.store.folder / "objects").iterdir()
        }
        assert clear(city.project, keep=1).objects == 0
        assert len(objects) == len(set(city.store.digests()))
        if not was_killed:
            break
    assert at > 5
