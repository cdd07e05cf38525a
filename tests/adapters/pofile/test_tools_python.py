"""What Python's PO libraries leave of the facts (docs/adr/0019): the real ones, on every row."""

from __future__ import annotations

import io
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po, write_po
from translate.storage import pypo

from tests.adapters.pofile.every_row import ASIDE, ENTRIES, MEANT, asides, body, read, told
from workflow.catalog import may_replace
from workflow.model import Facts, Freshness, Origin, Review

DOUBTED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.NEEDS_WORK)


def folded(lines: tuple[str, ...]) -> str:
    """Comment lines as one text, however they were folded."""
    return " ".join(lines)


def through_polib(folder: Path, **options: int) -> bytes:
    path = folder / "notices.po"
    path.write_bytes(body())
    polib.pofile(str(path), **options).save()
    return path.read_bytes()


def test_polib_keeps_all_facts_and_folds_long_comments(tmp_path: Path) -> None:
    after = through_polib(tmp_path)
    assert told(after) == MEANT
    assert folded(asides(after)) == folded(ASIDE)
    assert len(asides(after)) == len(ASIDE) + 2  # so what is ours there has to be read by its mark
    assert asides(after)[0].startswith("previous: ")


def test_polib_without_wrapping_keeps_comments_as_they_are(tmp_path: Path) -> None:
    after = through_polib(tmp_path, wrapwidth=0)
    assert told(after) == MEANT
    assert asides(after) == ASIDE
    assert read(after) == read(body())


def through_babel(**options: int) -> bytes:
    written = io.BytesIO()
    write_po(written, read_po(io.BytesIO(body())), **options)
    return written.getvalue()


def test_babel_keeps_the_facts_of_all_but_previous_msgids_and_obsolete_drafts() -> None:
    after = told(through_babel())
    lost = {name: facts for name, facts in after.items() if facts != MEANT[name]}
    assert set(lost) == {"person's, stale", "obsolete draft"}
    assert lost["person's, stale"] == DOUBTED  # `#|` became a comment, so nothing replaces the text
    assert lost["obsolete draft"].review is Review.APPROVED  # it drops the flags of obsolete ones
    assert len(after) == len(MEANT)


def test_babel_makes_a_comment_of_a_previous_msgid_and_folds_long_comments() -> None:
    after = through_babel()
    assert b'# | msgid "Call the office on Monday."\n' in after
    assert folded(asides(after)) == folded(ASIDE)
    [message] = [m for m in read(after) if m.key == ENTRIES["person's, stale"].key]
    assert not may_replace(message)


def test_babel_folds_comments_even_when_it_folds_no_text() -> None:
    after = through_babel(width=0)
    assert folded(asides(after)) == folded(ASIDE)
    assert len(asides(after)) == len(ASIDE) + 2


def test_babel_rewrites_the_header() -> None:
    after = through_babel()
    assert b"X-Generator" not in after
    assert b"Generated-By: Babel" in after


@pytest.mark.parametrize("width", [77, 0, -1, 60])
def test_translate_toolkit_keeps_all_facts_and_comments(width: int) -> None:
    catalog = pypo.pofile(io.BytesIO(body()), width=width)
    for one in catalog.units[1:]:
        one.target = one.target  # as if somebody had saved each
    after = bytes(catalog)
    assert told(after) == MEANT
    assert asides(after) == ASIDE


def test_translate_toolkit_approves_by_taking_the_fuzzy_mark() -> None:
    catalog = pypo.pofile(io.BytesIO(body()))
    [one] = [unit for unit in catalog.units if unit.source == ENTRIES["machine"].source]
    one.markfuzzy(present=False)
    [doubted] = [unit for unit in catalog.units if unit.source == ENTRIES["person's, stale"].source]
    doubted.target = "Llame a la oficina el martes."
    doubted.markfuzzy(present=False)
    after = told(bytes(catalog))
    assert after["machine"].review is Review.APPROVED
    assert after["machine"].origin is Origin.MACHINE
    assert after["person's, stale"] == MEANT["person's"]
