"""Many segments through one decoder: pooled, sorted, batched, and never all in memory at once."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workflow.adapters.argos.decoder import Answer, Decoder
from workflow.adapters.argos.sizes import EDGES, LONGEST_INPUT
from workflow.adapters.argos.stretches import Stretch, joined, stretches
from workflow.batching import plan
from workflow.model import DecodeParameters
from workflow.ports import Hypotheses

POOL = 2048
WAITING = 2


@dataclass(frozen=True, slots=True)
class _Part:
    """Stretch `number` of the `of` stretches of a text."""

    text: str
    number: int
    of: int
    stretch: Stretch


_Batch = list[_Part]


def translated(
    decoder: Decoder,
    segments: Sequence[str],
    parameters: DecodeParameters,
    progress: Callable[[int], None],
) -> list[Hypotheses]:
    """Hypotheses for each segment in the order given; equal segments are decoded once.

    `progress` gets the number of segments that have just got their hypotheses.
    """
    counts = Counter(segments)
    known: dict[str, Hypotheses] = {}
    for text, hypotheses in pooled(decoder, list(counts), parameters):
        known[text] = hypotheses
        progress(counts[text])
    return [known[text] for text in segments]


def pooled(
    decoder: Decoder, texts: Sequence[str], parameters: DecodeParameters
) -> Iterator[tuple[str, Hypotheses]]:
    """Each of the (different) texts with its hypotheses, in the order in which they get ready.

    Texts are sorted in pools of 2,048 and cut into batches by the decoder's `sizes`. Two batches
    for each replica are queued at any time, so that none waits while results are read or the next
    pool is cut into pieces.
    """
    unfinished: dict[str, dict[int, tuple[Stretch, Hypotheses]]] = {}
    for part, hypotheses in _decoded(decoder, _batches(decoder, texts, parameters), parameters):
        ready = unfinished.setdefault(part.text, {})
        ready[part.number] = (part.stretch, hypotheses)
        if len(ready) == part.of:
            yield part.text, joined([ready[number] for number in range(part.of)])
            del unfinished[part.text]


def _batches(
    decoder: Decoder, texts: Sequence[str], parameters: DecodeParameters
) -> Iterator[_Batch]:
    beam = max(parameters.beam_size, parameters.num_hypotheses)
    for pool in _pools(texts):
        parts = [part for text in pool for part in _parts(decoder, text)]
        largest = decoder.sizes.largest(beam, len(parts))
        lengths = [len(part.stretch.pieces) for part in parts]
        for batch in plan(lengths, budget=decoder.sizes.pieces, largest=largest, edges=EDGES):
            yield [parts[index] for index in batch]


def _pools(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while pool := list(islice(rest, POOL)):
        yield pool


def _parts(decoder: Decoder, text: str) -> list[_Part]:
    found = stretches(text, decoder.tokenizer.encode, limit=LONGEST_INPUT)
    return [_Part(text, number, len(found), stretch) for number, stretch in enumerate(found)]


def _decoded(
    decoder: Decoder, batches: Iterable[_Batch], parameters: DecodeParameters
) -> Iterator[tuple[_Part, Hypotheses]]:
    under_way: deque[tuple[_Batch, Sequence[Answer]]] = deque()
    for batch in batches:
        pieces = [part.stretch.pieces for part in batch]
        under_way.append((batch, decoder.submit(pieces, parameters)))
        if len(under_way) > WAITING * decoder.sizes.replicas:
            yield from _collected(decoder, *under_way.popleft(), parameters)
    while under_way:
        yield from _collected(decoder, *under_way.popleft(), parameters)


def _collected(
    decoder: Decoder, batch: _Batch, answers: Sequence[Answer], parameters: DecodeParameters
) -> Iterator[tuple[_Part, Hypotheses]]:
    for part, answer in zip(batch, answers, strict=True):
        words = len(part.text.split())
        yield part, decoder.collect(part.stretch.pieces, answer, parameters, words=words)
