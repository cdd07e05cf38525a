"""What the engine reads of an installed package besides its model: metadata and vocabulary."""

from __future__ import annotations

import json
from pathlib import Path

from workflow.errors import PackageError, Place


def target_prefix(folder: Path) -> str:
    """The piece with which every target text starts in a many-language package, else empty.

    Raises PackageError if `metadata.json` is not an object with a text there.
    """
    path = folder / "metadata.json"
    about = _json(path)
    prefix = about.get("target_prefix", "") if isinstance(about, dict) else None
    if not isinstance(prefix, str):
        raise PackageError("no valid target_prefix in the metadata", place=Place(path=str(path)))
    return prefix


def source_vocabulary(folder: Path) -> frozenset[str]:
    """The source pieces that the model knows (CTranslate2 writes JSON, older versions lines).

    Raises PackageError if the file is damaged; empty if the model has no such file.
    """
    for stem in ("source_vocabulary", "source_1_vocabulary", "shared_vocabulary"):
        for path in (folder / "model" / f"{stem}.json", folder / "model" / f"{stem}.txt"):
            if path.exists():
                return frozenset(_pieces(path))
    return frozenset()


def _pieces(path: Path) -> list[str]:
    if path.suffix == ".txt":
        return _text(path).split("\n")
    pieces = _json(path)
    if not isinstance(pieces, list):
        raise PackageError("the vocabulary is no list", place=Place(path=str(path)))
    return [str(piece) for piece in pieces]


def _json(path: Path) -> object:
    try:
        content: object = json.loads(_text(path))
    except ValueError as error:
        raise PackageError(f"not valid JSON: {error}", place=Place(path=str(path))) from error
    return content


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"cannot be read: {error}", place=Place(path=str(path))) from error
