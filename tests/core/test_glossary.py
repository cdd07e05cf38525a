from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import SettingsError
from workflow.glossary import Glossary, Term, found, parse

HEAD = "term,locale,translation,case,note\n"


def read(rows: str, *, head: str = HEAD) -> Glossary:
    return parse((head + rows).encode(), "locales/glossary.csv")


def spots(text: str, *terms: Term) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.rendering) for one in found(text, terms)]


# The file.


def test_a_row_says_how_a_term_reads_in_a_locale() -> None:
    (term,) = read('Town Hall,es,Ayuntamiento,yes,"The building, not the council"\n').terms
    assert term == Term("Town Hall", "es", "Ayuntamiento", note="The building, not the council")


def test_an_empty_translation_or_a_dash_keeps_the_name() -> None:
    one, two = read("CityGo,*,,yes,\nKulturhaus,es,-,no,\n").terms
    assert one == Term("CityGo", "*")
    assert two == Term("Kulturhaus", "es", match_case=False)


def test_marks_at_the_start_windows_lines_and_another_order_of_columns_are_fine() -> None:
    text = "\ufefflocale,translation,term\r\npt-br,Prefeitura,Council\r\n\r\n"
    assert parse(text.encode(), "g").terms == (Term("Council", "pt-BR", "Prefeitura"),)


def test_an_empty_file_and_a_header_alone_are_an_empty_glossary() -> None:
    assert parse(b"", "g").terms == read("").terms == ()


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("a,es,b,yes\n", 2, "4 cells, not 5"),
        ("a,es,b,yes,\n,es,b,yes,\n", 3, "no term"),
        ("a,nowhere,b,yes,\n", 2, "no locale"),
        ("a,es,b,sometimes,\n", 2, "case is 'sometimes'"),
        ("a,es,b,yes,\n\na,es,c,yes,\n", 4, "line 2, too"),
        ("Pool,es,b,no,\npool,es,c,no,\n", 3, "line 2, too"),
        ('a,es,b,yes,"two\nlines"\nb,es,⟦1⟧,yes,\n', 4, "cannot stand"),
        ('a,es,b,yes,"open\n', 2, "no CSV"),
        (f"{'a' * 201},es,b,yes,\n", 2, "200 characters"),
        ("a\x07b,es,b,yes,\n", 2, "cannot stand"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(rows: str, line: int, what: str) -> None:
    with pytest.raises(SettingsError, match=what) as caught:
        read(rows)
    assert (caught.value.place.path, caught.value.place.line) == ("locales/glossary.csv", line)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("head", ["term,locale\n", "term,locale,translation,colour\n", "a;b;c\n"])
def test_other_columns_are_told(head: str) -> None:
    with pytest.raises(SettingsError, match="column"):
        read("a,es,b\n", head=head)


def test_what_is_no_utf_8_is_told_with_its_line() -> None:
    with pytest.raises(SettingsError, match="UTF-8") as caught:
        parse(HEAD.encode() + b"a,es,b,yes,\ncaf\xe9,es,b,yes,\n", "g")
    assert caught.value.place.line == 3


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(SettingsError, match="larger"):
        parse(b"a" * (2**20 + 1), "g")
    with pytest.raises(SettingsError, match="more than"):
        read("".join(f"a{n},es,b,yes,\n" for n in range(10_001)))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(SettingsError):
        assert parse(HEAD.encode() + raw, "g").terms is not None


def test_the_sample_glossary_is_sound() -> None:
    raw = (Path(__file__).parents[2] / "locales" / "glossary.csv").read_bytes()
    glossary = parse(raw, "g")
    assert {term.locale for term in glossary.terms} == {"es", "pt", "ar"}
    assert Term("CityGo", "es", note="The city's app") in glossary.terms


# Which terms hold.


def test_the_nearest_row_counts() -> None:
    glossary = read("Pool,*,,yes,\nPool,pt,piscina,yes,\nPool,pt-BR,Piscina!,yes,\n")
    told = [glossary.for_locale(tag)[0].translation for tag in ("pt-BR", "pt-PT", "es")]
    assert told == ["Piscina!", "piscina", None]


def test_the_longest_term_wins() -> None:
    terms = (Term("Hall", "es", "Sala"), Term("Town Hall", "es", "Ayuntamiento"))
    text = "Town Hall, and the Hall."
    assert spots(text, *terms) == [("Town Hall", "Ayuntamiento"), ("Hall", "Sala")]


def test_only_whole_words_are_terms() -> None:
    pool = Term("pool", "es", "piscina")
    assert spots("Carpool, pools, whirl-pool, pool-side; pool.", pool) == [("pool", "piscina")]
    assert spots("किताबें किताब", Term("किताब", "es", "libro")) == [("किताब", "libro")]
    assert spots("我們的市政廳開放", Term("市政廳", "es", "Ayuntamiento")) == [
        ("市政廳", "Ayuntamiento")
    ]


def test_case_counts_only_where_the_row_says_so() -> None:
    name, word = Term("Pass", "es"), Term("waste", "es", "residuos", match_case=False)
    assert spots("pass Pass PASS", name) == [("Pass", "Pass")]
    assert spots("Waste is waste", word) == [("Waste", "Residuos"), ("waste", "residuos")]


def test_no_text_and_no_terms_find_nothing() -> None:
    assert found("Pool", ()) == found("", [Term("Pool", "es")]) == ()


WORDS = st.lists(st.sampled_from(["Pool", "Hall", "Town", "-", ".", " ", "s"]), max_size=12)


@given(WORDS.map("".join), st.sets(st.sampled_from(["Pool", "Hall", "Town Hall", "Town"])))
def test_found_terms_are_in_order_and_do_not_overlap(text: str, names: set[str]) -> None:
    told = found(text, [Term(name, "es", name.upper()) for name in sorted(names)])
    assert all(text[one.start : one.end] == one.term.term for one in told)
    assert all(one.end <= two.start for one, two in pairwise(told))
