"""A static server on loopback: files of a folder, with ETags and compressed forms as nginx has."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Special = Callable[["Handler"], bool]
"""Answers a request in its own way; False leaves it to the server."""
_FORMS = ((".br", "br"), (".gz", "gzip"))


@dataclass
class StaticServer:
    """What is served, and what was asked; `special` may answer by path, or all (`""`)."""

    folder: Path
    address: str = ""
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    special: dict[str, Special] = field(default_factory=dict)
    etags: bool = True
    compressed: bool = True

    def objects(self) -> list[str]:
        """The objects that were asked for so far; then they are forgotten."""
        found = [path.rpartition("/")[2] for path in self.asked if path.startswith("/objects/")]
        self.asked.clear()
        return found


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: StaticServer
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.served.asked.append(self.path)
        for path in (self.path, ""):
            if path in self.served.special and self.served.special[path](self):
                return
        self.file()

    def file(self) -> None:
        path = self.served.folder / self.path.lstrip("/")
        encoding = ""
        for suffix, name in _FORMS if self.served.compressed else ():
            other = path.with_name(path.name + suffix)
            if name in self.headers.get("Accept-Encoding", "") and other.is_file():
                path, encoding = other, name
                break
        try:
            body, found = path.read_bytes(), path.stat()
        except OSError:
            self.answer(404, b"nothing here")
            return
        etag = f'"{int(found.st_mtime):x}-{found.st_size:x}"' if self.served.etags else ""
        if etag and self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", ETag=etag)
        else:
            coded = {"Content-Encoding": encoding} if encoding else {}
            self.answer(200, body, **({"ETag": etag} if etag else {}), **coded)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.served.statuses.append(status)
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 (as given)
        """A client that has left is what some tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder: Path) -> Iterator[StaticServer]:
    served = StaticServer(folder)
    handler = type("Serving", (Handler,), {"served": served})
    server = _Server(("127.0.0.1", 0), handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
