"""Quality values, as pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.web.weights import preferred, suffixes, weighted


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", {}),
        ("br", {"br": 1}),
        ("BR;q=0.5 , gzip", {"br": 0.5, "gzip": 1}),
        ("br ; Q = 0.25", {"br": 0.25}),
        ("br;q=1.9", {"br": 1}),
        ("br;q=x, gzip", {"gzip": 1}),
        ("br;q=-1", {}),
        ("a b", {}),
        (",,br,,", {"br": 1}),
    ],
)
def test_quality_values_are_read_and_what_is_malformed_is_passed_over(
    header: str, found: dict[str, float]
) -> None:
    assert weighted(header) == found


def test_no_more_than_a_bounded_number_of_elements_is_looked_at() -> None:
    assert len(weighted(",".join(f"x{n}" for n in range(10_000)))) == 50


def test_what_is_wanted_most_comes_first_and_what_is_refused_not_at_all() -> None:
    assert preferred("fr;q=0.2, es, de;q=0, ar;q=0.9") == ("es", "ar", "fr")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", ("",)),
        ("identity", ("",)),
        ("br", (".br", "")),
        ("gzip", (".gz", "")),
        ("gzip, deflate, br, zstd", (".br", ".gz", "")),
        ("gzip;q=1, br;q=0.5", (".gz", ".br", "")),
        ("br;q=0, gzip", (".gz", "")),
        ("*", (".br", ".gz", "")),
        ("*;q=0", ("",)),
        ("*, br;q=0", (".gz", "")),
        ("identity, br;q=0.5", ("",)),
        ("identity;q=0.5, br", (".br", "")),
        ("brx", ("",)),
    ],
)
def test_the_best_form_that_a_client_takes_comes_first(header: str, found: tuple[str, ...]) -> None:
    assert suffixes(header) == found


@given(st.text(max_size=200))
def test_any_list_can_be_read(header: str) -> None:
    assert all(0 <= weight <= 1 for weight in weighted(header).values())
    assert suffixes(header)[-1] == ""
