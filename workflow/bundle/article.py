"""The `<article>` of an item: its languages, where its text comes from, and what readers are told.

>>> from workflow.policy import Label
>>> drafted = Label("machine", "none", "current")
>>> units = [PublishedUnit("a:b#body@0", "body", "Open", "Abierto", drafted)]
>>> languages = Languages("es", "en")
>>> marks(units, languages)
{('body', 'Open'): {'data-origin': 'machine', 'data-review': 'none', 'data-freshness': 'current'}}
>>> "data-polypress-machine" in article("<p>Abierto</p>", units, languages)
True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow import locales
from workflow.bundle.elements import element, escaped
from workflow.bundle.items import PublishedUnit

SOURCE = "source"
APPROVED = "approved"
_BY_MACHINE = frozenset({"machine", "mixed"})
_PREFIX = "data-polypress-"


@dataclass(frozen=True, slots=True)
class Languages:
    """The locale that an item is published in, and that of its source texts."""

    locale: str
    source: str

    def of(self, unit: PublishedUnit) -> str:
        """The language in which a unit's text is really there."""
        return self.source if unit.label.origin == SOURCE else self.locale

    def main(self, units: Sequence[PublishedUnit]) -> str:
        """The language of the item as a whole: that of its source if nothing is translated."""
        found = {self.of(unit) for unit in units}
        return self.source if found == {self.source} else self.locale


@dataclass(frozen=True, slots=True)
class Notes:
    """What readers of one locale are told, in its language; an empty note is not shown.

    `machine` is of text that a machine made and nobody has approved, `stale` of text whose source
    has changed since, `source` of text that is not translated. `{count}` and `{total}` stand for
    numbers of units.
    """

    machine: str = ""
    stale: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What else there is to say of an item.

    `date` is one of ISO 8601 (else it is not shown), `shown_date` the same as the locale writes it;
    `original` is the address of the item in its source language, empty if it is not known.
    """

    date: str = ""
    shown_date: str = ""
    original: str = ""
    notes: Notes = field(default_factory=Notes)


def marks(
    units: Sequence[PublishedUnit], languages: Languages
) -> dict[tuple[str, str], dict[str, str]]:
    """The attributes of each unit's element, by field and source; see `ContentFormat.html`.

    Only where a unit's language is not the item's it has one of its own.
    """
    main = languages.main(units)
    return {(unit.field, unit.source): _marks(unit, languages, main) for unit in units}


def _marks(unit: PublishedUnit, languages: Languages, main: str) -> dict[str, str]:
    label, language = unit.label, languages.of(unit)
    facts = {"origin": label.origin, "review": label.review, "freshness": label.freshness}
    return {
        **{f"data-{fact}": str(value) for fact, value in facts.items()},
        **(_language(language) if language != main else {}),
    }


def _language(tag: str) -> dict[str, str]:
    return {"lang": tag, "dir": locales.direction(tag)}


def article(
    inner: str, units: Sequence[PublishedUnit], languages: Languages, story: Story | None = None
) -> str:
    """The article around an item's HTML (see `ContentFormat.html`), with what is true of it all.

    The notes, the date and the address are escaped here; `inner` is clean already.
    """
    story = story or Story()
    main = languages.main(units)
    head = (*_about(languages, main, story), *_notes(units, languages, main, story.notes))
    given = {
        **_language(main),
        **{f"{_PREFIX}{name}": value for name, value in _facts(units).items()},
        "itemscope": "",
        "itemtype": "https://schema.org/CreativeWork",
    }
    return element("article", given, "\n".join(("", *head, inner, "")))


def _facts(units: Sequence[PublishedUnit]) -> dict[str, str]:
    """What holds for the item: one origin or `mixed`, and how many units are not a person's."""
    origins = {str(unit.label.origin) for unit in units}
    approved = all(unit.label.review == APPROVED for unit in units)
    counts = {
        "machine": sum(unit.label.origin in _BY_MACHINE for unit in units),
        "stale": sum(_is_stale(unit) for unit in units),
        "source": sum(unit.label.origin == SOURCE for unit in units),
    }
    return {
        "origin": origins.pop() if len(origins) == 1 else "mixed",
        "review": APPROVED if approved else "none",
        "units": str(len(units)),
        **{name: str(count) for name, count in counts.items() if count},
    }


def _is_stale(unit: PublishedUnit) -> bool:
    return unit.label.freshness == "stale"


def _about(languages: Languages, main: str, story: Story) -> Iterator[str]:
    """What search engines read, and the date."""
    yield f'<meta content="{escaped(main)}" itemprop="inLanguage">'
    if story.original and languages.locale != languages.source:
        yield f'<link href="{escaped(story.original)}" itemprop="translationOfWork">'
    moment = locales.moment(story.date)
    if moment:
        given = {"datetime": locales.iso(moment), "itemprop": "datePublished"}
        shown = element("time", given, escaped(story.shown_date or story.date))
        yield element("p", _other(languages, main), shown)


def _other(languages: Languages, main: str) -> dict[str, str]:
    """The language of what is said in the locale's, where the article's is another."""
    return _language(languages.locale) if languages.locale != main else {}


def _notes(
    units: Sequence[PublishedUnit], languages: Languages, main: str, notes: Notes
) -> Iterator[str]:
    counts: Mapping[str, tuple[int, str]] = {
        "machine": (sum(_is_draft(unit) for unit in units), notes.machine),
        "stale": (sum(_is_stale(unit) for unit in units), notes.stale),
        "source": (sum(unit.label.origin == SOURCE for unit in units), notes.source),
    }
    for name, (count, note) in counts.items():
        if count and note:
            said = note.replace("{count}", _number(languages, count))
            said = said.replace("{total}", _number(languages, len(units)))
            given = {**_other(languages, main), f"{_PREFIX}note": name}
            yield element("p", given, escaped(said))


def _is_draft(unit: PublishedUnit) -> bool:
    return unit.label.origin in _BY_MACHINE and unit.label.review != APPROVED


def _number(languages: Languages, count: int) -> str:
    return locales.formatted(languages.locale, "number", str(count))
