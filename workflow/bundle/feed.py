"""The feed of a collection in one locale: Atom (RFC 4287) of its dated items, newest first."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from workflow import locales
from workflow.bundle.addresses import address
from workflow.bundle.article import SOURCE
from workflow.bundle.elements import attributes, element, escaped
from workflow.bundle.items import ItemObject, PublishedUnit
from workflow.bundle.page import TITLE, title

LARGEST = 100
"""Entries of a feed; readers fetch all of it each time."""
ORIGIN = "urn:polypress:origin"
"""The scheme of the categories that say what of an entry no person wrote today."""
_HTML = "text/html"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:polypress")
_STRONG = frozenset({"L", "R", "AL"})
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class _Channel:
    """What all entries of a feed share."""

    locale: str
    direction: str
    project: str
    site: str
    collection: str
    alternates: Mapping[str, Sequence[str]]


def feed(  # noqa: PLR0913 - what a section's manifest says
    objects: Iterable[ItemObject],
    *,
    locale: str,
    direction: str,
    project: str,
    site: str,
    collection: str,
    alternates: Mapping[str, Sequence[str]],
) -> bytes | None:
    """The feed as bytes; None if no item has a date.

    `alternates` are the locales that have each item, by its id; `site` is the template of its
    addresses, without which links lead to where pulled pages lie beside the feed.
    """
    dated = sorted(_dated(objects), key=lambda pair: (pair[0], pair[1].item), reverse=True)
    if not dated:
        return None
    channel = _Channel(locale, direction, project, site, collection, alternates)
    lines = (
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escaped(locale)}">',
        element("id", {}, _urn(project, collection, "", locale)),
        element("title", {}, escaped(f"{project} · {collection}")),
        element("updated", {}, dated[0][0]),
        element("author", {}, element("name", {}, escaped(project))),
        *(_entry(channel, item, updated) for updated, item in dated[:LARGEST]),
        "</feed>",
        "",
    )
    return "\n".join(lines).encode()


def _dated(objects: Iterable[ItemObject]) -> Iterator[tuple[str, ItemObject]]:
    for item in objects:
        found = (locales.moment(item.meta.get(key, "")) for key in ("updated", "date"))
        moment = next((one for one in found if one), None)
        if moment:
            yield _instant(moment), item


def _instant(moment: date | datetime) -> str:
    """A date of RFC 3339; a day begins at midnight, and a time without an offset is UTC's."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _urn(*names: str) -> str:
    return uuid.uuid5(_SPACE, "\n".join(names)).urn


def _entry(channel: _Channel, item: ItemObject, updated: str) -> str:
    here = address(channel.site, channel.locale, channel.collection, item.item)
    inside = (
        element("id", {}, _urn(channel.project, channel.collection, item.item)),
        element("title", {}, escaped(_title(channel, item))),
        element("updated", {}, updated),
        *_links(channel, item.item),
        *(f'<category scheme="{ORIGIN}" term="{term}"/>' for term in _terms(item.units)),
        element("content", {"type": "html", "xml:base": here}, escaped(item.html)),
    )
    return element("entry", {}, "\n".join(("", *inside, "")))


def _title(channel: _Channel, item: ItemObject) -> str:
    """The title; readers guess its direction by its first letter, so a mark says the real one."""
    text = title(item)
    translated = any(unit.field == TITLE and unit.label.origin != SOURCE for unit in item.units)
    kinds = (kind for kind in map(unicodedata.bidirectional, text) if kind in _STRONG)
    wrong = channel.direction == "rtl" and translated and next(kinds, "") == "L"
    return f"{_RIGHT_TO_LEFT}{text}" if wrong else text


def _links(channel: _Channel, item: str) -> Iterator[str]:
    """The entry's page, then that of every locale that has it, its own as the last.

    Some readers follow the first link and some the last one: both lead to the page in this locale.
    """
    others = sorted({*channel.alternates.get(item, ())} - {channel.locale})
    for locale in ("", *others, channel.locale):
        where = address(channel.site, locale or channel.locale, channel.collection, item)
        language = {"hreflang": locale} if locale else {}
        yield f"<link{attributes({'rel': 'alternate', 'type': _HTML, 'href': where, **language})}/>"


def _terms(units: Sequence[PublishedUnit]) -> Iterator[str]:
    """`machine`, `stale` and `source`, each if it holds for any text of the entry."""
    facts = {str(unit.label.origin) for unit in units}
    if facts & {"machine", "mixed"}:
        yield "machine"
    if any(unit.label.freshness == "stale" for unit in units):
        yield "stale"
    if SOURCE in facts:
        yield SOURCE
