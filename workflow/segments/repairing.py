"""Small repairs of an answer where only one thing can be meant."""

from __future__ import annotations

import re

from workflow.numbers import NUMBER, differences
from workflow.segments.parts import Protected
from workflow.segments.tokens import TOKEN


def repaired(protected: Protected, answer: str) -> str | None:
    """The answer with each token once and its one wrong number put right; None if nothing is.

    Of a token that stands there twice the first stays. A number is put right where just one of
    the source is missing and just one that it does not have stands there.
    """
    mended = _with_the_number(protected.text, _each_once(answer))
    return None if mended == answer else mended


def _each_once(answer: str) -> str:
    seen: set[str] = set()

    def kept(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        return "" if again else found[0]

    text = TOKEN.sub(kept, answer)
    return " ".join(text.split()) if len(text) < len(answer) else answer


def _with_the_number(source: str, answer: str) -> str:
    bare_source, bare_answer = TOKEN.sub(" ", source), TOKEN.sub(_blanks, answer)
    lost, added = differences(bare_source, bare_answer)
    if len(lost) != 1 or len(added) != 1:
        return answer
    right = [number for number in NUMBER.findall(bare_source) if _is(number, lost[0])]
    wrong = [found for found in NUMBER.finditer(bare_answer) if _is(found[0], added[0])]
    if not right or not wrong:
        return answer
    start, end = wrong[0].span()
    return answer[:start] + str(right[0]) + answer[end:]


def _blanks(found: re.Match[str]) -> str:
    """As long as the token, so that places in the text stay."""
    return " " * len(found[0])


def _is(number: str, value: str) -> bool:
    return differences(number, "")[0] == [value]
