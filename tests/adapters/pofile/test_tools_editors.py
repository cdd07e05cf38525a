"""Catalogs as editors and translation sites save them: the facts are there, and our writes small.

The golden files hold every row of the table, each wrapped and headed as its program does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.pofile.every_row import ASIDE, ENTRIES, MEANT, PLURALS, asides, ran, read, told
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.catalog import draft, settle
from workflow.model import Message, Unit

GOLDEN = Path(__file__).parents[2] / "golden/catalog/tools"
TOOLS = sorted(path.stem for path in GOLDEN.glob("*.po"))
LONG = (
    "El ascensor de la biblioteca no funciona esta semana; pida ayuda en el mostrador de la planta "
    "baja, por favor."
)
RESULT = draft(Unit("notices", "pool", "body", ENTRIES["empty"].source), LONG, risk=0.25)
FACTS = RESULT.comments[0]
WORDS = "the bus to our old town hall stops near a library and swimming baths on Sundays"
ONE_LINE = f'"{LONG}"'


def golden(tool: str) -> bytes:
    return (GOLDEN / f"{tool}.po").read_bytes()


def test_there_is_a_golden_file_of_each_tool() -> None:
    assert TOOLS == ["emacs", "lokalize", "poedit", "weblate"]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_catalog_as_a_tool_saves_it_says_the_same(tool: str) -> None:
    assert told(golden(tool)) == MEANT
    assert asides(golden(tool)) == ASIDE
    assert read(golden(tool)) == tuple(ENTRIES.values())


def settled(folder: Path, raw: bytes) -> bytes:
    """The file after one draft has gone into its empty entry."""
    path = folder / "locales/es/LC_MESSAGES/notices.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    store = FileCatalogStore(folder, plural_forms=lambda _: PLURALS)
    assert not store.update("es", "notices", lambda messages: messages)
    assert path.read_bytes() == raw
    change: Callable[[tuple[Message, ...]], tuple[Message, ...]] = lambda messages: settle(  # noqa: E731 (it is used once)
        messages, {RESULT.key: RESULT}
    )
    assert store.update("es", "notices", change)
    return path.read_bytes()


def expected(raw: bytes, *lines: str) -> bytes:
    """The file with the empty entry as it has to be, and every other byte as it was."""
    end = "\r\n" if b"\r\n" in raw else "\n"
    place, source = "#: content/notices/pool.md", f'msgid "{ENTRIES["empty"].source}"'
    old = [place, 'msgctxt "pool#body"', source, 'msgstr ""', ""]
    new = [f"# {FACTS}", place, "#, fuzzy", *old[1:3], *lines, ""]
    before = end.join(old).encode()
    assert raw.count(before) == 1
    return raw.replace(before, end.join(new).encode())


FOLDED = {
    "emacs": (
        'msgstr ""',
        '"El ascensor de la biblioteca no funciona esta semana; pida ayuda en el "',
        '"mostrador de la planta baja, por favor."',
    ),
    "lokalize": (f"msgstr {ONE_LINE}",),
}
FOLDED["poedit"] = FOLDED["weblate"] = FOLDED["emacs"]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_draft_changes_its_own_entry_and_no_other_byte(tool: str, tmp_path: Path) -> None:
    assert settled(tmp_path, golden(tool)) == expected(golden(tool), *FOLDED[tool])


@pytest.mark.parametrize("tool", TOOLS)
def test_line_ends_of_windows_stay_line_ends_of_windows(tool: str, tmp_path: Path) -> None:
    raw = golden(tool).replace(b"\n", b"\r\n")
    assert settled(tmp_path, raw) == expected(raw, *FOLDED[tool])
    assert read(raw) == read(golden(tool))


@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_without_a_last_line_end_gets_one_and_no_other_byte(
    tool: str, tmp_path: Path
) -> None:
    raw = golden(tool).rstrip(b"\n")
    assert settled(tmp_path, raw) == expected(raw, *FOLDED[tool]) + b"\n"


def prose(count: int) -> list[Message]:
    """Approved paragraphs of words of many lengths, as a town's notices have them."""
    words = WORDS.split()
    texts = [" ".join(words[(n * k) % len(words)] for k in range(1, 40)) for n in range(1, count)]
    return [Message("bus#body", f"{n}. {text}", (text,)) for n, text in enumerate(texts)]


@pytest.mark.gettext
@pytest.mark.parametrize("width", [50, 60, 77, 79, 100])
def test_an_entry_that_changes_is_folded_as_wide_as_the_file(width: int, tmp_path: Path) -> None:
    after = settled(tmp_path, with_prose(tmp_path, f"--width={width}"))
    folded = ran("msgcat", f"--width={width}", "-", raw=after).splitlines()
    ours = after.splitlines()
    where = ours.index(f"# {FACTS}".encode())
    longest = max(map(len, ours[where : where + 9]))
    assert width - 12 <= longest <= width
    assert len(ours) - len(folded) in {-1, 0, 1}  # polib folds before a space, gettext behind it


@pytest.mark.gettext
def test_an_entry_that_changes_is_not_folded_where_the_file_is_not(tmp_path: Path) -> None:
    raw = with_prose(tmp_path, "--no-wrap")
    after = settled(tmp_path, raw)
    assert after == ran("msgcat", "--no-wrap", "-", raw=after)
    assert after == expected(raw, f"msgstr {ONE_LINE}")


def with_prose(folder: Path, *options: str) -> bytes:
    """The golden file of Poedit with forty paragraphs more, folded by `msgcat`."""
    path = folder / "locales/es/LC_MESSAGES/prose.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(golden("poedit"))
    store = FileCatalogStore(folder, plural_forms=lambda _: PLURALS)
    store.update("es", "prose", lambda messages: [*messages[:-2], *prose(40), *messages[-2:]])
    return ran("msgcat", *options, "-", raw=path.read_bytes())


def test_what_a_person_does_in_poedit_reads_as_what_they_meant() -> None:
    """Saving a text there takes the fuzzy mark and the previous msgid, and leaves comments."""
    raw = golden("poedit").decode()
    before = '#, fuzzy\n#| msgid "Call the office on Monday."\n'
    assert before in raw
    raw = raw.replace(before, "").replace("el lunes.", "el martes.")
    draft_there = "#, fuzzy\n" + 'msgctxt "pool#body"\nmsgid "The bus is late."'
    assert draft_there in raw
    facts = told(raw.replace(draft_there, draft_there.removeprefix("#, fuzzy\n")).encode())
    assert facts["person's, stale"] == MEANT["person's"]
    assert facts["machine"].review == "approved"
    assert replace(facts["machine"], review=MEANT["machine"].review) == MEANT["machine"]
