"""Varies how a sentence is set: no full stop, a list item in lower case, a heading in capitals."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tools.demo_packages.chunks import Chunk, joined

Sentence = tuple[Chunk, ...]
SMALL_WORDS = "a an and at by for from in of on or the to until with am pm"


def restyled(
    source: Sentence, target: Sentence, lang: str, rng: Random
) -> tuple[Sentence, Sentence]:
    """Set both sentences in the same, sometimes unusual, way."""
    kind = rng.random()
    heading = not joined(source).endswith((".", "?", "!"))
    if kind < 0.08:
        return without_stop(source), without_stop(target)
    if kind < 0.11:
        return lowered(source), lowered(target)
    if kind < 0.13 and _free(source):
        return _upper(source), _upper(target)
    if heading and lang == "en" and kind < 0.35 and _free(source):
        return titled(source), target
    if heading and kind > 0.97:
        return (*source, Chunk(":")), (*target, Chunk(":"))
    return source, target


def _free(sentence: Sentence) -> bool:
    """Say whether nothing in the sentence is copied, so that letters may change."""
    return not any(chunk.copied for chunk in sentence)


def without_stop(sentence: Sentence) -> Sentence:
    """Leave the final full stop out."""
    last = sentence[-1]
    return (
        (*sentence[:-1], replace(last, text=last.text.removesuffix("."))) if last.text else sentence
    )


def lowered(sentence: Sentence) -> Sentence:
    """Make the first letter lower case, unless a name or abbreviation stands there."""
    first = sentence[0]
    plain = first.text[:1].isupper() and first.text[1:2].islower() and not first.slot
    return (
        (replace(first, text=first.text[0].lower() + first.text[1:]), *sentence[1:])
        if plain
        else sentence
    )


def _upper(sentence: Sentence) -> Sentence:
    return tuple(replace(chunk, text=chunk.text.upper()) for chunk in sentence)


def titled(sentence: Sentence) -> Sentence:
    """Write an English heading in title case."""
    return tuple(
        replace(chunk, text=re.sub(r"[A-Za-z']+", _title, chunk.text)) for chunk in sentence
    )


def _title(found: re.Match[str]) -> str:
    word = found[0]
    return word if word in SMALL_WORDS.split() else word[0].upper() + word[1:]
