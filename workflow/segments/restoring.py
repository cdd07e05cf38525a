"""The way back: tokens become what they stand for again, or findings say why they cannot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.model import Diagnostic, Severity
from workflow.segments.parts import Piece, Protected
from workflow.segments.spacing import spaced
from workflow.segments.tokens import TOKEN

_STRAY = re.compile("[⟦⟧]")
_TRAILING_OPENERS = re.compile(r"(?<![\s(\[«\u201c\u201e\"¿¡])[\s(\[«\u201c\u201e\"¿¡]*$")
_LEADING_MARKS = re.compile(r"[\s.,;:!?)\]…،؛؟»”]*")


@dataclass(frozen=True, slots=True)
class Restored:
    """The text with its pieces back in place; None, with findings, if that cannot be done."""

    text: str | None
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a segment between two tokens: words to translate alone, or text to copy."""

    text: str
    translate: bool


def restore(protected: Protected, answer: str) -> Restored:
    """The engine's answer with every piece back, if each token is there once and spans nest."""
    cut = TOKEN.split(answer.strip())
    words, numbers = cut[::2], [int(number) for number in cut[1::2]]
    findings = tuple(_findings(protected.pieces, words, numbers))
    if findings:
        return Restored(None, findings)
    pieces = [protected.pieces[number - 1] for number in numbers]
    fitted = spaced(protected.text, words, numbers, pieces)
    raws = [*(piece.raw for piece in pieces), ""]
    return Restored("".join(f"{word}{raw}" for word, raw in zip(fitted, raws, strict=True)))


def _findings(
    pieces: Sequence[Piece], words: Sequence[str], numbers: Sequence[int]
) -> Iterator[Diagnostic]:
    counts = Counter(numbers)
    for number in sorted({*counts, *range(1, len(pieces) + 1)}):
        raw = pieces[number - 1].raw if 0 < number <= len(pieces) else ""
        if not raw:
            yield _finding("token-unknown", f"⟦{number}⟧ stands for nothing")
        elif counts[number] != 1:
            yield _finding("token-lost", f"{raw!r} is there {counts[number]} times, not once")
    if any(_STRAY.search(word) for word in words):
        yield _finding("token-damaged", "a token bracket is left over")
    if all(0 < number <= len(pieces) for number in numbers):
        yield from _nesting([pieces[number - 1] for number in numbers], words)


def _nesting(pieces: Sequence[Piece], words: Sequence[str]) -> Iterator[Diagnostic]:
    still_open: list[tuple[int, int]] = []
    for position, piece in enumerate(pieces):
        if piece.kind == "open":
            still_open.append((piece.pair, position))
        elif piece.kind == "close":
            pair, start = still_open.pop() if still_open else (0, position)
            if pair != piece.pair:
                yield _finding("token-order", f"{piece.raw!r} closes what is not open")
                return
            if not "".join(words[start + 1 : position + 1]).strip() and position == start + 1:
                yield _finding("token-empty", f"nothing stands before {piece.raw!r}")


def _finding(check: str, message: str) -> Diagnostic:
    return Diagnostic(check, Severity.ERROR, message)


def apart(protected: Protected) -> tuple[Stretch, ...]:
    """The segment in stretches, for an engine that loses tokens: each piece survives by itself.

    Blanks, and marks at the start of a stretch, are not sent.
    """
    cut = TOKEN.split(protected.text)
    stretches: list[Stretch] = []
    for word, number in zip(cut[::2], [*cut[1::2], ""], strict=True):
        stretches.extend(_stretches(word))
        if number:
            stretches.append(Stretch(protected.pieces[int(number) - 1].raw, translate=False))
    return tuple(stretch for stretch in stretches if stretch.text)


def _stretches(words: str) -> Iterator[Stretch]:
    found = _LEADING_MARKS.match(words)
    start = found.end() if found else 0
    opened = _TRAILING_OPENERS.search(words)
    end = max(start, opened.start() if opened else len(words))
    yield Stretch(words[:start], translate=False)
    yield Stretch(words[start:end], translate=any(map(str.isalpha, words[start:end])))
    yield Stretch(words[end:], translate=False)


def assembled(stretches: Sequence[Stretch], answers: Sequence[str]) -> str:
    """The segment from its stretches and one answer for each that was to be translated."""
    following = iter(answers)
    return "".join(
        next(following).strip() if stretch.translate else stretch.text for stretch in stretches
    )
