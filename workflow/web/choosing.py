"""Which locale a request is for: the one in the path, or the best that a browser asks for."""

from __future__ import annotations

import re

from workflow.bundle import Release
from workflow.errors import LocaleError
from workflow.locales import canonical, closest
from workflow.web.answers import Answer, RefusedError, moved
from workflow.web.asked import Asked
from workflow.web.weights import preferred

AUTO = "auto"
NEAR, FAR = 10, 25
"""Distances of langcodes: up to the first it is the same language to its readers (es-419 and es);
up to the second many of them read it as well (gl and es)."""
LANGUAGES = 10
"""Languages of one reader that are looked at, the most wanted first: each takes up to 0.3 ms."""
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,5}")


def elsewhere(asked: Asked, release: Release) -> Answer | None:
    """Where a request has to go whose locale is none that the release has; None if it has it.

    Raises RefusedError if nothing fits.
    """
    tag = asked.names["locale"]
    if tag in release.manifests:
        return None
    rest = asked.path.removeprefix(f"/v1/{tag}")
    if tag == AUTO and release.manifests:
        best = negotiated(asked.header(b"accept-language"), release)
        return moved(302, f"/v1/{best}{rest}", vary="Accept-Language")
    clean = _canonical(tag)
    if clean in release.manifests:
        return moved(308, f"/v1/{clean}{rest}")
    near = closest(clean, tuple(release.manifests), distance=NEAR) if clean else None
    if near is None:
        fix = f"there are {', '.join(sorted(release.manifests)) or 'none'}, and {AUTO}"
        raise RefusedError(404, "there is no such locale", fix)
    return moved(302, f"/v1/{near}{rest}")


def negotiated(header: str, release: Release) -> str:
    """The best locale for an `Accept-Language`; the source's if none fits.

    A language that a reader names goes before one that only resembles what they want more.
    """
    served = tuple(release.manifests)
    wanted = [clean for clean in map(_canonical, preferred(header)[:LANGUAGES]) if clean]
    for distance in (NEAR, FAR):
        for tag in wanted:
            found = closest(tag, served, distance=distance)
            if found:
                return found
    return release.source if release.source in served else min(served)


def _canonical(tag: str) -> str:
    """A tag as BCP 47 writes it, empty for what is none."""
    try:
        return canonical(tag) if _TAG.fullmatch(tag) else ""
    except LocaleError:
        return ""
