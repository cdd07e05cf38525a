"""Publish: choose what may ship, store it as objects, and switch the pointer to the new release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow import catalog, locales
from workflow.bundle import earlier as bundle
from workflow.bundle.earlier import Live, Published
from workflow.errors import BundleError, Place, PolypressError
from workflow.model import Item, Message, Unit, digest_of
from workflow.policy import SOURCE_FACTS, Choice
from workflow.steps.check import unit_errors
from workflow.steps.contents import Contents
from workflow.steps.project import Collection, Progress, Project, silent

Entries = Mapping[tuple[str | None, str], Message]


@dataclass(frozen=True, slots=True)
class LocaleReport:
    """What one locale's bundle holds: items, how many were left out, and units by label."""

    locale: str
    items: int
    left_out: int
    counts: Mapping[str, Mapping[str, int]]
    manifest: str


@dataclass(frozen=True, slots=True)
class Release:
    """The outcome of a publish; `changed` is False if the live release holds just this already."""

    serial: int
    changed: bool
    locales: tuple[LocaleReport, ...]
    failures: tuple[PolypressError, ...] = ()


def publish(
    project: Project,
    contents: Sequence[Contents],
    *,
    at: str | None = None,
    progress: Progress = silent,
) -> Release:
    """Build the bundle of every locale and make them live together, in one switch.

    `at` is the time to write into the release (ISO 8601; the clock's now by default). A locale
    whose catalog cannot be read keeps the bundle that is live, and is reported. Raises OutsideError
    if the disk refuses, BundleError if the live release is damaged or a whole collection cannot be
    read; the live release then stays.
    """
    _refuse_lost_collections(contents)
    live = bundle.live(project.bundles.release())
    wanted = (project.source, *project.locales)
    revision = digest_of("".join(item.raw for one in contents for item in one.items))
    reports: list[LocaleReport] = []
    failures: list[PolypressError] = []
    for done, locale in enumerate(wanted):
        progress("publish", done, len(wanted))
        try:
            published = _items(project, contents, locale)
        except PolypressError as error:
            failures.append(error)
        else:
            left_out = sum(len(one.items) for one in contents) - len(published)
            reports.append(_stored(project, locale, published, revision, left_out=left_out))
    progress("publish", len(wanted), len(wanted))
    manifests = {**live.manifests, **{report.locale: report.manifest for report in reports}}
    manifests = {locale: digest for locale, digest in manifests.items() if locale in wanted}
    serial, changed = _switch(project, live, manifests, at=at)
    return Release(serial, changed, tuple(reports), tuple(failures))


def _refuse_lost_collections(contents: Sequence[Contents]) -> None:
    """A folder that is not mounted, or a wrong path, must not take all its items off the sites."""
    for one in contents:
        if one.collection.spec.path in one.unread:
            raise BundleError(
                f"the collection {one.collection.name} cannot be read, the live release stays",
                fix="bring its files back, or mend its `path` in polypress.toml",
                place=Place(path=one.collection.spec.path),
            )


def _switch(
    project: Project, live: Live, manifests: Mapping[str, str], *, at: str | None
) -> tuple[int, bool]:
    """A new release if the manifests differ from the live one's; serials only go up."""
    if live.manifests == manifests:
        return live.serial, False
    serial = live.serial + 1
    body = bundle.release(serial, manifests, at=at or project.clock.now())
    return serial, project.bundles.switch(body, serial)


def _items(project: Project, contents: Sequence[Contents], locale: str) -> list[Published]:
    """The items of a locale as they ship. Raises CatalogError; nothing is stored yet."""
    published: list[Published] = []
    for one in contents:
        entries = _entries(project, one.collection, locale)
        published += _choices(project, one, locale, entries)
    return published


def _entries(project: Project, collection: Collection, locale: str) -> Entries | None:
    """The active entries of a catalog by key; None for the source locale, which has none."""
    if locale == project.source:
        return None
    messages = project.catalogs.read(locale, collection.domain)
    return {message.key: message for message in messages if not message.obsolete}


def _choices(
    project: Project, contents: Contents, locale: str, entries: Entries | None
) -> Iterator[Published]:
    """The items as they ship; an item with a unit that must be left out is left out whole."""
    for item in contents.items:
        chosen = {
            unit: _choice(project, contents.collection, locale, unit, entries)
            for unit in item.units
        }
        if all(choice.text is not None for choice in chosen.values()):
            yield _published(contents.collection, item, chosen)


def _choice(
    project: Project, collection: Collection, locale: str, unit: Unit, entries: Entries | None
) -> Choice:
    if entries is None:
        return project.policy.choose(unit.source, unit.source, SOURCE_FACTS)
    message = entries.get((unit.context, unit.source)) or catalog.entry(unit)
    errors = unit_errors(project, collection, locale, unit, message)
    return project.policy.choose(
        unit.source, message.translation, catalog.facts_of(message), errors
    )


def _published(collection: Collection, item: Item, chosen: Mapping[Unit, Choice]) -> Published:
    texts = {unit: choice.text or "" for unit, choice in chosen.items()}
    content = collection.format.render(
        item, {(unit.field, unit.source): text for unit, text in texts.items()}, collection.spec
    )
    return Published(
        item,
        content,
        {unit.id: text for unit, text in texts.items()},
        {unit.id: choice.label for unit, choice in chosen.items()},
    )


def _stored(
    project: Project, locale: str, published: Sequence[Published], revision: str, *, left_out: int
) -> LocaleReport:
    """Store all objects of a locale, and the manifest that describes them."""
    store = project.bundles.put
    labels = [label for one in published for label in one.labels.values()]
    counts = bundle.counts(labels)
    manifest = bundle.manifest(
        locale=locale,
        direction=locales.direction(locale),
        source=project.source,
        revision=revision,
        counts=counts,
        packages=sorted({label.packages for label in labels if label.packages}),
        shards=[store(shard) for shard in bundle.shards(_listed(project, locale, published))],
        derived={
            "labels.json": store(bundle.labels(published)),
            "messages.json": store(bundle.messages(published)),
            "messages.mo": store(project.compiler.compile(locale, _triples(published))),
        },
    )
    return LocaleReport(locale, len(published), left_out, counts, store(manifest))


def _listed(project: Project, locale: str, published: Iterable[Published]) -> list[dict[str, str]]:
    """What a shard says of each item; its object is stored on the way."""
    return [
        {
            "collection": one.item.collection,
            "item": one.item.id,
            "object": project.bundles.put(bundle.item_object(one, locale)),
            "path": one.item.path,
        }
        for one in published
    ]


def _triples(published: Iterable[Published]) -> list[tuple[str, str, str]]:
    return [
        (unit.context, unit.source, one.texts[unit.id])
        for one in published
        for unit in one.item.units
    ]
