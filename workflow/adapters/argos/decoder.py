"""One package in memory: segments' pieces in, hypotheses out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import ctranslate2

from workflow.adapters.argos.reading import source_vocabulary, target_prefix
from workflow.adapters.argos.signs import (
    Look,
    Target,
    fallback_share,
    letters_per_piece,
    looks,
    mean_score,
    spreads,
)
from workflow.adapters.argos.sizes import Sizes, bound
from workflow.adapters.argos.tokenizers import Tokenizer, open_tokenizer
from workflow.errors import PackageError, Place
from workflow.model import DecodeParameters, Hypothesis, PackageRef
from workflow.ports import Hypotheses, InstalledPackage


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
    sizes: Sizes

    def submit(
        self, batch: Sequence[Sequence[str]], parameters: DecodeParameters
    ) -> Sequence[Answer]:
        """Queue one batch of segments (as pieces); one answer to wait for each.

        The call is argostranslate's own, but that it does not wait, is not cut into smaller
        batches, asks for the attention (which `replace_unknowns` computes anyway), asks for all
        that is in the beam (which costs nothing), and bounds the answers by the length of the
        segments, which have to be of one class (`sizes.bound`). Blocks while CTranslate2's queue
        is full.
        """
        beam = max(parameters.num_hypotheses, parameters.beam_size)
        return self.translator.translate_batch(
            list(batch),
            target_prefix=[[self.prefix]] * len(batch) if self.prefix else None,
            asynchronous=True,
            replace_unknowns=parameters.replace_unknowns,
            beam_size=beam,
            num_hypotheses=beam,
            length_penalty=parameters.length_penalty,
            max_decoding_length=bound(max(map(len, batch))),
            return_scores=True,
            return_attention=True,
        )

    def collect(
        self,
        pieces: Sequence[str],
        answer: Answer,
        parameters: DecodeParameters,
        *,
        words: int | None = None,
    ) -> Hypotheses:
        """Wait for the answer to one segment: its hypotheses, best first, without those cut short.

        A hypothesis as long as its bound never came to its end (CTranslate2 counts the end, too):
        what it says is a part of something longer, so nobody shall choose it. The next one of the
        beam takes its place. If all are cut, there is one with an empty text, which is what the
        checks know as no answer, and the figures of the best. There is no alignment if the words
        of the pieces are not the `words` that the segment has between blanks. Raises PackageError
        if the model cannot decode the segment.
        """
        with refused(self.ref, "cannot decode"):
            result = answer.result()
        outputs, longest = result.hypotheses, bound(len(pieces))
        whole = [at for at, output in enumerate(outputs) if len(output) < longest]
        kept = whole[: parameters.num_hypotheses]
        found = self._hypotheses(pieces, result, kept or [0], parameters.length_penalty)
        if words is not None and words != len(self.tokenizer.word_starts(pieces)):
            found = tuple(replace(one, alignment=None) for one in found)
        return found if kept else (replace(found[0], text="", alignment=None),)

    def _hypotheses(
        self, pieces: Sequence[str], result: Result, kept: Sequence[int], penalty: float
    ) -> Hypotheses:
        """The hypotheses of these ranks."""
        given, starts = self._given, self.tokenizer.word_starts
        outputs, attention = result.hypotheses, result.attention
        answers = [outputs[rank][given:] for rank in kept]
        scores = [self._score(outputs[rank], result.scores[rank], penalty) for rank in kept]
        targets = [
            Target(attention[rank] if attention else [], starts(answer), len(answer), given)
            for rank, answer in zip(kept, answers, strict=True)
        ]
        seen = looks(targets, starts(pieces), len(pieces))
        texts = [self._text(outputs[rank]) for rank in kept]
        fallback, source = fallback_share(pieces, self.known), letters_per_piece(pieces)
        rows = zip(texts, scores, answers, seen, spreads(scores), strict=True)
        return tuple(
            Hypothesis(
                text=text,
                score=score,
                fallback=fallback,
                coverage=look.coverage,
                focus=look.focus,
                source_piece=source,
                target_piece=letters_per_piece(answer),
                spread=spread,
                alignment=_aligned(text, look),
            )
            for text, score, answer, look, spread in rows
        )

    @property
    def _given(self) -> int:
        return 1 if self.prefix else 0

    def _score(self, output: Sequence[str], score: float, penalty: float) -> float:
        return mean_score(score, pieces=len(output), given=self._given, penalty=penalty)

    def _text(self, output: Sequence[str]) -> str:
        """The text of an answer; the prefix and one leading space go, as in argostranslate.

        The one difference: of a prefix such as `__pt__` its tokenizer has made `  pt  `, which it
        then does not know again and leaves in the text.
        """
        text = self.tokenizer.decode(output)
        shown = self.prefix.replace("_", " ")
        return text.removeprefix(self.prefix).removeprefix(shown).removeprefix(" ")


def _aligned(text: str, look: Look) -> tuple[int, ...] | None:
    """By words between blanks; None if the pieces' words are not those of the text."""
    found = look.alignment
    return found if found and len(found) == len(text.split()) else None


def load_translator(model: Path, replicas: int, device: str = "cpu") -> Translator:
    """A CTranslate2 translator, on a processor with one thread for each of its replicas.

    More than one thread within a batch spins and collapses as soon as the machine has other work.
    The compute type is Argos' own choice: the fastest that model and device know.
    """
    translator: Translator = ctranslate2.Translator(
        str(model), device=device, inter_threads=replicas, intra_threads=1, compute_type="auto"
    )
    return translator


def open_decoder(package: InstalledPackage, *, sizes: Sizes, load: LoadTranslator) -> Decoder:
    """Load a package with its weights once for all replicas. Raises PackageError."""
    with refused(package.ref, "cannot be loaded", Place(path=str(package.folder))):
        return Decoder(
            ref=package.ref,
            translator=load(package.folder / "model", sizes.replicas),
            tokenizer=open_tokenizer(package.folder, package.ref),
            prefix=target_prefix(package.folder),
            known=source_vocabulary(package.folder),
            sizes=sizes,
        )


_FAULTS = (
    *(RuntimeError, ValueError, OSError, MemoryError),
    *(IndexError, KeyError, AssertionError),
)
"""What CTranslate2 and the tokenizers raise for files that are damaged, or made to do harm."""


@contextmanager
def refused(ref: PackageRef, what: str, place: Place | None = None) -> Iterator[None]:
    """Turn what a package's files make fail into an error that names it and the way out."""
    try:
        yield
    except _FAULTS as error:
        raise PackageError(
            f"package {ref.name} {what}: {str(error) or type(error).__name__}",
            fix=f"`polypress models install --replace` with the archive of {ref.name}",
            place=place,
        ) from error
