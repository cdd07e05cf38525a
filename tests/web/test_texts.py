"""The texts of the live release under names that people can write."""

from __future__ import annotations

import gettext
import io
import json
from pathlib import Path

import pytest

from tests.web.asking import Site, site
from tests.web.public_for_tests import ITEMS, LOCALES, publish
from workflow.bundle import ItemObject, Manifest
from workflow.bundle.page import page
from workflow.model import digest_of
from workflow.web.journal import Journal

ES = "/v1/es/notices/"


def test_the_index_names_the_release_and_its_locales(served: Site) -> None:
    told = json.loads(served.get("/v1/").body)
    assert told["locales"] == sorted(LOCALES)
    assert (told["serial"], told["source"], told["project"]) == (1, "en", "City notices")


def test_a_locale_is_its_manifest(served: Site) -> None:
    got = served.get("/v1/pt-BR/")
    manifest = Manifest.parse(got.body)
    assert manifest.locale == "pt-BR"
    assert got["etag"] == f'"{digest_of(got.body)}"'
    assert got["cache-control"] == "no-cache"


def test_a_collection_lists_its_items_in_their_order(served: Site) -> None:
    told = json.loads(served.get(ES).body)
    assert [one["item"] for one in told["items"]] == list(ITEMS)
    for one in told["items"]:
        assert served.get(f"/objects/{one['object']}").status == 200


def test_an_item_is_there_in_each_of_its_forms(served: Site) -> None:
    for name in ITEMS:
        body = served.get(f"{ES}{name}.json").body
        item = ItemObject.parse(body)
        shown, own = served.get(f"{ES}{name}.html"), served.get(f"{ES}{name}.md")
        assert (item.item, item.locale) == (name, "es")
        assert shown.body == page(item)
        assert own.body == item.content.encode()
        assert shown["content-type"] == "text/html; charset=utf-8"
        assert own["content-type"] == "text/markdown; charset=utf-8"


def test_a_page_may_run_nothing_and_send_nothing(served: Site) -> None:
    rules = served.get(f"{ES}pool.html")["content-security-policy"].split("; ")
    assert "default-src 'none'" in rules
    assert not [rule for rule in rules if rule.startswith(("script-src", "connect-src", "form"))]
    for path in ("/release.json", f"{ES}pool.json", f"{ES}pool.md"):
        assert "sandbox" in served.get(path)["content-security-policy"]


@pytest.mark.parametrize("stored", [False, True])
def test_derived_files_are_those_that_the_manifest_names(tmp_path: Path, *, stored: bool) -> None:
    release = publish(tmp_path, stored=stored)
    served = site(tmp_path)
    manifest = Manifest.parse((tmp_path / "objects" / release.manifests["es"]).read_bytes())
    derived = manifest.collections["notices"].derived
    assert set(derived) == {"messages.json", "messages.mo", "labels.json", "feed.atom"}
    for name, digest in derived.items():
        assert (tmp_path / "objects" / digest).exists() == stored
        got = served.get(ES + name)
        assert digest_of(got.body) == digest
        assert got["etag"] == f'"{digest}"'
        assert got["cache-control"] == "no-cache"
    assert served.get(f"{ES}feed.atom")["content-type"] == "application/atom+xml; charset=utf-8"
    assert served.get(f"{ES}messages.mo")["content-type"] == "application/octet-stream"


def test_gettext_reads_the_messages(served: Site) -> None:
    found = gettext.GNUTranslations(io.BytesIO(served.get(f"{ES}messages.mo").body))
    text = ITEMS["pool"]
    assert found.pgettext("pool#body", text) == f"{text} (es)"


def test_derived_files_that_would_be_other_ones_are_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path)
    said = io.StringIO()
    served = site(tmp_path, Journal(stream=said))
    monkeypatch.setattr("workflow.web.making.derived_files", lambda *_: {"messages.json": b"{}"})
    got = served.get(f"{ES}messages.json")
    assert (got.status, got["retry-after"]) == (503, "5")
    assert json.loads(said.getvalue())["what"] == "derived files are not those of the release"


def test_a_request_works_with_the_release_that_was_live_when_it_came(tmp_path: Path) -> None:
    publish(tmp_path, serial=1)
    served = site(tmp_path)
    before = served.get(f"{ES}messages.json")
    publish(tmp_path, {"pool": "Open again."}, serial=2)
    after = served.get(f"{ES}messages.json")
    assert list(json.loads(after.body).values()) == ["Open again. (es)"]
    assert before["etag"] != after["etag"]
    assert served.get(f"{ES}library.json").status == 404


def test_what_was_removed_is_missing_and_breaks_nothing_else(tmp_path: Path) -> None:
    publish(tmp_path)
    served = site(tmp_path)
    digests = {one["item"]: one["object"] for one in json.loads(served.get(ES).body)["items"]}
    for path in (tmp_path / "objects").glob(f"{digests['pool']}*"):
        path.unlink()
    for name in ("pool.json", "pool.html", "messages.json"):
        assert served.get(ES + name).status == 404, name
    assert served.get(f"{ES}library.html").status == 200
    assert served.get("/healthz").status == 200


def test_what_is_damaged_is_not_sent_and_told_to_the_operator(tmp_path: Path) -> None:
    publish(tmp_path)
    said = io.StringIO()
    served = site(tmp_path, Journal(stream=said))
    digest = json.loads(served.get(ES).body)["items"][0]["object"]
    (tmp_path / "objects" / digest).write_text("{}")
    assert served.get(f"{ES}pool.html").status == 503
    assert json.loads(said.getvalue())["what"] == "object damaged"


def test_without_a_release_there_is_nothing_yet(tmp_path: Path) -> None:
    for path in ("/v1/", "/v1/es/", ES, f"{ES}pool.json", "/v1/auto/"):
        got = site(tmp_path).get(path)
        assert (got.status, got["cache-control"]) == (503, "no-store"), path
    assert site(tmp_path).get("/release.json").status == 404


def test_a_withdrawn_item_is_gone_and_another_is_not_there(tmp_path: Path) -> None:
    publish(tmp_path, {"library": "Open."}, withdrawn=["notices:pool"])
    served = site(tmp_path)
    assert served.get(f"{ES}pool.html").status == 410
    assert served.get(f"{ES}museum.html").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/v1/es/none/",
        "/v1/es/none/pool.json",
        f"{ES}pool",
        f"{ES}pool.txt",
        f"{ES}pool.json/",
        f"{ES}.json",
        f"{ES}items.json",
        "/v1/xx/",
        "/v1/auto/notices/pool/x",
        "/v2/",
    ],
)
def test_other_names_lead_nowhere(served: Site, path: str) -> None:
    got = served.get(path)
    assert got.status == 404
    assert set(json.loads(got.body)) == {"error", "fix"}


def test_an_address_without_its_slash_leads_to_the_one_with_it(served: Site) -> None:
    for path in ("/v1", "/v1/es", "/v1/es/notices"):
        got = served.get(path)
        assert (got.status, got["location"]) == (308, f"{path}/")
