"""The files of the public folder: as a static server gives them out."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from tests.web.asking import Got, Site, site
from tests.web.opened import listening
from tests.web.public_for_tests import COLLECTION, publish
from workflow.bundle import Release
from workflow.model import digest_of
from workflow.web.answers import CHUNK
from workflow.web.folder import PublicFolder
from workflow.web.journal import Journal

DECODED: dict[str, Callable[[bytes], bytes]] = {
    "": lambda body: body,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def large_object(folder: Path) -> tuple[str, bytes]:
    """An object that has compressed forms."""
    path = next(path for path in (folder / "objects").glob("*.br")).with_suffix("")
    return path.name, path.read_bytes()


def test_the_pointer_is_sent_as_it_is_and_asked_for_each_time(served: Site) -> None:
    got = served.get("/release.json")
    assert got.status == 200
    assert got.body == (served.folder / "release.json").read_bytes()
    assert got["etag"] == f'"{digest_of(got.body)}"'
    assert (got["cache-control"], got["content-type"]) == ("no-cache", "application/json")


def test_past_releases_are_there_by_their_serials(tmp_path: Path) -> None:
    publish(tmp_path, serial=1)
    publish(tmp_path, {"pool": "Open again."}, serial=2)
    served = site(tmp_path)
    bodies = [served.get(f"/releases/{serial}.json").body for serial in (1, 2)]
    assert [Release.parse(body).serial for body in bodies] == [1, 2]
    assert bodies[1] == served.get("/release.json").body
    assert served.get("/releases/3.json").status == 404


def test_a_new_release_is_seen_at_once(tmp_path: Path) -> None:
    publish(tmp_path, serial=1)
    served = site(tmp_path)
    before = served.get("/release.json")
    publish(tmp_path, {"pool": "Open again."}, serial=2)
    after = served.get("/release.json", {"If-None-Match": before["etag"]})
    assert after.status == 200
    assert Release.parse(after.body).serial == 2


def test_an_object_is_kept_for_ever_and_named_by_its_digest(served: Site) -> None:
    digest, body = large_object(served.folder)
    got = served.get(f"/objects/{digest}")
    assert (got.status, got.body) == (200, body)
    assert digest_of(got.body) == digest
    assert got["etag"] == f'"{digest}"'
    assert got["cache-control"] == "public, max-age=31536000, immutable"
    assert got["content-type"] == "application/json"
    assert got["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("zstd", ""),
        ("*", "br"),
    ],
)
def test_what_lies_compressed_beside_an_object_decodes_to_it(
    served: Site, accepted: str, coding: str
) -> None:
    digest, body = large_object(served.folder)
    got = served.get(f"/objects/{digest}", {"Accept-Encoding": accepted})
    assert got["content-encoding"] == coding
    assert DECODED[coding](got.body) == body
    assert got["content-length"] == str(len(got.body))


def test_forms_with_other_bytes_have_other_etags(served: Site) -> None:
    digest, _ = large_object(served.folder)
    tags = {served.get(f"/objects/{digest}", {"Accept-Encoding": name})["etag"] for name in DECODED}
    assert tags == {f'"{digest}"', f'"{digest}-br"', f'"{digest}-gz"'}


def test_an_object_without_compressed_forms_is_sent_plain(tmp_path: Path) -> None:
    release = publish(tmp_path)
    digest = release.manifests["es"]
    for suffix in (".br", ".gz"):
        (tmp_path / "objects" / f"{digest}{suffix}").unlink(missing_ok=True)
    got = site(tmp_path).get(f"/objects/{digest}", {"Accept-Encoding": "br, gzip"})
    assert (got.status, got["content-encoding"], digest_of(got.body)) == (200, "", digest)


def addresses(folder: Path) -> list[str]:
    """One of each kind that has an ETag."""
    digest, _ = large_object(folder)
    names = ("pool.json", "pool.html", "pool.md", "messages.json", "messages.mo", "feed.atom")
    texts = [f"/v1/es/{COLLECTION}/{name}" for name in ("", *names)]
    return ["/release.json", "/releases/1.json", f"/objects/{digest}", "/v1/", "/v1/es/", *texts]


def test_what_a_client_has_is_not_sent_again(served: Site) -> None:
    for path in addresses(served.folder):
        for accepted in ("", "br", "gzip"):
            first = served.get(path, {"Accept-Encoding": accepted})
            tag = first["etag"]
            for header in (tag, f"W/{tag}", f'"x", {tag}'):
                asked = {"Accept-Encoding": accepted, "If-None-Match": header}
                got = served.get(path, asked)
                assert (got.status, got.body, got["etag"]) == (304, b"", tag), (path, header)
                same = ("cache-control", "vary", "access-control-allow-origin")
                assert [got[name] for name in same] == [first[name] for name in same]
                assert "content-length" not in got.headers
            assert served.get(path, {"If-None-Match": '"x"'}).status == 200
            assert served.get(path, {"If-None-Match": "*"}).status == 304


def test_a_client_with_another_form_has_it_all_the_same(served: Site) -> None:
    digest, _ = large_object(served.folder)
    asked = {"Accept-Encoding": "br", "If-None-Match": f'"{digest}-gz"'}
    got = served.get(f"/objects/{digest}", asked)
    assert (got.status, got["etag"]) == (304, f'"{digest}-gz"')


def test_a_304_costs_no_file_read(served: Site) -> None:
    known = {path: served.get(path)["etag"] for path in addresses(served.folder)}
    with listening() as opened:
        got = [served.get(path, {"If-None-Match": tag}).status for path, tag in known.items()]
        assert (set(got), opened) == ({304}, [])
        served.get(f"/objects/{large_object(served.folder)[0]}")
    assert opened, "the listener hears nothing"


def test_a_derived_file_is_not_made_for_who_has_it(served: Site) -> None:
    manifest = json.loads(served.get("/v1/es/").body)
    digest = manifest["collections"][COLLECTION]["derived"]["messages.mo"]
    fresh = site(served.folder)
    fresh.get("/v1/es/notices/")
    with listening() as opened:
        got = fresh.get("/v1/es/notices/messages.mo", {"If-None-Match": f'"{digest}"'})
    assert (got.status, opened) == (304, [])


def test_an_object_that_was_removed_is_gone_even_for_who_has_it(tmp_path: Path) -> None:
    publish(tmp_path)
    digest, _ = large_object(tmp_path)
    for path in (tmp_path / "objects").glob(f"{digest}*"):
        path.unlink()
    served = site(tmp_path)
    for headers in ({}, {"If-None-Match": f'"{digest}"'}, {"Accept-Encoding": "br"}):
        assert served.get(f"/objects/{digest}", headers).status == 404


def test_head_says_all_but_the_body(served: Site) -> None:
    for path in addresses(served.folder):
        for accepted in ("", "br"):
            asked = {"Accept-Encoding": accepted, "Range": "bytes=0-1"}
            whole = served.get(path, {"Accept-Encoding": accepted})
            got = served.get(path, asked, method="HEAD")
            assert (got.status, got.headers, got.body) == (200, whole.headers, b""), path


def test_a_part_of_a_form_is_sent_alone(served: Site) -> None:
    digest, _ = large_object(served.folder)
    for accepted in DECODED:
        asked = {"Accept-Encoding": accepted}
        whole = served.get(f"/objects/{digest}", asked)
        for text, span in (("0-4", range(5)), ("-4", range(len(whole.body) - 4, len(whole.body)))):
            got = served.get(f"/objects/{digest}", {**asked, "Range": f"bytes={text}"})
            assert got.status == 206
            assert got.body == whole.body[span.start : span.stop]
            told = f"bytes {span.start}-{span.stop - 1}/{len(whole.body)}"
            assert got["content-range"] == told
            assert got["etag"] == whole["etag"]


def test_a_range_behind_the_end_is_refused_with_the_size(served: Site) -> None:
    digest, body = large_object(served.folder)
    got = served.get(f"/objects/{digest}", {"Range": "bytes=999999-"})
    assert (got.status, got["content-range"]) == (416, f"bytes */{len(body)}")
    assert refusal(got)


@pytest.mark.parametrize("text", ["bytes=0-1,3-4", "lines=1-2", "bytes=4-2", "x"])
def test_other_ranges_get_everything(served: Site, text: str) -> None:
    digest, body = large_object(served.folder)
    got = served.get(f"/objects/{digest}", {"Range": text})
    assert (got.status, got.body) == (200, body)


def test_if_range_keeps_parts_of_different_bytes_apart(served: Site) -> None:
    digest, _ = large_object(served.folder)
    part = {"Range": "bytes=0-4", "Accept-Encoding": "br"}
    for tag, status in ((f'"{digest}-br"', 206), (f'"{digest}"', 200), (f'W/"{digest}-br"', 200)):
        assert served.get(f"/objects/{digest}", {**part, "If-Range": tag}).status == status


def test_a_large_object_is_sent_in_pieces_and_its_file_closed(tmp_path: Path) -> None:
    publish(tmp_path)
    body = os.urandom(3 * CHUNK + 17)
    digest = digest_of(body)
    (tmp_path / "objects" / digest).write_bytes(body)
    served = site(tmp_path)
    before = open_files()
    assert served.get(f"/objects/{digest}").body == body
    assert served.get(f"/objects/{digest}", method="HEAD").body == b""
    part = served.get(f"/objects/{digest}", {"Range": f"bytes={CHUNK - 1}-{2 * CHUNK}"})
    assert part.body == body[CHUNK - 1 : 2 * CHUNK + 1]
    assert served.get(f"/objects/{digest}", {"Range": "bytes=999999-"}).status == 416
    assert open_files() == before


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def refusal(got: Got) -> bool:
    """Whether an answer is an error as the server tells them."""
    told = json.loads(got.body)
    return set(told) == {"error", "fix"} and all(told.values())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/objects",
        "/objects/",
        "/objects/" + "0" * 64,
        "/objects/" + "0" * 63,
        "/objects/" + "A" * 64,
        "/objects/.hidden",
        "/objects/" + "0" * 64 + ".br",
        "/releases/",
        "/releases/01.json",
        "/releases/1.json.gz",
        "/releases/.1.json.tmp",
        "/release.json.gz",
        "/release.json/",
        "/.release.json.x.tmp",
    ],
)
def test_nothing_else_is_given_out(served: Site, path: str) -> None:
    got = served.get(path)
    assert got.status == 404
    assert got["cache-control"] == "no-cache"
    assert refusal(got)


def test_links_and_pipes_in_the_folder_are_not_followed(tmp_path: Path) -> None:
    publish(tmp_path / "public")
    secret = tmp_path / "secret"
    secret.write_text("{}")
    objects = tmp_path / "public" / "objects"
    (objects / ("1" * 64)).symlink_to(secret)
    (objects / ("3" * 64)).mkdir()
    os.mkfifo(objects / ("2" * 64))
    (tmp_path / "public" / "releases" / "9.json").symlink_to(secret)
    served = site(tmp_path / "public")
    for path in ("/objects/" + "1" * 64, "/objects/" + "2" * 64, "/objects/" + "3" * 64):
        assert served.get(path).status == 404
    assert served.get("/releases/9.json").status == 404


def test_health_tells_the_serial_and_the_age(served: Site) -> None:
    got = served.get("/healthz")
    told = json.loads(got.body)
    assert (got.status, told["serial"], got["cache-control"]) == (200, 1, "no-store")
    assert told["age"] > 0


def test_without_a_release_that_can_be_read_health_says_so(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    publish(tmp_path / "damaged")
    (tmp_path / "damaged" / "release.json").write_text("{}")
    release = publish(tmp_path / "half")
    (tmp_path / "half" / "objects" / release.manifests["es"]).unlink()
    for name in ("none", "damaged", "half"):
        got = site(tmp_path / name).get("/healthz")
        assert (got.status, got["retry-after"]) == (503, "5"), name
        assert refusal(got)


def test_a_folder_that_cannot_be_read_is_told_to_the_operator(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.StringIO()
    served = site(public, Journal(stream=said))
    digest, _ = large_object(public)
    for name in ("open", "lstat"):
        with monkeypatch.context() as broken:
            broken.setattr(os, name, failing)
            for path in ("/release.json", f"/objects/{digest}"):
                got = served.get(path, {"If-None-Match": "*"} if name == "lstat" else {})
                assert (got.status, got["cache-control"]) == (503, "no-store")
                assert refusal(got)
    assert served.get("/release.json").status == 200
    assert json.loads(said.getvalue().splitlines()[0])["error"] == "OSError"


def failing(*_arguments: object, **_options: object) -> int:
    raise OSError(errno.EIO, "Input/output error")


def test_no_more_than_a_bounded_number_of_past_releases_is_kept(tmp_path: Path) -> None:
    body = publish(tmp_path, tags=["en"]).to_bytes()
    for serial in range(40):
        (tmp_path / "releases" / f"{serial}.json").write_bytes(body)
    folder = PublicFolder(tmp_path)
    assert all(folder.record(f"{serial}.json") for serial in range(40))
    assert len(folder._known) == 32
