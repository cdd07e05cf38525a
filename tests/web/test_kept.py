"""What takes time to make is made once, in turn, and kept within bounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from workflow.web import kept
from workflow.web.kept import Kept


@pytest.fixture
def keeping() -> Iterator[Kept]:
    with closing(Kept(100)) as made:
        yield made


def test_many_who_ask_at_once_get_one_value(keeping: Kept) -> None:
    calls: list[int] = []

    def make() -> list[int]:
        time.sleep(0.02)
        calls.append(1)
        return calls

    async def ask() -> list[list[int]]:
        return await asyncio.gather(*(keeping.get("a", make, len) for _ in range(20)))

    assert all(one is calls for one in asyncio.run(ask()))
    assert calls == [1]


def test_who_asks_for_something_else_need_not_wait(keeping: Kept) -> None:
    async def ask() -> float:
        await keeping.get("known", lambda: "b", len)
        slow = asyncio.ensure_future(keeping.get("slow", lambda: time.sleep(0.2), lambda _: 1))
        await asyncio.sleep(0)
        begun = time.monotonic()
        await keeping.get("known", lambda: "c", len)
        took = time.monotonic() - begun
        await slow
        return took

    assert asyncio.run(ask()) < 0.1


def test_what_was_used_longest_ago_goes_first(keeping: Kept) -> None:
    async def ask(key: str) -> str:
        return await keeping.get(key, lambda: key * 40, len)

    for key in ("a", "b", "a", "c"):
        asyncio.run(ask(key))
    assert list(keeping._values) == ["a", "c"]
    assert keeping._bytes == 80


def test_one_that_is_larger_than_all_is_kept_alone(keeping: Kept) -> None:
    for key in ("a", "b"):
        assert len(asyncio.run(keeping.get(key, lambda: b"x" * 1000, len))) == 1000
    assert list(keeping._values) == ["b"]


def test_a_failure_is_told_to_all_and_not_tried_again_at_once(
    keeping: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def fail() -> str:
        calls.append(1)
        raise ValueError("no")

    async def ask() -> None:
        with pytest.raises(ValueError, match="no"):
            await keeping.get("a", fail, len)

    for _ in range(3):
        asyncio.run(ask())
    assert calls == [1]
    monkeypatch.setattr(kept, "SULK", 0.0)
    keeping._failed.clear()
    for _ in range(3):
        asyncio.run(ask())
    assert len(calls) == 4
    assert len(keeping._failed) == 1


def test_one_who_leaves_takes_nothing_from_the_others(keeping: Kept) -> None:
    def make() -> str:
        time.sleep(0.05)
        return "made"

    async def ask() -> str:
        first = asyncio.ensure_future(keeping.get("a", make, len))
        second = asyncio.ensure_future(keeping.get("a", make, len))
        await asyncio.sleep(0.01)
        first.cancel()
        return await second

    assert asyncio.run(ask()) == "made"
