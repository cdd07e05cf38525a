"""The application: which address leads to which view, and what becomes of errors."""

from __future__ import annotations

import time
from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow import locales
from workflow.adapters.bundles.folder import BundleFolder
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.errors import PolypressError
from workflow.web.answers import Answer, RefusedError, missing
from workflow.web.asked import Asked
from workflow.web.folder import PublicFolder
from workflow.web.gates import Gates
from workflow.web.journal import Journal
from workflow.web.kept import Kept
from workflow.web.live import LATER, Reader
from workflow.web.rates import Rates
from workflow.web.views import FileViews, TextViews, View, with_slash


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A view as the router calls it; what the view refuses becomes an answer."""

    view: View
    journal: Journal

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = Asked.of(scope)
        await (await self._answer(asked)).send(send, head=asked.method == "HEAD")

    async def _answer(self, asked: Asked) -> Answer:
        try:
            return await self.view(asked)
        except RefusedError as error:
            if error.__cause__:
                self.journal.trouble(error.what, error.__cause__)
            return error.answer()
        except PolypressError as error:
            self.journal.trouble(error.what, error)
            fix = "the operator of this server finds the reason in its log"
            return RefusedError(503, "the public folder is not in order", fix, LATER).answer()


@dataclass(frozen=True, slots=True)
class Watched:
    """An application whose requests are told, and whose failures become answers."""

    app: ASGIApp
    journal: Journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        begun, status, size = time.monotonic(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except Exception as error:
            self.journal.trouble("a request failed", error)
            if status:
                raise
            fix = "ask again later; the operator of this server finds the reason in its log"
            await RefusedError(500, "this should not have happened", fix).answer().send(counted)
        if self.journal.verbose:
            route = getattr(scope.get("route"), "path", "none")
            took = time.monotonic() - begun
            self.journal.request(scope["method"], route, status, size, took)


async def _nothing(_asked: Asked) -> Answer:
    raise missing()


def reader(folder: Path) -> Reader:
    """What reads a public folder."""
    compiler = MoCompiler(plural_forms=locales.plural_forms)
    return Reader(PublicFolder(folder), BundleFolder(folder), compiler, Kept())


def application(
    reader: Reader,
    *,
    rate: float = 0.0,
    connections: Sized = (),
    journal: Journal | None = None,
) -> ASGIApp:
    """The server's application over a public folder.

    `rate` are the requests a second that one client address may make, 0 for any; `connections` are
    those that are open.
    """
    told = journal or Journal()
    files, texts = FileViews(reader), TextViews(reader)
    views: dict[str, View] = {
        "/release.json": files.pointer,
        "/objects/{digest}": files.object,
        "/v1/{locale}/{collection}/{file}": texts.file,
        "/v1/{locale}/{collection}/": texts.collection,
        "/v1/{locale}/": texts.manifest,
        "/v1/": texts.index,
        "/releases/{record}": files.record,
        "/healthz": files.health,
        "/v1": with_slash,
        "/v1/{locale}": with_slash,
        "/v1/{locale}/{collection}": with_slash,
    }
    routes = [Route(path, Endpoint(view, told)) for path, view in views.items()]
    router = Router(routes, redirect_slashes=False, default=Endpoint(_nothing, told))
    return Watched(Gates(router, Rates(rate), connections), told)
