"""One package in memory: segments' pieces in, hypotheses out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import ctranslate2

from workflow.adapters.argos.reading import source_vocabulary, target_prefix
from workflow.adapters.argos.signs import (
    alignment,
    coverage_share,
    fallback_share,
    focus_share,
    letters_per_piece,
    mean_score,
    spreads,
)
from workflow.adapters.argos.tokenizers import Tokenizer, open_tokenizer
from workflow.errors import PackageError, Place
from workflow.model import DecodeParameters, Hypothesis, PackageRef
from workflow.ports import Hypotheses, InstalledPackage

LONGEST_OUTPUT = 256


class Result(Protocol):
    """CTranslate2's `TranslationResult`: one element for each hypothesis, best first."""

    hypotheses: list[list[str]]
    scores: list[float]
    attention: list[list[list[float]]]


class Answer(Protocol):
    """CTranslate2's `AsyncTranslationResult`."""

    def result(self) -> Result:
        """Wait for it; raises what decoding raised."""
        ...


class Translator(Protocol):
    """What is used of `ctranslate2.Translator`."""

    def translate_batch(
        self, source: Sequence[Sequence[str]], **options: object
    ) -> Sequence[Answer]:
        """Queue a batch (with `asynchronous=True`)."""
        ...


LoadTranslator = Callable[[Path, int], Translator]


@dataclass(frozen=True, slots=True)
class Decoder:
    """A loaded package; many threads may use it at once, nothing of it changes."""

    ref: PackageRef
    translator: Translator
    tokenizer: Tokenizer
    prefix: str
    known: frozenset[str]
    replicas: int

    def submit(
        self, batch: Sequence[Sequence[str]], parameters: DecodeParameters
    ) -> Sequence[Answer]:
        """Queue one batch of segments (as pieces); one answer to wait for each.

        The call is argostranslate's own, but that it does not wait, is not cut into smaller
        batches, and asks for the attention (which `replace_unknowns` computes anyway). Blocks while
        CTranslate2's queue is full.
        """
        return self.translator.translate_batch(
            list(batch),
            target_prefix=[[self.prefix]] * len(batch) if self.prefix else None,
            asynchronous=True,
            replace_unknowns=parameters.replace_unknowns,
            beam_size=max(parameters.num_hypotheses, parameters.beam_size),
            num_hypotheses=parameters.num_hypotheses,
            length_penalty=parameters.length_penalty,
            max_decoding_length=LONGEST_OUTPUT,
            return_scores=True,
            return_attention=True,
        )

    def collect(self, pieces: Sequence[str], answer: Answer, penalty: float) -> Hypotheses:
        """Wait for the answer to one segment. Raises PackageError if the model cannot decode it."""
        with refused(self.ref, "cannot decode"):
            result = answer.result()
        words = self.tokenizer.words(pieces)
        fallback = fallback_share(pieces, self.known)
        attention = result.attention or [[]] * len(result.hypotheses)
        scores = self._scores(result, penalty)
        texts = [self._text(output) for output in result.hypotheses]
        return tuple(
            Hypothesis(
                text=text,
                score=score,
                fallback=fallback,
                coverage=coverage_share(weights, words),
                focus=focus_share(weights, words),
                source_piece=letters_per_piece(pieces),
                target_piece=letters_per_piece(output[self._given :]),
                spread=spread,
                alignment=self._alignment(text, output, weights, words),
            )
            for text, output, score, weights, spread in zip(
                texts, result.hypotheses, scores, attention, spreads(scores), strict=True
            )
        )

    def _alignment(
        self,
        text: str,
        output: Sequence[str],
        weights: Sequence[Sequence[float]],
        words: Sequence[int],
    ) -> tuple[int, ...] | None:
        """By words between blanks; None if the pieces' words are not those of the text."""
        target = self.tokenizer.words(output[self._given :])
        found = alignment(weights[self._given :], words, target)
        return found if found and len(found) == len(text.split()) else None

    @property
    def _given(self) -> int:
        return 1 if self.prefix else 0

    def _scores(self, result: Result, penalty: float) -> list[float]:
        return [
            mean_score(score, pieces=len(output), given=self._given, penalty=penalty)
            for output, score in zip(result.hypotheses, result.scores, strict=True)
        ]

    def _text(self, output: Sequence[str]) -> str:
        """The text of an answer; the prefix and one leading space go, as in argostranslate.

        The one difference: of a prefix such as `__pt__` its tokenizer has made `  pt  `, which it
        then does not know again and leaves in the text.
        """
        text = self.tokenizer.decode(output)
        shown = self.prefix.replace("_", " ")
        return text.removeprefix(self.prefix).removeprefix(shown).removeprefix(" ")


def load_translator(model: Path, replicas: int) -> Translator:
    """A CTranslate2 translator on the processor, with one thread for each of its replicas.

    More than one thread within a batch spins and collapses as soon as the machine has other work.
    The compute type is Argos' own choice.
    """
    translator: Translator = ctranslate2.Translator(
        str(model), device="cpu", inter_threads=replicas, intra_threads=1, compute_type="auto"
    )
    return translator


def open_decoder(package: InstalledPackage, *, replicas: int, load: LoadTranslator) -> Decoder:
    """Load a package with its weights once for all `replicas`. Raises PackageError."""
    with refused(package.ref, "cannot be loaded", Place(path=str(package.folder))):
        return Decoder(
            ref=package.ref,
            translator=load(package.folder / "model", replicas),
            tokenizer=open_tokenizer(package.folder, package.ref),
            prefix=target_prefix(package.folder),
            known=source_vocabulary(package.folder),
            replicas=replicas,
        )


@contextmanager
def refused(ref: PackageRef, what: str, place: Place | None = None) -> Iterator[None]:
    """Turn CTranslate2's errors into one that names the package and the way out."""
    try:
        yield
    except (RuntimeError, ValueError, OSError) as error:
        raise PackageError(
            f"package {ref.name} {what}: {error}",
            fix=f"`polypress models install --replace` with the archive of {ref.name}",
            place=place,
        ) from error
