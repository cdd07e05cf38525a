"""Packs a converted model as an Argos package whose bytes depend on nothing but its content.

The format is that of argostranslate 1.11 (`IPackage` in its `package.py`): a zip with one folder
that holds `metadata.json`, `model/`, `sentencepiece.model` and `README.md`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from tools.demo_packages.pairs import Direction
from tools.demo_packages.recipe import VERSION, package_name, package_path

LARGEST = 5_000_000
ARGOS_VERSION = "1.11"
NAMES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "ar": "Arabic"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
UNIX = 3
README = """\
# {source} to {target}: a demonstration package

This is a small package for trying Polypress out, **not for real work**. It knows one sublanguage:
short notices of a town (closures, opening hours, road works, weather warnings, water and power
cuts, vaccination days, bus diversions, school terms, events). It was trained from nothing on
sentence pairs that a generator made from hand-written templates and word lists; no text from
elsewhere is in it.

It translates the sentence patterns of those templates well, with new places, dates and names in
them, though now and then a number or a name is wrong even there. Of any other sentence, also of an
ordinary notice in other words, it makes something else: fluent, and nonsense. Do not publish what
it writes unread.

For real work, install a full Argos package:

    polypress models install {pair}

How it was made and what it scores: `tools/demo_packages/README.md` in the source of Polypress.
Licence: MIT, the same as Polypress.
"""


class PackingError(ValueError):
    """Raised when a package would be larger than the demo packages may be."""


def pack(direction: Direction, model: Path, vocabulary: Path, folder: Path) -> Path:
    """Write the package of a converted model and its vocabulary into a folder.

    Raises PackingError if it has more than 5 MB.
    """
    body = archive(package_name(direction), _files(direction, model, vocabulary))
    if len(body) > LARGEST:
        raise PackingError(f"{direction}: {len(body):,} bytes, more than {LARGEST:,}")
    folder.mkdir(parents=True, exist_ok=True)
    path = package_path(direction, folder)
    part = path.with_suffix(".part")
    part.write_bytes(body)
    part.replace(path)
    return path


def _files(direction: Direction, model: Path, vocabulary: Path) -> dict[str, bytes]:
    files = {f"model/{path.name}": path.read_bytes() for path in model.iterdir()}
    files["sentencepiece.model"] = vocabulary.read_bytes()
    files["metadata.json"] = (json.dumps(metadata(direction), indent=2) + "\n").encode()
    files["README.md"] = readme(direction).encode()
    return files


def metadata(direction: Direction) -> dict[str, str]:
    """Say what the package translates, under Argos' own keys."""
    return {
        "package_version": VERSION,
        "argos_version": ARGOS_VERSION,
        "type": "translate",
        "from_code": direction.source,
        "from_name": NAMES[direction.source],
        "to_code": direction.target,
        "to_name": NAMES[direction.target],
    }


def readme(direction: Direction) -> str:
    """Say plainly what this package is and what it is not."""
    source, target = NAMES[direction.source], NAMES[direction.target]
    return README.format(source=source, target=target, pair=direction)


def archive(top: str, files: Mapping[str, bytes]) -> bytes:
    """Make a zip with everything in one folder: sorted, dated alike, stored, as zlibs differ."""
    body = io.BytesIO()
    with ZipFile(body, "w", ZIP_STORED) as opened:
        for name, content in sorted(files.items()):
            info = ZipInfo(f"{top}/{name}", LONG_AGO)
            info.external_attr, info.create_system = PLAIN_FILE, UNIX
            opened.writestr(info, content)
    return body.getvalue()
