from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import decoding_sides, decoding_subjects
from benchmarks.decoding import REQUEST, Results
from benchmarks.decoding_report import LEAST, MOST, SAME_BATCHES, TOLD, figures, told, verdicts
from benchmarks.decoding_subjects import DEFAULTS, DRAFT, LOOP, ONE, PARAGRAPHS, POLYPRESS, REAL
from benchmarks.random_package import build, sentences
from benchmarks.reporting import RESULTS


def side(speed: float, outside: float = 0.1, peak: float = 100.0) -> dict[str, float]:
    return {"speed": speed, "outside": outside, "peak": peak}


SIDES = {
    POLYPRESS: side(40.0, outside=0.3, peak=120.0),
    DRAFT: side(90.0),
    SAME_BATCHES: side(41.0),
    f"{LOOP}, inter 1, intra 1": side(10.0),
    f"{LOOP}, inter 2, intra 1": side(8.0),
    DEFAULTS: side(20.0),
}
MEDIANS = {ONE: SIDES, PARAGRAPHS: SIDES, REAL: SIDES}


def test_figures_are_ratios_to_the_best_setting_of_the_other_side() -> None:
    values = figures(MEDIANS, 0.99)["figures"]
    assert list(values) == [*LEAST, *MOST, *TOLD]
    assert values["one sentence, beside the loop's best"] == pytest.approx(4)
    assert values["one sentence, beside the loop's defaults"] == pytest.approx(2)
    assert values["draft, beside the loop's best"] == pytest.approx(9)
    assert values["beside bare ctranslate2's best"] == pytest.approx(40 / 41)
    assert values["peak memory beside bare ctranslate2"] == pytest.approx(1.2)


def test_a_bar_is_met_or_missed_by_its_own_direction() -> None:
    met = verdicts(figures(MEDIANS, 0.99)["figures"])["met"]
    missed = {name for name, well in met.items() if not well}
    assert missed == {"one sentence, beside the loop's defaults", "demo package, identical texts"}


def test_medians_are_taken_by_side_and_what_is_identical_is_counted() -> None:
    results = Results({ONE: {POLYPRESS: [side(1.0), side(9.0), side(2.0)]}})
    results.texts[REAL] = {POLYPRESS: ["a", "b"], f"{LOOP}, inter 1, intra 1": ["a", "c"]}
    assert results.medians()[ONE][POLYPRESS]["speed"] == pytest.approx(2)
    assert results.identical(REAL) == pytest.approx(0.5)


def test_the_written_results_have_every_figure_and_met_their_bars() -> None:
    written: dict[str, Any] = json.loads((RESULTS / "decoding.json").read_text("utf-8"))
    assert [row[0] for row in told(written["figures"])] == [*LEAST, *MOST, *TOLD]
    assert verdicts(written["figures"]) == {key: written[key] for key in ("bars", "met")}
    assert all(written["met"].values())


def test_paragraphs_have_three_sentences_of_about_one_length() -> None:
    units = decoding_subjects.paragraphs(sentences(30, seed=1, longest=16))
    assert len(units) == 10
    for unit in units:
        lengths = [len(one) for one in unit.split(". ")]
        assert len(lengths) == 3
        assert max(lengths) - min(lengths) < 40


def test_real_sentences_are_all_different_and_enough() -> None:
    texts = decoding_subjects.real_sentences()
    assert len(texts) == len(set(texts)) > 150


def test_both_sides_of_ours_measure_time_and_memory(tmp_path: Path) -> None:
    folder = build(tmp_path / "en_es")
    texts = ["Bote fuga. Mana.", "Vebo."]
    request = REQUEST | {"folder": str(folder), "texts": texts, "replicas": 1, "runs": 2}
    ours = decoding_sides.polypress(request | {"units": True, "forced": True})
    bare = decoding_sides.bare(request | {"batch": 8})
    assert len(ours["texts"]) == 3
    assert len(ours["seconds"]) == len(bare["seconds"]) == 2
    assert min(ours["outside"], *ours["seconds"], *bare["seconds"]) > 0
    assert ours["peak"] > 20 * 2**20
