"""Which packages stay in memory: least recently used go, none under a running call."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.random_package import Shape, build
from tests.folder_store import FolderStore
from workflow.adapters.argos.decoder import Translator, load_translator
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.keeping import memory_of
from workflow.errors import PackageError
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import Hypotheses, InstalledPackage

ROOT = Path(__file__).parents[3]
GREEDY = DecodeParameters(beam_size=1)
TEXTS = ["Bote fuga.", "Mana cane.", "Lira, sotir: 12."]
NAMES = ("es", "ar", "pt")
TIMEOUT = 20


class Workplace:
    """An engine over three packages, which notes what it loads; `before` is called first."""

    def __init__(self, root: Path, *, room: int, before: Callable[[str], object] = str) -> None:
        self.store = FolderStore(root)
        refs = [package.ref for package in self.store.installed()]
        self.refs = {ref.target: ref for ref in refs}
        self.costs = {p.ref.target: memory_of(p.folder) for p in self.store.installed()}
        self.loads: list[str] = []
        self.before = before
        memory = room * max(self.costs.values())
        self.engine = ArgosEngine(self.store, replicas=1, memory=memory, load=self._load)

    def _load(self, model: Path, replicas: int) -> Translator:
        target = model.parent.name.removeprefix("en_").removeprefix("es_")
        self.before(target)
        self.loads.append(target)
        return load_translator(model, replicas)

    def use(
        self, target: str, progress: Callable[[int], None] = lambda _: None
    ) -> list[Hypotheses]:
        return self.engine.translate(self.refs[target], TEXTS, GREEDY, progress)

    def names(self) -> list[str]:
        return [ref.target for ref, _ in self.engine.loaded()]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(NAMES), max_size=8), st.integers(0, 3))
def test_the_most_recently_used_stay_in_the_order_of_use(
    packages: Path, asked: list[str], room: int
) -> None:
    place, expected, loads = Workplace(packages, room=room), list[str](), list[str]()
    for target in asked:
        place.use(target)
        loads += [target] * (target not in expected)
        expected = [*(name for name in expected if name != target), target][-max(1, room) :]
        assert place.names() == expected
    assert place.loads == loads


def test_what_is_loaded_is_told_with_its_bytes(packages: Path) -> None:
    place = Workplace(packages, room=3)
    assert place.engine.loaded() == ()
    place.use("es")
    assert place.engine.loaded() == ((place.refs["es"], place.costs["es"]),)
    assert place.costs["es"] > (packages / "en_es" / "model" / "model.bin").stat().st_size


def test_a_package_that_comes_back_gives_the_same_answers(packages: Path) -> None:
    place = Workplace(packages, room=1)
    first = place.use("es")
    place.use("ar")
    assert place.use("es") == first
    assert place.loads == ["es", "ar", "es"]


def test_a_package_in_use_is_not_dropped_and_goes_when_its_call_ends(packages: Path) -> None:
    place, begun, go_on = Workplace(packages, room=1), Event(), Event()

    def wait(count: int) -> None:
        del count
        begun.set()
        assert go_on.wait(TIMEOUT)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(place.use, "es", wait)
        assert begun.wait(TIMEOUT)
        place.use("ar")
        place.use("pt")
        assert place.names() == ["es", "pt"]
        go_on.set()
        assert running.result(TIMEOUT) == Workplace(packages, room=3).use("es")
    assert place.names() == ["pt"]


def test_many_threads_over_a_small_budget_get_the_answers_of_one(packages: Path) -> None:
    place = Workplace(packages, room=1)
    expected = {target: place.use(target) for target in NAMES}
    asked = [*NAMES, *reversed(NAMES)] * 6
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(place.use, asked)) == [expected[target] for target in asked]
    assert len(place.names()) == 1


def test_threads_that_ask_first_at_once_load_once(packages: Path) -> None:
    go_on = Event()
    place = Workplace(packages, room=3, before=lambda _: go_on.wait(TIMEOUT))
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(place.use, "es") for _ in range(4)]
        go_on.set()
        answers = [each.result(TIMEOUT) for each in asked]
    assert place.loads == ["es"]
    assert place.store.verified == ["en_es@1.0"]
    assert all(answer == answers[0] for answer in answers)


def test_loading_one_package_keeps_nobody_from_another(packages: Path) -> None:
    loading, go_on = Event(), Event()

    def slow(target: str) -> None:
        if target == "pt":
            loading.set()
            assert go_on.wait(TIMEOUT)

    place = Workplace(packages, room=3, before=slow)
    place.use("es")
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[list[Hypotheses]] = pool.submit(place.use, "pt")
        assert loading.wait(TIMEOUT)
        place.use("es")
        place.use("ar")
        assert place.names() == ["es", "ar"]
        assert not waiting.done()
        go_on.set()
        waiting.result(TIMEOUT)
    assert set(place.names()) == set(NAMES)


def test_a_package_that_cannot_be_loaded_leaves_nothing_and_drops_nothing(packages: Path) -> None:
    def refuse(target: str) -> None:
        if target == "ar":
            raise RuntimeError("no memory")

    place = Workplace(packages, room=3, before=refuse)
    place.use("es")
    with pytest.raises(PackageError, match="no memory"):
        place.use("ar")
    assert place.names() == ["es"]
    place.before = str
    assert place.use("ar")


def test_another_archive_of_the_same_version_is_refused_with_both_hashes(packages: Path) -> None:
    place = Workplace(packages, room=3)
    installed = place.refs["es"]
    other = PackageRef("en", "es", "1.0", "5eed" * 16)
    with pytest.raises(PackageError, match="another archive") as caught:
        place.engine.translate(other, TEXTS, GREEDY, lambda _: None)
    assert installed.sha256[:8] in caught.value.what
    assert "5eed5eed" in caught.value.what
    assert place.engine.loaded() == ()


def test_a_damaged_record_is_told_as_damage_and_not_as_another_archive(packages: Path) -> None:
    class Damaged(FolderStore):
        def installed(self) -> tuple[InstalledPackage, ...]:
            (first, *_) = super().installed()
            return (InstalledPackage(PackageRef("en", "ar", "1.0", ""), first.folder),)

    engine = ArgosEngine(Damaged(packages), replicas=1)
    with pytest.raises(PackageError, match="not what was installed"):
        engine.translate(PackageRef("en", "ar", "1.0", "0" * 64), TEXTS, GREEDY, lambda _: None)


def ran(script: str, folder: Path) -> list[str]:
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


PREPARED = """
import os, signal, sys
from pathlib import Path
import psutil
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import InstalledPackage

refs = {target: PackageRef("en", target, "1.0", "0" * 64) for target in ("es", "ar")}

class Store:
    def installed(self):
        root = Path(sys.argv[1])
        return tuple(InstalledPackage(ref, root / f"en_{to}") for to, ref in refs.items())

    def verify(self, package):
        pass

engine = ArgosEngine(Store(), replicas=1, memory=1)

def use(target):
    parameters = DecodeParameters(beam_size=1)
    return engine.translate(refs[target], ["Bote."], parameters, lambda _: None)
"""

FORKED = """
first, answers = use("es"), []
child = os.fork()
if not child:
    signal.alarm(20)
    empty = engine.loaded() == ()
    same = use("es") == first
    use("ar")
    os._exit(0 if empty and same and len(engine.loaded()) == 1 else 1)
print(os.waitpid(child, 0)[1], engine.loaded()[0][0].target)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_of_fork_loads_and_drops_its_own(packages: Path) -> None:
    assert ran(PREPARED + FORKED, packages) == ["0", "es"]


DROPPED = """
def grown():
    return psutil.Process().memory_info().rss // 2**20

use("ar")
small = grown()
use("es")
large = grown()
use("ar")
print(small, large, grown())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other heaps keep what is free")
def test_memory_goes_down_when_a_package_is_dropped(tmp_path: Path) -> None:
    big = Shape(layers=6, width=512, heads=8, inside=2048, pieces=400)
    build(tmp_path / "en_es", target="es", shape=big)
    build(tmp_path / "en_ar", target="ar")
    small, large, after = map(int, ran(PREPARED + DROPPED, tmp_path))
    taken = memory_of(tmp_path / "en_es") // 2**20
    assert large - small > 0.8 * taken > 30
    assert after - small < 0.25 * taken
