"""What all tests share: the gettext programs, a calm Hypothesis, and no settings from outside."""

from __future__ import annotations

import os

import hypothesis
import pytest

from tests import programs
from tools.programs import offer_unpacked

hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")


def pytest_configure() -> None:
    offer_unpacked(os.environ)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gettext"):
        what, reason = programs.verdict(programs.missing(), os.environ)
        if what == "fail":
            pytest.fail(reason, pytrace=False)
        if what == "skip":
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PACKAGES", "INDEX", "REDIS_URL", "ALIVE"):
        monkeypatch.delenv(f"POLYPRESS_{name}", raising=False)
