"""Requests to the application in this very process, as a server would hand them over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Scope

from workflow.web.app import application, reader
from workflow.web.journal import Journal


@dataclass(frozen=True, slots=True)
class Got:
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Site:
    """A public folder and the application over it."""

    folder: Path
    app: ASGIApp

    def get(  # noqa: PLR0913 - the parts of a request
        self,
        path: str,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        *,
        method: str = "GET",
        query: bytes = b"",
        client: str = "127.0.0.1",
        body: Sequence[bytes] = (b"",),
    ) -> Got:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": quote(path.encode(errors="surrogatepass")).encode(),
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower().encode(), text.encode("latin-1")) for name, text in pairs],
            "client": (client, 50_000),
        }
        return asyncio.run(_asked(self.app, scope, list(body)))


def site(folder: Path, journal: Journal | None = None, **options: float) -> Site:
    """An application that remembers nothing."""
    return Site(folder, application(reader(folder), journal=journal, **options))


async def _asked(app: ASGIApp, scope: Scope, body: list[bytes]) -> Got:
    sent: list[Message] = []

    async def receive() -> Message:
        if not body:
            await asyncio.sleep(3600)  # a client that sends no more
        chunk = body.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(body)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    assert len(headers) == len(start["headers"]), "a header stands twice"
    return Got(start["status"], headers, b"".join(one["body"] for one in rest))
