"""How the engine uses its decoder: bounded, pooled, shared by threads, not by processes."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import ctranslate2
import pytest

from benchmarks.random_package import TINY, build, sentences
from tests.folder_store import FolderStore
from workflow.adapters.argos import pooling
from workflow.adapters.argos.decoder import Answer, Result, Translator, load_translator
from workflow.adapters.argos.devices import usable_cores
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.sizes import LONGEST_INPUT, bound
from workflow.adapters.argos.tokenizers import open_tokenizer
from workflow.errors import PackageError
from workflow.model import DecodeParameters
from workflow.ports import Hypotheses

ROOT = Path(__file__).parents[3]
GREEDY = DecodeParameters(beam_size=1)


class Watched:
    """A translator that notes its batches and how many answers nobody has taken yet."""

    def __init__(self, inside: Translator) -> None:
        self.inside = inside
        self.sizes: list[int] = []
        self.longest: list[int] = []
        self.bounds: list[tuple[set[int], object]] = []
        self.asked: list[object] = []
        self.open = 0
        self.most_open = 0
        self.queued: list[int] = []

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        self.sizes.append(len(source))
        self.longest.append(max(len(pieces) for pieces in source))
        own = {bound(len(pieces)) for pieces in source}
        self.bounds.append((own, options["max_decoding_length"]))
        self.asked.append(options["num_hypotheses"])
        self.open += len(source)
        self.most_open = max(self.most_open, self.open)
        answers = self.inside.translate_batch(source, **options)
        number = len(self.sizes) - 1
        return [
            WatchedAnswer(self, one, number if not at else -1) for at, one in enumerate(answers)
        ]


class WatchedAnswer:
    """`first_of` is the number of the batch whose first answer this is, else -1."""

    def __init__(self, by: Watched, answer: Answer, first_of: int) -> None:
        self.by = by
        self.answer = answer
        self.first_of = first_of

    def result(self) -> Result:
        self.by.open -= 1
        if self.first_of >= 0:
            self.by.queued.append(len(self.by.sizes) - self.first_of - 1)
        return self.answer.result()


@dataclass(frozen=True, slots=True)
class Canned:
    """A translator that gives one answer, whatever it is asked: pieces for each hypothesis."""

    hypotheses: list[list[str]]
    scores: list[float]
    attention: list[list[list[float]]] = field(default_factory=list)

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        del options
        return [self for _ in source]

    def result(self) -> Result:
        return self


class Refusing:
    """A translator of a model that loads but cannot decode."""

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        del options
        return [self for _ in source]

    def result(self) -> Result:
        raise RuntimeError("no position encodings beyond 32")


def translated(
    engine: ArgosEngine, store: FolderStore, texts: list[str], parameters: DecodeParameters = GREEDY
) -> list[Hypotheses]:
    return engine.translate(store.ref("en", "es"), texts, parameters, lambda _: None)


def watched(packages: Path) -> tuple[ArgosEngine, FolderStore, list[Watched]]:
    loaded: list[Watched] = []

    def load(model: Path, replicas: int) -> Watched:
        loaded.append(Watched(load_translator(model, replicas)))
        return loaded[-1]

    store = FolderStore(packages)
    return ArgosEngine(store, replicas=2, load=load), store, loaded


def test_a_segment_of_10000_words_ends_and_keeps_every_part(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    text = " ".join(sentences(720, seed=3, longest=28))
    assert len(text.split()) > 10_000
    ((only,),) = translated(engine, store, [text])
    assert max(loaded[0].longest) <= LONGEST_INPUT
    assert sum(loaded[0].sizes) > 100
    assert only.text.count(" ") >= sum(loaded[0].sizes) - 1


def test_equal_segments_are_decoded_once(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    translated(engine, store, ["Bote fuga.", "Mana."] * 20)
    assert sum(loaded[0].sizes) == 2


def test_batches_are_bounded_and_few_are_under_way(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "POOL", 30)
    engine, store, loaded = watched(packages)
    texts = [f"{text} {number}" for number, text in enumerate(sentences(60, seed=2, longest=3))]
    found = translated(engine, store, texts, DecodeParameters())
    assert len(found) == len(texts)
    assert max(loaded[0].sizes) <= 12
    assert loaded[0].most_open <= 12 * (pooling.WAITING * 2 + 1)


def test_while_answers_are_read_two_batches_wait_for_each_replica(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "POOL", 50)
    engine, store, loaded = watched(packages)
    texts = [f"{text} {number}" for number, text in enumerate(sentences(300, seed=2, longest=3))]
    translated(engine, store, texts, DecodeParameters())
    at_work = pooling.WAITING * 2
    assert len(loaded[0].sizes) > 20
    assert loaded[0].queued == [at_work] * (len(loaded[0].sizes) - at_work) + [3, 2, 1, 0]


def test_few_segments_are_shared_among_the_replicas(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    translated(engine, store, sentences(6, seed=2, longest=2))
    assert loaded[0].sizes == [3, 3]


def test_a_batch_is_bounded_by_the_class_of_all_its_segments(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    texts = [*sentences(60, seed=8, longest=20), *sentences(2, seed=9, longest=50)]
    translated(engine, store, texts)
    assert {given for _, given in loaded[0].bounds} == {48, 112, 192, 256}
    assert all(own == {given} for own, given in loaded[0].bounds)


def test_a_model_that_never_stops_gives_no_answer_and_costs_what_the_segment_may(
    tmp_path: Path,
) -> None:
    build(tmp_path / "en_es", shape=replace(TINY, ending=-1000.0))
    store = FolderStore(tmp_path)
    engine = ArgosEngine(store, replicas=1)
    found = translated(engine, store, ["Bote fuga."], DecodeParameters(num_hypotheses=4))
    ((only,),) = found
    assert (only.text, only.alignment, only.spread) == ("", None, None)
    assert only.score < 0
    assert translated(engine, store, [" ".join(sentences(40, seed=3))])[0][0].text == ""


FOUR = DecodeParameters(num_hypotheses=4)


def canned(
    packages: Path, parameters: DecodeParameters = FOUR, **answer: list[float] | list[list[str]]
) -> Hypotheses:
    store = FolderStore(packages)
    engine = ArgosEngine(store, replicas=1, load=lambda *_: Canned(**answer))  # type: ignore[arg-type]
    return translated(engine, store, ["Bote."], parameters)[0]


def test_a_hypothesis_that_was_cut_is_left_out_where_others_ended(packages: Path) -> None:
    short, cut = ["\u2581bo", "te"], ["\u2581bo"] * 48
    found = canned(packages, hypotheses=[cut, short, cut, short], scores=[-1.0, -2.0, -3.0, -4.0])
    assert [one.text for one in found] == ["bote"] * 2
    assert found[0].spread == found[0].score - found[1].score
    assert len(canned(packages, hypotheses=[cut[1:], short], scores=[-1.0, -2.0])) == 2


def test_what_is_left_of_the_beam_takes_the_place_of_what_was_cut(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    translated(engine, store, ["Bote."], DecodeParameters(beam_size=4, num_hypotheses=1))
    assert loaded[0].asked == [4]
    short, cut = ["\u2581bo", "te"], ["\u2581bo"] * 48
    parameters = DecodeParameters(num_hypotheses=1)
    (only,) = canned(packages, parameters, hypotheses=[cut, short, short], scores=[-1.0] * 3)
    assert only.text == "bote"


def test_if_all_hypotheses_were_cut_there_is_no_text(packages: Path) -> None:
    found = canned(packages, hypotheses=[["\u2581bo"] * 48] * 2, scores=[-1.0, -2.0])
    assert [one.text for one in found] == [""]


def test_the_score_is_the_mean_log_probability_of_a_target_piece(packages: Path) -> None:
    store = FolderStore(packages)
    engine = ArgosEngine(store, replicas=1)
    texts = sentences(8, seed=4, longest=6)
    found = translated(engine, store, texts, DecodeParameters())
    model = str(packages / "en_es" / "model")
    translator = ctranslate2.Translator(model, intra_threads=1, compute_type="auto")
    tokenizer = open_tokenizer(packages / "en_es", store.ref("en", "es"))
    for text, (best,) in zip(texts, found, strict=True):
        pieces = tokenizer.encode(text)
        output = translator.translate_batch([pieces], beam_size=4, length_penalty=0.2)[0]
        scored = translator.score_batch([pieces], output.hypotheses)[0].log_probs
        assert best.score == pytest.approx(sum(scored) / len(scored), abs=0.02)


def test_unknown_text_is_fallback_and_known_text_is_not(packages: Path) -> None:
    store = FolderStore(packages)
    found = translated(ArgosEngine(store, replicas=1), store, ["Bote fuga.", "漢字かな"])
    assert found[0][0].fallback == 0
    assert found[1][0].fallback > 0.9


def test_a_prefix_that_the_tokenizer_spoils_does_not_stay_in_the_text(tmp_path: Path) -> None:
    build(tmp_path / "en_es", target_prefix="__es__")
    store = FolderStore(tmp_path)
    found = translated(ArgosEngine(store, replicas=1), store, ["Bote fuga.", ""])
    assert not any(best.text.strip().startswith("es ") for (best,) in found)
    assert not found[1][0].text


def test_a_model_that_cannot_decode_is_a_package_error(packages: Path) -> None:
    store = FolderStore(packages)
    engine = ArgosEngine(store, replicas=1, load=lambda *_: Refusing())
    with pytest.raises(PackageError, match=r"en_es@1\.0 cannot decode"):
        translated(engine, store, ["Bote."])


def test_many_threads_share_one_loaded_model(packages: Path) -> None:
    engine, store, loaded = watched(packages)
    texts = sentences(12, seed=2, longest=4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: translated(engine, store, texts), range(8)))
    assert len(loaded) == 1
    assert all(answer == answers[0] for answer in answers)


def test_the_default_is_a_replica_for_each_core(packages: Path) -> None:
    asked: list[int] = []

    def load(model: Path, replicas: int) -> Translator:
        asked.append(replicas)
        return load_translator(model, replicas)

    store = FolderStore(packages)
    translated(ArgosEngine(store, load=load), store, ["Bote."])
    assert asked == [usable_cores()]


def run(script: str, home: Path) -> str:
    environment = {"HOME": str(home), "PATH": ""}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_importing_the_engine_loads_no_heavy_library(tmp_path: Path) -> None:
    script = """
        import sys
        import workflow.adapters.argos.engine
        heavy = {"ctranslate2", "numpy", "argostranslate", "sentencepiece"}
        print(sorted(heavy & set(sys.modules)))
    """
    assert run(script, tmp_path).strip() == "[]"


FORKING = """
    import os, signal, sys
    from pathlib import Path
    from workflow.adapters.argos.engine import ArgosEngine
    from workflow.model import DecodeParameters, PackageRef
    from workflow.ports import InstalledPackage

    ref = PackageRef("en", "es", "1.0", "0" * 64)

    class Store:
        def installed(self):
            return (InstalledPackage(ref, Path(FOLDER)),)

        def verify(self, package):
            pass

    engine = ArgosEngine(Store(), replicas=2)

    def decode():
        return engine.translate(ref, ["Bote."], DecodeParameters(), lambda _: None)[0][0].text

    first = decode()
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(0 if decode() == first else 1)
    print(os.waitpid(child, 0)[1], os.environ["OMP_NUM_THREADS"])
"""


def test_a_forked_child_loads_its_own_model_and_no_folder_appears_at_home(
    packages: Path, tmp_path: Path
) -> None:
    script = FORKING.replace("FOLDER", repr(str(packages / "en_es")))
    assert run(script, tmp_path).split() == ["0", "1"]
    assert list(tmp_path.iterdir()) == []
