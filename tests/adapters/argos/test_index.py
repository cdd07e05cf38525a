from __future__ import annotations

import hashlib
import io
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.adapters.argos.made_packages import install, members, package, tree, zipped
from workflow.adapters.argos import fetching, index
from workflow.adapters.argos.fetching import Patience, is_web, shown
from workflow.adapters.argos.index import read_index
from workflow.adapters.argos.install import Progress, Report, ignore
from workflow.adapters.argos.models import Models, Outcome
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import OutsideError, PackageError, PolypressError, UsageError

SOUND = zipped(members())
NEWER = zipped(members({"package_version": "1.10"}))
SHORT = Patience(timeout=0.3, grace=0.3, slowest=1_000)

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A real HTTP server on loopback; `answers` maps a path to what it sends."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                answer = site.answers.get(self.path)
                if answer is None:
                    self.send_error(404)
                else:
                    answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def lists(self, *entries: dict[str, object], path: str = "/v1/index.json") -> str:
        self.answers[path] = sends(json.dumps(entries).encode())
        return self.address + path


def sends(body: bytes, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def redirects(target: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", target)
        request.end_headers()

    return answer


def drips(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        for _ in range(100):
            request.wfile.write(b"x")
            time.sleep(0.05)
    except OSError:
        pass


def hangs(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    time.sleep(1)


def entry(*links: str, version: str = "1.0", **more: object) -> dict[str, object]:
    """As the public index has them, in its keys and their types."""
    return {
        "package_version": version,
        "argos_version": "1.5",
        "from_code": "en",
        "from_name": "English",
        "to_code": "es",
        "to_name": "Spanish",
        "links": list(links),
        "code": "translate-en_es",
        "type": "translate",
        "dependencies": [],
        "languages": [],
        **more,
    }


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def store(tmp_path: Path) -> ArgosStore:
    return ArgosStore(tmp_path / "packages")


def ask(
    store: ArgosStore, address: str, *what: str, replace: bool = False, report: Report = ignore
) -> list[Outcome]:
    models = Models(store, index=address, patience=SHORT)
    return list(models.install(what or ["en-es"], replace=replace, report=report))


def failure(store: ArgosStore, address: str) -> PolypressError:
    (outcome,) = ask(store, address)
    assert outcome.state == "failed"
    assert outcome.error is not None
    assert tree(store.folder) == {}
    return outcome.error


def test_the_highest_version_of_a_pair_comes_from_the_index(site: Site, store: ArgosStore) -> None:
    sha256 = hashlib.sha256(NEWER).hexdigest()
    address = site.lists(
        entry("en_es.argosmodel"),
        entry("../files/new.argosmodel", version="1.10", sha256=sha256),
        entry("en_es.argosmodel", version="1.9"),
        {"type": "sbd", "from_codes": ["en"], "links": ["https://127.0.0.1:1/sbd"]},
    )
    site.answers["/files/new.argosmodel"] = sends(NEWER)
    seen: list[Progress] = []

    (outcome,) = ask(store, address, report=seen.append)

    assert (outcome.asked, outcome.state, outcome.error) == ("en-es", "installed", None)
    assert outcome.warning == ""
    assert outcome.package is not None
    assert outcome.package.ref.version == "1.10"
    store.verify(outcome.package)
    assert site.asked == ["/v1/index.json", "/files/new.argosmodel"]
    downloaded = [progress for progress in seen if progress.step == "download"]
    assert downloaded[-1] == Progress("en_es@1.10", "download", len(NEWER), len(NEWER))
    assert seen[-1].step == "unpack"
    assert seen[-1].done == seen[-1].total == outcome.package.size
    assert {path.name for path in store.folder.iterdir()} <= {"en_es-1.10", ".lock"}


def test_a_version_can_be_asked_for_and_a_missing_checksum_is_said(
    site: Site, store: ArgosStore
) -> None:
    address = site.lists(entry("/a"), entry("/b", version="1.10"))
    site.answers["/a"] = sends(SOUND)

    (outcome,) = ask(store, address, "en_es@1.0")

    assert outcome.state == "installed"
    assert outcome.warning == "the index gives no checksum for en_es@1.0"


def test_what_is_installed_is_not_downloaded_again_but_to_replace_it(
    site: Site, store: ArgosStore
) -> None:
    address = site.lists(entry("/a"))
    site.answers["/a"] = sends(SOUND)
    states = [ask(store, address, replace=replace)[0].state for replace in (False, False, True)]
    assert states == ["installed", "already installed", "replaced"]
    assert site.asked.count("/a") == 2

    site.lists(entry("/a", sha256="0" * 64))
    (outcome,) = ask(store, address)
    assert "another en_es@1.0 is installed" in str(outcome.error)
    assert site.asked.count("/a") == 2


def test_the_next_link_is_tried_when_one_fails(site: Site, store: ArgosStore) -> None:
    sha256 = hashlib.sha256(SOUND).hexdigest()
    links = ["ipfs://x", "file:///etc/passwd", "/missing", "/other", "/a"]
    address = site.lists(entry(*links, sha256=sha256))
    site.answers["/other"] = sends(zipped(members() | {"translate-en_es-1_0/x": b""}))
    site.answers["/a"] = sends(SOUND)

    assert ask(store, address)[0].state == "installed"
    assert site.asked[1:] == ["/missing", "/other", "/a"]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"from_code": "en", "to_code": "fr"}, "the index has no package en_es; it has en_fr@1.0"),
        ({"version": "1.1"}, "this is the package en_es@1.0, the index promised en_es@1.1"),
        ({"sha256": "0" * 64}, "the index promised 000000000000…"),
        ({"package_version": "../x"}, "1 entries are no packages for this program"),
        ({"sha256": "../x"}, "it has none"),
        ({"links": "/a"}, "it has none"),
        ({"links": []}, "it has none"),
        (
            {"links": ["ipfs://x", "file:///etc/passwd", "http://[", "//[x"]},
            "names no place",
        ),
    ],
)
def test_an_entry_that_promises_something_else_is_refused(
    site: Site, store: ArgosStore, more: dict[str, object], complaint: str
) -> None:
    address = site.lists(entry("/a", **more))
    site.answers["/a"] = sends(SOUND)
    error = failure(store, address)
    assert isinstance(error, PackageError)
    assert complaint in error.what
    assert error.fix


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (sends(SOUND[:-9], Content_Length=str(len(SOUND))), "the connection ended after"),
        (redirects("file:///etc/passwd"), "file:///etc/passwd' is not allowed"),
        (redirects("ftp://127.0.0.1/x"), "not followed"),
        (redirects("/a"), "redirect"),
        (sends(b"x", Content_Length="3000000000"), "3,000,000,000 bytes; 2,000,000,000 are"),
        (sends(b"x", Content_Encoding="gzip"), "compresses"),
        (hangs, "timed out"),
        (drips, "too slow"),
        (lambda request: request.send_error(500), "answers 500"),
        (lambda request: request.wfile.write(b"no HTTP\r\n\r\n"), "cannot be fetched"),
        (lambda _request: None, "cannot be fetched"),
    ],
)
def test_a_download_that_fails_is_one_error_from_outside(
    site: Site, store: ArgosStore, answer: Answer, complaint: str
) -> None:
    address = site.lists(entry("/a?token=secret"))
    site.answers["/a?token=secret"] = site.answers["/a"] = answer
    error = failure(store, address)
    assert isinstance(error, OutsideError)
    assert complaint in error.what
    assert error.place.path == f"{site.address}/a"
    assert "secret" not in str(error)


def test_a_body_without_length_is_cut_at_the_limit(
    site: Site, store: ArgosStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "LARGEST_INDEX", 100_000)

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(bytes(10_000))
        except OSError:
            pass

    site.answers["/index.json"] = endless
    error = failure(store, f"{site.address}/index.json")
    assert isinstance(error, OutsideError)
    assert "larger than the 100,000 bytes" in error.what


def test_a_damaged_download_is_a_package_error_that_names_the_link(
    site: Site, store: ArgosStore
) -> None:
    address = site.lists(entry("/a"))
    site.answers["/a"] = sends(b"no zip")
    error = failure(store, address)
    assert isinstance(error, PackageError)
    assert error.place.path == f"{site.address}/a"


def test_a_redirect_to_another_http_address_is_followed(site: Site, store: ArgosStore) -> None:
    site.lists(entry("en_es.argosmodel"), path="/mirror/index.json")
    site.answers["/index.json"] = redirects("/mirror/index.json")
    site.answers["/mirror/en_es.argosmodel"] = redirects(f"{site.address}/a")
    site.answers["/a"] = sends(SOUND)
    assert ask(store, f"{site.address}/index.json")[0].state == "installed"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"<html>", "no package index: not JSON"),
        (b'{"en": "es"}', "no package index: not a list"),
        (b"[" * 100_000, "no package index: not JSON"),
        (b"\xff", "no package index: not JSON"),
        (b"[]", "the index has no package en_es; it has none"),
        (b'[1, null, "x", {}]', "4 entries are no packages"),
    ],
)
def test_what_is_no_index_is_said(
    site: Site, store: ArgosStore, body: bytes, complaint: str
) -> None:
    site.answers["/index.json"] = sends(body)
    error = failure(store, f"{site.address}/index.json?token=secret".partition("?")[0])
    assert isinstance(error, PackageError)
    assert complaint in error.what


def test_an_index_that_is_not_there_fails_its_pairs_and_no_file(
    site: Site, store: ArgosStore, tmp_path: Path
) -> None:
    path = package(tmp_path / "x.argosmodel", {"to_code": "pt"})

    outcomes = ask(store, f"{site.address}/none", "en-es", "de-fr", str(path))

    assert [outcome.state for outcome in outcomes] == ["installed", "failed", "failed"]
    assert all("answers 404" in str(outcome.error) for outcome in outcomes[1:])
    assert site.asked == ["/none"]


def test_nobody_listens(store: ArgosStore) -> None:
    error = failure(store, "http://127.0.0.1:9/index.json")
    assert isinstance(error, OutsideError)
    assert "refused" in error.what.lower()


def test_an_index_may_be_a_file_with_its_packages_beside(store: ArgosStore, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    folder.mkdir()
    package(folder / "en es.argosmodel")
    package(tmp_path / "outside.argosmodel")
    links = [
        "../outside.argosmodel",
        str(tmp_path / "outside.argosmodel"),
        "gone",
        "en%20es.argosmodel",
    ]
    (folder / "index.json").write_text(json.dumps([entry(*links)]))

    listed = read_index(str(folder / "index.json"), patience=SHORT)
    assert listed.places(listed.find("en", "es")) == [
        str(folder / "gone"),
        str(folder / "en es.argosmodel"),
    ]
    assert ask(store, str(folder / "index.json"))[0].state == "installed"


def test_an_index_file_that_cannot_be_read_is_said(store: ArgosStore, tmp_path: Path) -> None:
    error = failure(store, str(tmp_path / "none.json"))
    assert isinstance(error, OutsideError)
    assert error.place.path == str(tmp_path / "none.json")
    (tmp_path / "large.json").write_bytes(b" " * 10_000_001)
    assert "10,000,000 bytes" in str(failure(store, str(tmp_path / "large.json")))


@pytest.mark.parametrize(
    ("address", "what", "complaint"),
    [
        ("", "en-es", "no package index is set"),
        ("file:///etc/passwd", "en-es", "not from file:///etc/passwd"),
        ("ftp://127.0.0.1/x", "en-es", "over http or https"),
        ("http://127.0.0.1:9", "none.argosmodel", "no file, no folder, and no pair"),
        ("http://127.0.0.1:9", "../../x", "no file, no folder, and no pair"),
    ],
)
def test_what_cannot_be_installed_is_said_before_anything_is(
    store: ArgosStore, tmp_path: Path, address: str, what: str, complaint: str
) -> None:
    path = package(tmp_path / "x.argosmodel")
    with pytest.raises(UsageError, match=complaint):
        ask(store, address, str(path), what)
    assert not store.folder.exists()


def test_a_folder_gives_its_sound_packages_and_an_error_for_each_other(
    store: ArgosStore, tmp_path: Path
) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    package(folder / "a.argosmodel", {"to_code": "pt"})
    (folder / "b.argosmodel").write_bytes(b"no zip")
    package(folder / "c.ARGOSMODEL")
    (folder / "readme.txt").write_text("")
    models = Models(store)

    outcomes = list(models.install([str(folder)]))

    assert [outcome.state for outcome in outcomes] == ["installed", "failed", "installed"]
    assert outcomes[1].asked == str(folder / "b.argosmodel")
    assert [package.ref.name for package in models.list()] == ["en_es@1.0", "en_pt@1.0"]
    with pytest.raises(UsageError, match="holds no"):
        models.install([str(tmp_path)])


def test_verify_goes_on_after_a_damaged_package(store: ArgosStore, tmp_path: Path) -> None:
    for target in ("es", "fr", "pt"):
        install(store, package(tmp_path / target, {"to_code": target}))
    (store.folder / "en_fr-1.0" / "model" / "model.bin").write_bytes(b"other!!")
    models = Models(store)

    checked = list(models.verify())

    assert [each.error is None for each in checked] == [True, False, True]
    assert models.remove("en_fr").ref == checked[1].package.ref


def test_addresses_are_shown_without_what_is_secret_in_them() -> None:
    assert shown("https://user:word@host:1/a/b?key=1#x") == "https://host:1/a/b"
    assert shown("var/index.json") == "var/index.json"
    assert not is_web("http://[")
    assert not is_web("file:///x")


def test_a_full_disk_is_not_the_servers_fault(site: Site) -> None:
    site.answers["/a"] = sends(SOUND)
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(OutsideError, match="cannot write: No space left"),
    ):
        fetching.fetch(f"{site.address}/a", full, limit=10_000, patience=SHORT)


def test_only_http_is_fetched(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file, pytest.raises(OutsideError, match="only http"):
        fetching.fetch("file:///etc/passwd", file, limit=10_000, patience=SHORT)
    assert (tmp_path / "x").read_bytes() == b""


def test_https_is_never_left_for_http() -> None:
    asked = fetching.request.Request("https://127.0.0.1/x")
    redirect = fetching._Redirects()
    with pytest.raises(OSError, match="not followed"):
        redirect.redirect_request(asked, io.BytesIO(), 302, "", HTTPMessage(), "http://127.0.0.1/x")
