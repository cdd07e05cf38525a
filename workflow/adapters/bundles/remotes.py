"""From the address of a published folder to the way in which it is read."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.request import url2pathname

from workflow.adapters.bundles.nearby import FolderRemote
from workflow.adapters.bundles.patience import Patience
from workflow.errors import UsageError
from workflow.ports.pulling import Remote

_LONGEST = 2_000
_HERE = {"", "localhost"}
_WEB = {"http", "https"}


def remote_at(url: str, *, parallel: int = 8, patience: Patience | None = None) -> Remote:
    """The published folder at an address: http, https, file, or a plain path.

    Nothing is opened yet. Raises UsageError for an address that cannot be one.
    """
    if "://" not in url:
        return FolderRemote(Path(url))
    parts = _parts(url)
    if parts.scheme == "file":
        return FolderRemote(Path(url2pathname(parts.path)))
    from workflow.adapters.bundles.fetching import (  # noqa: PLC0415 - httpx takes 0.2 s to import
        HttpRemote,
    )

    return HttpRemote(url, _shown(parts), parallel=parallel, patience=patience)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it raises ValueError for what is no port
    except ValueError as error:
        raise _refused(str(error)) from None
    if len(url) > _LONGEST or not url.isprintable() or " " in url:
        raise _refused("it is too long, or holds signs that no address has")
    if parts.scheme not in {"file", *_WEB}:
        raise _refused(f"{parts.scheme[:20]!r} is no way that is known")
    if parts.query or parts.fragment:
        raise _refused("it is that of a folder, which has no ? and no #")
    if parts.scheme == "file" and (parts.netloc not in _HERE or not parts.path):
        raise _refused("a file address has three slashes and a path: file:///srv/public")
    if parts.scheme in _WEB and not parts.hostname:
        raise _refused("it names no host")
    return parts


def _shown(parts: SplitResult) -> str:
    """An address as it may stand in a message and in a file: without user and password."""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _refused(what: str) -> UsageError:
    fix = "give the address of the published folder: https://…, file:///…, or a path"
    return UsageError(f"this address cannot be used: {what}", fix=fix)
