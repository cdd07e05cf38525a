from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workflow.segments
from workflow.adapters.markdown import MarkdownFormat, inline
from workflow.segments import (
    MAX_TOKENS,
    Protected,
    apart,
    assembled,
    literals,
    protect,
    restore,
    segmented,
    split,
    translatable,
)
from workflow.segments.literals import _SIGNS, _finder
from workflow.segments.protection import Segmented, _segments
from workflow.segments.tree import tree

markup = MarkdownFormat().markup

INLINE = st.lists(
    st.sampled_from(
        [
            "**",
            "*",
            "_",
            "~~",
            "`",
            "[",
            "](http://x.y)",
            '](u "t")',
            "![i](j)",
            "<b>",
            "</b>",
            "<http://a.b>",
            "&amp;",
            "\\*",
            "\\",
            "  \n",
            "\\\n",
            "%s",
            "%(name)s",
            "{0}",
            "{name}",
            "{{x}}",
            "${x}",
            "$1",
            "https://a.example/b?c=d",
            "a@b.example",
            "⟦1⟧",
            "⟦",
            "⟧",
            "[r]",
            " ",
            " ",
            ". ",
            ", ",
            "Word",
            "two words",
            "112",
            "日本。",
            "عربي",
            "İ",
            "…",
            "\xa0",
        ]
    ),
    max_size=25,
).map("".join)


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(workflow.segments).failed == 0


@given(st.text(), st.sampled_from(["en", "es", "ar", "pt-BR", "zh-Hant", "xx"]))
def test_split_loses_nothing(text: str, language: str) -> None:
    assert "".join(split(text, language)) == text


def test_split_gives_sentences_and_what_is_between() -> None:
    assert split("Mr. Smith came.  He left.\n\nEnd", "en") == (
        "Mr. Smith came.",
        "  ",
        "He left.",
        "\n\n",
        "End",
    )


@given(INLINE)
def test_protect_then_restore_is_the_identity(source: str) -> None:
    whole = protect(source, markup(source))
    assert whole.source == source
    stripped = source.strip()
    bare = protect(stripped, markup(stripped))
    assert restore(bare, bare.text).text == stripped


@given(INLINE, st.sampled_from(["en", "es", "ar"]))
def test_segments_join_to_the_unit_and_stay_within_nine_tokens(source: str, language: str) -> None:
    unit = segmented(source, markup(source), language=language)
    assert unit.source == source
    for segment in unit.segments:
        assert len(segment.pieces) <= MAX_TOKENS
        assert [f"⟦{n}⟧" in segment.text for n in range(1, len(segment.pieces) + 1)].count(
            False
        ) == 0
        assert restore(segment, segment.text).text == segment.source
        assert segment.text == segment.text.strip()
        assert translatable(segment.text)


@given(INLINE)
def test_pieces_translated_apart_keep_everything(source: str) -> None:
    for segment in segmented(source, markup(source), language="en").segments:
        stretches = apart(segment)
        words = [stretch.text for stretch in stretches if stretch.translate]
        assert assembled(stretches, words) == segment.source
        shouted = assembled(stretches, ["X" for _ in words])
        for piece in segment.pieces:
            assert piece.raw in shouted


@given(INLINE)
def test_markup_does_not_overlap_and_nests(source: str) -> None:
    position, still_open = 0, []
    for piece in markup(source):
        assert position <= piece.start < piece.end <= len(source)
        position = piece.end
        if piece.kind == "open":
            still_open.append(piece.pair)
        elif piece.kind == "close":
            assert still_open.pop() == piece.pair
    assert not still_open


def texts(source: str) -> list[str]:
    parts = segmented(source, markup(source), language="en").parts
    return [part.text if isinstance(part, Protected) else f"={part}" for part in parts]


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("Call **112** now.", ["Call ⟦1⟧112⟦2⟧ now."]),
        ("Read [the page](http://x.y). Go.", ["Read ⟦1⟧the page⟦2⟧.", "= ", "Go."]),
        ("See [x.example/a](https://x.example/a).", ["See ⟦1⟧."]),
        ("See [x.example](https://x.example) now", ["See ⟦1⟧ now"]),
        ("See **`code`** and ***both words***", ["See ⟦1⟧ and ⟦2⟧both words⟦3⟧"]),
        ("**One thing. Two things.**", ["=**", "One thing.", "= ", "Two things.", "=**"]),
        ("It *is so. And* so on.", ["It ⟦1⟧is so. And⟦2⟧ so on."]),
        ("First line  \nSecond", ["First line", "=  \n", "Second"]),
        ("At 10:00 on 3 May call 555 0177", ["At 10:00 on 3 May call 555 0177"]),
        ("50% discount of $5.50 for %s", ["50% discount of $5.50 for ⟦1⟧"]),
        ("Hello {{ name }}, ${x} %(a)s %1$s", ["Hello ⟦1⟧, ⟦2⟧ ⟦3⟧ ⟦4⟧"]),
        ("Mail a.b@c.example.", ["Mail ⟦1⟧."]),
        ("See https://a.example/b_(c). Then", ["See ⟦1⟧.", "= ", "Then"]),
        ("Has ⟦1⟧ in it", ["Has ⟦1⟧ in it"]),
        ("![image](x.png)", ["=![", "image", "=](x.png)"]),
        ("Look: ![a door](x.png)", ["Look:", "= ", "=![", "a door", "=](x.png)"]),
        ("Look ![a door](x.png) here", ["Look ⟦1⟧ here"]),
        ("![a *door*](x.png)", ["=![a *door*](x.png)"]),
        ("112", ["=112"]),
        ("🎉 – 3.5", ["=🎉 – 3.5"]),
        ("x", ["=x"]),
        ("", []),
        ("   ", ["=   "]),
    ],
)
def test_what_the_engine_sees(source: str, parts: list[str]) -> None:
    assert texts(source) == parts


def test_more_than_nine_pieces_are_cut_at_tokens_or_merged() -> None:
    assert texts("say " + "{x} " * 12 + "end") == ["say ⟦1⟧ end"]
    many = texts("say " + "{x} word " * 12 + "end")
    assert [part.count("⟦") for part in many] == [9, 0, 3]
    assert texts("**" + "{x} word " * 12 + "end**")[0] == "=**"


def test_terms_are_atoms() -> None:
    segment = protect("CityGo and CityGoing in Elm Street", terms=("CityGo", "Elm Street"))
    assert segment.text == "⟦1⟧ and CityGoing in ⟦2⟧"


@pytest.mark.parametrize(
    ("answer", "restored"),
    [
        ("Llame al⟦1⟧112⟦2⟧ahora a ⟦3⟧ .", "Llame al **112** ahora a {x}."),
        ("Llame al ⟦ 1 ⟧ 112 ⟦2 ⟧ ahora a ⟦3⟧.", "Llame al **112** ahora a {x}."),
        ("请拨打⟦1⟧现在⟦2⟧给⟦3⟧。", "请拨打**现在**给{x}。"),
        ("اتصل ⟦1⟧ 112 ⟦2⟧، ⟦3⟧", "اتصل **112**، {x}"),
    ],
)
def test_blanks_around_tokens_are_mended(answer: str, restored: str) -> None:
    source = "Call **112** now at {x}."
    assert restore(protect(source, markup(source)), answer).text == restored


def test_an_address_keeps_away_from_an_entity_that_was_not_beside_it() -> None:
    source = "See www.town.example/a for parks &amp; gardens."
    protected = protect(source, markup(source))
    restored = restore(protected, "Vea ⟦1⟧⟦2⟧ jardines.").text
    assert restored == "Vea www.town.example/a &amp; jardines."


@pytest.mark.parametrize(
    ("answer", "checks"),
    [
        ("Llame al ⟦1⟧112⟦2⟧.", ["token-lost"]),
        ("⟦1⟧112⟦2⟧ ⟦3⟧ ⟦3⟧", ["token-lost"]),
        ("⟦2⟧112⟦1⟧ ⟦3⟧", ["token-order"]),
        ("⟦1⟧⟦2⟧ ⟦3⟧", ["token-empty"]),
        ("⟦1⟧ ⟦2⟧ ⟦3⟧", ["token-empty"]),
        ("⟦1⟧112⟦2⟧ ⟦3⟧ ⟦4⟧", ["token-unknown"]),
        ("⟦1⟧112⟦2⟧ ⟦3⟧ ⟦", ["token-damaged"]),
        ("", ["token-lost"] * 3),
    ],
)
def test_what_cannot_be_restored_says_why(answer: str, checks: list[str]) -> None:
    source = "Call **112** now at {x}."
    found = restore(protect(source, markup(source)), answer)
    assert found.text is None
    assert [finding.check for finding in found.findings] == checks


@given(st.text())
def test_any_answer_is_restored_or_refused(answer: str) -> None:
    segment = protect("Call **112** now", markup("Call **112** now"))
    found = restore(segment, answer)
    assert (found.text is None) == bool(found.findings)


def test_long_input_takes_bounded_time() -> None:
    for piece in ("a", "{", "a.", "%(", "⟦", "@.", "Word word. ", "{x} w ", "`a ", "*a* ", "\\"):
        source = piece * 2_000
        assert segmented(source, markup(source), language="en").source == source
        assert list(literals(source, ("a",))) is not None


@given(st.text(alphabet="ab %{}$1s/:@w.⟦⟧htp-(", max_size=40))
def test_a_text_without_a_sign_of_a_literal_has_none(text: str) -> None:
    found = list(_finder(()).finditer(text))
    assert bool(found) <= bool(_SIGNS.search(text))


@given(st.text(alphabet="abC. \u00a0?!\t1é»", max_size=60), st.sampled_from(["en", "es", "ar"]))
def test_the_short_way_of_plain_text_leads_where_the_long_one_does(
    text: str, language: str
) -> None:
    short = segmented(text, language=language)
    long = Segmented(tuple(part for part in _segments(tree(text, ()), language) if part))
    assert short.segments == long.segments
    assert short.source == long.source == text


@given(st.text(alphabet="ab .:/@#()-=+>\"'1|{}$%^;,\t\u00a0", max_size=60))
def test_text_without_a_sign_of_markup_has_none_for_the_parser_either(text: str) -> None:
    assert inline._parsed(text) == () == inline.markup(text)
