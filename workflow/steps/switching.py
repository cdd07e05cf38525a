"""Switching: a new release is signed, numbered and made live; shared by all that make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workflow.bundle import Manifest, Release, Section
from workflow.errors import BundleError, Place, SettingsError
from workflow.steps.project import Project

Kind = Literal["publish", "rollback", "withdraw"]


@dataclass(frozen=True, slots=True)
class Switched:
    """The release that is live now; `changed` is False if it was live before."""

    release: Release
    changed: bool


def live_release(project: Project) -> Release:
    """The live release, serial 0 if there is none. Raises BundleError if it is damaged."""
    return Release.live(project.bundles.release())


def live_manifests(project: Project, release: Release) -> dict[str, Manifest]:
    """The manifests of a release by locale; those that are lost or damaged are left out."""
    found: dict[str, Manifest] = {}
    for locale, digest in release.manifests.items():
        try:
            found[locale] = Manifest.parse(project.bundles.get(digest))
        except BundleError:
            continue
    return found


def section_of(manifests: Mapping[str, Manifest], locale: str, collection: str) -> Section | None:
    """The section of a collection in a locale, None if there is none."""
    manifest = manifests.get(locale)
    return manifest.collections.get(collection) if manifest else None


def switch(
    project: Project,
    live: Release,
    manifests: Mapping[str, str],
    *,
    kind: Kind = "publish",
    at: str | None = None,
) -> Switched:
    """Make a release of these manifests live, if it says anything that the live one does not.

    `manifests` maps locales to digests of objects that are there; `at` is the time to write into
    the release. The caller holds the publish lock. Raises OutsideError, SettingsError.
    """
    wanted = replace(
        live,
        kind=kind,
        project=project.name,
        source=project.source,
        manifests=dict(manifests),
        withdrawn=tuple(sorted(project.withdrawn)),
        keys=project.keys.public(),
    )
    _refuse_lost_keys(live, wanted)
    told = kind if "rollback" in {kind, live.kind} else live.kind  # a publish ends a rollback
    if replace(wanted, kind=told) == live or not (manifests or live.serial):
        return Switched(live, changed=False)
    numbered = replace(wanted, serial=_next_serial(project, live), released=at or _now(project))
    release = numbered.signed(project.keys.sign(numbered.payload()))
    _record_live(project, live)
    return Switched(release, project.bundles.switch(release.to_bytes(), release.serial))


def _refuse_lost_keys(live: Release, wanted: Release) -> None:
    """Sites that know the publisher's keys would refuse a release without a signature."""
    if live.keys and not wanted.keys:
        what = "the live release is signed, and there is no key here to sign the next one with"
        fix = "bring the keys back, or say where they are: [publish] keys, POLYPRESS_KEYS"
        raise SettingsError(what, fix=fix, place=Place(key="publish.keys"))


def _now(project: Project) -> str:
    return project.clock.now()


def _next_serial(project: Project, live: Release) -> int:
    """One more than ever: also if `release.json` was lost, or put back from a backup."""
    return 1 + max((live.serial, *project.bundles.serials()))


def _record_live(project: Project, live: Release) -> None:
    """A process that was killed right after its switch has recorded nothing."""
    body = project.bundles.release()
    if body is not None and live.serial not in project.bundles.serials():
        project.bundles.record(live.serial, body)
