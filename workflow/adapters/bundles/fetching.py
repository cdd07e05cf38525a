"""A published folder over HTTP: the one door to httpx; bounded in size, time and patience.

Redirects are followed within the origin only (scheme, host and port). What is fetched is signed or
named by its digest, so a redirect could not exchange it; but it could make this machine ask inside
its own network whatever a stranger names, and take a password along.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.request import getproxies

import httpx

from workflow.adapters.bundles.decoding import ACCEPTED, pieces
from workflow.adapters.bundles.patience import Patience, asked_to_wait
from workflow.adapters.bundles.writing import LARGEST_OBJECT, LARGEST_RELEASE, BodyWriter
from workflow.bundle import RELEASE
from workflow.errors import BundleError, OutsideError, Place
from workflow.ports.pulling import Pointer

REDIRECTS = 5
_OK, _NOT_MODIFIED, _NOT_FOUND, _GONE, _TOO_MANY, _FAILED = 200, 304, 404, 410, 429, 500
_ETAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')
_FIX = "check the address and the connection; the last good release stays"


class _AgainError(Exception):
    """An attempt failed in a way that may pass; `after` is what the server asks to wait (s)."""

    def __init__(self, what: str, *, after: float = 0.0) -> None:
        super().__init__(what)
        self.after = after


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a request: its status, and the ETag; the body is written already."""

    status: int
    etag: str = ""


class HttpRemote:
    """Implements `ports.pulling.Remote` over HTTP; `address` is the one for messages."""

    def __init__(
        self, url: str, address: str, *, parallel: int = 8, patience: Patience | None = None
    ) -> None:
        self.address = address
        self.moved = 0
        self._counting = threading.Lock()
        self._patience = patience or Patience()
        self._base = url.rstrip("/")
        self._client = self._made(parallel)

    def _made(self, parallel: int) -> httpx.Client:
        """The client; proxies and certificates may be named by the environment.

        Certificates are read only if they may be needed, which takes 40 ms. Raises OutsideError.
        """
        try:
            return httpx.Client(
                headers={"Accept-Encoding": ACCEPTED, "User-Agent": "polypress"},
                limits=httpx.Limits(max_connections=parallel, max_keepalive_connections=parallel),
                timeout=self._patience.timeout,
                verify=self._base.startswith("https:") or bool(getproxies()),
            )
        except (ValueError, ImportError, OSError) as error:
            fix = "look at what the environment says of proxies (ALL_PROXY …) and SSL_CERT_FILE"
            raise OutsideError(f"cannot begin to fetch: {error}", fix=fix) from error

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    def release(self, etag: str = "") -> Pointer | None:
        """The pointer; caches on the way are asked to look at the server."""
        into = io.BytesIO()
        headers = {"Cache-Control": "no-cache"} | ({"If-None-Match": etag} if etag else {})
        answer = self._patiently(RELEASE, BodyWriter(into, LARGEST_RELEASE), headers)
        if answer.status == _NOT_MODIFIED and etag:
            return None
        if answer.status != _OK:
            fix = "check the address: it is that of the folder, and ends where release.json begins"
            raise OutsideError("there is no release.json", fix=fix, place=self._place(RELEASE))
        return Pointer(into.getvalue(), answer.etag)

    def fetch(self, digest: str, into: IO[bytes]) -> bool:
        """An object; one that comes damaged is asked for once more, past caches on the way."""
        path = f"objects/{digest}"
        for headers in ({}, {"Cache-Control": "no-cache"}):
            body = BodyWriter(into, LARGEST_OBJECT)
            try:
                if self._patiently(path, body, headers).status != _OK:
                    return False
            except BundleError:
                if headers:
                    raise
                continue
            if body.digest == digest:
                return True
        what, fix = "this is not what its digest says", "ask the publisher to look at the folder"
        raise BundleError(what, fix=fix, place=self._place(path))

    def _patiently(self, path: str, body: BodyWriter, headers: Mapping[str, str]) -> _Answer:
        """Ask again for what may pass. Raises OutsideError when it has not."""
        pauses = iter(self._patience.pauses)
        while True:
            body.restart()
            try:
                return self._asked(path, body, headers)
            except _AgainError as again:
                pause = next(pauses, None)
                if pause is None or again.after > self._patience.longest:
                    raise self._refused(path, str(again)) from None
                time.sleep(max(pause, again.after))

    def _asked(self, path: str, body: BodyWriter, headers: Mapping[str, str]) -> _Answer:
        """One attempt. Raises _AgainError for what may pass, OutsideError for the rest."""
        try:
            with self._response(path, headers) as response:
                return self._answer(path, response, body)
        except httpx.TimeoutException:
            raise _AgainError(f"no answer for {self._patience.timeout:g} s") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise self._refused(path, f"this address cannot be asked: {error}") from None
        except httpx.HTTPError as error:
            raise _AgainError(f"cannot be fetched: {error or type(error).__name__}") from None

    @contextmanager
    def _response(self, path: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        url = httpx.URL(f"{self._base}/{path}")
        for _ in range(REDIRECTS + 1):
            with self._client.stream("GET", url, headers=dict(headers)) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                url = self._followed(path, response)
        raise self._refused(path, "it redirects without an end")

    def _followed(self, path: str, response: httpx.Response) -> httpx.URL:
        here, there = response.url, response.url.join(response.headers["Location"])
        if (here.scheme, here.host, here.port) != (there.scheme, there.host, there.port):
            shown = there.copy_with(userinfo=b"", query=None, fragment=None)
            what = f"it redirects to {str(shown)[:200]!r}, and no other origin is asked"
            raise self._refused(path, what, "if that is where the folder is now, give its address")
        return there

    def _answer(self, path: str, response: httpx.Response, body: BodyWriter) -> _Answer:
        status = response.status_code
        if status == _OK:
            self._copied(path, response, body)
        elif status == _TOO_MANY or status >= _FAILED:
            after = asked_to_wait(response.headers.get("Retry-After", ""))
            told = f", and asks to wait {after:.0f} s" if after else ""
            raise _AgainError(f"the server answers {status}{told}", after=after)
        elif status not in {_NOT_MODIFIED, _NOT_FOUND, _GONE}:
            raise self._refused(path, f"the server answers {status}")
        etag = response.headers.get("ETag", "")
        return _Answer(status, etag if _ETAG.fullmatch(etag) else "")

    def _copied(self, path: str, response: httpx.Response, body: BodyWriter) -> None:
        """Raises BundleError for a body that is too large, or not in the form it says."""
        chunks = self._counted(response.iter_raw())
        try:
            for piece in pieces(chunks, response.headers.get("Content-Encoding", "")):
                body.write(piece)
        except ValueError as error:
            fix = "ask the publisher to look at the server"
            raise BundleError(str(error), fix=fix, place=self._place(path)) from None

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Count what comes in, and wait no longer for what hardly comes."""
        started, come = time.monotonic(), 0
        for chunk in chunks:
            come += len(chunk)
            with self._counting:
                self.moved += len(chunk)
            if not self._patience.bears(come, time.monotonic() - started):
                raise _AgainError(f"too slow: {come:,} bytes in {self._patience.grace:.0f} s")
            yield chunk

    def _refused(self, path: str, what: str, fix: str = _FIX) -> OutsideError:
        return OutsideError(what, fix=fix, place=self._place(path))

    def _place(self, path: str) -> Place:
        return Place(path=f"{self.address.rstrip('/')}/{path}")
