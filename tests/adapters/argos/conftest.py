from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import random_package


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three installed packages: sentencepiece, BPE, and many-language with a target prefix."""
    root = tmp_path_factory.mktemp("packages")
    random_package.build(root / "en_es", source="en", target="es", seed=1)
    random_package.build(root / "es_pt", source="es", target="pt", kind="bpe", seed=6)
    random_package.build(root / "en_ar", source="en", target="ar", target_prefix=">>ar<<", seed=3)
    return root
