"""Publish: choose what may ship, store it as objects, and switch the pointer to the new release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow import bundle, catalog, locales
from workflow.bundle import Published
from workflow.errors import PolypressError
from workflow.model import Item, Message, Unit, digest_of
from workflow.policy import SOURCE_FACTS, Choice, Label
from workflow.steps.ingest import Contents
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
    whose catalog cannot be read keeps the bundle that is live, and is reported.
    """
    live = _live(project)
    reports, failures = [], []
    manifests = dict(live.get("manifests", {}))
    wanted = (project.source, *project.locales)
    for done, locale in enumerate(wanted):
        progress("publish", done, len(wanted))
        try:
            report = _publish_locale(project, contents, locale)
        except PolypressError as error:
            failures.append(error)
            continue
        reports.append(report)
        manifests[locale] = report.manifest
    progress("publish", len(wanted), len(wanted))
    manifests = {locale: digest for locale, digest in manifests.items() if locale in wanted}
    serial, changed = _switch(project, live, manifests, at=at)
    return Release(serial, changed, tuple(reports), tuple(failures))


def _live(project: Project) -> dict[str, Any]:
    body = project.bundles.release()
    return bundle.decoded(body, what="release.json") if body else {}


def _switch(
    project: Project, live: Mapping[str, Any], manifests: Mapping[str, str], *, at: str | None
) -> tuple[int, bool]:
    """A new release if the manifests differ from the live one's; serials only go up."""
    serial = int(live.get("serial", 0))
    if live.get("manifests") == manifests:
        return serial, False
    body = bundle.release(serial + 1, manifests, at=at or project.clock.now())
    return serial + 1, project.bundles.switch(body)


def _publish_locale(project: Project, contents: Sequence[Contents], locale: str) -> LocaleReport:
    published: list[Published] = []
    for one in contents:
        entries = _entries(project, one.collection, locale)
        published += _choices(project, one, entries)
    left_out = sum(len(one.items) for one in contents) - len(published)
    labels = [label for one in published for label in one.labels.values()]
    counts = bundle.counts(labels)
    manifest = _manifest(project, locale, published, counts)
    return LocaleReport(locale, len(published), left_out, counts, project.bundles.put(manifest))


def _entries(project: Project, collection: Collection, locale: str) -> Entries | None:
    """The active entries of a catalog by key; None for the source locale, which has none."""
    if locale == project.source:
        return None
    messages = project.catalogs.read(locale, collection.domain)
    return {message.key: message for message in messages if not message.obsolete}


def _choices(project: Project, contents: Contents, entries: Entries | None) -> Iterator[Published]:
    """The items as they ship; an item with a unit that must be left out is left out whole."""
    for item in contents.items:
        chosen = {unit: _choice(project, unit, entries) for unit in item.units}
        if all(choice.text is not None for choice in chosen.values()):
            yield _published(contents.collection, item, chosen)


def _choice(project: Project, unit: Unit, entries: Entries | None) -> Choice:
    if entries is None:
        return project.policy.choose(unit.source, unit.source, SOURCE_FACTS)
    message = entries.get((unit.context, unit.source)) or catalog.entry(unit)
    return project.policy.choose(unit.source, message.translation, catalog.facts_of(message))


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


def _manifest(
    project: Project,
    locale: str,
    published: Sequence[Published],
    counts: Mapping[str, Mapping[str, int]],
) -> bytes:
    """Store all objects of a locale and describe them."""
    store = project.bundles.put
    listed = [_listed(one, store(bundle.item_object(one, locale))) for one in published]
    derived = {
        "labels.json": store(bundle.labels(published)),
        "messages.json": store(bundle.messages(published)),
        "messages.mo": store(project.compiler.compile(locale, _triples(published))),
    }
    return bundle.manifest(
        locale=locale,
        direction=locales.direction(locale),
        source=project.source,
        revision=digest_of("".join(one.item.raw for one in published)),
        counts=counts,
        packages=_packages(label for one in published for label in one.labels.values()),
        shards=[store(shard) for shard in bundle.shards(listed)],
        derived=derived,
    )


def _listed(one: Published, digest: str) -> dict[str, str]:
    item = one.item
    return {
        "collection": item.collection,
        "item": item.id,
        "object": digest,
        "path": item.path,
    }


def _triples(published: Iterable[Published]) -> list[tuple[str, str, str]]:
    return [
        (unit.context, unit.source, one.texts[unit.id])
        for one in published
        for unit in one.item.units
    ]


def _packages(labels: Iterable[Label]) -> list[str]:
    return sorted({label.packages for label in labels if label.packages})
