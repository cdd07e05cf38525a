from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from workers.gate import Gate


def test_many_are_inside_together_but_one_that_must_be_alone_never_is() -> None:
    gate, lock, inside, most = Gate(), Lock(), [], [0]

    def enter(number: int) -> None:
        alone = number % 5 == 0
        with gate.entered(alone=alone):
            with lock:
                inside.append(number)
                most[0] = max(most[0], len(inside))
                assert not (alone and len(inside) > 1)
                assert not any(other % 5 == 0 for other in inside if other != number)
            time.sleep(0.001)
            with lock:
                inside.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(enter, range(60)))
    assert most[0] > 1


def test_who_waits_to_be_alone_keeps_later_ones_out() -> None:
    gate, first_leaves, order = Gate(), Event(), []

    def enter(name: str, *, alone: bool) -> None:
        with gate.entered(alone=alone):
            order.append(name)
            if name == "first":
                first_leaves.wait(5)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(enter, "first", alone=False)
        while not order:
            time.sleep(0.001)
        pool.submit(enter, "lonely", alone=True)
        while not gate._lonely:
            time.sleep(0.001)
        pool.submit(enter, "later", alone=False)
        time.sleep(0.02)
        first_leaves.set()
    assert order == ["first", "lonely", "later"]
