from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.model import Diagnostic, Hypothesis, Severity
from workflow.risk import (
    CHOSEN,
    SET,
    Features,
    features_of,
    raised,
    risk,
    signs,
    unit_risk,
)
from workflow.steps.settle import Rung

SURE = Features(score=-0.1, focus=0.8, source_piece=2.5, target_piece=2.5, length=40)
LOST = replace(SURE, score=-1.0)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
MAYBE = st.none() | NUMBERS
FEATURES = st.builds(
    Features,
    score=MAYBE,
    fallback=NUMBERS,
    coverage=NUMBERS,
    focus=MAYBE,
    source_piece=MAYBE,
    target_piece=MAYBE,
    spread=MAYBE,
    length=st.none() | st.integers(1, 10**6),
    length_ratio=st.none() | st.floats(0, 1e6),
    memory=MAYBE,
    rung=st.sampled_from([*Rung, "", "another"]),
)


def of(features: Features) -> float:
    told = risk(features)
    assert told is not None
    return told


@given(FEATURES)
def test_a_risk_is_a_share_or_unknown_whatever_was_measured(features: Features) -> None:
    told = risk(features)
    assert told is None or 0 <= told <= 1
    assert (told is None) == (features.score is None and features.memory is None)


def test_of_nothing_nothing_is_known() -> None:
    assert risk(None) is None
    assert risk(Features(length=12, length_ratio=1.0, rung="first answer")) is None
    assert unit_risk([]) is None
    assert unit_risk([None, None]) is None


def test_a_score_that_doubts_is_a_risk() -> None:
    doubts = [of(replace(SURE, score=-score)) for score in (0.0, 0.1, 0.2, 0.3, 0.4)]
    assert doubts == sorted(doubts)
    assert doubts[0] < 0.05
    assert doubts[-1] > 0.8


@pytest.mark.parametrize(
    "worse",
    [
        {"coverage": 0.5},
        {"focus": 0.4},
        {"source_piece": 1.5},
        {"target_piece": 1.5},
        {"length_ratio": 0.2},
        {"length": 10},
    ],
    ids=str,
)
def test_where_the_engine_is_lost_the_other_signs_count(worse: dict[str, float]) -> None:
    base = replace(LOST, length_ratio=1.0)
    assert of(replace(base, **worse)) > of(base) + 0.005  # type: ignore[arg-type]
    known = replace(SURE, length_ratio=1.0)
    assert of(replace(known, **worse)) == pytest.approx(of(known), abs=0.002)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "worse",
    [{"fallback": 0.3}, {"rung": Rung.APART}, {"memory": 0.1}],
    ids=str,
)
@pytest.mark.parametrize("base", [SURE, LOST], ids=["sure", "lost"])
def test_signs_set_by_hand_count_everywhere(base: Features, worse: dict[str, float]) -> None:
    assert of(replace(base, **worse)) > of(base)  # type: ignore[arg-type]


def test_a_second_best_close_by_is_a_risk() -> None:
    assert of(replace(SURE, spread=0.0)) > of(SURE) > of(replace(SURE, spread=0.8))


def test_every_way_down_the_ladder_is_riskier_than_the_one_before() -> None:
    ways = [of(replace(SURE, rung=rung)) for rung in (Rung.FIRST, Rung.LATER, Rung.NUMBERS)]
    assert ways == sorted(set(ways))
    assert of(replace(SURE, rung=Rung.APART)) > ways[-1]
    assert set(Rung) - set(SET) == {Rung.FIRST, Rung.NONE}


def test_every_sign_has_one_weight_and_is_measured_somewhere() -> None:
    assert not CHOSEN.keys() & SET.keys()
    full = replace(SURE, length_ratio=1.0, spread=0.1, memory=0.5, rung=Rung.LATER)
    others = {rung.value for rung in Rung} - {Rung.LATER.value}
    assert set(signs(full)) == (CHOSEN.keys() | SET.keys()) - others - {"errors", "warnings"}


def test_a_text_of_the_memory_is_as_risky_as_its_source_is_far() -> None:
    near, far = (of(features_of("Closed.", "Cerrado.", None, memory=like)) for like in (1.0, 0.7))
    assert near == pytest.approx(0.12, abs=0.005)
    assert far > 0.5


def test_a_hypothesis_gives_its_signs_to_the_features() -> None:
    said = Hypothesis("Cerrado.", -0.3, 0.1, 0.9, 0.7, 2.0, 3.0, 0.2)
    found = features_of("Shut.", "Cerrado.", said, rung=Rung.LATER)
    assert (found.score, found.fallback, found.coverage, found.focus) == (-0.3, 0.1, 0.9, 0.7)
    assert (found.source_piece, found.target_piece, found.spread) == (2.0, 3.0, 0.2)
    assert (found.length, found.length_ratio, found.rung) == (8, 8 / 5, "later answer")


def test_an_answer_from_an_old_cache_lacks_signs_and_has_a_risk_all_the_same() -> None:
    assert 0 < of(features_of("Shut.", "Cerrado.", Hypothesis("Cerrado.", -0.9))) < 1
    assert of(features_of("", "", Hypothesis("", 0.0))) < 0.1


def test_findings_raise_the_risk_of_a_unit_by_their_severity() -> None:
    bad, odd = (Diagnostic("number", one, "lost") for one in (Severity.ERROR, Severity.WARNING))
    risks = [raised(0.2, found) for found in ([], [odd], [odd, odd], [bad], [bad, odd])]
    assert risks[0] == 0.2
    assert risks == sorted(risks, key=lambda one: one or 0.0)
    assert len(set(risks)) == 5
    assert raised(0.2, [odd] * 3) == raised(0.2, [odd] * 99)
    assert raised(None, [bad]) is None
    assert raised(0.0, [bad]) == pytest.approx(0.09, abs=0.01)
    assert raised(1.0, [bad]) == pytest.approx(1.0, abs=0.01)


def test_a_units_risk_is_that_of_its_worst_segment_and_a_little_of_the_next() -> None:
    assert unit_risk([0.4]) == pytest.approx(0.4)
    assert unit_risk([0.1, 0.4, None]) == pytest.approx(1 - 0.6 * 0.95)
    assert unit_risk([0.1] * 50) == unit_risk([0.1] * 3)


@given(st.lists(st.none() | st.floats(0, 1), max_size=8))
def test_a_units_risk_is_at_least_its_worst_segments_and_order_does_not_matter(
    segments: list[float | None],
) -> None:
    told, known = unit_risk(segments), [one for one in segments if one is not None]
    assert told == unit_risk(segments[::-1])
    assert (told is None) == (not known)
    assert told is None or max(known) - 1e-9 <= told <= 1
