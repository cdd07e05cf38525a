from __future__ import annotations

import pytest

from workflow.model import DecodeParameters
from workflow.presets import PRESETS, Preset, parameters_of


def test_standard_is_the_beam_of_argostranslate_with_all_that_is_in_it() -> None:
    assert parameters_of("standard") == DecodeParameters(beam_size=4, num_hypotheses=4)


def test_draft_is_greedy_and_best_is_wider_than_standard() -> None:
    draft, best = PRESETS["draft"], PRESETS["best"]
    assert (draft.beam_size, draft.num_hypotheses) == (1, 1)
    assert best.beam_size == best.num_hypotheses > PRESETS["standard"].beam_size


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_set_goes_before_the_preset(preset: Preset) -> None:
    assert parameters_of(preset) == PRESETS[preset]
    set_by_hand = parameters_of(preset, beam_size=3, length_penalty=0.0)
    assert (set_by_hand.beam_size, set_by_hand.length_penalty) == (3, 0.0)
    assert set_by_hand.num_hypotheses == (1 if preset == "draft" else 3)


def test_every_preset_has_a_key_of_its_own() -> None:
    assert len({parameters.key for parameters in PRESETS.values()}) == len(PRESETS)
