from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, package_ref
from tests.fake_memory import FakeSegmentCache
from tests.steps.project_for_tests import Place, place
from workflow.errors import PackageError
from workflow.model import Hypothesis, PackageRef, Route
from workflow.ports import Hypotheses
from workflow.steps import decode
from workflow.steps.decode import Decoding
from workflow.steps.passage import along
from workflow.steps.project import silent

EN_ES, ES_PT = package_ref("en", "es"), package_ref("es", "pt")
TO_ES, TO_PT = Route((EN_ES,)), Route((EN_ES, ES_PT))


@pytest.fixture
def city(tmp_path: Path) -> Place:
    engine = FakeEngine([EN_ES, ES_PT])
    return place(tmp_path, engine=engine).with_(cache=FakeSegmentCache())


def decoding(city: Place) -> Decoding:
    return Decoding(city.project, silent)


def text_of(answers: dict[str, Hypotheses]) -> dict[str, str]:
    return {text: answer[0].text for text, answer in answers.items()}


def test_each_text_is_decoded_once_and_counted(city: Place) -> None:
    run = decoding(city)
    assert text_of(along(run, TO_ES, ["b", "a", "b"])) == {"a": "es: a", "b": "es: b"}
    assert city.engine.decoded == ["a", "b"]
    assert (run.tally.decoded, run.tally.cached) == (2, 0)


def test_what_the_cache_knows_is_not_decoded(city: Place) -> None:
    along(decoding(city), TO_ES, ["a"])
    run = decoding(city)
    assert text_of(along(run, TO_ES, ["a", "c"])) == {"a": "es: a", "c": "es: c"}
    assert (run.tally.decoded, run.tally.cached) == (1, 1)
    assert city.engine.decoded == ["a", "c"]


def test_nothing_to_decode_asks_nobody(city: Place) -> None:
    assert along(decoding(city), TO_ES, []) == {}
    assert city.engine.decoded == []


def test_the_shortest_come_first_so_that_batches_are_even(city: Place) -> None:
    along(decoding(city), TO_ES, ["ccc", "a", "bb"])
    assert city.engine.decoded == ["a", "bb", "ccc"]


def test_a_pivot_pools_each_hop(city: Place) -> None:
    city.engine.answers.update({"one": "uno", "1": "uno"})
    assert text_of(along(decoding(city), TO_PT, ["one", "1"])) == {"one": "pt: uno", "1": "pt: uno"}
    assert city.engine.decoded == ["1", "one", "uno"]


def test_a_blank_answer_ends_the_chain_and_is_never_translated(city: Place) -> None:
    city.engine.answers.update({"one": " ", "": "invented", " ": "invented"})
    assert text_of(along(decoding(city), TO_PT, ["one", "two", ""])) == {
        "one": " ", "two": "pt: es: two", "": "",
    }  # fmt: skip


class Doubtful(FakeEngine):
    """Other figures for each package; the second measures no focus."""

    figures = {  # noqa: RUF012 - never changed
        "es": (-0.5, 0.3, 0.9, 0.7, 2.0, 3.5, 0.4),
        "pt": (-0.2, 0.1, 0.6, None, 2.5, 3.0, 0.6),
    }

    def _hypotheses(self, package: PackageRef, text: str, *_: object) -> Hypotheses:
        return (Hypothesis(f"{package.target}: {text}", *self.figures[package.target]),)


def test_the_figures_of_a_chain_are_its_worst(city: Place) -> None:
    doubtful = city.with_(engine=Doubtful([EN_ES, ES_PT]))
    (answer,) = along(decoding(doubtful), TO_PT, ["a"])["a"]
    assert (answer.score, answer.fallback, answer.coverage) == (-0.5, 0.3, 0.6)
    assert (answer.focus, answer.source_piece, answer.target_piece) == (0.7, 2.0, 3.0)
    assert answer.spread == 0.4


def test_a_long_run_is_kept_part_by_part(city: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "AT_ONCE", 2)
    told: list[tuple[str, int, int]] = []
    run = Decoding(city.project, lambda *what: told.append(what), "here")
    texts = ["a", "b", "c", "d", "e"]
    assert text_of(along(run, TO_ES, texts)) == {text: f"es: {text}" for text in texts}
    assert told == [("here", done, 5) for done in range(1, 6)]
    along(run, TO_ES, ["f"])
    assert told[-1] == ("here", 6, 6)


def test_a_kill_costs_one_part_at_most(city: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "AT_ONCE", 2)
    calls: list[int] = []

    def fails_later(*arguments: object) -> list[Hypotheses]:
        calls.append(1)
        if len(calls) == 2:
            raise PackageError("damaged", fix="install it")
        return FakeEngine.translate(city.engine, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(city.engine, "translate", fails_later)
    with pytest.raises(PackageError):
        along(decoding(city), TO_ES, ["a", "b", "c"])
    monkeypatch.undo()
    city.engine.decoded.clear()
    along(decoding(city), TO_ES, ["a", "b", "c"])
    assert city.engine.decoded == ["c"]


def test_other_parameters_are_another_question(city: Place) -> None:
    along(decoding(city), TO_ES, ["a"])
    greedy = replace(city.project.parameters, beam_size=1)
    assert along(decoding(city.with_(parameters=greedy)), TO_ES, ["a"])
    assert city.engine.decoded == ["a", "a"]
