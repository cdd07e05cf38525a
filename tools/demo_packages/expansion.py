"""Turns a template and what fills its slots into a sentence per language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tools.demo_packages.chunks import LANGUAGES, Chunk
from tools.demo_packages.filling import Filling
from tools.demo_packages.mistakes import CorpusError
from tools.demo_packages.notation import Agreement, Group, Part, Slot, Text
from tools.demo_packages.template import Template

Sentence = tuple[Chunk, ...]
OPENERS = frozenset("⟦⟧¿¡“«\"'(*_[ ")


def expand(template: Template, fillings: Mapping[str, Filling]) -> dict[str, Sentence]:
    """Write the sentence in all four languages."""
    return {lang: write(template.lines[lang], lang, fillings) for lang in LANGUAGES}


def write(parts: tuple[Part, ...], lang: str, fillings: Mapping[str, Filling]) -> Sentence:
    """Write one language's line, its first letter in upper case."""
    return capitalised(tuple(_chunks(parts, lang, fillings, "")))


def _chunks(
    parts: tuple[Part, ...], lang: str, fillings: Mapping[str, Filling], group: str
) -> Iterator[Chunk]:
    for part in parts:
        if isinstance(part, Group):
            yield from _chunks(part.parts, lang, fillings, part.label)
        elif isinstance(part, Slot):
            chunks = fillings[part.name].render(slot=part.name, lang=lang, form=part.form)
            yield from (replace(chunk, group=group) for chunk in chunks)
        else:
            yield Chunk(_words(part, lang, fillings), frozenset(group), group)


def _words(part: Text | Agreement, lang: str, fillings: Mapping[str, Filling]) -> str:
    if isinstance(part, Text):
        return part.text
    code = fillings[part.slot].code(lang)
    words = part.choose(code)
    if words is None:
        keys = ", ".join(key for key, _ in part.options)
        raise CorpusError(f"no key of {{{part.slot}?…}} fits '{code}' (keys: {keys})")
    return words


def capitalised(sentence: Sentence) -> Sentence:
    """Make the first letter upper case, unless something copied or a digit stands there."""
    for index, chunk in enumerate(sentence):
        start = next((at for at, letter in enumerate(chunk.text) if letter not in OPENERS), None)
        if chunk.copied and chunk.slot:
            return sentence
        if start is not None:
            text = chunk.text[:start] + chunk.text[start].upper() + chunk.text[start + 1 :]
            return (*sentence[:index], replace(chunk, text=text), *sentence[index + 1 :])
    return sentence
