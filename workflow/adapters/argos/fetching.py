"""One file over HTTP: bounded in size and patience, and never anything but HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib import request
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit

from workflow.errors import OutsideError, Place

CHUNK = 1 << 16
SCHEMES = frozenset({"http", "https"})
_FIX = "check the address and the connection, or install the package from a file"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: seconds for any answer; then a rate in bytes/s, kept from `grace` s on."""

    timeout: float = 30.0
    grace: float = 60.0
    slowest: float = 1_000.0


def fetch(
    address: str,
    into: IO[bytes],
    *,
    limit: int,
    patience: Patience,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> str:
    """Write what an address serves to a file; returns the address after redirects.

    `limit` is in bytes; `progress` gets the bytes so far and in all (0 if the server does not say).
    Raises OutsideError if it cannot be fetched as a whole; the file then holds a part of it.
    """
    place = Place(path=shown(address))
    try:
        with _opened(address, patience) as response:
            _copy(response, into, limit, patience, progress)
            return str(response.url)
    except HTTPError as error:
        what = f"the server answers {error.code} {error.reason}"
        error.close()
        raise OutsideError(what, fix=_FIX, place=place) from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise OutsideError(f"cannot be fetched: {reason}", fix=_FIX, place=place) from error


def is_web(address: str) -> bool:
    """Whether an address is one that may be fetched."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.hostname)


def shown(address: str) -> str:
    """An address as it may stand in a message: without user, password and query; a path as is."""
    if "://" not in address:
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return "an address that is none"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class _Redirects(request.HTTPRedirectHandler):
    """Follows a redirect to http or https only, and from https never back to http."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the standard library's signature
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> request.Request | None:
        """The request to the new address. Raises OSError if it may not be followed."""
        weaker = req.type == "https" and urlsplit(newurl).scheme != "https"
        if not is_web(newurl) or weaker:
            fp.close()
            raise OSError(f"it redirects to {shown(newurl)[:200]}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opened(address: str, patience: Patience) -> HTTPResponse:
    """Only these handlers: the standard library's own choice would read file: and ftp:, too."""
    if not is_web(address):
        raise ValueError("only http and https addresses are fetched")
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPErrorProcessor,
        _Redirects,
    ):
        opener.add_handler(handler())
    headers = {"Accept-Encoding": "identity", "User-Agent": "polypress"}
    asked = request.Request(address, headers=headers)  # noqa: S310 - the scheme is checked above
    response: HTTPResponse = opener.open(asked, timeout=patience.timeout)
    return response


def _copy(
    response: HTTPResponse,
    into: IO[bytes],
    limit: int,
    patience: Patience,
    progress: Callable[[int, int], None],
) -> None:
    total = _announced(response, limit)
    started, done = time.monotonic(), 0
    while chunk := response.read1(CHUNK):
        done += len(chunk)
        if done > limit:
            raise ValueError(f"larger than the {limit:,} bytes that are allowed")
        _keep_pace(done, time.monotonic() - started, patience)
        _write(into, chunk)
        progress(done, total)
    if done < total:
        raise ValueError(f"the connection ended after {done:,} of {total:,} bytes")


def _write(into: IO[bytes], chunk: bytes) -> None:
    """What the disk refuses is not the server's fault."""
    try:
        into.write(chunk)
    except OSError as error:
        fix = "free some space, or set [models] path to another disk"
        raise OutsideError(f"cannot write: {error.strerror}", fix=fix) from error


def _announced(response: HTTPResponse, limit: int) -> int:
    """The body's length as the server says it, 0 if it does not."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ValueError("the server compresses what was asked for as it is")
    total = response.length or 0
    if total > limit:
        raise ValueError(f"{total:,} bytes; {limit:,} are allowed")
    return total


def _keep_pace(done: int, seconds: float, patience: Patience) -> None:
    if seconds > patience.grace and done < patience.slowest * seconds:
        raise TimeoutError(f"too slow: {done:,} bytes in {seconds:.0f} s")
