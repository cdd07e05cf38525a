"""What an enemy asks for: fault rows S1 (no way out of the folder) and S7 (no way into a cache)."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import LOCALES, PATHS
from tests.web.asking import Got, Site, site
from tests.web.opened import listening
from workflow.model import digest_of

PYTHON = tuple(
    str(Path(folder).resolve()) + os.sep
    for folder in {sys.prefix, sys.base_prefix, *sys.path, Path(__file__).parents[2]}
    if str(folder)
)
"""Where Python itself is, and what the program is made of."""
PLACES: Mapping[str, Callable[[str], str]] = {
    "digest": lambda name: f"/objects/{name}",
    "record": lambda name: f"/releases/{name}",
    "record with its suffix": lambda name: f"/releases/{name}.json",
    "locale": lambda name: f"/v1/{name}/",
    "locale of a file": lambda name: f"/v1/{name}/notices/pool.json",
    "collection": lambda name: f"/v1/es/{name}/",
    "collection of a file": lambda name: f"/v1/es/{name}/pool.json",
    "file": lambda name: f"/v1/es/notices/{name}",
    "item": lambda name: f"/v1/es/notices/{name}.json",
    "item's page": lambda name: f"/v1/es/notices/{name}.html",
    "what is chosen": lambda name: f"/v1/auto/notices/{name}",
    "anything": lambda name: f"/{name}",
}


@pytest.mark.parametrize("place", PLACES)
def test_no_name_leads_out_of_the_folder(served: Site, place: str) -> None:
    served.get("/v1/es/notices/pool.html")  # what is imported late is imported now
    for name in filter(None, PATHS):  # without a name it is the list of names
        with listening() as opened:
            got = served.get(PLACES[place](name))
        assert 400 <= got.status < 500, name
        inside = str(served.folder.resolve()) + os.sep
        assert [one for one in opened if not one.startswith((inside, *PYTHON))] == [], name


def test_the_list_is_long_enough() -> None:
    assert len(set(PATHS)) >= 60


def test_no_locale_that_is_none_leads_anywhere(served: Site) -> None:
    for name in LOCALES:
        got = served.get(f"/v1/{name}/")
        assert got.status in {302, 308, 404, 414}, name
        if got.status < 400:
            assert served.get(got["location"]).status == 200, name


CANARY = "evil.example"
HEADERS = (
    {"Accept-Language": "ar, es;q=0.5"},
    {"Host": CANARY},
    {"X-Forwarded-Host": CANARY, "X-Forwarded-Proto": "https", "X-Forwarded-For": CANARY},
    {"Forwarded": f"host={CANARY};proto=https"},
    {"X-Original-URL": f"/{CANARY}", "X-Rewrite-URL": f"/{CANARY}"},
    {"Origin": f"https://{CANARY}", "Referer": f"https://{CANARY}/"},
    {"Cookie": f"locale={CANARY}", "Authorization": f"Bearer {CANARY}"},
    {"Accept": "text/html", "User-Agent": CANARY, "X-HTTP-Method-Override": "DELETE"},
    {"X-Canary": f"{CANARY}\x7f\xff"},
)
QUERIES = (
    b"",
    b"locale=ar",
    b"=&&;;%00",
    b"x=evil.example%0d%0aX-Evil:1",
    b"../" * 50,
    b"\xff\xfe",
)
ADDRESSES = (
    "/release.json",
    "/releases/1.json",
    "/v1",
    "/v1/",
    "/v1/es/",
    "/v1/es-419/",
    "/v1/es/notices/",
    "/v1/es/notices/pool.json",
    "/v1/es/notices/pool.html",
    "/v1/es/notices/messages.json",
    "/v1/es/notices/feed.atom",
    "/v1/ja/",
    "/none",
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_has_the_same_bytes_whoever_asks(served: Site, path: str) -> None:
    plain = served.get(path)
    for query in QUERIES:
        for headers in HEADERS:
            got = served.get(path, headers, query=query)
            assert (got.status, got.headers, got.body) == (plain.status, plain.headers, plain.body)


def test_nothing_of_a_request_comes_back_but_the_path_that_a_locale_is_put_into(
    served: Site,
) -> None:
    for path in ("/v1/auto/notices/pool.json", "/v1/auto/", "/v1/auto", "/v1/auto/x"):
        for query in QUERIES:
            for headers in HEADERS:
                for method in ("GET", "OPTIONS", "POST"):
                    got = served.get(path, headers, query=query, method=method)
                    text = got.body.decode() + repr(got.headers)
                    assert CANARY not in text
                    assert "\n" not in repr(got.headers)


VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80)
TAGS = st.sampled_from(["*", '"x"', 'W/"x"', '"', "W/"]) | VALUES
KNOWN = {
    "accept-encoding": st.lists(
        st.sampled_from(["br", "gzip", "*", "identity", "br;q=0", "gzip;q=0.5", "*;q=0", "x"])
    ).map(", ".join),
    "accept-language": st.lists(st.sampled_from(["es", "zh-TW", "nb;q=0.1", "*", "pt_br"])).map(
        ", ".join
    ),
    "if-none-match": TAGS,
    "if-range": TAGS,
    "range": st.from_regex(r"bytes=[0-9]{0,5}-[0-9]{0,5}(,[0-9]*-)?", fullmatch=True) | VALUES,
    "content-length": st.sampled_from(["0", "-1", "x", "99999999", "1" * 40]),
    "host": VALUES,
}


@given(
    st.sampled_from([*ADDRESSES, "/v1/auto/notices/pool.md", "object"]),
    st.fixed_dictionaries({}, optional={name: one | VALUES for name, one in KNOWN.items()}),
    st.sampled_from(["GET", "HEAD", "OPTIONS"]),
)
@settings(max_examples=150)
def test_any_headers_get_a_sound_answer(
    public: Path, path: str, headers: Mapping[str, str], method: str
) -> None:
    served = site(public)
    if path == "object":
        path = f"/objects/{next((public / 'objects').glob('*.br')).stem}"
    got = served.get(path, headers, method=method)
    assert got.status < 500
    whole = served.get(path, {"Accept-Encoding": headers.get("accept-encoding", "")})
    if got.status == 206:
        assert is_part(got, whole)
    if got.status == 200 and method == "GET":
        assert got.body == whole.body
        assert digest_of(decoded(got)) == got["etag"][1:65]
    if got.status == 304 or method == "HEAD":
        assert got.body == b""


def decoded(got: Got) -> bytes:
    coding = got["content-encoding"]
    return {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}[coding](got.body)


def is_part(got: Got, whole: Got) -> bool:
    """Whether an answer is the stretch of the whole that it says it is."""
    first, last, size = map(int, got["content-range"][6:].replace("/", "-").split("-"))
    return (got.body, size) == (whole.body[first : last + 1], len(whole.body))
