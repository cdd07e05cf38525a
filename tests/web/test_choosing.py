"""Which locale a request gets."""

from __future__ import annotations

import json

import pytest

from tests.web.asking import Site


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9", "es"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN", "en"),
        ("nb", "no"),
        ("nn-NO, nb;q=0.9", "no"),
        ("pt", "pt-BR"),
        ("PT_br", "pt-BR"),
        ("ja, ar;q=0.5, es;q=0.7", "es"),
        ("ja;q=1, de", "en"),
        ("es;q=0, ar;q=0.1", "ar"),
        ("gl", "es"),
        ("gl, pt;q=0.5", "pt-BR"),
        ("*", "en"),
        ("fr, *;q=0.5", "en"),
        (";;;,,,q=", "en"),
        ("../../etc/passwd", "en"),
        ("x" * 4000, "en"),
        (",".join([*(f"ja-x-{number}" for number in range(9)), "es"]), "es"),
        (",".join([*(f"ja-x-{number}" for number in range(10)), "es"]), "en"),
    ],
)
def test_a_browser_is_sent_to_the_best_locale(served: Site, header: str, locale: str) -> None:
    got = served.get("/v1/auto/notices/pool.html", {"Accept-Language": header})
    assert (got.status, got["location"]) == (302, f"/v1/{locale}/notices/pool.html")
    assert (got["vary"], got["cache-control"], got.body) == ("Accept-Language", "no-cache", b"")


def test_every_address_of_a_locale_has_one_that_chooses(served: Site) -> None:
    for rest in ("/", "/notices/", "/notices/messages.mo"):
        got = served.get(f"/v1/auto{rest}", {"Accept-Language": "ar"})
        assert (got.status, got["location"]) == (302, f"/v1/ar{rest}")
        assert served.get(got["location"]).status == 200


@pytest.mark.parametrize(
    ("tag", "status", "location"),
    [
        ("PT_br", 308, "pt-BR"),
        ("ES", 308, "es"),
        ("zh-hant", 308, "zh-Hant"),
        ("es-419", 302, "es"),
        ("zh-TW", 302, "zh-Hant"),
        ("nb", 302, "no"),
        ("pt", 302, "pt-BR"),
    ],
)
def test_another_name_of_a_locale_leads_to_it(
    served: Site, tag: str, status: int, location: str
) -> None:
    for rest in ("/", "/notices/", "/notices/pool.html"):
        got = served.get(f"/v1/{tag}{rest}", {"Accept-Language": "ar"})
        assert (got.status, got["location"]) == (status, f"/v1/{location}{rest}")
        assert "vary" not in got.headers


@pytest.mark.parametrize("tag", ["ja", "gl", "und", "x-y", "e", "es-" + "x" * 9, "Auto", "en.US"])
def test_a_locale_that_nothing_is_near_to_is_missing_and_the_others_are_named(
    served: Site, tag: str
) -> None:
    got = served.get(f"/v1/{tag}/")
    assert got.status == 404
    fix = json.loads(got.body)["fix"]
    assert fix == "there are ar, en, es, no, pt-BR, zh-Hant, and auto"
