"""Facts survive each tool, whatever the texts: entries of every kind with texts that bite."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po, write_po
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from translate.storage import pypo

from tests.adapters.pofile.every_row import PIVOT, PLURALS, ran, read, unit
from workflow.adapters.pofile import header, sheet
from workflow.catalog import approved, draft, facts_of, withheld
from workflow.model import Facts, Message, Origin

PIECES = st.sampled_from([
    '"', "\\", "\n", "\t", "%s", "%(a_b)d", "{x}", "\u05e9\u05dc\u05d5\u05dd", "\u202b\u0645\u202c",
    "\U0001f6a7", "word", "long-hyphened-word", " ", "  ", "\\n", "#~", "msgid", "\u00e9", "--",
    "\u4e2d\u6587", "<b>", "&amp;", "fuzzy", "# x", "\u00a0", "-", "[a](/b)", "five", "5,00", "...",
])  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map("".join).filter(lambda text: text.strip())
COMMENTS = st.lists(
    st.sampled_from(["previous: Abre", "check: numbers: 5", "memory: 87 %", "ask Ana \\", "- x"]),
    max_size=3, unique=True,
)  # fmt: skip
KINDS = ("machine", "memory", "mixed", "approved", "let stand", "at work", "withheld", "stale")
ENTRIES = st.lists(
    st.tuples(TEXTS, TEXTS, st.sampled_from(KINDS), COMMENTS), min_size=1, max_size=12
)


def made(source: str, text: str, kind: str, comments: list[str]) -> Message:
    one = unit(source)
    ours = draft(one, text, packages=PIVOT, risk=0.3)
    message = {
        "machine": ours,
        "memory": draft(one, text, kind=Origin.MEMORY),
        "mixed": draft(one, text, kind=Origin.MIXED, packages=PIVOT),
        "approved": approved(one, text),
        "let stand": replace(ours, flags=frozenset()),
        "at work": replace(ours, translations=(f"x{ours.translation}",)),
        "withheld": withheld(one, packages=PIVOT),
        "stale": replace(ours, source=f"x{source}"),
    }[kind]
    return replace(message, comments=(*comments, *message.comments))


def with_polib(raw: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notices.po"
        path.write_bytes(raw)
        polib.pofile(str(path)).save()
        return path.read_bytes()


def with_babel(raw: bytes) -> bytes:
    written = io.BytesIO()
    write_po(written, read_po(io.BytesIO(raw)))
    return written.getvalue()


def with_toolkit(raw: bytes) -> bytes:
    catalog = pypo.pofile(io.BytesIO(raw))
    for one in catalog.units[1:]:
        one.target = one.target
    return bytes(catalog)


TOOLS: Mapping[str, Callable[[bytes], bytes]] = {
    "msgcat": lambda raw: ran("msgcat", "--width=60", "-", raw=raw),
    "polib": with_polib,
    "Babel": with_babel,
    "translate-toolkit": with_toolkit,
}


def told(raw: bytes) -> dict[object, Facts]:
    return {message.key: facts_of(message) for message in read(raw)}


@pytest.mark.gettext
@pytest.mark.parametrize("tool", TOOLS)
@example([("A", "B", kind, ["ask Ana \\"]) for kind in KINDS[:1]])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=ENTRIES)
def test_facts_survive_a_tool_whatever_the_texts(
    tool: str, entries: list[tuple[str, str, str, list[str]]]
) -> None:
    messages = {message.key: message for message in (made(*entry) for entry in entries)}
    raw = sheet.splice(
        sheet.Sheet(path="notices.po"),
        tuple(messages.values()),
        new_header=header.new_header("City notices", "es", PLURALS),
    )
    assert raw
    assert told(TOOLS[tool](raw)) == told(raw)
