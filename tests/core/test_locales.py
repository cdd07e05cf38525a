from __future__ import annotations

import re

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
