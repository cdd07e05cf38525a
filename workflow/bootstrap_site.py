"""The choice of adapters for a site: a site pulls without any project."""

from __future__ import annotations

from pathlib import Path

from workflow import locales
from workflow.adapters.bundles.keys import Ed25519
from workflow.adapters.bundles.remotes import remote_at
from workflow.adapters.bundles.sitefolder import SiteFolder
from workflow.adapters.bundles.siteform import form
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.ports.pulling import Remote, Site
from workflow.steps.pull import Tools


def open_site(folder: Path) -> Site:
    """The folder of a site; nothing is read or made yet."""
    return SiteFolder(folder)


def open_remote(url: str, *, parallel: int) -> Remote:
    """A published folder, by its address; nothing is asked yet. Raises UsageError."""
    return remote_at(url, parallel=parallel)


def tools() -> Tools:
    """What a pull works with."""
    return Tools(Ed25519(), MoCompiler(plural_forms=locales.plural_forms), form())
