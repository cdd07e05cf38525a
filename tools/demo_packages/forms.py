"""What stands before a lexicon entry in each language: articles, prepositions, contractions."""

from __future__ import annotations

from dataclasses import dataclass

FORMS = ("", "the", "in", "at", "of", "to", "for", "by", "from", "with", "near", "b")
BARE = ("", "b")

PREPOSITIONS = {
    "en": {form: form for form in ("of", "to", "for", "by", "from", "in", "at", "with", "near")},
    "es": {
        "of": "de", "to": "a", "for": "para", "by": "por", "from": "desde",
        "in": "en", "at": "en", "with": "con", "near": "cerca de",
    },
    "pt": {
        "of": "de", "to": "a", "for": "para", "by": "por", "from": "de",
        "in": "em", "at": "em", "with": "com", "near": "perto de",
    },
    "ar": {
        "to": "إلى ", "for": "ل", "by": "من قبل ", "from": "من ",
        "in": "في ", "at": "في ", "with": "مع ", "near": "بالقرب من ", "b": "ب",
    },
}  # fmt: skip
ARTICLES = {
    "es": {"ms": "el", "fs": "la", "mp": "los", "fp": "las"},
    "pt": {"ms": "o", "fs": "a", "mp": "os", "fp": "as"},
}
MERGED = {
    "es": {("de", "el"): "del", ("a", "el"): "al", ("cerca de", "el"): "cerca del"},
    "pt": {
        (preposition, article): stem + article
        for preposition, stem in (("de", "d"), ("em", "n"), ("por", "pel"), ("perto de", "perto d"))
        for article in ("o", "a", "os", "as")
    }
    | {("a", "o"): "ao", ("a", "a"): "à", ("a", "os"): "aos", ("a", "as"): "às"},
}
SPANISH_STRESSED_A = ("agua ", "área ", "aula ", "ágora ", "arca ")

FORM = frozenset({".form"})
THE = frozenset({".the"})


@dataclass(frozen=True, slots=True)
class Lead:
    """Words before an entry; `keys` say whether they are a preposition, an article or both."""

    text: str
    keys: frozenset[str]


def before(
    *, lang: str, form: str, word: str, code: str, articles: bool
) -> tuple[tuple[Lead, ...], str]:
    """Give the words before the entry, and its own text, which an Arabic prefix may change."""
    preposition = PREPOSITIONS[lang].get(form, "")
    if lang == "ar":
        prefix, word = _arabic(preposition, word)
        return _leads((prefix, FORM)), word
    article = _article(lang, word, code) if articles and form not in BARE else ""
    merged = MERGED.get(lang, {}).get((preposition, article))
    if merged:
        return _leads((f"{merged} ", FORM | THE)), word
    return _leads((_spaced(preposition), FORM), (_spaced(article), THE)), word


def _leads(*pairs: tuple[str, frozenset[str]]) -> tuple[Lead, ...]:
    return tuple(Lead(text, keys) for text, keys in pairs if text)


def _spaced(word: str) -> str:
    return f"{word} " if word else ""


def _article(lang: str, word: str, code: str) -> str:
    if lang == "en":
        return "the"
    if lang == "es" and code == "fs" and f"{word.lower()} ".startswith(SPANISH_STRESSED_A):
        return "el"
    return ARTICLES[lang][code]


def _arabic(prefix: str, word: str) -> tuple[str, str]:
    """Join a one-letter prefix to the word: ل + ال gives لل."""
    if prefix in ("ل", "ب") and not "\u0621" <= word[:1] <= "\u064a":
        return f"{prefix}ـ", word
    if prefix == "ل" and word.startswith("الل"):
        return "ل", word[2:]
    if prefix == "ل" and word.startswith("ال"):
        return "لل", word[2:]
    return prefix, word
