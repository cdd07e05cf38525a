"""Conditional and partial requests, as pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.web.conditions import fresh, held, span

TAGS = ['"a-br"', '"a"']


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", ""),
        ('"a"', '"a"'),
        ('W/"a"', '"a"'),
        ('"x", "a"', '"a"'),
        ('"x" ,W/"a" , "y"', '"a"'),
        ('"a", "a-br"', '"a-br"'),
        ("*", '"a"'),
        (" * ", '"a"'),
        ('"x"', ""),
        ("a", ""),
        ('"a', ""),
        ("W/a", ""),
        ('"A"', ""),
        ('"*"', ""),
        ('"x,"a"', ""),
    ],
)
def test_an_etag_is_found_in_a_list_whether_it_is_weak_or_strong(header: str, tag: str) -> None:
    assert held(header, TAGS) == tag


@pytest.mark.parametrize(
    ("header", "size", "found"),
    [
        ("bytes=0-4", 10, range(5)),
        ("Bytes=0-4", 10, range(5)),
        ("bytes=5-", 10, range(5, 10)),
        ("bytes=-3", 10, range(7, 10)),
        ("bytes=-30", 10, range(10)),
        ("bytes=9-9", 10, range(9, 10)),
        ("bytes=0-99999999999999999", 10, range(10)),
        ("", 10, None),
        ("bytes=4-2", 10, None),
        ("bytes=0-1,4-5", 10, None),
        ("bytes=-", 10, None),
        ("bytes=a-b", 10, None),
        ("items=0-4", 10, None),
        ("bytes=0-4x", 10, None),
        ("bytes=0-" + "9" * 19, 10, None),
    ],
)
def test_a_range_is_one_stretch_of_bytes_or_everything(
    header: str, size: int, found: range | None
) -> None:
    assert span(header, size) == found


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_behind_the_end_holds_nothing(header: str) -> None:
    assert span(header, 10) is not None
    assert not span(header, 10)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(0, 99))
def test_a_range_never_leaves_the_thing(header: str, size: int) -> None:
    found = span(header, size)
    assert found is None or not found or (found.start >= 0 and found.stop <= size)


@pytest.mark.parametrize(
    ("header", "is_fresh"),
    [
        ("", True),
        ('"a"', True),
        ('W/"a"', False),
        ('"b"', False),
        ("Sat, 28 Nov 2026 11:00:00 GMT", False),
    ],
)
def test_a_range_is_sent_only_of_what_the_client_has_the_rest_of(
    header: str,
    is_fresh: bool,  # noqa: FBT001 - pytest gives it by position
) -> None:
    assert fresh(header, '"a"') is is_fresh
