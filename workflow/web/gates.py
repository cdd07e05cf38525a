"""What no request gets past: too many connections, too often, too long, a body, another method."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Sized
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from workflow.web.answers import METHODS, Answer, RefusedError, missing, preflight
from workflow.web.rates import Rates

MOST_CONNECTIONS = 500
"""Connections at a time, idle ones among them; whoever comes beyond them is asked to come again."""
MOST_ADDRESS = 2_000
"""Bytes of a path with its query; the longest that leads somewhere has some 250."""
MOST_BODY = 65_536
"""Bytes. No request needs a body, and none is read but to be thrown away."""
BODY_SECONDS = 10.0
HEALTH = "/healthz"
_PATH = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/|$))*")
"""No empty names, and none that begins with a dot: these lead nowhere."""
_CLOSE = {"connection": "close"}
_OF_BODY = {b"content-length", b"transfer-encoding"}
_EMPTY = {b"content-length": b"0"}


@dataclass(frozen=True, slots=True)
class Gates:
    """Lets requests to an application that are worth an answer."""

    app: ASGIApp
    rates: Rates
    connections: Sized

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        try:
            answer = await self._answer(scope, receive)
        except RefusedError as error:
            answer = error.answer()
        if answer is None:
            await self.app(scope, receive, send)
        else:
            await answer.send(send, head=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        if scope["path"] != HEALTH:
            self._crowd(scope)
        _address(scope)
        await _body(scope, receive)
        if scope["method"] == "OPTIONS":
            return preflight()
        if scope["method"] not in METHODS.split(", "):
            fix = f"this server only gives out: {METHODS}"
            raise RefusedError(405, "this method does nothing here", fix, {"allow": METHODS})
        if not _PATH.fullmatch(scope["path"]):
            raise missing()
        return None

    def _crowd(self, scope: Scope) -> None:
        if len(self.connections) > MOST_CONNECTIONS:
            headers = {"retry-after": "1", **_CLOSE}
            raise RefusedError(503, "too many connections", "ask again in a second", headers)
        client = scope.get("client")
        wait = math.ceil(self.rates.wait(client[0] if client else ""))
        if wait:
            fix = f"ask again in {wait} s, and less often"
            raise RefusedError(429, "too many requests", fix, {"retry-after": str(wait)})


def _address(scope: Scope) -> None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_ADDRESS:
        raise RefusedError(414, "the address is too long", "begin at /v1/", _CLOSE)


async def _body(scope: Scope, receive: Receive) -> None:
    """Read a body to its end, so that the connection can go on. Raises RefusedError."""
    told = {name: value for name, value in scope["headers"] if name in _OF_BODY}
    if not told or told == _EMPTY:
        return
    length = told.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) > MOST_BODY:
        raise _too_large()
    try:
        await asyncio.wait_for(_drained(receive), BODY_SECONDS)
    except TimeoutError:
        fix = "send no body: nothing here needs one"
        raise RefusedError(408, "the request took too long", fix, _CLOSE) from None


async def _drained(receive: Receive) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
        if size > MOST_BODY:
            raise _too_large()


def _too_large() -> RefusedError:
    return RefusedError(413, "the body is too large", "send none: nothing here needs one", _CLOSE)
