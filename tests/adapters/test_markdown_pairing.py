"""Tags as spans, and what Markdown sees in placeholders and addresses: nothing."""

from __future__ import annotations

import pytest

from workflow.adapters.markdown.inline import markup
from workflow.segments import protect


def pieces(source: str) -> list[tuple[str, str, int]]:
    return [(source[one.start : one.end], one.kind, one.pair) for one in markup(source)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<b>Open</b> now", [("<b>", "open", 1), ("</b>", "close", 1)]),
        (
            '*<span class="x">Open</span> now*',
            [
                ("*", "open", 1),
                ('<span class="x">', "open", 2),
                ("</span>", "close", 2),
                ("*", "close", 1),
            ],
        ),
        ("<p>Open<br>now</P>", [("<p>", "open", 1), ("<br>", "atom", 0), ("</P>", "close", 1)]),
        ("<x/>Open</x>", [("<x/>", "atom", 0), ("</x>", "atom", 0)]),
        ("<i>Open</b> now", [("<i>", "atom", 0), ("</b>", "atom", 0)]),
        (
            "<b>Open *now</b> or* later",
            [("<b>", "atom", 0), ("*", "open", 1), ("</b>", "atom", 0), ("*", "close", 1)],
        ),
        (
            "<b>Open <li>now</b>",
            [("<b>", "open", 1), ("<li>", "atom", 0), ("</b>", "close", 1)],
        ),
        (
            "<b>a <b>b</b> c</b>",
            [("<b>", "open", 1), ("<b>", "open", 2), ("</b>", "close", 2), ("</b>", "close", 1)],
        ),
    ],
)
def test_a_tag_and_its_end_are_a_span_where_they_stand_in_the_same_one(
    source: str, found: list[tuple[str, str, int]]
) -> None:
    assert pieces(source) == found


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("Take {items[0]} home", "Take ⟦1⟧ home"),
        ("Take [the {items[0]}](/x) home", "Take ⟦1⟧the ⟦2⟧⟦3⟧ home"),
        ("Dear {__name__}, *hello*", "Dear ⟦1⟧, ⟦2⟧hello⟦3⟧"),
        ("See https://town.example/_a_/b *now*", "See ⟦1⟧ ⟦2⟧now⟦3⟧"),
        ("See *https://town.example/a* now", "See ⟦1⟧ now"),
        ("See [the list][0] and [page]", "See ⟦1⟧the list⟦2⟧ and ⟦3⟧"),
    ],
)
def test_a_placeholder_and_an_address_are_whole(source: str, seen: str) -> None:
    assert protect(source, markup(source)).text == seen
