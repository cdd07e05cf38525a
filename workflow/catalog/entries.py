"""Making entries: empty ones from units, drafts, withheld answers, approved texts, read-back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from workflow.catalog.facts import (
    FactsComment,
    comment_of,
    facts_of,
    persons_comments,
    safe_hash8,
    text_hash,
)
from workflow.model import Item, Message, Origin, Unit

LONGEST_WORD = 60_000
"""Characters without a blank: no line is folded within them, and lines of a file are bounded."""
_WORD = re.compile(rf"[^ \n]{{{LONGEST_WORD + 1}}}")
_UNFIT = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]|{_WORD.pattern}")


def holds_longer_word(text: str) -> bool:
    """Whether a text has more than `LONGEST_WORD` characters without a blank."""
    return len(text) > LONGEST_WORD and bool(_WORD.search(text))


def entry(unit: Unit, *, path: str = "", line: bool = False) -> Message:
    """The empty entry of a unit; `path` goes to `#:`, with `line` followed by the unit's line."""
    where = f"{path}:{unit.line}" if line and unit.line else path
    return Message(
        context=unit.context,
        source=unit.source,
        notes=_lines(unit.notes),
        references=tuple(filter(None, [" ".join(where.split())])),
    )


def template(items: Iterable[Item]) -> tuple[Message, ...]:
    """The entries of a `.pot`: one per context and msgid, with `path:line` of each occurrence."""
    found: dict[tuple[str | None, str], Message] = {}
    for item in items:
        for unit in item.units:
            new = entry(unit, path=item.path, line=True)
            old = found.get(new.key, new)
            references = tuple(dict.fromkeys(old.references + new.references))
            found[new.key] = replace(old, references=references)
    return tuple(found.values())


def draft(
    unit: Unit,
    text: str,
    *,
    kind: Origin = Origin.MACHINE,
    packages: str = "",
    risk: float | None = None,
) -> Message:
    """A fuzzy entry with a text nobody has approved; `kind` is machine, memory or mixed.

    Line breaks at both ends follow the msgid, as gettext demands; a text that a PO file cannot
    carry (control characters, lone surrogates, a word without end) or that is blank is withheld.
    """
    fitted = fit(unit.source, text)
    if not fitted.strip() or _UNFIT.search(fitted):
        return withheld(unit, packages=packages, risk=risk)
    made = _with_text(entry(unit), fitted, kind.value, packages, risk)
    return replace(made, flags=frozenset({"fuzzy"}))


def withheld(unit: Unit, *, packages: str = "", risk: float | None = None) -> Message:
    """An empty entry that says the engine's answer failed its checks."""
    return _with_text(entry(unit), "", "withheld", packages, risk)


def approved(
    unit: Unit,
    text: str,
    *,
    kind: Origin = Origin.HUMAN,
    packages: str = "",
    risk: float | None = None,
) -> Message:
    """An entry that a person stands for: their own text, or with `kind` one they let stand."""
    bare, fitted = entry(unit), fit(unit.source, text)
    if kind in {Origin.HUMAN, Origin.NONE}:
        return replace(bare, translations=(fitted,))
    return _with_text(bare, fitted, kind.value, packages, risk)


def fit(source: str, text: str) -> str:
    """The text beginning and ending with a line break exactly where the msgid does."""
    if not text or not source.strip("\n"):
        return text
    start = "\n" if source.startswith("\n") else ""
    end = "\n" if source.endswith("\n") else ""
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return f"{start}{body}{end}" if body else ""


def read_back(message: Message) -> Message:
    """The entry with a facts comment that still holds.

    A person who changed our text leaves a comment about a text that is gone: it is dropped where
    the file then says the same, else replaced by one that says needs-work.
    """
    said = comment_of(message)
    if not said or not any(message.translations) or said.text_hash == text_hash(message):
        return message
    bare = replace(message, comments=persons_comments(message))
    if facts_of(bare) == facts_of(message):
        return bare
    now = FactsComment("needs-work", said.source_hash, text_hash(message))
    return replace(message, comments=(*bare.comments, str(now)))


def _with_text(
    message: Message, text: str, kind: str, packages: str, risk: float | None
) -> Message:
    made = FactsComment(kind, safe_hash8(message.source), safe_hash8(text), packages, risk)
    return replace(message, translations=(text,), comments=(str(made),))


def _lines(notes: Iterable[str]) -> tuple[str, ...]:
    """Notes as single lines without stray spaces, so that they read back as they were written."""
    lines = (" ".join(line.split()) for note in notes for line in note.splitlines())
    return tuple(filter(None, lines))
