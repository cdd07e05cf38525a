"""The object of an item: its texts, its own format, its article, and the labels of its units."""

from __future__ import annotations

from workflow import locales
from workflow.bundle import ItemObject, PublishedUnit
from workflow.bundle.addresses import address
from workflow.bundle.article import Languages, Notes, Story, article, marks
from workflow.model import Item
from workflow.ports import CollectionSpec
from workflow.steps.project import Collection, Project
from workflow.steps.shipping import Shipped

DATE = "date"


def item_object(project: Project, collection: Collection, locale: str, one: Shipped) -> ItemObject:
    """What ships of an item in a locale, in all its forms."""
    item, spec = one.item, collection.spec
    choices = one.choices or {}
    units = tuple(
        PublishedUnit(unit.id, unit.field, unit.source, choice.text or "", choice.label)
        for unit, choice in choices.items()
    )
    texts = {(unit.field, unit.source): unit.text for unit in units}
    languages = Languages(locale, project.source)
    inner = collection.format.html(item, texts, marks(units, languages), spec)
    meta = {key: value for key, value in item.meta if key != spec.notes}
    formatted = _formatted(spec, locale, meta)
    story = _story(project, item, locale, meta, formatted)
    return ItemObject(
        collection=item.collection,
        item=item.id,
        locale=locale,
        path=item.path,
        meta=meta,
        formatted=formatted,
        content=collection.format.render(item, texts, spec),
        html=article(inner, units, languages, story),
        units=units,
    )


def _formatted(spec: CollectionSpec, locale: str, meta: dict[str, str]) -> dict[str, str]:
    """The values that have a form in the locale, as it writes them."""
    kinds = {DATE: DATE, **dict(spec.formats)}
    made = {
        key: locales.formatted(locale, kinds[key], value)  # type: ignore[arg-type]
        for key, value in meta.items()
        if key in kinds
    }
    return {key: value for key, value in made.items() if value != meta[key]}


def _story(
    project: Project, item: Item, locale: str, meta: dict[str, str], formatted: dict[str, str]
) -> Story:
    site = project.publishing.site
    original = address(site, project.source, item.collection, item.id) if site else ""
    return Story(
        date=meta.get(DATE, ""),
        shown_date=formatted.get(DATE, ""),
        original=original,
        notes=Notes(**project.publishing.notes.get(locale, {})),
    )
