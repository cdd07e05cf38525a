"""One nursery and one Redis for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers.chaos.cast import Nursery
from tests.workers.chaos.stage import Stage
from tests.workers.redis_for_tests import running


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    nursery = Nursery()
    try:
        with running(folder / "redis") as redis:
            yield Stage(nursery, redis, folder)
    finally:
        nursery.close()
