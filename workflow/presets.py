"""Presets: how much a translation may cost, by a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from workflow.model import DecodeParameters

Preset = Literal["draft", "standard", "best"]

PRESETS: Mapping[Preset, DecodeParameters] = {
    "draft": DecodeParameters(beam_size=1, num_hypotheses=1),
    "standard": DecodeParameters(beam_size=4, num_hypotheses=4),
    "best": DecodeParameters(beam_size=8, num_hypotheses=8),
}
"""`draft` is greedy. `standard` is argostranslate's own beam; all that is in it is asked for, since
that costs no decoding: the checks may choose among four answers instead of taking the one. `best`
has a beam twice as wide."""


def parameters_of(
    preset: Preset, *, beam_size: int | None = None, length_penalty: float | None = None
) -> DecodeParameters:
    """How to decode by a preset; what is not None takes the place of what the preset says.

    With another beam there are as many hypotheses as it is wide, but where the preset has one.

    >>> parameters_of("standard", beam_size=2).key
    'b2n2p0.2u'
    >>> parameters_of("draft", beam_size=2).key
    'b2n1p0.2u'
    """
    chosen = PRESETS[preset]
    beam = beam_size or chosen.beam_size
    penalty = chosen.length_penalty if length_penalty is None else length_penalty
    return DecodeParameters(
        beam_size=beam,
        num_hypotheses=1 if chosen.num_hypotheses == 1 else beam,
        length_penalty=penalty,
        replace_unknowns=chosen.replace_unknowns,
    )
