"""Each `NAME.md` has its units in `NAME.json` and a rebuilt `NAME.out.md`.

To write them anew after a wanted change, run this file with POLYPRESS_GOLDEN=write.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from workflow.adapters.markdown import MarkdownFormat
from workflow.ports import CollectionSpec

FOLDER = Path(__file__).parents[1] / "golden" / "markdown"
FORMAT = MarkdownFormat()
SPEC = CollectionSpec("notices", "golden", "markdown", ("title", "summary", "body"))
NAMES = sorted(path.stem for path in FOLDER.glob("*.md") if ".out" not in path.name)


def marked(text: str) -> str:
    """A stand-in for a translation: its words differ, its markup does not."""
    return "\n".join(f"«{line}" for line in text.split("\n"))


def checked(path: Path, found: str) -> None:
    if os.environ.get("POLYPRESS_GOLDEN") == "write":
        path.write_bytes(found.encode())
    assert found.encode() == path.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_units_and_rebuilt_file(name: str) -> None:
    raw = (FOLDER / f"{name}.md").read_bytes()
    (item,) = FORMAT.read(f"golden/{name}.md", raw, SPEC)
    units = [
        {
            "field": unit.field,
            "line": unit.line,
            "source": unit.source,
            "markup": [unit.source[m.start : m.end] for m in FORMAT.markup(unit.source)],
        }
        for unit in item.units
    ]
    checked(FOLDER / f"{name}.json", json.dumps(units, indent=1, ensure_ascii=False) + "\n")
    texts = {(unit.field, unit.source): marked(unit.source) for unit in item.units}
    checked(FOLDER / f"{name}.out.md", FORMAT.render(item, texts, SPEC))


@pytest.mark.parametrize("name", NAMES)
def test_the_source_in_its_own_place_is_the_file(name: str) -> None:
    raw = (FOLDER / f"{name}.md").read_bytes()
    (item,) = FORMAT.read(f"golden/{name}.md", raw, SPEC)
    texts = {(unit.field, unit.source): unit.source for unit in item.units}
    assert FORMAT.render(item, texts, SPEC) == item.raw
    assert FORMAT.render(item, {}, SPEC) == item.raw
