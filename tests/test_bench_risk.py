from __future__ import annotations

import json
import math

import pytest

from benchmarks.chrf import chrf
from benchmarks.reporting import RESULTS
from benchmarks.risk import auc, recall
from benchmarks.risk_sets import DOMAINS, IN, MIX, OUT, Sample, bad_of, of_domain
from tools.demo_packages.notices import read_notices
from tools.demo_packages.recipe import PACKAGES
from workflow.model import Hypothesis


def sample(quality: float, domain: str = IN, half: int = 0) -> Sample:
    return Sample(domain, "Closed.", Hypothesis("Cerrado.", -quality), quality, half)


@pytest.mark.parametrize(
    ("text", "reference", "score"),
    [
        ("Closed today", "Closed today", 100.0),
        ("", "Closed", 0.0),
        ("abc", "xyz", 0.0),
        ("The pool is shut.", "The pool is closed.", 50.8764),
        ("El museo", "El museo cierra el lunes.", 27.9342),
    ],
)
def test_chrf_is_that_of_sacrebleu(text: str, reference: str, score: float) -> None:
    assert chrf(text, reference) == pytest.approx(score, abs=0.001)


def test_the_worst_fifth_is_bad_but_never_what_is_perfect() -> None:
    assert bad_of([sample(one) for one in (90, 10, 20, 30, 100)]) == (False, True) + (False,) * 3
    assert sum(bad_of([sample(100)] * 9 + [sample(50)])) == 1
    assert sum(bad_of([sample(100)] * 10)) == 0


def test_a_mix_is_everything_and_halves_part_it() -> None:
    every = [sample(1, IN, 0), sample(2, OUT, 1), sample(3, OUT, 0)]
    assert [len(of_domain(every, domain)) for domain in DOMAINS] == [1, 2, 3]
    assert [one.quality for one in of_domain(every, MIX, 0)] == [1, 3]


def test_auc_and_recall_of_a_right_a_wrong_and_a_blind_order() -> None:
    bad = (True, False, False, False, False, False, False, False, False, True)
    assert (auc(bad, bad), recall(bad, bad)) == (1.0, 1.0)
    wrong = [not one for one in bad]
    assert (auc(bad, wrong), recall(bad, wrong)) == (0.0, 0.0)
    assert auc(bad, [0.5] * 10) == 0.5
    assert math.isnan(auc([False], [0.1]))


def test_the_last_measurement_met_its_bar_where_that_can_be_met() -> None:
    report = json.loads((RESULTS / "risk.json").read_text("utf-8"))
    assert set(report["domains"]) == set(DOMAINS)
    assert report["met"][IN]
    assert report["met"][MIX]
    for pair in report["domains"][OUT].values():
        assert pair["held out"]["auc"] > pair["score only"]["auc"]


def test_what_is_measured_on_is_there() -> None:
    assert len(read_notices()) == 116
    assert len(list(PACKAGES.glob("*.argosmodel"))) == 3
