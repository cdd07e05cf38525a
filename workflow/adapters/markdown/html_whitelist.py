"""What HTML of an item may hold: text, its structure, links and images, and nothing that can run.

Whatever editors and translators write goes through here, so it is a list of what is known to be
harmless; all else is taken out, and the text in it stays (but for that of scripts and styles).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from functools import cache

import nh3

from workflow.bundle.elements import attributes, legible

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Schemes of addresses; relative addresses may stand there, too."""
_TAGS = """
a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span
strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"reversed", "start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_COLON = re.compile(r"[^/?#]*:")
ALIGN = "data-align"
ALIGNMENTS = frozenset({"center", "left", "right"})


@cache
def _mark() -> str:
    """The attribute that stands for the attributes of a block until the page is clean.

    Nobody who writes a text can know it, so nobody can write the label of another text.
    """
    return f"data-{secrets.token_hex(16)}"


def _relative(address: str) -> str | None:
    """None for what a colon in the first segment makes a hidden scheme (RFC 3986, section 4.2)."""
    return None if _COLON.match(address) else address


@cache
def _cleaner() -> nh3.Cleaner:
    aligned = {ALIGN: set(ALIGNMENTS)}
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={**ATTRIBUTES, "*": {*ATTRIBUTES["*"], _mark()}},
        tag_attribute_values={"td": aligned, "th": aligned},
        link_rel=None,
        url_schemes=set(SCHEMES),
        url_relative=_relative,
    )


def marked(number: int) -> dict[str, str | int | float]:
    """The attributes of a block that shall carry the marks of this number."""
    return {_mark(): number}


def clean(page: str, marks: Sequence[Mapping[str, str]]) -> tuple[str, bool]:
    """The page with nothing in it but what may be, and with the marks at their blocks.

    And whether all of these are there: an element such as `<style>` that nobody closes takes what
    follows along.
    """
    safe = _cleaner().clean(legible(page))
    there = re.findall(rf'<[a-z0-9]+(?: [a-z-]+="[^"]*")* {_mark()}="(\d+)"', safe)
    made = re.sub(rf' {_mark()}="(\d+)"', lambda found: attributes(marks[int(found[1])]), safe)
    return made, len(set(there)) == len(marks)
