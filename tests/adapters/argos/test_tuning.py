"""What `models tune` tries and records, and how the engine uses it."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.random_package import sentences
from tests.faults import full_disk
from tests.folder_store import FolderStore
from workflow.adapters import files
from workflow.adapters.argos import tuner as tuner_module
from workflow.adapters.argos.decoder import Answer, Result
from workflow.adapters.argos.devices import Device, usable_cores
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.sizes import Sizes, bounded, on_card, on_processor
from workflow.adapters.argos.tuner import Finding, Tuner, batches, invented, others
from workflow.adapters.argos.tuning import Tuned, TuningFile
from workflow.errors import LockedError, OutsideError, SettingsError
from workflow.model import DecodeParameters, PackageRef

GREEDY = DecodeParameters(beam_size=1)
CORES = usable_cores()
LARGE = Sizes(CORES, rows=192, pieces=1536, segments=128)


@dataclass(slots=True)
class Machine:
    """A translator whose every batch takes `cost` seconds on a clock of its own."""

    cost: Callable[[int], float]
    now: float = 0.0
    replicas: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def load(self, _model: Path, replicas: int) -> Machine:
        self.replicas.append(replicas)
        return self

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        del options
        self.now += self.cost(len(source)) / self.replicas[-1]
        self.sizes.append(len(source))
        return [self for _ in source]

    def result(self) -> Result:
        return self  # type: ignore[return-value]

    hypotheses: list[list[str]] = field(default_factory=lambda: [["\u2581bo"]])
    scores: list[float] = field(default_factory=lambda: [-1.0])
    attention: list[list[list[float]]] = field(default_factory=list)


def tuned(ref: PackageRef, sizes: Sizes = LARGE, *, cores: int = CORES) -> Tuned:
    return Tuned(
        sha256=ref.sha256,
        device="cpu",
        cores=cores,
        replicas=sizes.replicas,
        rows=sizes.rows,
        pieces=sizes.pieces,
        segments=sizes.segments,
        pace=2.0,
        default_pace=1.0,
    )


@pytest.fixture
def store(packages: Path) -> FolderStore:
    return FolderStore(packages)


@pytest.fixture
def ref(store: FolderStore) -> PackageRef:
    return store.ref("en", "es")


@pytest.fixture
def file(tmp_path: Path) -> TuningFile:
    return TuningFile(tmp_path / "tuning.json")


def test_what_is_recorded_is_found_for_that_package_and_machine(
    file: TuningFile, store: FolderStore, ref: PackageRef
) -> None:
    assert file.sizes(ref, "cpu", CORES) is None
    file.record(tuned(store.ref("es", "pt"), Sizes(1)))
    file.record(tuned(ref, Sizes(1)))
    file.record(tuned(ref))
    assert file.sizes(ref, "cpu", CORES) == LARGE
    assert file.sizes(store.ref("es", "pt"), "cpu", CORES) == Sizes(1)


def test_the_order_of_findings_does_not_change_the_file(
    file: TuningFile, store: FolderStore, ref: PackageRef
) -> None:
    both = [tuned(ref), tuned(store.ref("es", "pt"))]
    for one in both:
        file.record(one)
    before = file.path.read_bytes()
    for one in reversed(both):
        file.record(one)
    assert file.path.read_bytes() == before


def test_what_was_found_for_other_cores_is_ignored_with_a_warning_and_stays(
    file: TuningFile, ref: PackageRef, caplog: pytest.LogCaptureFixture
) -> None:
    file.record(tuned(ref, cores=CORES + 1))
    assert file.sizes(ref, "cpu", CORES) is None
    assert "was tuned on another machine" in caplog.text
    file.record(tuned(ref, Sizes(1)))
    assert file.sizes(ref, "cpu", CORES + 1) == LARGE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"schema": "2", "tuned": []}',
        b'{"schema": 0, "tuned": []}',
        b'{"schema": 1, "tuned": [{"rows": 1}]}',
        b'{"schema": 1, "tuned": [], "more": 1}',
    ],
)
def test_a_damaged_file_is_ignored_with_a_warning_and_written_anew(
    file: TuningFile, ref: PackageRef, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    file.path.write_bytes(body)
    assert file.sizes(ref, "cpu", CORES) is None
    assert "damaged and ignored" in caplog.text
    file.record(tuned(ref))
    assert file.sizes(ref, "cpu", CORES) == LARGE


@pytest.mark.parametrize(
    ("key", "value"),
    [("rows", 0), ("rows", 10**9), ("replicas", 70_000), ("pieces", "1"), ("sha256", "x")],
)
def test_sizes_that_would_harm_are_damage(
    file: TuningFile, ref: PackageRef, key: str, value: object
) -> None:
    file.record(tuned(ref))
    told = json.loads(file.path.read_bytes())
    told["tuned"][0][key] = value
    file.path.write_text(json.dumps(told))
    assert file.sizes(ref, "cpu", CORES) is None


NEWER = b'{"schema": 2, "tuned": "in another way"}'
LONG = b'{"schema": 1, "tuned": []}' + b" " * 1_000_000


@pytest.mark.parametrize(
    ("body", "why"), [(NEWER, "a newer Polypress"), (LONG, "more than 1,000,000 bytes")]
)
def test_what_somebody_may_still_need_is_not_written_over(
    file: TuningFile, ref: PackageRef, caplog: pytest.LogCaptureFixture, body: bytes, why: str
) -> None:
    file.path.write_bytes(body)
    assert file.sizes(ref, "cpu", CORES) is None
    assert f"{why}" in caplog.text
    with pytest.raises(OutsideError, match=why) as caught:
        file.record(tuned(ref))
    assert "move the file away" in caught.value.fix
    assert file.path.read_bytes() == body


def test_what_is_no_plain_file_is_not_written_over(file: TuningFile, ref: PackageRef) -> None:
    file.path.symlink_to("elsewhere")
    with pytest.raises(OutsideError, match="cannot be read"):
        file.record(tuned(ref))
    assert file.path.is_symlink()


def test_a_finding_waits_for_an_installation_to_end(
    file: TuningFile, ref: PackageRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = file.path.parent / ".lock"
    monkeypatch.setitem(files.locked.__wrapped__.__kwdefaults__, "seconds", 0.01)
    with ThreadPoolExecutor() as threads:
        with files.locked(lock):
            recorded = threads.submit(file.record, tuned(ref))
            time.sleep(0.2)
            assert not recorded.done()
        recorded.result()
    assert file.sizes(ref, "cpu", CORES) == LARGE
    monkeypatch.setattr("workflow.adapters.argos.tuning.PATIENCE", 0.01)
    with files.locked(lock), pytest.raises(LockedError):
        file.record(tuned(ref))


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_no_file_can_ask_for_more_than_tuning_may_find(
    file: TuningFile, ref: PackageRef, device: Device
) -> None:
    default = on_card() if device == "cuda" else on_processor(CORES)
    greedy = tuned(ref, Sizes(200, rows=65_000, pieces=65_536, segments=65_000))
    file.record(greedy.model_copy(update={"device": device}))
    assert file.sizes(ref, device, CORES) == Sizes(
        default.replicas * 2,
        default.rows * 8,
        min(65_536, default.pieces * 8),
        default.segments * 8,
    )
    for shape in (default, *batches(default)):
        for sizes in (shape, *others(shape)):
            assert bounded(sizes, default) == sizes


def test_a_link_or_a_pipe_in_its_place_is_not_read(
    file: TuningFile, ref: PackageRef, tmp_path: Path
) -> None:
    file.record(tuned(ref))
    elsewhere = file.path.rename(tmp_path / "elsewhere")
    file.path.symlink_to(elsewhere)
    assert file.sizes(ref, "cpu", CORES) is None
    file.path.unlink()
    os.mkfifo(file.path)
    assert file.sizes(ref, "cpu", CORES) is None


def test_a_full_disk_leaves_the_old_file(file: TuningFile, ref: PackageRef) -> None:
    file.record(tuned(ref))
    with full_disk(10), pytest.raises(OutsideError):
        file.record(tuned(ref, Sizes(1)))
    assert file.sizes(ref, "cpu", CORES) == LARGE


# The engine.


def decoded(store: FolderStore, ref: PackageRef, machine: Machine, **more: object) -> list[int]:
    engine = ArgosEngine(store, load=machine.load, **more)  # type: ignore[arg-type]
    texts = [f"{text} {number}" for number, text in enumerate(sentences(300, seed=2, longest=3))]
    engine.translate(ref, texts, GREEDY, lambda _: None)
    return machine.sizes


def test_the_engine_decodes_with_what_was_tuned(
    file: TuningFile, store: FolderStore, ref: PackageRef
) -> None:
    file.record(tuned(ref, Sizes(CORES + 1, rows=7, pieces=5000, segments=7)))
    machine = Machine(float)
    assert max(decoded(store, ref, machine, tuning=file)) == 7
    assert machine.replicas == [CORES + 1]


def test_replicas_that_were_asked_for_go_before_tuned_ones(
    file: TuningFile, store: FolderStore, ref: PackageRef
) -> None:
    file.record(tuned(ref, Sizes(CORES + 1, rows=7, pieces=5000, segments=7)))
    machine = Machine(float)
    assert max(decoded(store, ref, machine, tuning=file, replicas=1)) == 7
    assert machine.replicas == [1]


def test_a_card_has_one_replica_and_large_batches(store: FolderStore, ref: PackageRef) -> None:
    machine = Machine(float)
    sizes = decoded(store, ref, machine, replicas=4, cards=lambda: 1)
    assert machine.replicas == [1]
    assert max(sizes) > 128


def test_a_machine_of_many_cores_is_tuned_as_well(
    store: FolderStore, ref: PackageRef, file: TuningFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuner_module, "usable_cores", lambda: 300)
    finding = tuning(store, file, Machine(lambda _: 30.0), monkeypatch, cards=lambda: 0)
    assert finding.best.replicas >= 300
    assert file.sizes(ref, "cpu", 300) == finding.best


def test_the_processor_is_taken_if_there_is_no_card_or_if_it_is_asked_for(
    store: FolderStore, ref: PackageRef
) -> None:
    for more in ({"cards": lambda: 0}, {"cards": lambda: 1, "device": "cpu"}):
        machine = Machine(float)
        assert max(decoded(store, ref, machine, **more)) <= 32
        assert machine.replicas == [CORES]


def test_a_card_that_is_asked_for_and_not_there_is_an_error_with_a_way_out(
    store: FolderStore, ref: PackageRef
) -> None:
    with pytest.raises(SettingsError, match="no CUDA card") as caught:
        decoded(store, ref, Machine(float), cards=lambda: 0, device="cuda")
    assert caught.value.place.key == "engine.device"
    assert '"auto"' in caught.value.fix


# Tuning.


def tuning(
    store: FolderStore,
    file: TuningFile,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    **more: object,
) -> Finding:
    monkeypatch.setattr(tuner_module.time, "perf_counter", lambda: machine.now)
    tuner = Tuner(store, file, GREEDY, load=machine.load, **more)  # type: ignore[arg-type]
    (package,) = (one for one in store.installed() if one.ref.target == "es")
    told: list[tuple[int, int]] = []
    texts = sentences(40, seed=3, longest=8)
    finding = tuner.tune(package, texts, 5, lambda done, of: told.append((done, of)))
    assert told[-1][0] <= told[-1][1]
    assert not file.path.exists()
    tuner.record(finding)
    return finding


def test_where_a_batch_costs_the_same_whatever_its_size_large_ones_are_chosen_and_recorded(
    store: FolderStore, ref: PackageRef, file: TuningFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = tuning(store, file, Machine(lambda _: 0.01), monkeypatch, cards=lambda: 0)
    assert finding.trials[0].sizes == on_processor(CORES)
    assert finding.best.rows == 192
    assert finding.gain > 1
    assert file.sizes(ref, "cpu", CORES) == finding.best


def test_what_is_within_three_percent_of_the_default_changes_nothing(
    store: FolderStore, ref: PackageRef, file: TuningFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(size: int) -> float:
        return size * (0.01 if size <= 32 else 0.0099)

    machine = Machine(cost)
    monkeypatch.setattr(tuner_module, "others", lambda _: ())
    finding = tuning(store, file, machine, monkeypatch, cards=lambda: 0)
    assert max(trial.pace for trial in finding.trials) > finding.trials[0].pace
    assert 0 < finding.gain < 0.03
    assert file.sizes(ref, "cpu", CORES) == finding.best == on_processor(CORES)


def test_a_sample_takes_about_its_share_of_the_seconds(
    store: FolderStore, file: TuningFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(lambda size: size * 0.002)
    tuning(store, file, machine, monkeypatch, cards=lambda: 0)
    assert 2 < machine.now < 12


def test_a_card_is_tried_with_its_own_sizes(
    store: FolderStore, ref: PackageRef, file: TuningFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = tuning(store, file, Machine(lambda _: 0.01), monkeypatch, cards=lambda: 1)
    assert finding.trials[0].sizes == on_card()
    assert file.sizes(ref, "cuda", CORES) == finding.best


def test_a_package_without_sentences_is_tried_with_words_of_its_vocabulary() -> None:
    known = frozenset({"\u2581pool", "\u2581the", "<unk>", "12", "s"})
    texts = list(itertools.islice(invented(known), 40))
    assert texts == list(itertools.islice(invented(known), 40))
    assert len(set(texts)) > 20
    words = {word for text in texts for word in text.lower().rstrip(".").split()}
    assert words == {"pool", "the", "s"}
    assert next(invented(frozenset())) == "A a a."


def test_a_real_package_is_tuned_and_decodes_the_same_afterwards(
    store: FolderStore, ref: PackageRef, file: TuningFile
) -> None:
    texts = sentences(10, seed=3, longest=5)

    def answers(**more: object) -> list[str]:
        engine = ArgosEngine(store, **more)  # type: ignore[arg-type]
        return [found[0].text for found in engine.translate(ref, texts, GREEDY, lambda _: None)]

    before = answers()
    tuner = Tuner(store, file, GREEDY)  # type: ignore[arg-type]
    (package,) = (one for one in store.installed() if one.ref == ref)
    finding = tuner.tune(package, texts, 0.2, lambda _done, _of: None)
    tuner.record(finding)
    assert all(trial.pace > 0 for trial in finding.trials)
    assert len({trial.sizes for trial in finding.trials}) == len(finding.trials)
    assert answers(tuning=file) == before
