"""What each tool keeps beside the facts: the rows of the table in docs/adr/0019, one by one."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po, write_po
from translate.storage import pypo

from tests.adapters.pofile.every_row import ENTRIES, body, ran, read, template

pytestmark = pytest.mark.gettext
Tool = Callable[[bytes, Path], bytes]


def msgmerge(raw: bytes, folder: Path) -> bytes:
    path = folder / "notices.po"
    path.write_bytes(raw)
    active = [message for message in ENTRIES.values() if not message.obsolete]
    return ran("msgmerge", "--quiet", "--previous", path, template(folder, active))


def through_polib(raw: bytes, folder: Path) -> bytes:
    path = folder / "notices.po"
    path.write_bytes(raw)
    polib.pofile(str(path)).save()
    return path.read_bytes()


def through_babel(raw: bytes, _: Path) -> bytes:
    written = io.BytesIO()
    write_po(written, read_po(io.BytesIO(raw)))
    return written.getvalue()


TOOLS: Mapping[str, Tool] = {
    "msgcat": lambda raw, _: ran("msgcat", "-", raw=raw),
    "msgattrib": lambda raw, _: ran("msgattrib", "-", raw=raw),
    "msgmerge": msgmerge,
    "polib": through_polib,
    "Babel": through_babel,
    "translate-toolkit": lambda raw, _: bytes(pypo.pofile(io.BytesIO(raw))),
}
FLAGGED = body().replace(b"#, fuzzy\n", b"#, fuzzy, x-ours\n", 1)
EMPTY = b'\n# conflict: El quiosco abre\n#~ msgid "The kiosk"\n#~ msgstr ""\n'
LOSES: Mapping[str, set[str]] = {
    "msgcat": {"flags", "obsolete without a text", "last comment", "line ends", "folding"},
    "msgattrib": {"flags", "obsolete without a text", "last comment", "line ends", "folding"},
    "msgmerge": {"flags", "obsolete without a text", "last comment", "line ends", "folding"},
    "polib": {"last comment", "line ends", "header"},
    "Babel": {"last comment", "line ends", "header", "folding"},
    "translate-toolkit": set(),
}


def lost(tool: Tool, folder: Path) -> set[str]:
    """What is not there any more, or not as it was, after the tool."""
    same = tool(body(), folder)
    windows = tool(body().replace(b"\n", b"\r\n"), folder)
    found = {
        "flags": b"x-ours" not in tool(FLAGGED, folder),
        "obsolete without a text": b"conflict: El quiosco" not in tool(body() + EMPTY, folder),
        "last comment": b"# the end" not in tool(body() + b"\n# the end\n", folder),
        "line ends": windows.count(b"\r\n") < windows.count(b"\n"),
        "header": header(same) != header(body()),
        "folding": b'who lives"\n" here."' not in same,
        "order": [one.key for one in read(same)] != [one.key for one in read(body())],
    }
    return {what for what, is_lost in found.items() if is_lost}


def header(raw: bytes) -> bytes:
    return raw.partition(b"\n\n")[0]


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_loses_what_the_table_says_and_nothing_more(name: str, tmp_path: Path) -> None:
    assert lost(TOOLS[name], tmp_path) == LOSES[name]


def test_facts_are_read_whatever_msgcat_leaves_of_the_line_ends_of_windows() -> None:
    """It takes them from strings and leaves them behind comments."""
    after = ran("msgcat", "-", raw=body().replace(b"\n", b"\r\n"))
    assert 0 < after.count(b"\r\n") < after.count(b"\n")
    assert set(read(after)) == set(read(body()))
