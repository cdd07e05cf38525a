"""Publish: choose what may ship, store it as objects, and switch the pointer to the new release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow import locales
from workflow.bundle import Counts, Manifest, Section, Source, summed
from workflow.errors import BundleError, Place, PolypressError
from workflow.model import digest_of
from workflow.steps.building import Built, built
from workflow.steps.contents import Contents
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.project import Progress, Project, silent
from workflow.steps.reuse import Reuse
from workflow.steps.switching import live_manifests, live_release, switch
from workflow.steps.unchanged import Survey, surveyed

Sections = Mapping[str, Mapping[str, Section]]
"""Sections by collection and locale."""


@dataclass(frozen=True, slots=True)
class LocaleReport:
    """What one locale's bundle holds: items, how many were left out, and units by label."""

    locale: str
    items: int
    left_out: int
    counts: Counts
    manifest: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The outcome of a publish; `changed` is False if the live release holds just this already.

    `reused` names the collections whose sections stand as they were; `signed` says whether the
    live release has a signature.
    """

    serial: int
    changed: bool
    locales: tuple[LocaleReport, ...]
    reused: tuple[str, ...] = ()
    signed: bool = False
    failures: tuple[PolypressError, ...] = ()


def publish(
    project: Project,
    *,
    at: str | None = None,
    whole: bool = False,
    progress: Progress = silent,
) -> tuple[Ingested, Publication]:
    """Build the bundle of every locale and make them live together, in one switch.

    Collections that would be published just so again are not read, unless `whole` asks for it.
    `at` is the time (UTC, by default the clock's): what is due then ships, and it is written into
    the release. What cannot be read keeps what is live of it, and is reported. The caller holds the
    publish lock. Raises OutsideError if the disk refuses, BundleError if the live release is
    damaged or a whole collection cannot be read; the live release then stays.
    """
    live = live_release(project)
    survey = surveyed(project, ())
    reuse = Reuse(survey, live_manifests(project, live), at or project.clock.now())
    ingested = ingest(project, unchanged=() if whole else reuse.unchanged())
    refuse_lost_collections(ingested.contents)
    made = _all_built(project, ingested.contents, reuse, progress)
    known = tuple(one.collection for one in ingested.unchanged)
    sections = {one.collection: one.sections for one in made}
    sections |= {name: reuse.sections(name) for name in known}
    reports = tuple(_stored(project, manifest) for manifest in _manifests(project, sections))
    digests = {report.locale: report.manifest for report in reports}
    switched = switch(project, live, digests, at=reuse.at)
    failures = (*(failure for one in made for failure in one.failures),
                *_kept(survey, reuse, ingested, made))  # fmt: skip
    release = switched.release
    signed = bool(release.signatures)
    outcome = (release.serial, switched.changed, reports, known, signed, failures)
    return ingested, Publication(*outcome)


def _kept(
    survey: Survey, reuse: Reuse, ingested: Ingested, made: Sequence[Built]
) -> tuple[PolypressError, ...]:
    """Remember what was done; if that fails the release is live all the same, and it is told."""
    try:
        survey.keep(ingested.contents)
        reuse.keep(made)
    except PolypressError as error:
        return (error,)
    return ()


def refuse_lost_collections(contents: Sequence[Contents]) -> None:
    """A folder that is not mounted, or a wrong path, must not take all its items off the sites.

    Raises BundleError.
    """
    for one in contents:
        if one.collection.spec.path in one.unread:
            raise BundleError(
                f"the collection {one.collection.name} cannot be read, the live release stays",
                fix="bring its files back, or mend its `path` in polypress.toml",
                place=Place(path=one.collection.spec.path),
            )


def _all_built(
    project: Project, contents: Sequence[Contents], reuse: Reuse, progress: Progress
) -> list[Built]:
    total = len(contents) * (1 + len(project.locales))
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        progress("publish", done, total)

    progress("publish", 0, total)
    return [built(project, one, reuse.live, at=reuse.at, done=one_more) for one in contents]


def _manifests(project: Project, sections: Sections) -> list[Manifest]:
    """A manifest for the source and for each locale that has a section."""
    found = []
    for locale in (project.source, *project.locales):
        has = {name: of[locale] for name, of in sorted(sections.items()) if locale in of}
        if has:
            found.append(_manifest(project, locale, has))
    return found


def _manifest(project: Project, locale: str, sections: Mapping[str, Section]) -> Manifest:
    return manifest_of(
        locale,
        sections,
        project=project.name,
        site=project.publishing.site,
        labels=project.publishing.labels,
        source=project.source,
    )


def manifest_of(  # noqa: PLR0913 - all that a manifest says
    locale: str,
    sections: Mapping[str, Section],
    *,
    project: str,
    site: str,
    labels: str,
    source: str,
) -> Manifest:
    """The manifest of a locale with these sections by collection."""
    return Manifest(
        locale=locale,
        direction="rtl" if locales.direction(locale) == "rtl" else "ltr",
        project=project,
        site=site,
        labels="required" if labels == "required" else "beside",
        source=Source(source, digest_of("".join(one.revision for one in sections.values()))),
        counts=summed([one.counts for one in sections.values()]),
        packages=tuple(sorted({name for one in sections.values() for name in one.packages})),
        collections=sections,
    )


def _stored(project: Project, manifest: Manifest) -> LocaleReport:
    items = manifest.counts.get("items", {})
    return LocaleReport(
        manifest.locale,
        items.get("published", 0),
        items.get("left-out", 0),
        manifest.counts,
        project.bundles.put(manifest.to_bytes()),
    )
