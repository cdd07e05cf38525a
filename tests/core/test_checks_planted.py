from __future__ import annotations

from pathlib import Path

import pytest

from tests.planted.reading import Defect, RightPair, defects, right_pairs
from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.checks import Subject, findings, hard_findings
from workflow.glossary import Term, parse
from workflow.locales import plural_forms
from workflow.model import Diagnostic, Severity

ROOT = Path(__file__).parents[2]
markup = MarkdownFormat().markup


def judged(one: Defect | RightPair, target: str, forms: tuple[str, ...]) -> set[Diagnostic]:
    terms = tuple(
        Term(term.term, one.locale, term.translation, match_case=term.translation is None)
        for term in one.terms
    )
    plural = one.plural.source if one.plural else None
    subject = Subject(
        one.source, target, "en", one.locale, plural=plural, translations=forms, terms=terms
    )
    return set(findings(subject))


def test_at_least_95_of_100_planted_defects_are_found() -> None:
    missed = [
        one.id
        for one in defects()
        if not judged(one, one.target, one.plural.target if one.plural else ())
        - judged(one, one.right, one.plural.right if one.plural else ())
    ]
    assert len(missed) <= 0.05 * len(defects()), missed


def test_no_right_pair_has_an_error() -> None:
    for one in right_pairs():
        told = judged(one, one.target, one.plural.right if one.plural else ())
        assert not [each for each in told if each.severity is Severity.ERROR], one.id
    for pair in defects():
        told = judged(pair, pair.right, pair.plural.right if pair.plural else ())
        assert not [each for each in told if each.severity is Severity.ERROR], pair.id


@pytest.mark.parametrize("locale", ["es", "pt", "ar"])
def test_the_reviewed_catalogs_have_no_error(locale: str) -> None:
    glossary = parse((ROOT / "locales" / "glossary.csv").read_bytes(), "glossary.csv")
    messages = FileCatalogStore(ROOT, plural_forms=plural_forms).read(locale, "notices")
    assert len(messages) > 100
    for one in messages:
        marks = tuple(markup(text) for text in (one.source, one.translation))
        terms = glossary.for_locale(locale)
        subject = Subject(one.source, one.translation, "en", locale, *marks, terms=terms)
        told = (*findings(subject), *hard_findings(one.source, one.translation, *marks))
        assert not [each for each in told if each.severity is Severity.ERROR], one.source
