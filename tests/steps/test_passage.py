"""Texts on their way through the packages of a route: forms, alignments, and what goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from threading import enumerate as threads

import pytest

from tests.fake_engine import package_ref
from workflow.model import Hypothesis, PackageRef, Route, Traits
from workflow.ports import Hypotheses
from workflow.steps import passage
from workflow.steps.decode import ahead

EN_ES, ES_PT = package_ref("en", "es"), package_ref("es", "pt")
PIVOT = Route((EN_ES, ES_PT))


@dataclass
class Told:
    """Answers that are written down, by package and text as it is sent; one part for each text."""

    answers: Mapping[tuple[PackageRef, str], Hypotheses]
    known: Mapping[PackageRef, Traits] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, package: PackageRef, texts: Sequence[str]) -> Iterator[Mapping[str, Hypotheses]]:
        self.asked += texts
        for text in texts:
            if (package, text) in self.answers:
                yield {text: self.answers[package, text]}

    def traits(self, package: PackageRef) -> Traits:
        return self.known.get(package, Traits())

    def detour(self, _route: Route) -> Route | None:
        return None


def said(*texts: str, alignment: tuple[int, ...] | None = None) -> Hypotheses:
    return tuple(Hypothesis(text, alignment=alignment) for text in texts)


def test_each_hop_gets_tokens_in_its_own_form() -> None:
    told = Told(
        {(EN_ES, "Call {1}."): said("Llame a {1}."), (ES_PT, "Llame a X1X."): said("Ligue X1X.")},
        {EN_ES: Traits(("braces",)), ES_PT: Traits(("letters",))},
    )
    assert passage.along(told, PIVOT, ["Call ⟦1⟧."])["Call ⟦1⟧."][0].text == "Ligue ⟦1⟧."


def test_of_the_first_hop_the_answer_goes_on_that_lost_nothing() -> None:
    told = Told(
        {
            (EN_ES, "Bus 7, ⟦1⟧."): said("Autobús 7.", "Autobús 9, ⟦1⟧.", "El 7, ⟦1⟧."),
            (ES_PT, "El 7, ⟦1⟧."): said("O 7, ⟦1⟧."),
        }
    )
    assert passage.along(told, PIVOT, ["Bus 7, ⟦1⟧."])["Bus 7, ⟦1⟧."][0].text == "O 7, ⟦1⟧."


def test_the_alignments_of_two_hops_lead_to_the_first_source() -> None:
    told = Told(
        {
            (EN_ES, "one two"): said("dos uno", alignment=(1, 0)),
            (ES_PT, "dos uno"): said("um dois e", alignment=(1, 0, -1)),
        }
    )
    assert passage.along(told, PIVOT, ["one two"])["one two"][0].alignment == (0, 1, -1)


def test_without_the_alignment_of_one_hop_there_is_none() -> None:
    told = Told(
        {
            (EN_ES, "one two"): said("dos uno"),
            (ES_PT, "dos uno"): said("um dois", alignment=(1, 0)),
        }
    )
    assert passage.along(told, PIVOT, ["one two"])["one two"][0].alignment is None


def test_a_text_that_is_not_answered_yet_is_left_out() -> None:
    told = Told({(EN_ES, "a"): said("b")})
    assert passage.along(told, Route((EN_ES,)), ["a", "c"]).keys() == {"a"}
    assert passage.along(told, PIVOT, ["a", "c"]) == {}
    assert told.asked == ["a", "c", "a", "c", "b"]


def test_answers_flow_part_by_part() -> None:
    told = Told({(EN_ES, "a"): said("1"), (EN_ES, "b"): said("2")})
    parts = list(passage.flow(told, Route((EN_ES,)), ["a", "b", ""]))
    assert [sorted(part) for part in parts] == [[""], ["a"], ["b"]]


def test_a_route_is_trusted_as_far_as_its_worst_package() -> None:
    told = Told({}, {EN_ES: Traits(alignment=0.99), ES_PT: Traits(alignment=0.5)})
    assert passage.aligns(told, Route((EN_ES,)))
    assert not passage.aligns(told, PIVOT)
    told = Told({}, {EN_ES: Traits(("braces", "square")), ES_PT: Traits(())})
    assert passage.keeps_tokens(told, Route((EN_ES,)))
    assert not passage.keeps_tokens(told, PIVOT)
    assert passage.has_another_form(told, PIVOT)


def test_the_next_part_is_made_while_the_last_one_is_used() -> None:
    made: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            yield number

    coming = ahead(parts(), Event())
    assert next(coming) == 0
    assert list(coming) == [1, 2, 3]
    assert made == [0, 1, 2, 3]


def test_what_making_a_part_raises_is_raised_where_it_is_used() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise LookupError("gone")

    coming = ahead(parts(), Event())
    assert next(coming) == 1
    with pytest.raises(LookupError, match="gone"):
        next(coming)


def test_whoever_stops_early_stops_the_making_and_leaves_no_thread() -> None:
    made: list[int] = []
    stopped = Event()

    def parts() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    coming = ahead(parts(), stopped)
    assert next(coming) == 0
    coming.close()  # type: ignore[attr-defined]
    assert stopped.is_set()
    assert len(made) < 5
    assert "decode" not in {thread.name for thread in threads()}
