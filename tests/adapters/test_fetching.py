"""The remote folder over HTTP and in a folder: patient, bounded, and asked nowhere else."""

from __future__ import annotations

import gzip
import io
import os
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from email.utils import formatdate
from pathlib import Path

import brotli
import pytest

from tests.static_server import Handler, StaticServer, serving
from workflow.adapters.bundles import fetching, nearby
from workflow.adapters.bundles.decoding import pieces
from workflow.adapters.bundles.patience import Patience, asked_to_wait
from workflow.adapters.bundles.remotes import remote_at
from workflow.errors import BundleError, OutsideError, UsageError
from workflow.model import digest_of
from workflow.ports.pulling import Remote

HASTE = Patience(timeout=0.3, grace=0.2, slowest=1_000.0, pauses=(0.0, 0.0, 0.0), longest=0.2)
BODY = b"An object. " * 200
DIGEST = digest_of(BODY)
OBJECT = f"/objects/{DIGEST}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StaticServer]:
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / DIGEST).write_bytes(BODY)
    (tmp_path / "release.json").write_bytes(b"{}")
    with serving(tmp_path) as served:
        yield served


@pytest.fixture
def remote(server: StaticServer) -> Iterator[Remote]:
    with closing(remote_at(server.address, patience=HASTE)) as made:
        yield made


def fetched(remote: Remote) -> bytes | None:
    into = io.BytesIO()
    return into.getvalue() if remote.fetch(DIGEST, into) else None


# One contract for both.


@pytest.fixture(params=["http", "folder", "file"])
def either(request: pytest.FixtureRequest, server: StaticServer) -> Iterator[Remote]:
    addresses = {
        "http": f"{server.address}/",
        "folder": str(server.folder),
        "file": f"file://{server.folder}",
    }
    with closing(remote_at(addresses[request.param], patience=HASTE)) as made:
        yield made


def test_an_object_and_the_pointer_come_as_they_are_and_are_counted(either: Remote) -> None:
    assert fetched(either) == BODY
    pointer = either.release()
    assert pointer
    assert pointer.body == b"{}"
    assert either.moved == len(BODY) + 2


def test_an_object_that_there_is_not_is_no_error(either: Remote) -> None:
    assert either.fetch("0" * 64, io.BytesIO()) is False


def test_an_object_of_other_bytes_is_refused(either: Remote, server: StaticServer) -> None:
    (server.folder / "objects" / DIGEST).write_bytes(BODY[:-1])
    with pytest.raises(BundleError, match=f"objects/{DIGEST}.*not what its digest says"):
        fetched(either)


def test_without_a_pointer_there_is_no_published_folder(
    either: Remote, server: StaticServer
) -> None:
    (server.folder / "release.json").unlink()
    with pytest.raises(OutsideError, match=r"there is no release\.json"):
        either.release()


@pytest.mark.parametrize("what", ["LARGEST_OBJECT", "LARGEST_RELEASE"])
def test_what_is_too_large_is_refused(
    either: Remote, server: StaticServer, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (fetching, nearby):
        monkeypatch.setattr(module, what, 1000)
    (server.folder / "release.json").write_bytes(BODY)
    with pytest.raises(BundleError, match="larger than the 1,000 bytes"):
        either.release() if what == "LARGEST_RELEASE" else fetched(either)


def test_a_disk_that_is_full_is_not_blamed_on_the_server(either: Remote) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no device here that is always full")
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OutsideError) as told:  # noqa: PTH123 - it has no truncate
        either.fetch(DIGEST, Unending(full))
    assert "cannot write: No space left" in str(told.value)


class Unending(io.RawIOBase):
    """The device can be written to and not be cut."""

    def __init__(self, full: io.RawIOBase) -> None:
        self._full = full

    def write(self, body: bytes) -> int:
        return self._full.write(body) or 0

    def seek(self, *_: int) -> int:
        return 0

    def truncate(self, _: int | None = None) -> int:
        return 0


# Patience.


def once(status: int, **headers: str):  # noqa: ANN201
    """A server that answers so at first, and then as it should."""
    left = [1]

    def answer(handler: Handler) -> bool:
        if not left:
            return False
        left.pop()
        handler.answer(status, b"no", **headers)
        return True

    return answer


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_that_may_pass_is_asked_again(
    server: StaticServer, remote: Remote, status: int
) -> None:
    server.special[OBJECT] = once(status)
    assert fetched(remote) == BODY
    assert len(server.asked) == 2


def test_a_failure_that_does_not_pass_ends_after_some_attempts(
    server: StaticServer, remote: Remote
) -> None:
    server.special[OBJECT] = lambda handler: handler.answer(503, b"no") or True
    with pytest.raises(OutsideError, match="the server answers 503"):
        fetched(remote)
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [201, 204, 206, 300, 400, 401, 403, 418])
def test_other_answers_are_not_asked_for_again(
    server: StaticServer, remote: Remote, status: int
) -> None:
    server.special[OBJECT] = lambda handler: handler.answer(status, b"") or True
    with pytest.raises(OutsideError, match=f"the server answers {status}"):
        fetched(remote)
    assert len(server.asked) == 1


def test_a_server_that_asks_to_wait_is_waited_for(
    server: StaticServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(fetching.time, "sleep", waited.append)
    server.special[OBJECT] = once(503, Retry_After="30")
    with closing(remote_at(server.address)) as remote:
        assert fetched(remote) == BODY
    assert waited == [30.0]


@pytest.mark.parametrize(
    "after",
    ["3600", "9" * 400, formatdate(time.time() + 3600, usegmt=True)],
    ids=["seconds", "digits", "date"],  # an id that holds the time differs between processes
)
def test_a_server_that_asks_to_wait_too_long_is_left_alone(
    server: StaticServer, remote: Remote, after: str
) -> None:
    server.special[OBJECT] = once(503, Retry_After=after)
    with pytest.raises(OutsideError, match="asks to wait"):
        fetched(remote)
    assert len(server.asked) == 1


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "Thu, 99 Foo 2026", "²", "1.5"])
def test_a_wish_that_cannot_be_read_is_none(value: str) -> None:
    assert asked_to_wait(value) == 0.0


def test_a_server_that_says_nothing_is_not_waited_for_without_an_end(
    server: StaticServer,
) -> None:
    done = threading.Event()
    server.special[OBJECT] = lambda _: done.wait(5) or True
    patience = Patience(timeout=0.1, pauses=(0.0,))
    with (
        closing(remote_at(server.address, patience=patience)) as hasty,
        pytest.raises(OutsideError, match=r"no answer for 0\.1 s"),
    ):
        fetched(hasty)
    done.set()
    assert len(server.asked) == 2


def test_a_server_that_hardly_sends_anything_is_too_slow(server: StaticServer) -> None:
    def trickle(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        for sign in BODY:
            handler.wfile.write(bytes([sign]))
            handler.wfile.flush()
            time.sleep(0.02)
        return True

    server.special[OBJECT] = trickle
    patience = Patience(timeout=1.0, grace=0.1, pauses=())
    with (
        closing(remote_at(server.address, patience=patience)) as hasty,
        pytest.raises(OutsideError, match="too slow"),
    ):
        fetched(hasty)


def test_a_body_that_is_cut_off_is_asked_for_again(server: StaticServer, remote: Remote) -> None:
    left = [1]

    def cut(handler: Handler) -> bool:
        if not left:
            return False
        left.pop()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        handler.wfile.write(BODY[:100])
        handler.close_connection = True
        return True

    server.special[OBJECT] = cut
    assert fetched(remote) == BODY


def test_nobody_there_is_told_with_the_address() -> None:
    with (
        closing(remote_at("http://127.0.0.1:9/public", patience=HASTE)) as nobody,
        pytest.raises(OutsideError, match=r"http://127\.0\.0\.1:9/public/release\.json: cannot be"),
    ):
        nobody.release()


def test_what_is_damaged_on_the_way_is_asked_for_once_more_past_caches(
    server: StaticServer, remote: Remote
) -> None:
    seen: list[str] = []

    def cached(handler: Handler) -> bool:
        seen.append(handler.headers.get("Cache-Control", ""))
        return not seen[-1] and (handler.answer(200, b"of a cache") or True)

    server.special[OBJECT] = cached
    assert fetched(remote) == BODY
    assert seen == ["", "no-cache"]


# The pointer's ETag.


def test_an_etag_is_sent_back_and_saves_the_body(remote: Remote) -> None:
    pointer = remote.release()
    assert pointer
    moved = remote.moved
    assert remote.release(pointer.etag) is None
    assert remote.moved == moved


def test_not_modified_to_a_question_that_names_no_etag_is_no_answer(
    server: StaticServer, remote: Remote
) -> None:
    server.special["/release.json"] = lambda handler: handler.answer(304, b"") or True
    with pytest.raises(OutsideError, match="there is no release"):
        remote.release()


@pytest.mark.parametrize("etag", ["abc", '"' + "a" * 300 + '"', '"a" b', '"\xff"', ""])
def test_an_etag_that_is_none_is_not_kept(server: StaticServer, remote: Remote, etag: str) -> None:
    server.special["/release.json"] = lambda it: it.answer(200, b"{}", ETag=etag) or True
    pointer = remote.release()
    assert pointer
    assert pointer.etag == ""


# Redirects.


def test_a_redirect_within_the_origin_is_followed(server: StaticServer, remote: Remote) -> None:
    (server.folder / "moved").write_bytes(BODY)
    server.special[OBJECT] = lambda it: it.answer(302, b"", Location="/moved") or True
    assert fetched(remote) == BODY


def test_a_redirect_without_an_end_is_left(server: StaticServer, remote: Remote) -> None:
    server.special[OBJECT] = lambda it: it.answer(302, b"", Location=OBJECT) or True
    with pytest.raises(OutsideError, match="without an end"):
        fetched(remote)


def test_a_redirect_to_elsewhere_is_not_followed(
    server: StaticServer, remote: Remote, tmp_path: Path
) -> None:
    with serving(tmp_path) as other:
        for there in (
            f"{other.address}{OBJECT}",
            server.address.replace("127.0.0.1", "localhost") + OBJECT,
            server.address.replace("http:", "https:") + OBJECT,
            "//127.0.0.2/x",
            f"file://{tmp_path}/objects/{DIGEST}",
            "ftp://127.0.0.1/x",
            "data:text/plain,x",
            "http://user:secret@127.0.0.1:1/?q#f",
            "http://[::1",
        ):
            server.special[OBJECT] = lambda it, to=there: it.answer(301, b"", Location=to) or True
            with pytest.raises(OutsideError) as told:
                fetched(remote)
            assert "secret" not in str(told.value)
        assert other.asked == []


# Compressed forms, and bombs.


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("br", brotli.compress(BODY)),
        ("identity", BODY),
        ("", BODY),
    ],
    ids=["gzip", "GZIP", "br", "identity", "none"],
)
def test_a_body_comes_in_each_form_that_was_asked_for(
    server: StaticServer, remote: Remote, encoding: str, body: bytes
) -> None:
    server.special[OBJECT] = lambda it: it.answer(200, body, Content_Encoding=encoding) or True
    assert fetched(remote) == BODY
    assert remote.moved == len(body)


@pytest.mark.parametrize("encoding", ["zstd", "deflate", "gzip, br", "x", "gzip;q=1", "\xff"])
def test_a_form_that_was_not_asked_for_is_refused(
    server: StaticServer, remote: Remote, encoding: str
) -> None:
    server.special[OBJECT] = lambda it: it.answer(200, BODY, Content_Encoding=encoding) or True
    with pytest.raises(BundleError, match="not asked for"):
        fetched(remote)


@pytest.mark.parametrize("encoding", ["gzip", "br"])
@pytest.mark.parametrize("damage", ["cut", "other", "empty"])
def test_a_compressed_form_that_is_damaged_is_refused(
    server: StaticServer, remote: Remote, encoding: str, damage: str
) -> None:
    whole = gzip.compress(BODY) if encoding == "gzip" else brotli.compress(BODY)
    body = {"cut": whole[:-12], "other": b"\x00\xff" * 40, "empty": b""}[damage]
    server.special[OBJECT] = lambda it: it.answer(200, body, Content_Encoding=encoding) or True
    with pytest.raises(BundleError, match=f"its {'gzip' if encoding == 'gzip' else 'brotli'} form"):
        fetched(remote)


BOMBS = {
    "gzip": gzip.compress(b"\0" * 30_000_000, mtime=0),
    "br": brotli.compress(b"\0" * 30_000_000, quality=5),
}


@pytest.mark.parametrize("encoding", BOMBS)
@pytest.mark.parametrize("path", [OBJECT, "/release.json"])
def test_a_bomb_does_not_unfold(
    server: StaticServer, encoding: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_OBJECT", 4_000_000)
    bomb = BOMBS[encoding]
    server.special[path] = lambda it: it.answer(200, bomb, Content_Encoding=encoding) or True
    into = server.folder / "into"
    with closing(remote_at(server.address, patience=HASTE)) as remote, into.open("wb") as file:
        remote.release() if path == OBJECT else fetched(remote)  # what is imported late is now
        tracemalloc.start()
        try:
            with pytest.raises(BundleError, match="larger"):
                remote.release() if path != OBJECT else remote.fetch(DIGEST, file)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 20_000_000
    assert into.stat().st_size < 5_000_000


@pytest.mark.parametrize("chunk", [7, 1 << 20])
def test_pieces_are_small_and_make_the_whole(chunk: int) -> None:
    whole = os.urandom(200_000) + b"x" * 400_000
    for encoding, form in (("gzip", gzip.compress(whole)), ("br", brotli.compress(whole))):
        chunks = (form[at : at + chunk] for at in range(0, len(form), chunk))
        found = list(pieces(chunks, encoding))
        assert b"".join(found) == whole
        assert max(map(len, found)) < 200_000


# Addresses.


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/public",
        "javascript://x",
        "gopher://example.org/",
        "http://",
        "http:///public",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://exa mple.org/",
        "https://example.org/\n",
        "https://example.org/\x1b[2J",
        "https://example.org/" + "x" * 3000,
        "http://[::1",
        "file://elsewhere/public",
        "file://",
        "data://x",
        "://x",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        remote_at(url)


@pytest.mark.parametrize(
    "url",
    ["http://xn--a/", "http://exa..mple/", f"http://{'a' * 70}.example/", "http://☃.example/"],
)
def test_a_host_that_cannot_be_is_told_at_once(url: str) -> None:
    patience = Patience(pauses=(60.0,))
    with closing(remote_at(url, patience=patience)) as made, pytest.raises(OutsideError):
        made.release()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("HTTPS_PROXY", "foo://x"),
        ("SSL_CERT_FILE", "/nowhere"),
        ("SSL_CERT_FILE", __file__),
    ],
)
def test_an_environment_that_cannot_be_is_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(OutsideError, match="cannot begin to fetch"):
        remote_at("https://127.0.0.1:9/")


def test_user_and_password_are_sent_and_never_shown(server: StaticServer) -> None:
    seen: list[str] = []

    def closed(handler: Handler) -> bool:
        seen.append(handler.headers.get("Authorization", ""))
        handler.answer(403, b"")
        return True

    server.special["/release.json"] = closed
    url = server.address.replace("//", "//user:secret@")
    with closing(remote_at(url, patience=HASTE)) as made, pytest.raises(OutsideError) as told:
        made.release()
    assert seen[0].startswith("Basic ")
    assert "secret" not in str(told.value) + made.address
