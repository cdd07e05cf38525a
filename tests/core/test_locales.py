from __future__ import annotations

import re
import tracemalloc
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import LOCALES
from workflow import locales
from workflow.adapters.pofile.places import folder_name
from workflow.errors import LocaleError

SAFE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,9})*")
TAGS = ["es", "pt-BR", "ar", "zh-Hant", "sr-Latn", "ca-ES-valencia", "es-419", "nb", "he", "fa"]


@pytest.mark.parametrize(
    ("given_tag", "tag"),
    [("PT_br", "pt-BR"), ("iw", "he"), ("zh_hant_TW", "zh-Hant-TW"), ("spa", "es"), ("EN", "en")],
)
def test_a_tag_is_written_as_bcp47_writes_it(given_tag: str, tag: str) -> None:
    assert locales.canonical(given_tag) == tag


@pytest.mark.parametrize("tag", LOCALES)
def test_what_is_no_locale_is_refused_with_what_to_do(tag: str) -> None:
    with pytest.raises(LocaleError) as caught:
        locales.canonical(tag)
    assert "BCP 47" in caught.value.fix
    assert len(str(caught.value)) < 400


def test_what_is_no_text_is_refused_too() -> None:
    with pytest.raises(LocaleError):
        locales.canonical(3)  # type: ignore[arg-type]


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{1,8}){0,3}")))
def test_a_tag_that_is_accepted_is_safe_as_a_folder_and_stays_as_it_is(text: str) -> None:
    try:
        tag = locales.canonical(text)
    except LocaleError:
        return
    assert SAFE.fullmatch(tag)
    assert locales.canonical(tag) == tag
    assert "/" not in locales.on_disk(tag)
    assert locales.direction(tag) in {"ltr", "rtl"}
    assert locales.plural_forms(tag).startswith("nplurals=")


@pytest.mark.parametrize("tag", TAGS)
def test_the_folder_is_the_one_of_the_catalog_store(tag: str) -> None:
    assert locales.on_disk(tag) == folder_name(tag)


def test_names_directions_and_plurals_come_from_cldr() -> None:
    assert locales.on_disk("pt-BR") == "pt_BR"
    assert [locales.direction(tag) for tag in ("ar", "he", "es")] == ["rtl", "rtl", "ltr"]
    assert locales.english_name("pt-BR") == "Portuguese (Brazil)"
    assert locales.plural_forms("ar").startswith("nplurals=6;")
    assert locales.plural_forms("ja").startswith("nplurals=1;")


@pytest.mark.parametrize(
    ("tag", "kind", "value", "written"),
    [
        ("en", "date", "2026-11-20", "November 20, 2026"),
        ("es", "date", "2026-11-20", "20 de noviembre de 2026"),
        ("pt", "date", " 20261120 ", "20 de novembro de 2026"),
        ("ar", "date", "2026-11-20", "20 نوفمبر 2026"),
        ("es", "date", "2026-11-20T18:05+01:00", "20 de noviembre de 2026, 18:05"),
        ("es", "date", "20.11.2026", "20.11.2026"),
        ("es", "date", "", ""),
        ("es", "number", "1234567.50", "1.234.567,50"),
        ("hi", "number", "1234567", "12,34,567"),
        ("es", "number", "-3", "-3"),
        ("es", "number", "1e999999999", "1e999999999"),
        ("es", "number", "3 euros", "3 euros"),
        ("es", "list", "Old Town, Harbour, Mill Road", "Old Town, Harbour y Mill Road"),
        ("en", "list", "a; b\nc", "a, b, and c"),
        ("en", "list", " , ", " , "),
    ],
)
def test_a_value_is_written_as_the_locale_does_or_stays(
    tag: str, kind: locales.Kind, value: str, written: str
) -> None:
    assert locales.formatted(tag, kind, value) == written


@given(st.text(max_size=30), st.sampled_from(["date", "number", "list"]), st.sampled_from(TAGS))
def test_any_value_can_be_formatted(value: str, kind: locales.Kind, tag: str) -> None:
    assert isinstance(locales.formatted(tag, kind, value), str)


@given(st.datetimes() | st.dates())
def test_a_time_is_read_as_it_is_written(value: datetime) -> None:
    found = locales.moment(value.isoformat())
    assert found == value or value.year in {1, 9999}
    assert found is None or locales.moment(locales.iso(found)) is not None


@pytest.mark.parametrize(
    ("wanted", "distance", "found"),
    [
        ("zh-TW", 10, "zh-Hant"),
        ("zh-CN", 25, None),
        ("nb", 10, "no"),
        ("es-419", 10, "es"),
        ("pt-BR", 10, "pt"),
        ("gl", 10, None),
        ("gl", 25, "es"),
        ("ja", 25, None),
    ],
)
def test_the_closest_locale_is_found_as_cldr_matches_them(
    wanted: str, distance: int, found: str | None
) -> None:
    served = ("en", "es", "no", "pt", "zh-Hant")
    assert locales.closest(wanted, served, distance=distance) == found


def test_tags_of_strangers_take_no_memory_for_ever() -> None:
    def ask(numbers: range) -> None:
        for number in numbers:
            with suppress(LocaleError):
                locales.canonical(f"en-x-{number}")
            locales.closest(f"es-x-{number}", ("es",), distance=10)

    ask(range(5_000))
    tracemalloc.start()
    ask(range(5_000, 15_000))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 8_000_000  # without a bound 23 million
