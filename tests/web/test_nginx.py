"""docs/nginx.conf, run by the real nginx over a public folder."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import brotli
import pytest

from tests import programs
from tests.hostile import PATHS
from tests.web.public_for_tests import publish
from tools import nginx
from workflow.bundle import Release
from workflow.model import digest_of


@dataclass(frozen=True, slots=True)
class Served:
    """nginx and the folder that it serves."""

    folder: Path
    port: int

    def get(
        self, path: str, headers: Mapping[str, str] = {}, *, method: str = "GET"
    ) -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, text in headers.items():
                connection.putheader(name, text)
            connection.endheaders()
            got = connection.getresponse()
            got.body = got.read()  # type: ignore[attr-defined]
            return got


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    lacking = () if shutil.which("nginx") else ("nginx",)
    what, reason = programs.verdict(lacking, os.environ, suite="nginx")
    if what != "run":
        (pytest.fail if what == "fail" else pytest.skip)(reason)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # pytest's folders are closed to nginx' workers
        folder = Path(name) / "public"
        publish(folder, serial=1)
        with nginx.nginx(folder, rate=10_000) as port:
            yield Served(folder, port)


@pytest.fixture
def digest(served: Served) -> str:
    """An object with compressed forms."""
    return next((served.folder / "objects").glob("*.br")).stem


def test_an_object_is_kept_for_ever_and_the_pointer_asked_for_each_time(
    served: Served, digest: str
) -> None:
    for path, cache in (
        (f"/objects/{digest}", "public, max-age=31536000, immutable"),
        ("/release.json", "no-cache"),
        ("/releases/1.json", "no-cache"),
    ):
        got = served.get(path)
        assert (got.status, got.getheader("Cache-Control")) == (200, cache)
        assert got.getheader("Content-Type") == "application/json"
        assert got.body == (served.folder / path[1:]).read_bytes()


def test_what_a_client_has_is_not_sent_again(served: Served, digest: str) -> None:
    for path in ("/release.json", f"/objects/{digest}"):
        for accepted in ("", "br", "gzip"):
            asked = {"Accept-Encoding": accepted}
            tag = served.get(path, asked).getheader("ETag")
            assert tag
            assert tag[0] == '"'  # a strong one
            for header in (tag, f'"x", W/{tag}', "*"):
                got = served.get(path, {**asked, "If-None-Match": header})
                assert (got.status, got.body, got.getheader("ETag")) == (304, b"", tag)
            assert served.get(path, {"If-None-Match": '"x"'}).status == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("br", "br"),
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br; q=0.0", "gzip"),
        ("brx, gzip", "gzip"),
        ("gzip;q=0", None),
    ],
)
def test_compressed_forms_decode_to_the_object(
    served: Served, digest: str, accepted: str, coding: str | None
) -> None:
    got = served.get(f"/objects/{digest}", {"Accept-Encoding": accepted})
    decoded = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}[coding](got.body)
    assert got.getheader("Content-Encoding") == coding
    assert got.getheader("Vary") == "Accept-Encoding"
    assert digest_of(decoded) == digest


def test_an_object_without_compressed_forms_is_sent_plain(served: Served) -> None:
    small = Release.parse(served.get("/release.json").body)
    digest = digest_of(small.to_bytes())
    (served.folder / "objects" / digest).write_bytes(small.to_bytes())
    got = served.get(f"/objects/{digest}", {"Accept-Encoding": "br, gzip"})
    assert (got.status, got.getheader("Content-Encoding")) == (200, None)
    assert got.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    assert digest_of(got.body) == digest


def test_a_part_of_a_form_is_sent_alone(served: Served, digest: str) -> None:
    for accepted in ("", "br"):  # of gzip, nginx sends everything
        whole = served.get(f"/objects/{digest}", {"Accept-Encoding": accepted})
        tag = whole.getheader("ETag") or ""
        asked = {"Accept-Encoding": accepted, "Range": "bytes=2-5", "If-Range": tag}
        got = served.get(f"/objects/{digest}", asked)
        assert (got.status, got.body) == (206, whole.body[2:6])
    assert served.get(f"/objects/{digest}", {"Range": "bytes=0-1,4-5"}).status == 200
    assert served.get(f"/objects/{digest}", {"Range": "bytes=999999-"}).status == 416


def test_only_reading_is_allowed(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        got = served.get("/release.json", method=method)
        assert (got.status, got.getheader("Allow")) == (405, "GET, HEAD, OPTIONS")
    assert served.get("/release.json", {"Content-Length": "70000"}).status == 413
    head = served.get("/release.json", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    got = served.get("/release.json", asked, method="OPTIONS")
    assert (got.status, got.getheader("Access-Control-Allow-Origin")) == (204, "*")


def test_browsers_are_kept_from_guessing_and_errors_from_being_kept(served: Served) -> None:
    for path, status in (("/release.json", 200), ("/objects/" + "0" * 64, 404), ("/x", 404)):
        got = served.get(path)
        assert got.status == status
        assert got.getheader("X-Content-Type-Options") == "nosniff"
        assert "default-src 'none'" in (got.getheader("Content-Security-Policy") or "")
        assert got.getheader("Access-Control-Allow-Origin") == "*"
        assert got.getheader("Cache-Control") == "no-cache"


def test_nothing_else_in_the_folder_is_given_out(served: Served, digest: str) -> None:
    objects = served.folder / "objects"
    (objects / f".{digest}.abc.tmp").write_text("x")
    (objects / ("1" * 64)).symlink_to("/etc/hostname")
    (served.folder / ".hidden").write_text("x")
    (served.folder / "note.txt").write_text("x")
    for path in (
        "/",
        "/objects/",
        "/objects",
        "/releases/",
        "/.hidden",
        "/note.txt",
        f"/objects/.{digest}.abc.tmp",
        f"/objects/{digest}.br",
        f"/objects/{digest}.gz",
        f"/objects/{digest.upper()}",
        f"/brotli/objects/{digest}",
        "/release.json/",
        "/releases/1.json.br",
    ):
        assert served.get(path, {"Accept-Encoding": "br"}).status == 404, path
    assert served.get("/objects/" + "1" * 64).status in {403, 404}


def test_no_path_leads_out_of_the_folder(served: Served) -> None:
    (served.folder.parent / "x").write_text("secret")
    for path in PATHS:
        for text in {path, "".join(f"%{byte:02x}" for byte in path.encode())}:
            if text.isascii() and text.isprintable() and " " not in text:
                for before in ("/", "/objects/", "/releases/", "/objects/" + "0" * 64):
                    got = served.get(before + text)
                    assert 400 <= got.status < 500, before + text
                    assert b"secret" not in got.body


def test_each_release_has_another_etag_within_one_second(served: Served) -> None:
    """Same size, same second: nginx could not tell them apart by the time of the disk alone."""
    pointer = served.folder / "release.json"
    seen, times = [], [int(pointer.stat().st_mtime)]
    for serial in range(2, 6):
        publish(served.folder, {"pool": f"Closed on day {serial}."}, serial=serial)
        got = served.get("/release.json")
        assert Release.parse(got.body).serial == serial
        seen.append(got.getheader("ETag"))
        times.append(int(pointer.stat().st_mtime))
    assert len(set(seen)) == 4
    assert all(later > earlier for earlier, later in pairwise(times))


def test_who_asks_too_often_is_refused(served: Served) -> None:
    with nginx.nginx(served.folder, rate=1) as port:
        slow = Served(served.folder, port)
        statuses = [slow.get("/release.json").status for _ in range(210)]
    assert statuses[:150] == [200] * 150
    assert statuses[-1] == 429
