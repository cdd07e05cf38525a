"""What a machine decodes on: its cores, or a CUDA card."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Literal

from workflow.errors import Place, SettingsError

AskedDevice = Literal["auto", "cpu", "cuda"]
Device = Literal["cpu", "cuda"]


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cuda_cards() -> int:
    """How many CUDA cards CTranslate2 sees."""
    import ctranslate2  # noqa: PLC0415 - half a second, for those that decode

    return int(ctranslate2.get_cuda_device_count())


def chosen(asked: AskedDevice, cards: Callable[[], int]) -> Device:
    """The device to decode on: a card if one is asked for, or is there and nobody minds.

    Raises SettingsError if a card is asked for and none is there.
    """
    if asked == "cpu":
        return "cpu"
    if cards():
        return "cuda"
    if asked == "cuda":
        raise SettingsError(
            "CTranslate2 sees no CUDA card here",
            fix='set it to "auto" or "cpu", or mend the driver (`nvidia-smi` has to show the card)',
            place=Place(key="engine.device"),
        )
    return "cpu"
