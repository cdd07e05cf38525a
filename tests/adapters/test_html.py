from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.test_markdown import HOSTILE, PAGES
from tests.documentation import DOCS, codes, rows, section
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.markdown.html_whitelist import ALIGN, ATTRIBUTES, SCHEMES, TAGS
from workflow.model import Item
from workflow.ports import CollectionSpec

FORMAT = MarkdownFormat()
FIELDS = ("title", "summary", "body")
SPEC = CollectionSpec("notices", "content/notices", "markdown", FIELDS)
DIGEST = CollectionSpec("briefs", "content/briefs", "digest")
MARK = {"lang": "en", "data-origin": "machine"}
MARKED = ' data-origin="machine" lang="en"'


def read(text: str) -> Item:
    (item,) = FORMAT.read("content/notices/a.md", text.encode(), SPEC)
    return item


def html(text: str, texts: dict[str, str] | None = None, *marked: str) -> str:
    """The HTML of a page with other texts, by source; the units of these sources are marked."""
    item = read(text)
    known = texts or {}
    given_texts = {
        (unit.field, unit.source): known[unit.source] for unit in item.units if unit.source in known
    }
    marks = {(one.field, one.source): MARK for one in item.units if one.source in marked}
    return FORMAT.html(item, given_texts, marks, SPEC)


def test_fields_stand_in_their_order_each_in_its_element() -> None:
    page = "---\nsummary: Free & <b>open</b>\ntitle: Pool\ndate: 2026-11-20\n---\n\nText\n"
    assert html(page) == (
        '<h1>Pool</h1>\n<p data-field="summary">Free &amp; &lt;b&gt;open&lt;/b&gt;</p>\n<p>Text</p>'
    )


def test_translations_stand_in_the_place_of_their_sources() -> None:
    page = "---\ntitle: Pool\n---\n\n## Open\n\nNot *today*\n"
    texts = {"Pool": "Piscina", "Open": "Abierta", "Not *today*": "**Hoy** no"}
    found = html(page, texts)
    assert found == "<h1>Piscina</h1>\n<h2>Abierta</h2>\n<p><strong>Hoy</strong> no</p>"


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("Text", f"<p{MARKED}>Text</p>"),
        ("# Text", f"<h1{MARKED}>Text</h1>"),
        ("Text\n---", f"<h2{MARKED}>Text</h2>"),
        ("> Text", f"<blockquote>\n<p{MARKED}>Text</p>\n</blockquote>"),
        ("- Text", f"<ul>\n<li{MARKED}>Text</li>\n</ul>"),
        ("1. Text\n\n2. b", f"<ol>\n<li>\n<p{MARKED}>Text</p>\n</li>"),
        ("- Text\n  - b", f"<ul>\n<li><span{MARKED}>Text</span>\n<ul>\n<li>b</li>"),
        ("| Text |\n|--|", f"<th{MARKED}>Text</th>"),
        ("| a |\n|--:|\n| Text |", f'<td data-align="right"{MARKED}>Text</td>'),
        ("---\ntitle: Text\n---\n", f"<h1{MARKED}>Text</h1>"),
        ("---\nsummary: Text\n---\n",
         '<p data-field="summary" data-origin="machine" lang="en">Text</p>'),
        ("Text\n\nb\n\nText", f"<p{MARKED}>Text</p>\n<p>b</p>\n<p{MARKED}>Text</p>"),
    ],
)  # fmt: skip
def test_the_element_that_holds_a_unit_carries_its_marks(page: str, marked: str) -> None:
    assert marked in html(page, None, "Text")


def test_links_of_a_page_are_those_it_defines() -> None:
    page = "See [the plan][p].\n\n[p]: /plan.html 'Plan'\n"
    found = html(page, {"See [the plan][p].": "Vea [el plano][p]."})
    assert found == '<p>Vea <a href="/plan.html" title="Plan">el plano</a>.</p>'


def test_a_field_that_is_no_text_and_a_body_that_is_no_field_are_not_there() -> None:
    page = "---\ntitle: Pool\nsummary: Free\n---\n\nText\n"
    spec = CollectionSpec("n", "content/n", "markdown", ("title",))
    (item,) = FORMAT.read("content/n/a.md", page.encode(), spec)
    assert FORMAT.html(item, {}, {}, spec) == "<h1>Pool</h1>"


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("a <script>alert(1)</script> b", "<p>a  b</p>"),
        ("<script>alert(1)</script>\n\nText", "<p>Text</p>"),
        ("<style>p {}</style>\n\nText", "<p>Text</p>"),
        ('<b onclick="x" style="y" class="z" id="i">a</b>', "<p><b>a</b></p>"),
        ("<iframe src=/x>a</iframe>", "a"),
        ("<form action=/x>a <input name=b></form>", "a"),
        ("<object data=/x></object>Text", "<p>Text</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("<a href='java&#9;script:alert(1)'>a</a>", "<p><a>a</a></p>"),
        ("![a](data:image/png;base64,AA==)", '<p><img alt="a"></p>'),
        ("<img src=ftp://x.example/a.png>", "<img>"),
        ("<a href=mailto:a@b.example>a</a>", '<p><a href="mailto:a@b.example">a</a></p>'),
        ("[a](tel:112) [b](/c) [d](//e.example)",
         '<p><a href="tel:112">a</a> <a href="/c">b</a> <a href="//e.example">d</a></p>'),
        ("<a href='jav\u200bascript:x'>a</a>", "<p><a>a</a></p>"),
        ("[a](b/c:d) [e](?f:g)", '<p><a href="b/c:d">a</a> <a href="?f:g">e</a></p>'),
        ("<!-- no -->\n\nText", "<p>Text</p>"),
    ],
)  # fmt: skip
def test_nothing_that_can_run_is_in_a_page(page: str, left: str) -> None:
    assert html(page) == left


@pytest.mark.parametrize(
    "raw",
    ["<div>" * 100_000, "<p " + "a " * 100_000 + ">", "Hello <b>" + "<i>x</i> " * 12_000],
    ids=["elements that nest", "attributes", "elements in a line"],
)
def test_raw_html_that_would_take_a_parser_minutes_is_shown_as_text(raw: str) -> None:
    begun = time.monotonic()
    page = html(f"*One*\n\n{raw}\n\nTwo")
    assert time.monotonic() - begun < 5
    assert page.startswith("<p><em>One</em></p>")
    assert page.endswith("<p>Two</p>")
    assert not {"<div", "<b>", "<i>", "<p "} & set(re.findall(r"<\w+[ >]?", page))
    assert "&lt;" in page


@pytest.mark.parametrize(
    "raw",
    ["<style>", "<script>", "<template>", "<iframe>", "<textarea>", "<title>", "<xmp>",
     "<plaintext>", "<select><template>"],
)  # fmt: skip
def test_raw_html_that_would_hide_what_follows_is_shown_as_text(raw: str) -> None:
    page = html(f"One {raw} two\n\nThree", None, f"One {raw} two", "Three")
    shown = raw.replace("<", "&lt;").replace(">", "&gt;")
    assert page == f"<p{MARKED}>One {shown} two</p>\n<p{MARKED}>Three</p>"


def test_a_large_table_in_raw_html_stays_one() -> None:
    table = "<table>" + "<tr><td>1</td></tr>" * 3_000 + "</table>"
    assert html(table).count("<td>") == 3_000


def test_nobody_can_write_a_label_of_a_text() -> None:
    page = '<p data-origin="human" data-review="approved" data-field="x">Text</p>'
    assert html(page) == "<p>Text</p>"
    written = 'Text data-origin="human" <i data-origin="human">b</i>'
    assert html(written, None, written) == (f'<p{MARKED}>Text data-origin="human" <i>b</i></p>')


def test_the_same_item_gives_the_same_html_and_its_own_format_stays_as_it_is() -> None:
    page = "Text\n\n- a\n- b\n"
    item = read(page)
    texts = {("body", "Text"): "Texto"}
    first = FORMAT.html(item, texts, {("body", "a"): MARK}, SPEC)
    assert FORMAT.render(item, texts, SPEC) == "Texto\n\n- a\n- b\n"
    assert FORMAT.html(item, texts, {("body", "a"): MARK}, SPEC) == first
    assert first.count("data-origin") == 1


def test_a_digest_is_a_paragraph_of_plain_text() -> None:
    (item,) = DigestFormat().read("content/briefs/a.txt", b"One\n<b>two</b>", DIGEST)
    key = ("body", "One <b>two</b>")
    plain = DigestFormat().html(item, {}, {}, DIGEST)
    assert plain == "<p>One &lt;b&gt;two&lt;/b&gt;</p>"
    found = DigestFormat().html(item, {key: "Uno & *dos*"}, {key: MARK}, DIGEST)
    assert found == f"<p{MARKED}>Uno &amp; *dos*</p>"


def test_the_page_in_the_docs_lists_what_may_be_in_html() -> None:
    table = rows(section(DOCS / "html.md", "## What may be in it"))
    listed = {row[0]: set(codes(row[1])) for row in table}
    attributes = {name for names in ATTRIBUTES.values() for name in names} | {ALIGN}
    assert listed == {
        "elements": TAGS,
        "attributes": attributes,
        "schemes of addresses": SCHEMES,
    }


@given(PAGES, HOSTILE)
def test_any_page_with_any_translation_holds_only_what_may_be(page: str, text: str) -> None:
    if not page.strip() or page.startswith("---"):
        return
    item = read(page)
    texts = {(unit.field, unit.source): text for unit in item.units}
    marks = dict.fromkeys(texts, MARK)
    found = FORMAT.html(item, texts, marks, SPEC)
    assert set(re.findall(r"</?([a-z0-9]+)", found)) <= TAGS
    names = {name for tag in re.findall(r"<\w+((?: [\w-]+=\"[^\"]*\")*)>", found)
             for name in re.findall(r" ([\w-]+)=", tag)}  # fmt: skip
    allowed = {name for names in ATTRIBUTES.values() for name in names}
    assert names <= allowed | {"data-origin", "data-align"}


@given(st.text(max_size=40))
def test_any_text_of_a_field_is_text(text: str) -> None:
    item = read("---\ntitle: Pool\n---\n")
    found = FORMAT.html(item, {("title", "Pool"): text}, {}, SPEC)
    assert re.fullmatch(r"<h1>[^<>]*</h1>", found, re.DOTALL)
