"""The bare engine beside Polypress: the same sources, raw, through argostranslate's own code.

It splits a text into sentences, decodes each and joins them (see `benchmarks.argos_peer`); what
has no direct package goes over Spanish, as argostranslate does it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workflow.bootstrap import open_models

ROOT = Path(__file__).parents[2]
PIVOT = "es"
AT_ONCE = 2


def bare(root: Path, sources: Sequence[str], *, hours: float = 1.0) -> dict[str, dict[str, str]]:
    """The answers by locale and source, with the packages that a project has installed."""
    folders = {(one.ref.source, one.ref.target): one.folder for one in open_models(root).list()}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        arabic = pool.submit(_answers, folders["en", "ar"], sources, hours)
        spanish = _answers(folders["en", PIVOT], sources, hours)
        portuguese = _answers(folders[PIVOT, "pt"], spanish, hours)
        answers = {"es": spanish, "ar": arabic.result(), "pt": portuguese}
    return {locale: dict(zip(sources, texts, strict=True)) for locale, texts in answers.items()}


def _answers(folder: Path, texts: Sequence[str], hours: float) -> list[str]:
    request = {"folder": str(folder), "texts": list(texts), "replicas": 1, "threads": 1}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.argos_peer"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=hours * 3600,
    )
    return [hypotheses[0] for hypotheses in json.loads(done.stdout)["texts"]]
