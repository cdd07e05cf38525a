from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_engine import FakeEngine, package_ref
from workflow.adapters.argos.routes import find_route, language_code
from workflow.errors import RouteError

codes = st.sampled_from("abcde")
pairs = st.sets(st.tuples(codes, codes).filter(lambda pair: pair[0] != pair[1]), max_size=12)


def chains(
    installed: set[tuple[str, str]], source: str, target: str
) -> Iterator[list[tuple[str, str]]]:
    """Every chain without a detour, by brute force."""
    others = sorted({code for pair in installed for code in pair} - {source, target})
    for length in range(len(others) + 1):
        for between in permutations(others, length):
            chain = list(pairwise([source, *between, target]))
            if all(pair in installed for pair in chain):
                yield chain


@given(pairs, codes, codes)
def test_the_route_is_the_first_of_the_shortest_chains(
    installed: set[tuple[str, str]], source: str, target: str
) -> None:
    refs = [package_ref(*pair) for pair in installed]
    possible = sorted(chains(installed, source, target), key=lambda chain: (len(chain), chain))
    if source == target or not possible:
        with pytest.raises(RouteError):
            find_route(refs, source, target)
    else:
        hops = find_route(refs, source, target).hops
        assert [(hop.source, hop.target) for hop in hops] == possible[0]


def test_the_highest_version_wins_by_number() -> None:
    refs = [package_ref("en", "es", version) for version in ("1.9", "1.10", "1.2")]
    assert find_route(refs, "en", "es").hops[0].version == "1.10"


def test_a_forced_pivot_is_taken_though_there_is_a_direct_package() -> None:
    refs = [package_ref(*pair) for pair in (("en", "pt"), ("en", "es"), ("es", "pt"))]
    engine = FakeEngine(refs, pivots={"pt-BR": "es"})
    assert [hop.target for hop in engine.route("en", "pt-BR").hops] == ["es", "pt"]


def test_a_forced_pivot_without_its_package_is_said() -> None:
    with pytest.raises(RouteError, match="from en to es"):
        find_route([package_ref("en", "pt")], "en", "pt", pivot="es")


def test_one_language_for_source_and_target_is_said() -> None:
    with pytest.raises(RouteError, match="same language"):
        FakeEngine().route("en-GB", "en-US")


@pytest.mark.parametrize(
    ("tag", "installed", "code"),
    [
        ("en-GB", set(), "en"),
        ("pt-BR", {"pt"}, "pt"),
        ("pt-BR", {"pt", "pb"}, "pb"),
        ("zh-Hant-TW", {"zt", "zh"}, "zt"),
        ("zh-Hans", {"zt", "zh"}, "zh"),
        ("sr-Latn", {"sr"}, "hbs"),
    ],
)
def test_a_locale_has_a_code_of_argos(tag: str, installed: set[str], code: str) -> None:
    assert language_code(tag, codes={"sr-Latn": "hbs"}, installed=installed) == code
