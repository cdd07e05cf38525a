"""The page of an item: a whole HTML document around its article, for sites that take files."""

from __future__ import annotations

import textwrap

from workflow import locales
from workflow.bundle.elements import attributes, escaped
from workflow.bundle.items import ItemObject

TITLE = "title"
LONGEST_TITLE = 200
"""Characters; what is longer is cut between two words."""
_POLICY = "script-src 'none'; object-src 'none'; frame-src 'none'; base-uri 'none'"
"""No script runs in the page, whatever stands in it (https://www.w3.org/TR/CSP3/)."""


def page(item: ItemObject) -> bytes:
    """The document in UTF-8; the same item gives the same bytes."""
    language = attributes({"lang": item.locale, "dir": locales.direction(item.locale)})
    lines = (
        "<!DOCTYPE html>",
        f"<html{language}>",
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title(item))}</title>",
        "</head>",
        "<body>",
        "<main>",
        item.html,
        "</main>",
        "</body>",
        "</html>",
        "",
    )
    return "\n".join(lines).encode()


def title(item: ItemObject) -> str:
    """The item's title as it ships; without one its first words, or its id."""
    texts = [unit.text for unit in item.units if unit.field == TITLE] or [
        unit.text for unit in item.units
    ]
    words = next((text for text in texts if text.strip()), item.item)
    return textwrap.shorten(words, LONGEST_TITLE, placeholder="…")
