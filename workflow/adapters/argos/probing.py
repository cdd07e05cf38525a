"""What a package keeps: forms of tokens and the words that its attention aligns, found by trying.

Demo packages have learnt tokens; an ordinary Argos package has not, and may lose `⟦1⟧` where it
copies `{1}`. So a package is asked, once, when it is installed (docs/packages.md).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.adapters.argos.devices import usable_cores
from workflow.adapters.argos.heap import give_back, share_one
from workflow.adapters.argos.probetexts import Anchored, Tokened, probe_texts, words_of
from workflow.adapters.argos.sizes import on_processor
from workflow.model import UNPROBED, DecodeParameters, Hypothesis, PackageRef, Traits
from workflow.ports import Hypotheses, InstalledPackage
from workflow.segments import FORMS, TokenForm
from workflow.segments.tokens import TOKEN

LEAST_KEPT = 0.8
"""The share of sentences from which a form counts as kept; what it loses is tried otherwise."""
LEAST_ANCHORS = 8
"""With fewer anchors than these in the answers, a share would be chance: it stays unknown."""
LONGEST_ANSWER = 64
"""Pieces; the demo packages need 30 at most. A model that does not stop is through in some seconds
then; with the engine's own bound it would take a minute at Argos' size."""
PARAMETERS = DecodeParameters()
"""A beam of 4, as in translation; greedy takes two thirds of its time and loses more tokens."""

if TYPE_CHECKING:
    from workflow.adapters.argos.decoder import Answer, Translator

Translate = Callable[[Sequence[str]], Sequence[Hypotheses]]


def probe(translate: Translate, source: str) -> Traits:
    """What a package from the language `source` (Argos' code) keeps; the default without sentences.

    `translate` is called once, with all sentences in all forms. A form is kept if `LEAST_KEPT` of
    the sentences come back with each token once; the best first, and none at all is possible.
    """
    texts = probe_texts(source)
    if not texts.tokened:
        return UNPROBED
    asked = [form.sent(each.text) for form in FORMS.values() for each in texts.tokened]
    answers = [best for best, *_ in translate(asked + [each.text for each in texts.anchored])]
    return Traits(
        _kept(texts.tokened, answers[: len(asked)]),
        _aligned(texts.anchored, answers[len(asked) :]),
    )


def _kept(sentences: Sequence[Tokened], answers: Sequence[Hypothesis]) -> tuple[str, ...]:
    following = iter(answers)
    shares = {
        name: sum(_is_whole(form, each, next(following)) for each in sentences) / len(sentences)
        for name, form in FORMS.items()
    }
    kept = [name for name, share in shares.items() if share >= LEAST_KEPT]
    return tuple(sorted(kept, key=lambda name: -shares[name]))


def _is_whole(form: TokenForm, sentence: Tokened, answer: Hypothesis) -> bool:
    """Whether each token is there once, and nothing is left over of any."""
    parts = TOKEN.split(form.received(answer.text)[0])
    whole = Counter(parts[1::2]) == Counter(str(number + 1) for number in range(sentence.count))
    return whole and not any("⟦" in words or "⟧" in words for words in parts[::2])


def _aligned(sentences: Sequence[Anchored], answers: Sequence[Hypothesis]) -> float | None:
    """The share of anchors found once in an answer whose attention rests on their source word."""
    judged = [
        right
        for each, answer in zip(sentences, answers, strict=True)
        for right in _judged(each, answer)
    ]
    return round(sum(judged) / len(judged), 2) if len(judged) >= LEAST_ANCHORS else None


def _judged(sentence: Anchored, answer: Hypothesis) -> Iterator[bool]:
    words = words_of(answer.text)
    if answer.alignment is None or len(answer.alignment) != len(words):
        return
    for place, anchor in sentence.anchors:
        if words.count(anchor) == 1:
            yield answer.alignment[words.index(anchor)] == place


class _Bounded:
    """A translator whose answers are short, whatever the decoder asks for."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        """Queue a batch; an answer has at most `LONGEST_ANSWER` pieces."""
        options["max_decoding_length"] = LONGEST_ANSWER
        return self._translator.translate_batch(source, **options)


def probe_package(folder: Path, ref: PackageRef) -> Traits:
    """Load the package in a folder on the processor, probe it, and drop it. Raises PackageError.

    An answer has at most `LONGEST_ANSWER` pieces, so this ends with any model.
    """
    try:
        return _loaded_and_probed(folder, ref)
    finally:
        give_back()


def _loaded_and_probed(folder: Path, ref: PackageRef) -> Traits:
    """CTranslate2 is imported here: that takes half a second, for an installation alone."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the engine sets it
    from workflow.adapters.argos.decoder import (  # noqa: PLC0415
        load_translator,
        open_decoder,
        refused,
    )
    from workflow.adapters.argos.pooling import translated  # noqa: PLC0415

    share_one()
    decoder = open_decoder(
        InstalledPackage(ref, folder),
        sizes=on_processor(usable_cores()),
        load=lambda model, replicas: _Bounded(load_translator(model, replicas)),
    )
    with refused(ref, "cannot decode"):
        return probe(lambda texts: translated(decoder, texts, PARAMETERS, _ignore), ref.source)


def _ignore(_done: int) -> None:
    """Nobody waits for so short a time."""
