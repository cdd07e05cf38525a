"""Small repairs of an answer where only one thing can be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflow.numbers import NUMBER, differences
from workflow.segments.clean import WORD
from workflow.segments.parts import Protected
from workflow.segments.tokens import TOKEN


def repaired(
    protected: Protected, answer: str, alignment: Sequence[int] | None = None
) -> str | None:
    """The answer with each token once and its one wrong number put right; None if nothing is.

    Of a token that stands there twice the first stays. A number is put right where just one of
    the source is missing, just one that it does not have stands there, both have as many digits,
    and the alignment says that one is the other: 3 million may well be 3,000,000.
    """
    mended = _each_once(answer)
    if mended == answer and alignment is not None:
        mended = _with_the_number(protected.text, answer, alignment)
    return None if mended == answer else mended


def _each_once(answer: str) -> str:
    seen: set[str] = set()

    def kept(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        return "" if again else found[0]

    text = TOKEN.sub(kept, answer)
    return " ".join(text.split()) if len(text) < len(answer) else answer


def _with_the_number(source: str, answer: str, alignment: Sequence[int]) -> str:
    bare_source, bare_answer = TOKEN.sub(_blanks, source), TOKEN.sub(_blanks, answer)
    lost, added = differences(bare_source, bare_answer)
    if len(lost) != 1 or len(added) != 1:
        return answer
    right, wrong = _only(lost[0], bare_source), _only(added[0], bare_answer)
    if right is None or wrong is None or len(right[0]) != len(wrong[0]):
        return answer
    here, there = _word_at(source, right), _word_at(answer, wrong)
    if not 0 <= there < len(alignment) or alignment[there] != here:
        return answer
    start, end = wrong.span()
    return f"{answer[:start]}{right[0]}{answer[end:]}"


def _only(value: str, text: str) -> re.Match[str] | None:
    """The one number of a text that has this value."""
    found = [one for one in NUMBER.finditer(text) if differences(one[0], "")[0] == [value]]
    return found[0] if len(found) == 1 else None


def _word_at(text: str, found: re.Match[str]) -> int:
    """The number of the word between blanks in which a match starts."""
    ends = (word.end() for word in WORD.finditer(text))
    return sum(end <= found.start() for end in ends)


def _blanks(found: re.Match[str]) -> str:
    """As long as the token, so that places in the text stay."""
    return " " * len(found[0])
