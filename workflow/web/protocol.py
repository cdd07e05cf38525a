"""HTTP as the server speaks it: uvicorn's, with bounds on what a slow or loud client may take."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from workflow.web.gates import MOST_CONNECTIONS

HEADER_SECONDS = 10.0
"""From a connection, or the first byte of a request, to the end of its headers."""
STALL_SECONDS = 30.0
"""Until a client has to take some of what was sent."""
MOST_HEADERS = 32_768
"""Bytes of all headers, their address not counted."""
MOST_URL = 16_384
"""Bytes that are kept of an address at all; the application refuses shorter ones, too."""
MOST_OPEN = 2 * MOST_CONNECTIONS
"""Connections from which on new ones are closed without an answer."""
MOST_WAITING = 100
"""Requests of one connection that wait for the answers to those before them."""
MOST_WAITING_BODY = 2**20
"""Bytes of a body that nobody has asked for yet."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection. uvicorn has no time limit for headers, none for readers, and no sizes."""

    _late: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _size = 0
    _enough = False
    _refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        if len(self.connections) > MOST_OPEN:
            transport.abort()
        self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._headers_came()
        self._stall_ended()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request; unless one is being answered, its headers must come soon."""
        if self._enough:
            return
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._expect_headers()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._size = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        super().on_url(url)
        if len(self.url) > MOST_URL:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._size += len(name) + len(value)
        if self._size > MOST_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The request can be answered, at once or when its turn comes."""
        self._headers_came()
        if len(self.pipeline) >= MOST_WAITING:
            self._take_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, which may have to wait for the answers to earlier requests."""
        super().on_body(body)
        if len(self.cycle.body) > MOST_WAITING_BODY:
            self._take_no_more()

    def on_response_complete(self) -> None:
        """All was sent; who takes none of it does not keep a closed connection for ever.

        uvicorn reads on after each answer, however many requests wait.
        """
        super().on_response_complete()
        if self.transport.is_closing():
            self._stall_began()
        elif self.pipeline:
            self.flow.pause_reading()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came on an idle connection."""
        super().timeout_keep_alive_handler()
        self._stall_began()

    def pause_writing(self) -> None:
        """The client does not take what is sent."""
        super().pause_writing()
        self._stall_began()

    def resume_writing(self) -> None:
        """It takes some again."""
        self._stall_ended()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or too large a one; uvicorn's message is not sent."""
        del msg
        if self._enough:
            return
        told = {"error": self._refusal.phrase.lower(), "fix": "send a plain GET with few headers"}
        body = json.dumps(told).encode() + b"\n"
        head = (
            f"HTTP/1.1 {self._refusal} {self._refusal.phrase}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            "x-content-type-options: nosniff\r\ncache-control: no-store\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
        self._stall_began()

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise ValueError(status.phrase)  # the parser stops, and asks for a 400

    def _take_no_more(self) -> None:
        """Answer what has come until now, and then close; what else comes is thrown away."""
        self._enough = True
        self.cycle.keep_alive = False
        raise ValueError("too much at once")  # the parser stops

    def _expect_headers(self) -> None:
        self._late = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _headers_came(self) -> None:
        self._late = _cancelled(self._late)

    def _stall_began(self) -> None:
        self._stall_ended()
        self._stalled = self.loop.call_later(STALL_SECONDS, self._give_up)

    def _stall_ended(self) -> None:
        self._stalled = _cancelled(self._stalled)

    def _give_up(self) -> None:
        self.transport.abort()


def _cancelled(timer: asyncio.TimerHandle | None) -> Any:  # noqa: ANN401 - always None
    if timer is not None:
        timer.cancel()
