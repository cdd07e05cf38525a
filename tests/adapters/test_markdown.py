from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.markdown.blocks import block_tokens
from workflow.errors import ContentError
from workflow.model import Item
from workflow.ports import CollectionSpec

FORMAT = MarkdownFormat()
SPEC = CollectionSpec("notices", "content/notices", "markdown", ("title", "body"))

LINES = st.sampled_from(
    [
        "",
        "",
        "text *with* `code`",
        "more  ",
        "back\\",
        "# heading #",
        "## *h* \\#",
        "- item",
        "  - nested",
        "1. one",
        "> quote",
        "> - in quote",
        ">> deep",
        "    code",
        "\tcode",
        "-\ttab",
        "```",
        "~~~",
        "---",
        "===",
        "***",
        "| a | b |",
        "|---|---|",
        "a | b",
        "--|--",
        "| `x\\|y` | |",
        "> | a | b",
        "> |---|---",
        "<div>",
        "</div>",
        "<b>bold</b>",
        "[ref]: /url",
        "[ref]",
        "  indented",
        "\u00a0",
        "İstanbul 日本",
    ]
)
PAGES = st.lists(LINES, min_size=1, max_size=12).map("\n".join)
HOSTILE = st.lists(
    st.sampled_from(
        [
            *"#->*+_`~|[]():=!<&{}\\'\"\n \t1.)",
            "---",
            "```",
            "===",
            "  \n",
            "\\\n",
            "|---|",
            "<div>",
            "<!--",
            "<b>",
            "{{ x }}",
            "a",
            "word ",
            "1. ",
            "[a]: /b",
            "\r",
            "\u2028",
            "é",
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)


def read(text: str) -> Item:
    (item,) = FORMAT.read("content/notices/a.md", text.encode(), SPEC)
    return item


def shape(text: str) -> list[tuple[str, ...]]:
    return [
        (token.type, token.tag, token.markup, "" if token.type == "inline" else token.content)
        for token in block_tokens(text)
    ]


def test_the_same_source_twice_is_one_unit() -> None:
    item = read("One\n\nTwo\n\n> One\n")
    assert [(unit.source, unit.line) for unit in item.units] == [("One", 1), ("Two", 3)]
    assert FORMAT.render(item, {("body", "One"): "Uno"}, SPEC) == "Uno\n\nTwo\n\n> Uno\n"


@pytest.mark.parametrize(
    ("source", "text", "rebuilt"),
    [
        ("Text", "# no heading", "\\# no heading"),
        ("Text", "- no item", "\\- no item"),
        ("Text", "1. no item", "1\\. no item"),
        ("Text", "2020) x", "2020\\) x"),
        ("Text", "> no quote", "\\> no quote"),
        ("Text", "---", "\\---"),
        ("Text", "```", "\\```"),
        ("Text", "<div>", "\\<div>"),
        ("Text", "[a]: /url", "\\[a]: /url"),
        ("Text", "<b>x</b> y", "<b>x</b> y"),
        ("Text", "**x** y", "**x** y"),
        ("Text", "-5 °C", "-5 °C"),
        ("Text", "one\n\ntwo", "one two"),
        ("Text", "one\n# two", "one # two"),
        ("Text", "one  \n# two", "one  \n\\# two"),
        ("Text", " \n", "Text"),
        ("- Text", "one  \ntwo", "- one  \n  two"),
        ("> 1. Text", "one\\\n- two", "> 1. one\\\n>    \\- two"),
        ("a  \nb", "x\ny", "x  \ny"),
        ("a\\\nb", "x\n\n y", "x\\\ny"),
        ("## Text", "one\ntwo ##", "## one two \\##"),
        ("Text\n---", "===", "===\n---"),
        ("Text\n---", "- a", "\\- a\n---"),
        ("| Text |\n|---|", "a|b\nc\\", "| a\\|b c\\  |\n|---|"),
        ("Text | x\n---|---", "- a", "\\- a | x\n---|---"),
        ("a  \nb", "x | y\n---|---", "x | y  \n\\---|---"),
    ],
)
def test_a_translation_stays_in_its_block(source: str, text: str, rebuilt: str) -> None:
    item = read(source)
    first = item.units[0].source
    assert FORMAT.render(item, {("body", first): text}, SPEC) == rebuilt


@given(PAGES)
def test_every_page_is_read_and_comes_back_with_its_own_texts(page: str) -> None:
    if not page.strip() or page.startswith("---"):
        return
    item = read(page)
    texts = {("body", unit.source): unit.source for unit in item.units}
    assert FORMAT.render(item, texts, SPEC) == page


@given(PAGES)
@example("- item\nmore  \n===")
def test_translated_pages_read_as_their_translations(page: str) -> None:
    if not page.strip() or page.startswith("---"):
        return
    item = read(page)
    texts = {("body", unit.source): f"X{unit.source}" for unit in item.units}
    again = read(FORMAT.render(item, texts, SPEC))
    found = [unit.source.replace("\n\\", "\n") for unit in again.units]  # a line may be escaped
    assert found == [text.replace("\n\\", "\n") for text in dict.fromkeys(texts.values())]


@given(PAGES, HOSTILE)
@example("Text", "[a]: /b\\\n'")
@settings(max_examples=150)
def test_no_translation_changes_the_tree(page: str, text: str) -> None:
    if not page.strip() or page.startswith("---"):
        return
    item = read(page)
    texts = {("body", unit.source): text for unit in item.units}
    assert shape(FORMAT.render(item, texts, SPEC)) == shape(page)


def test_a_page_that_only_looks_like_front_matter_is_refused() -> None:
    with pytest.raises(ContentError, match="not closed"):
        read("---\n\nText")


@pytest.mark.parametrize("page", ["> " * 300 + "x", "- " * 300 + "x", "[" * 5_000, "*" * 5_000])
def test_depth_is_bounded(page: str) -> None:
    for unit in read(page).units:
        FORMAT.markup(unit.source)


def test_spans_that_nest_too_deeply_are_one_piece() -> None:
    source = "<b>word " * 300 + "</b>" * 300
    pieces = FORMAT.markup(source)
    assert [(one.start, one.end, one.kind) for one in pieces] == [(0, len(source), "atom")]
