"""What the engine reads of an installed package besides its model: metadata and vocabulary.

Whatever is wrong with a file is an OSError or ValueError here; `decoder.refused` turns both into a
PackageError that names the package.
"""

from __future__ import annotations

import json
from pathlib import Path


def target_prefix(folder: Path) -> str:
    """The piece with which every target text starts in a many-language package, else empty.

    Raises OSError or ValueError if `metadata.json` is no object or has no text there.
    """
    about = json.loads((folder / "metadata.json").read_text("utf-8"))
    prefix = about.get("target_prefix", "") if isinstance(about, dict) else None
    if not isinstance(prefix, str):
        raise ValueError("metadata.json has no valid target_prefix")  # noqa: TRY004 - see above
    return prefix


def source_vocabulary(folder: Path) -> frozenset[str]:
    """The source pieces that the model knows (CTranslate2 writes JSON, older versions lines).

    Empty if the model has no such file. Raises OSError or ValueError if it is damaged.
    """
    for stem in ("source_vocabulary", "source_1_vocabulary", "shared_vocabulary"):
        for path in (folder / "model" / f"{stem}.json", folder / "model" / f"{stem}.txt"):
            if path.exists():
                return frozenset(_pieces(path))
    return frozenset()


def _pieces(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".txt":
        return text.split("\n")
    pieces = json.loads(text)
    if not isinstance(pieces, list):
        raise ValueError(f"{path.name} is no list")  # noqa: TRY004 - see the module
    return [str(piece) for piece in pieces]
