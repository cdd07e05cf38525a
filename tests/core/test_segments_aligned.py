"""Markup by word alignment: what the engine sees, and where the marks go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.markdown.inline import markup
from workflow.model import Markup
from workflow.segments import at_edges, cleaned, placed, protect, restore
from workflow.segments.clean import Clean

LINK = "[the plan](https://town.example/plan)"


def clean(source: str) -> Clean:
    found = cleaned(protect(source, markup(source)))
    assert found is not None
    return found


def restored(source: str, answer: str, alignment: tuple[int, ...] | None) -> str | None:
    protected = protect(source, markup(source))
    whole = placed(clean(source), answer, alignment)
    return None if whole is None else restore(protected, whole).text


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (f"Read {LINK} before **12 May**.", "Read the plan before 12 May."),
        ("*Call **{phone}** or* {mail}.", "Call ⟦1⟧ or ⟦2⟧."),
        ("Use `code` and ~~old~~ signs.", "Use ⟦1⟧ and old signs."),
    ],
)
def test_the_engine_sees_words_and_no_markup(source: str, seen: str) -> None:
    assert clean(source).protected.text == seen


def test_text_without_markup_has_no_clean_form() -> None:
    assert cleaned(protect("Call {phone}.")) is None
    assert cleaned(protect("Use `code`.", markup("Use `code`."))) is None


@pytest.mark.parametrize(
    ("source", "answer", "alignment", "text"),
    [
        ("Open **today** only.", "Solo abierto hoy.", (2, 0, 1), "Solo abierto **hoy**."),
        (
            "The **town hall** is shut.",
            "El ayuntamiento está cerrado.",
            (0, 2, 3, 4),
            "El **ayuntamiento** está cerrado.",
        ),
        (
            "The **town hall** is shut.",
            "La casa consistorial está cerrada.",
            (0, 2, 1, 3, 4),
            "La **casa consistorial** está cerrada.",
        ),
        ("**Shut**: call.", "¡Cerrado! Llame.", (0, 1), "¡**Cerrado**! Llame."),
        ("It is **shut!** Go.", "¡Está cerrado! Vaya.", (0, 2, 3), "¡Está **cerrado!** Vaya."),
        (
            "Read *the **big** plan* now.",
            "Lea ahora el plan grande.",
            (0, 4, 1, 3, 2),
            "Lea ahora *el plan **grande***.",
        ),
    ],
)
def test_marks_go_round_the_words_that_are_aligned(
    source: str, answer: str, alignment: tuple[int, ...], text: str
) -> None:
    assert restored(source, answer, alignment) == text


def test_a_number_is_an_anchor_whatever_the_attention_says() -> None:
    source = "Bus **12** runs until 18:30."
    assert restored(source, "Hasta 18:30 va el 12.", (0, 1, 2, 0, 3)) == (
        "Hasta 18:30 va el **12**."
    )


@pytest.mark.parametrize(
    ("answer", "alignment"),
    [
        ("Solo hoy abierto.", None),
        ("Solo hoy abierto.", (0, 1)),
        ("Solo hoy abierto.", (0, 0, 0)),
        ("Solo hoy abierto.", (-1, -1, -1)),
        ("hoy abierto ya hoy.", (1, 0, 2, 1)),
    ],
)
def test_an_unsure_place_is_no_place(answer: str, alignment: tuple[int, ...] | None) -> None:
    assert placed(clean("Open **today** only."), answer, alignment) is None


def test_a_mark_within_a_word_is_never_guessed() -> None:
    assert placed(clean("The *un*known road."), "La vía ignota.", (0, 2, 1)) is None


def test_spans_that_would_cross_are_unsure() -> None:
    source = "**One two** and *three four*."
    assert placed(clean(source), "Uno tres dos cuatro.", (0, 3, 1, 4)) is None


@pytest.mark.parametrize(
    ("source", "answer", "text"),
    [
        ("Open **today** only.", "Solo abierto hoy.", "**Solo abierto hoy**."),
        (f"**Shut** now, see {LINK}.", "Cerrado, vea el plan.",
         "**Cerrado**, vea [el plan](https://town.example/plan)."),
        ("**Shut** now, see *all*.", "Cerrado.", None),
    ],
)  # fmt: skip
def test_markup_at_the_edges_keeps_spans_side_by_side(
    source: str, answer: str, text: str | None
) -> None:
    whole = at_edges(clean(source), answer)
    found = None if whole is None else restore(protect(source, markup(source)), whole).text
    assert found == text


WORDS = st.lists(
    st.sampled_from(["road", "shut", "12", "{x}", "bus,", "now.", "(see)", "`a`", "10:30"]),
    min_size=1,
    max_size=4,
).map(" ".join)
SPANS = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"<b>{text}</b>"),
        inner.map(lambda text: f"<i>{text}</i>"),
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
    ),
    max_leaves=6,
)
_TAG = re.compile(r"</?[bi]>")


def tree_markup(source: str) -> tuple[Markup, ...]:
    """The tags of a generated tree as markup, independent of any format; code is an atom."""
    pieces: list[Markup] = []
    still_open: list[int] = []
    pair = 0
    for found in re.finditer(r"</?[bi]>|`a`", source):
        if found[0] == "`a`":
            pieces.append(Markup(*found.span(), "atom"))
        elif found[0].startswith("</"):
            pieces.append(Markup(*found.span(), "close", still_open.pop()))
        else:
            pair += 1
            still_open.append(pair)
            pieces.append(Markup(*found.span(), "open", pair))
    return tuple(pieces)


def tags(text: str) -> list[str]:
    return sorted(_TAG.findall(text))


def nests(text: str) -> bool:
    stack: list[str] = []
    for tag in _TAG.findall(text):
        if tag.startswith("</"):
            if not stack or stack.pop() != tag.replace("/", ""):
                return False
        else:
            stack.append(tag)
    return not stack


@given(SPANS, st.data())
def test_any_tree_keeps_its_markup_whatever_the_alignment(source: str, data: st.DataObject) -> None:
    protected = protect(source, tree_markup(source))
    found = cleaned(protected)
    if found is None:
        return
    count = len(found.protected.text.split())
    words = data.draw(st.permutations(found.protected.text.split()))
    links = data.draw(st.lists(st.integers(-1, count), min_size=count, max_size=count))
    for whole in (placed(found, " ".join(words), links), at_edges(found, " ".join(words))):
        text = None if whole is None else restore(protected, whole).text
        assert text is None or (tags(text) == tags(source) and nests(text))


@given(SPANS)
def test_the_identity_puts_every_mark_where_it_was(source: str) -> None:
    protected = protect(source, tree_markup(source))
    found = cleaned(protected)
    if found is None or not all(mark.whole for mark in found.marks):
        return
    text = found.protected.text
    whole = placed(found, text, range(len(text.split())))
    assert whole is not None
    assert restore(protected, whole).text == source
