"""Answers: a status, headers, and a body in memory or in a file; errors are small JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.types import Send

from workflow.errors import PolypressError

JSON = "application/json"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NEVER = "no-store"
METHODS = "GET, HEAD, OPTIONS"
LOCKED_IN = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""A content security policy for what is no page."""
CHUNK = 65_536
"""Bytes that are read from a file at once."""

_ON_ALL = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Content-Range, Retry-After"),
)
_PREFLIGHT = {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": "If-None-Match, If-Range, Range",
    "access-control-max-age": "86400",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an open file; whoever sends it closes the file."""

    handle: int
    span: range

    def chunks(self) -> Iterator[bytes]:
        """Its bytes; fewer of them if the file was cut meanwhile."""
        for start in self.span[::CHUNK]:
            yield os.pread(self.handle, min(CHUNK, self.span.stop - start), start)

    def close(self) -> None:
        """Close the file."""
        os.close(self.handle)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent. `headers` are those besides what every answer has; names in lower case."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Part = b""

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send it; to a HEAD without the body."""
        with _closed(self.body):
            await send(
                {"type": "http.response.start", "status": self.status, "headers": self._headers()}
            )
            if isinstance(self.body, Part) and not head:
                for chunk in self.body.chunks():
                    await _body(send, chunk, more=True)
            await _body(send, self.body if isinstance(self.body, bytes) and not head else b"")

    def _headers(self) -> list[tuple[bytes, bytes]]:
        own = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        if "content-security-policy" not in self.headers:
            own.append((b"content-security-policy", LOCKED_IN.encode()))
        if self.status not in {204, 304}:
            size = len(self.body if isinstance(self.body, bytes) else self.body.span)
            own.append((b"content-length", str(size).encode()))
        return [*own, *_ON_ALL]


async def _body(send: Send, body: bytes, *, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


@contextmanager
def _closed(body: bytes | Part) -> Iterator[None]:
    try:
        yield
    finally:
        if isinstance(body, Part):
            body.close()


class RefusedError(PolypressError):
    """A request gets no text: there is none, it asks too much, or the folder is not in order."""

    def __init__(self, status: int, what: str, fix: str, headers: Mapping[str, str] = {}) -> None:
        super().__init__(what, fix=fix)
        self.status = status
        self.headers = headers

    def answer(self, **more: object) -> Answer:
        """The error as JSON. It holds no text of the request."""
        return told({"error": self.what, "fix": self.fix, **more}, self.status, self.headers)


def told(value: object, status: int = 200, headers: Mapping[str, str] = {}) -> Answer:
    """A small value as JSON that nobody keeps for long."""
    cache = NEVER if status >= 500 else ASK_AGAIN  # noqa: PLR2004 - errors of ours
    body = json.dumps(value, sort_keys=True).encode() + b"\n"
    return Answer(status, {"content-type": JSON, "cache-control": cache, **headers}, body)


def moved(status: int, path: str, vary: str = "") -> Answer:
    """Sends a client on to a path of this server; `vary` names the header that it depends on."""
    headers = {"location": path, "cache-control": ASK_AGAIN, **({"vary": vary} if vary else {})}
    return Answer(status, headers)


def preflight() -> Answer:
    """What browsers want to know before they ask from another site: the same for all."""
    return Answer(204, {"allow": METHODS, **_PREFLIGHT})


def missing() -> RefusedError:
    """There is nothing of that name."""
    return RefusedError(404, "there is nothing here", "begin at /v1/, or at /release.json")
