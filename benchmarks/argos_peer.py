"""argostranslate's own translation code in a process of its own, to compare with.

Run as `python -m benchmarks.argos_peer < request.json`. The request is an object with `folder`
(an installed package), `texts`, `replicas` and `threads` (its inter and intra threads, null for its
defaults), `hypotheses`, `forced` and `runs`; the answer on standard output has `texts` (a list of
hypotheses for each text) and `seconds` (one number for each run, without loading).

stanza is not installed beside Polypress, and argostranslate imports it only for packages that carry
a stanza model: an empty module stands in. Its sentence splitter would be loaded from the network,
so sentencex splits here. Everything between a sentence and its translation is argostranslate's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class _Sentences:
    """A sentencizer of argostranslate's interface."""

    def split_sentences(self, text: str) -> list[str]:
        import sentencex  # noqa: PLC0415 - with the others

        return list(sentencex.segment("en", text))


def main() -> None:
    """Read a request, translate text by text, write the answer."""
    request = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as home:
        translate = _translation(request, home)
        seconds, texts = [], []
        for _ in range(request.get("runs", 1)):
            start = time.perf_counter()
            texts = [translate(text) for text in request["texts"]]
            seconds.append(time.perf_counter() - start)
    json.dump({"texts": texts, "seconds": seconds}, sys.stdout)


def _translation(request: dict[str, Any], home: str) -> Callable[[str], list[str]]:
    """Argostranslate's function for one text, on the package and threads of the request."""
    _set_environment(request, home)
    import ctranslate2  # noqa: PLC0415 - reads the environment when imported
    from argostranslate import package, settings  # noqa: PLC0415 - the same
    from argostranslate import translate as argos  # noqa: PLC0415 - the same

    installed = package.Package(Path(request["folder"]))
    translator = ctranslate2.Translator(
        str(installed.package_path / "model"),
        device=settings.device,
        inter_threads=settings.inter_threads,
        intra_threads=settings.intra_threads,
        compute_type=settings.compute_type,
    )
    if request.get("forced"):
        from benchmarks.forced import ForcedLengths  # noqa: PLC0415 - only then

        translator = ForcedLengths(translator)
    count, sentences = request.get("hypotheses", 1), _Sentences()

    def translate(text: str) -> list[str]:
        found = argos.apply_packaged_translation(installed, text, translator, sentences, count)
        return [hypothesis.value for hypothesis in found]

    translate("Warm.")
    return translate


def _set_environment(request: dict[str, Any], home: str) -> None:
    """Argostranslate makes its folders in `home` and finds no settings of the user there."""
    sys.modules["stanza"] = types.ModuleType("stanza")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = home
    for name in [name for name in os.environ if name.startswith("ARGOS_")]:
        del os.environ[name]
    for name, key in (("ARGOS_INTER_THREADS", "replicas"), ("ARGOS_INTRA_THREADS", "threads")):
        if request.get(key) is not None:
            os.environ[name] = str(request[key])


if __name__ == "__main__":
    main()
