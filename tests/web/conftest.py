from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.asking import Site, site
from tests.web.public_for_tests import LOCALES, publish


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release; tests that change anything make their own."""
    folder = tmp_path_factory.mktemp("public")
    publish(folder, tags=LOCALES)
    return folder


@pytest.fixture
def served(public: Path) -> Site:
    return site(public)
