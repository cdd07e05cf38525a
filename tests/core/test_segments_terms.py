from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.markdown import MarkdownFormat
from workflow.glossary import Term, found
from workflow.segments import apart, assembled, protect, restore, segmented

TERMS = (Term("Town Hall", "es", "Ayuntamiento"), Term("Hall", "es", "Sala"), Term("CityGo", "es"))
MARKUP = MarkdownFormat().markup
PARTS = ["Town Hall", "Hall", "CityGo", "**", "`", "[", "](http://x.y/Hall)", "{name}", "9:00"]
TEXTS = st.lists(st.sampled_from([*PARTS, "The pool opens", ". ", ", ", " "]), max_size=14)


def cut_and_back(source: str) -> tuple[str, str]:
    """What stands there after an engine that gives every segment back as it got it."""
    cut = segmented(source, MARKUP(source), language="en", glossary=TERMS)
    texts = [restore(segment, segment.text).text for segment in cut.segments]
    assert None not in texts
    return cut.source, cut.joined([text or "" for text in texts])


@given(TEXTS.map("".join))
def test_a_unit_with_terms_is_itself_and_comes_back_with_their_renderings(source: str) -> None:
    again, text = cut_and_back(source)
    assert again == source
    for rendering in ("Ayuntamiento", "Sala"):
        assert text.count(rendering) <= source.count("Hall")
    assert text.replace("Ayuntamiento", "Town Hall").replace("Sala", "Hall") == source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The Town Hall is shut.", "The Ayuntamiento is shut."),
        ("**Town Hall**", "**Ayuntamiento**"),
        ("Shut: [Town Hall](http://x.y/Hall).", "Shut: [Ayuntamiento](http://x.y/Hall)."),
        ("`Town Hall` is code.", "`Town Hall` is code."),
        ("Town Hall. Hall 7. Go!", "Ayuntamiento. Sala 7. Go!"),
        ("Town Halls and hall", "Town Halls and hall"),
    ],
)
def test_only_what_is_text_is_rendered(source: str, text: str) -> None:
    assert cut_and_back(source) == (source, text)


def test_terms_survive_numbers_as_tokens_and_pieces_apart() -> None:
    protected = protect("Hall 7 and Town Hall at 9", terms=["7", "9"], glossary=TERMS)
    assert [piece.raw for piece in protected.pieces] == ["Sala", "7", "Ayuntamiento", "9"]
    stretches = apart(protected)
    texts = [one.text for one in stretches if one.translate]
    assert assembled(stretches, texts) == "Sala 7 and Ayuntamiento at 9"


def test_more_terms_than_tokens_are_cut_into_runs() -> None:
    source = " and ".join(["Town Hall"] * 12) + " meet."
    cut = segmented(source, language="en", glossary=TERMS)
    assert cut.source == source
    assert all(len(segment.pieces) <= 9 for segment in cut.segments)
    assert len(found(cut_and_back(source)[1], [Term("Ayuntamiento", "es")])) == 12
