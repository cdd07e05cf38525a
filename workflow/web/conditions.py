"""Conditional and partial requests (RFC 9110, sections 13 and 14): what headers ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence

ANY = "*"
_TAG = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


def held(header: str, tags: Sequence[str]) -> str:
    """The first of a thing's ETags that an `If-None-Match` names, empty if it names none.

    The comparison is weak, as the RFC asks; `*` names whatever there is, here the last one.
    """
    if not header:
        return ""
    if header.strip() == ANY:
        return tags[-1]
    named = set(_TAG.findall(header))
    return next((tag for tag in tags if tag in named), "")


def span(header: str, size: int) -> range | None:
    """The positions of the bytes that a `Range` asks for, in a thing of this size.

    None where all of it is to be sent: there is no range, or more than one, or it is malformed. An
    empty range cannot be satisfied.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found:
        return None
    first, last, tail = found.groups()
    if tail is not None:
        return range(max(0, size - int(tail)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1 if last else size))


def fresh(header: str, tag: str) -> bool:
    """Whether an `If-Range` lets a range be sent: there is none, or it is this ETag, strongly.

    Nothing that is served here has a date, so a date never does.
    """
    return not header or header.strip() == tag
