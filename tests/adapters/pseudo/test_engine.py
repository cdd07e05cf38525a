"""What the pseudo engine has and no other; its contract is asked in `test_engine_contract`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.adapters.pseudo.writing import RLM
from workflow.checks import Subject, answer_findings, findings, hard_findings
from workflow.errors import LocaleError, PackageError
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Severity
from workflow.pseudo import names_pseudo
from workflow.segments import restore, segmented

ENGINE, FORM = PseudoEngine(), MarkdownFormat()
ORDINARY = st.lists(
    st.one_of(
        st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=9),
        st.sampled_from(
            ["the", "library", "is", "closed.", "Open", "today?", "well-known,", "It's", "(new)",
             '"quoted"', "3", "9:00", "1,500", "12.50", "17h30", "5 p.m.", "15 h", "7th", "Monday",
             "5 de la tarde", "May", "50 %", "{name}", "%s", "%(count)d", "**bold** text", "*one*",
             "_soft_", "`code`", "[our page](https://example.org/a?b=1)", "https://example.org/x",
             "a@example.org", "![map](map.png)", "AT&T", "café", "Straße.", "…", "-", "!",
             "tel:555-0155"]
        ),
    ),
    min_size=1, max_size=14,
).map(lambda words: " ".join(["The", *words]))  # fmt: skip


def answer(text: str, target: str = "es") -> Hypothesis:
    (package,) = ENGINE.route("en", target).hops
    ((found,),) = ENGINE.translate(package, [text], DecodeParameters(), lambda _: None)
    return found


def translated(text: str, target: str) -> str:
    """A unit's text as the steps make it; each of the engine's answers is right at once."""
    cut, texts = segmented(text, FORM.markup(text), language="en"), []
    for one in cut.segments:
        told = restore(one, answer(one.text, target).text).text
        assert told is not None
        assert answer_findings(one.source, told, FORM.markup(one.source), FORM.markup(told)) == ()
        texts.append(told)
    return cut.joined(texts)


# Routes.


@pytest.mark.parametrize("target", ["es", "ar", "pt-BR", "zh-Hant-TW"])
def test_there_is_a_route_to_every_locale_with_nothing_installed(target: str) -> None:
    route = ENGINE.route("en", target)
    assert [hop.name for hop in route.hops] == [f"pseudo_{target}@2"]
    assert names_pseudo(str(route))
    assert ENGINE.detour(route) is None


def test_what_is_no_locale_has_none() -> None:
    with pytest.raises(LocaleError, match="no locale"):
        ENGINE.route("en", "elsewhere")


def test_its_hash_stands_for_what_it_writes() -> None:
    hashes = {tag: ENGINE.route("en", tag).hops[0].sha256 for tag in ("es", "pt", "ar", "he")}
    assert hashes["es"] == hashes["pt"] != hashes["ar"] == hashes["he"]
    assert str(ENGINE.route("de", "es")) == "pseudo_es@2#a25b2efe"


@pytest.mark.parametrize(
    "package",
    [PackageRef("en", "es", "1", "0" * 64), PackageRef("pseudo", "es", "1", "0" * 64)],
)
def test_a_package_of_another_engine_or_version_is_refused(package: PackageRef) -> None:
    with pytest.raises(PackageError, match="no package of this engine"):
        ENGINE.translate(package, ["A."], DecodeParameters(), lambda _: None)


# Answers.


def test_only_locales_from_right_to_left_get_marks() -> None:
    assert RLM in answer("Open", "ar").text
    assert RLM in answer("Open", "ur").text
    assert RLM not in answer("Open", "es").text


def test_it_says_that_it_is_certain_and_where_each_word_is_from() -> None:
    found = answer("Open ⟦1⟧ today.", "ar")
    assert (found.score, found.fallback, found.coverage) == (0.0, 0.0, 1.0)
    assert found.alignment == (0, 1, 2)
    at_the_end = answer("See ⟦1⟧", "es")
    assert at_the_end.text.split() == ["⟪Šééé", "⟦1⟧", "⟫"]
    assert at_the_end.alignment == (0, 1, -1)


@given(ORDINARY, st.sampled_from(["es", "ar", "zh"]))
def test_ordinary_text_passes_the_hard_checks(text: str, target: str) -> None:
    told = translated(text, target)
    assert hard_findings(text, told, FORM.markup(text), FORM.markup(told)) == ()


@given(ORDINARY, st.sampled_from(["es", "ar", "fr"]))
def test_no_check_finds_an_error(text: str, target: str) -> None:
    told = translated(text, target)
    subject = Subject(text, told, "en", target, FORM.markup(text), FORM.markup(told))
    found = findings(subject)
    assert {one.check for one in found if one.severity is Severity.ERROR} == {"pseudo"}
    ours = {"direction", "direction-mark", "invisible", "brackets", "quotes"}
    assert {one.check for one in found} & ours == set()
