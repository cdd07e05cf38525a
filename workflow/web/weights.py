"""Lists with quality values (RFC 9110, section 12.4.2): what a client takes, and how gladly."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST = 50
"""Elements of one list that are looked at."""
FORMS: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}
"""Content codings and the suffixes of what is compressed by them, the shorter ones first."""
_ELEMENT = re.compile(r"\s*([^\s;,]{1,60})\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d{0,9})?)\s*)?")


def weighted(header: str) -> dict[str, float]:
    """The elements of a list in lower case with their quality; malformed ones are passed over."""
    elements = header.split(",", MOST)[:MOST]
    found = [match for match in map(_ELEMENT.fullmatch, elements) if match]
    return {match[1].lower(): min(1.0, float(match[2] or 1)) for match in found}


def preferred(header: str) -> tuple[str, ...]:
    """The elements that are accepted, the most wanted first."""
    wanted = {name: weight for name, weight in weighted(header).items() if weight > 0}
    return tuple(sorted(wanted, key=lambda name: -wanted[name]))


def suffixes(header: str) -> tuple[str, ...]:
    """The suffixes of the forms that an `Accept-Encoding` takes, the best first; "" comes last.

    What is not compressed is sent rather than nothing, even to a client that refuses it.
    """
    if not header:
        return ("",)
    known = weighted(header)
    rest = known.get("*", 0.0)
    weight = {name: known.get(name, rest) for name in FORMS}
    plain = known.get("identity", 0.0)
    names = sorted(FORMS, key=lambda name: -weight[name])
    return (*(FORMS[name] for name in names if weight[name] > 0 and weight[name] >= plain), "")
