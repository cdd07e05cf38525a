"""The one door to Babel: tags, names, plural rules and directions of locales, dates and numbers.

Tags are BCP 47 (RFC 5646) in settings, URLs and bundles, and `pt_BR` style on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.messages.plurals import get_plural
from babel.numbers import format_decimal
from langcodes import Language, closest_supported_match, language_distance, standardize_tag
from langcodes.tag_parser import LanguageTagError

from workflow.errors import LocaleError

UNDETERMINED = "und"
Kind = Literal["date", "number", "list"]
"""How a value is written for a locale."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,9})?")
_BETWEEN = re.compile(r"[,;\n]")
MOST_KEPT = 1_000
"""Tags and distances that langcodes may keep in memory."""
_ASKING = Lock()


@lru_cache(maxsize=256)
def canonical(tag: str) -> str:
    """A tag as BCP 47 writes it (`PT_br` → `pt-BR`, `iw` → `he`).

    Raises LocaleError for what is no tag, and for a language that CLDR does not know.
    """
    try:
        with _langcodes():
            clean = str(standardize_tag(tag))
        Locale.parse(clean, sep="-")
    except (LanguageTagError, UnknownLocaleError, ValueError, TypeError, AttributeError):
        raise _unknown(tag) from None
    if clean.startswith(UNDETERMINED):
        raise _unknown(tag)  # CLDR's root: nobody reads it
    return clean


@contextmanager
def _langcodes() -> Iterator[None]:
    """Asks langcodes, which keeps all that it was ever asked; clients of a server ask anything.

    One thread at a time, so that nothing is forgotten while another reads it.
    """
    with _ASKING:
        kept = Language._PARSE_CACHE, Language._INSTANCES, language_distance._DISTANCE_CACHE  # noqa: SLF001 - it has no way to bound them
        for one in kept:
            if len(one) > MOST_KEPT:
                one.clear()
        yield


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


def moment(value: str) -> date | datetime | None:
    """A date or a time of ISO 8601 (`2026-11-20`, `2026-11-20T18:05+01:00`); None for all else."""
    text = value.strip()
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if MINYEAR < found.year < MAXYEAR else None
    return None


def iso(found: date | datetime) -> str:
    """A date or a time as pages have it: to the second, with its offset if it has one."""
    return found.isoformat(timespec="seconds") if isinstance(found, datetime) else str(found)


def formatted(tag: str, kind: Kind, value: str) -> str:
    """A value as the locale writes it, with Latin digits; what cannot be read stays as it is.

    A `date` is one of ISO 8601, with or without a time of the day; a `number` has its decimals
    behind a point, and keeps as many; a `list` has commas, semicolons or line breaks between its
    parts.
    """
    made = {"date": _date, "number": _number, "list": _list}[kind](_locale(tag), value)
    return value if made is None else made


def _date(locale: Locale, value: str) -> str | None:
    found = moment(value)
    if found is None:
        return None
    day = str(format_date(found, "long", locale=locale))
    if not isinstance(found, datetime):
        return day
    hour = str(format_time(found.time(), "short", locale=locale))
    form = str(get_datetime_format("long", locale=locale)).replace("'", "")
    return form.replace("{0}", hour).replace("{1}", day)


def _number(locale: Locale, value: str) -> str | None:
    text = value.strip()
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, _ = str(locale.decimal_formats[None].pattern).partition(".")
    decimals = text.partition(".")[2]
    form = f"{whole}.{'0' * len(decimals)}" if decimals else whole
    return str(format_decimal(Decimal(text), format=form, locale=locale))


def _list(locale: Locale, value: str) -> str | None:
    parts = [part.strip() for part in _BETWEEN.split(value) if part.strip()]
    return str(format_list(parts, locale=locale)) if parts else None


@lru_cache(maxsize=1024)
def closest(wanted: str, served: tuple[str, ...], *, distance: int) -> str | None:
    """The tag among `served` that comes nearest to a canonical one, None if none is near enough.

    `distance` is that of CLDR's matching (UTS 35): 0 for zh-TW and zh-Hant, 1 for nb and no, 5 for
    es-419 and es, 20 for gl and es.
    """
    with _langcodes():
        found = closest_supported_match(wanted, list(served), max_distance=distance)
    return None if found is None else str(found)
