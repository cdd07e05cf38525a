"""Finds what is wrong in templates before anything is expanded from them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tools.demo_packages.chunks import LANGUAGES, joined
from tools.demo_packages.expansion import write
from tools.demo_packages.inventory import Inventory
from tools.demo_packages.mistakes import CorpusError
from tools.demo_packages.notation import Agreement, Slot
from tools.demo_packages.template import Template, flat

WORDS = range(2, 31)
ODD_SPACING = ("  ", " .", " ,", " ،", "( ", " )")


def lint(templates: list[Template], inventory: Inventory) -> Iterator[CorpusError]:
    """Yield every finding, in the order of the templates."""
    seen: dict[str, Template] = {}
    for template in templates:
        if template.name in seen:
            first = seen[template.name].place
            yield CorpusError(
                f"'{template.name}' is already the name at {first}", place=template.place
            )
        seen[template.name] = template
        errors = [error for lang in LANGUAGES for error in _lint_line(template, lang, inventory)]
        yield from errors
        if not errors:
            yield from _lint_parallel(template, inventory)


def _lint_line(template: Template, lang: str, inventory: Inventory) -> Iterator[CorpusError]:
    for part in flat(template.lines[lang]):
        try:
            if isinstance(part, Slot):
                _check_slot(part, lang, inventory)
            elif isinstance(part, Agreement):
                _check_agreement(part, lang, inventory)
        except CorpusError as error:
            yield error.at(template.places[lang])


def _check_slot(slot: Slot, lang: str, inventory: Inventory) -> None:
    forms = inventory.forms(slot.name, lang)
    if slot.form not in forms:
        allowed = ", ".join(form or "(none)" for form in forms)
        raise CorpusError(f"'{slot.name}' has no form '{slot.form or '(none)'}', only {allowed}")


def _check_agreement(part: Agreement, lang: str, inventory: Inventory) -> None:
    base = inventory.base(part.slot)
    lexicon = inventory.lexicons.get(base)
    if lexicon is None or lang not in lexicon.coded:
        raise CorpusError(f"nothing agrees with '{part.slot}': it has no {lang}_g")
    codes = {entry.codes[lang]: entry for entry in reversed(lexicon.entries)}
    for code, entry in sorted(codes.items()):
        if part.choose(code) is None:
            raise CorpusError(f"no key of {{{part.slot}?…}} fits '{code}' ({entry.text(lang)})")


def _lint_parallel(template: Template, inventory: Inventory) -> Iterator[CorpusError]:
    shown = {
        lang: {s for s in template.slots(lang) if inventory.base(s) != "n2"} for lang in LANGUAGES
    }
    everywhere = set.union(*shown.values())
    for lang in LANGUAGES:
        missing = sorted(everywhere - shown[lang])
        if missing:
            yield CorpusError(
                f"slots missing in {lang}: {', '.join(missing)}", place=template.places[lang]
            )
    yield from _lint_expanded(template, inventory)


def _lint_expanded(template: Template, inventory: Inventory) -> Iterator[CorpusError]:
    fillings = inventory.fill(template.all_slots(), Random(template.name))
    for lang in LANGUAGES:
        text = joined(write(template.lines[lang], lang, fillings))
        odd = [spacing for spacing in ODD_SPACING if spacing in text]
        if odd or len(text.split()) not in WORDS:
            yield CorpusError(f"odd spacing {odd} or length: {text!r}", place=template.places[lang])
