"""Random cuts into pieces: whole, the same from a seed, likelier ones more often."""

from __future__ import annotations

from collections import Counter
from random import Random

from tools.demo_packages.sampling import Sampler

SAMPLER = Sampler.of({"a": -4.0, "b": -4.0, "ab": -2.0, "⟦1⟧": 0.0})


def cuts(text: str, seed: int, count: int = 400) -> list[tuple[str, ...]]:
    rng = Random(seed)
    return [tuple(SAMPLER.cut(text, rng) or ()) for _ in range(count)]


def test_pieces_make_up_the_text() -> None:
    assert {"".join(cut) for cut in cuts("abba⟦1⟧ab", 1)} == {"abba⟦1⟧ab"}


def test_the_same_seed_cuts_alike() -> None:
    assert cuts("ababab", 1) == cuts("ababab", 1) != cuts("ababab", 2)


def test_a_token_stays_whole() -> None:
    assert all("⟦1⟧" in cut for cut in cuts("a⟦1⟧b", 1))


def test_likelier_cuts_come_more_often_but_not_always() -> None:
    found = Counter(cuts("ab", 1))
    assert found["ab",] > found["a", "b"] > 40  # e^-0.4 to e^-1.6: 77 to 23


def test_a_text_with_a_letter_in_no_piece_is_not_cut() -> None:
    assert SAMPLER.cut("abc", Random(1)) is None
