"""A segment cut at its clause marks, for an engine that loses its way in the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.segments.parts import Protected, translatable
from workflow.segments.restoring import Stretch
from workflow.segments.tokens import TOKEN

_CUT = re.compile(r"(?<!\s)\s*[,;:]\s+|(?<!\s)\s+[–—-]\s+|⟦\s*\d{1,3}\s*⟧")
_OF_TARGET = {language: {",": "،", ";": "؛"} for language in ("ar", "fa", "ur")}
_END = ".!?…。؟"
_ABBREVIATION = re.compile(r"\w\.\s?\w\.$")
_CAPITALS = frozenset({"de", "lb"})
"""Languages that write nouns with a capital: none is taken away."""


def clauses(protected: Protected, *, target: str) -> tuple[Stretch, ...]:
    """The clauses as stretches to translate, with the marks between them as those of `target`.

    Tokens stay in their clauses, and no span is parted. Empty if there are not two clauses at
    least.
    """
    stretches = tuple(_joined(protected.text, list(_cuts(protected)), target))
    several = sum(stretch.translate for stretch in stretches) > 1
    return stretches if several else ()


def _cuts(protected: Protected) -> Iterator[re.Match[str]]:
    """The clause marks that stand outside all spans."""
    depth = 0
    for found in _CUT.finditer(protected.text):
        token = TOKEN.fullmatch(found[0])
        if token:
            kind = protected.pieces[int(token[1]) - 1].kind
            depth += {"open": 1, "close": -1}.get(kind, 0)
        elif not depth:
            yield found


def _joined(text: str, cuts: list[re.Match[str]], target: str) -> Iterator[Stretch]:
    """What has no words of its own stays with what follows it, or is copied at the end."""
    start = 0
    for found in cuts:
        clause = text[start : found.start()]
        if translatable(clause) and translatable(text[found.end() :]):
            yield Stretch(clause, translate=True)
            yield Stretch(_mark(found[0], target), translate=False)
            start = found.end()
    yield Stretch(text[start:], translate=True)


def _mark(mark: str, target: str) -> str:
    of_target = _OF_TARGET.get(target, {})
    return "".join(of_target.get(character, character) for character in mark)


def as_clause(clause: str, answer: str, *, target: str) -> str:
    """The answer to a clause without the capital and the full stop that the clause has not."""
    bare = answer.strip()
    first = bare[:1].lower()
    if clause[:1].islower() and not bare[1:2].isupper() and target not in _CAPITALS:
        bare = f"{first}{bare[1:]}" if len(first) == 1 else bare
    ended = bare and bare[-1] in _END and clause.rstrip()[-1:] not in _END
    return bare.rstrip(_END) if ended and not _ABBREVIATION.search(bare) else bare
