"""Elements of HTML and XML as text: values are escaped, without what no parser may see."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Characters that HTML or XML 1.0 forbid: controls, halves of characters, and no characters."""


def legible(text: str) -> str:
    """The text without the characters that no page and no feed may hold."""
    return _FORBIDDEN.sub("", text)


def escaped(text: str) -> str:
    """The text as it stands between two tags or between two quotes."""
    return html.escape(legible(text), quote=True)


def attributes(values: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag, each with a blank before it, in the order of their names.

    The names are the program's own; the values may be anybody's.
    """
    return "".join(f' {name}="{escaped(values[name])}"' for name in sorted(values))


def element(tag: str, values: Mapping[str, str], inner: str) -> str:
    """An element around what is markup already."""
    return f"<{tag}{attributes(values)}>{inner}</{tag}>"
