"""The one door to Babel: tags, names, plural rules and directions of locales.

Tags are BCP 47 (RFC 5646) in settings, URLs and bundles, and `pt_BR` style on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural
from langcodes import standardize_tag
from langcodes.tag_parser import LanguageTagError

from workflow.errors import LocaleError

UNDETERMINED = "und"


@lru_cache(maxsize=256)
def canonical(tag: str) -> str:
    """A tag as BCP 47 writes it (`PT_br` → `pt-BR`, `iw` → `he`).

    Raises LocaleError for what is no tag, and for a language that CLDR does not know.
    """
    try:
        clean = str(standardize_tag(tag))
        Locale.parse(clean, sep="-")
    except (LanguageTagError, UnknownLocaleError, ValueError, TypeError, AttributeError):
        raise _unknown(tag) from None
    if clean.startswith(UNDETERMINED):
        raise _unknown(tag)  # CLDR's root: nobody reads it
    return clean


def _unknown(tag: str) -> LocaleError:
    fix = "use a BCP 47 tag such as es, pt-BR or ar"
    return LocaleError(f"{str(tag)[:60]!r} is no locale that CLDR knows", fix=fix)


def on_disk(tag: str) -> str:
    """The folder name of a locale, as gettext and Babel write it: `pt-BR` → `pt_BR`."""
    return canonical(tag).replace("-", "_")


def direction(tag: str) -> str:
    """The direction of the locale's script: `ltr` or `rtl`."""
    return str(_locale(tag).text_direction)


def english_name(tag: str) -> str:
    """The locale's name in English, for reports."""
    return str(_locale(tag).english_name or tag)


def plural_forms(tag: str) -> str:
    """The value of the `Plural-Forms` header, as Babel makes it from CLDR."""
    return str(get_plural(on_disk(tag)).plural_forms)


def _locale(tag: str) -> Locale:
    return Locale.parse(canonical(tag), sep="-")


@lru_cache(maxsize=256)
def decimal_sign(tag: str) -> str:
    """What stands before the decimals in this locale (Latin digits): `.` or `,`."""
    return str(_locale(tag).number_symbols["latn"]["decimal"])


@lru_cache(maxsize=256)
def weekdays(tag: str) -> tuple[frozenset[str], ...]:
    """The wide names of the weekdays in lower case, Monday first, in every form CLDR knows."""
    return _names(_locale(tag).days, range(7))


@lru_cache(maxsize=256)
def months(tag: str) -> tuple[frozenset[str], ...]:
    """The wide names of the months in lower case, January first, in every form CLDR knows."""
    return _names(_locale(tag).months, range(1, 13))


def _names(forms: Mapping[str, Any], numbers: Iterable[int]) -> tuple[frozenset[str], ...]:
    wide = [forms[form]["wide"] for form in ("format", "stand-alone") if form in forms]
    return tuple(
        frozenset(str(names[number]).casefold() for names in wide if number in names)
        for number in numbers
    )
