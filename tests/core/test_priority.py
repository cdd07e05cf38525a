from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.priority import LEAST, UNKNOWN, URGENT, Need, Sight, in_order, score, visibility

BODY = Sight()
TITLE = Sight(title=True)


@dataclass(frozen=True)
class Unit:
    id: str
    need: Need = Need.DRAFT
    risk: float | None = 0.5
    sight: Sight = BODY


UNITS = st.builds(
    Unit,
    st.text("abc", min_size=1, max_size=3),
    st.sampled_from(Need),
    st.none() | st.floats(0, 1),
    st.builds(
        Sight,
        st.booleans(),
        st.integers(0, 50),
        st.integers(1, 99),
        st.sampled_from(["", "2026-01-31", "2026-02-01"]),
    ),
)


def names(*units: Unit) -> list[str]:
    return [one.id for one in in_order(units)]


def test_conflicts_errors_recalled_and_unfinished_texts_come_first_in_this_order() -> None:
    risky = Unit("risky", risk=1.0, sight=TITLE)
    urgent = [Unit(need.value, need, risk=0.0, sight=Sight(position=9)) for need in URGENT]
    assert names(risky, *urgent[::-1]) == [*(need.value for need in URGENT), "risky"]


def test_among_urgent_ones_the_most_visible_comes_first() -> None:
    units = [Unit("body", Need.CONFLICT, 1.0), Unit("title", Need.CONFLICT, 0.0, TITLE)]
    assert names(*units) == ["title", "body"]


def test_the_rest_is_ordered_by_risk_times_visibility() -> None:
    units = [
        Unit("safe title", risk=0.3, sight=TITLE),
        Unit("risky body", risk=0.9),
        Unit("risky end", risk=0.9, sight=Sight(position=5)),
        Unit("risky title", risk=0.9, sight=TITLE),
    ]
    assert names(*units) == ["risky title", "risky body", "safe title", "risky end"]


def test_what_no_machine_could_translate_counts_as_surely_wrong() -> None:
    units = [Unit("risky", risk=0.99), Unit("withheld", Need.WITHHELD, None)]
    assert names(*units) == ["withheld", "risky"]


def test_a_text_of_unknown_risk_ranks_in_the_middle() -> None:
    units = [Unit("unknown", risk=None), Unit("low", risk=0.4), Unit("high", risk=0.6)]
    assert names(*units) == ["high", "unknown", "low"]
    assert score(Need.DRAFT, None, TITLE) == UNKNOWN


def test_of_equal_ones_the_newest_item_comes_first_and_then_the_name_decides() -> None:
    def dated(name: str, date: str) -> Unit:
        return Unit(name, sight=Sight(date=date))

    units = [dated("b", ""), dated("a", ""), dated("old", "2026-01-31"), dated("new", "2026-02-01")]
    assert names(*units) == ["new", "old", "a", "b"]


def test_a_text_that_stands_in_many_places_is_more_visible() -> None:
    seen = [visibility(Sight(places=places)) for places in (1, 2, 4, 8)]
    assert seen == pytest.approx([0.8, 1.2, 1.6, 2.0])
    assert visibility(Sight(places=0)) == visibility(BODY)


def test_later_paragraphs_are_seen_less_but_never_not_at_all() -> None:
    seen = [visibility(Sight(position=position)) for position in range(60)]
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == LEAST
    assert seen[0] < visibility(TITLE)


@given(st.lists(UNITS, max_size=12, unique_by=lambda one: one.id), st.randoms())
def test_the_order_does_not_depend_on_where_one_begins(units: list[Unit], chance: Random) -> None:
    shuffled = units[:]
    chance.shuffle(shuffled)
    assert in_order(shuffled) == in_order(units)
    assert sorted(one.id for one in in_order(units)) == sorted(one.id for one in units)


def test_every_need_has_one_place() -> None:
    assert len(set(Need)) == 7
    assert [need for need in Need if need in URGENT] == list(URGENT)
