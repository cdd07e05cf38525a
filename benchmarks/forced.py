"""Output lengths forced to the source's, the same way for every program that decodes.

A random model does not know when to stop, and a benchmark has to decode as much as a real
translation would. CTranslate2 takes a minimal and a maximal length for each call, not for each
sentence; so every call is held to the length of its longest sentence. Programs that send one
sentence a call decode exactly the source's length; programs that send sorted batches decode a
little more than that, never less.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class ForcedLengths:
    """A `ctranslate2.Translator` whose outputs are as long as the longest source of their call."""

    def __init__(self, translator: Any) -> None:  # noqa: ANN401 - CTranslate2 has no types
        self._translator = translator

    def translate_batch(self, source: Sequence[Sequence[str]], **options: Any) -> Any:  # noqa: ANN401 - the same
        """Decode with the length of the longest source as minimal and maximal length."""
        longest = max([1, *(len(pieces) for pieces in source)])
        options |= {"min_decoding_length": longest, "max_decoding_length": longest}
        return self._translator.translate_batch(source, **options)


def forced(model: Path, replicas: int) -> ForcedLengths:
    """The translator as the engine loads it, but for the lengths."""
    from workflow.adapters.argos.decoder import load_translator  # noqa: PLC0415 - as the engine does

    return ForcedLengths(load_translator(model, replicas))
