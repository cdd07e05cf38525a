from __future__ import annotations

import re

import pytest

from tests.cli.program import Program
from workflow import bootstrap

WARNING = "publish without --pseudo before people read"


def test_pseudo_text_needs_no_package(polypress: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        pytest.fail("the engine of packages was asked for")

    monkeypatch.setattr(bootstrap, "ArgosEngine", refused)
    ran = polypress("translate", "--engine", "pseudo")
    assert ran.code == 0
    assert re.search(r"\bar\b", ran.out)
    assert 'msgstr "⟪Ţĥéé ṗóóóóļ óóṗééñš⟫"' in polypress.catalog().read_text()
    assert 'msgstr "⟪\u200fŢĥéé\u200f ' in polypress.catalog("ar").read_text()


def test_packages_draft_unless_somebody_says_otherwise(polypress: Program) -> None:
    polypress("translate", "--engine", "argos")
    before = polypress.catalog().read_bytes()
    assert b'msgstr "es: The pool opens"' in before
    polypress("translate")
    assert polypress.catalog().read_bytes() == before


def test_a_plain_run_replaces_pseudo_text(polypress: Program) -> None:
    polypress("translate", "--engine", "pseudo")
    assert polypress("translate").code == 0
    assert "⟪" not in polypress.catalog().read_text()
    assert 'msgstr "es: The pool opens"' in polypress.catalog().read_text()


def test_the_json_names_the_route(polypress: Program) -> None:
    told = polypress("translate", "--engine", "pseudo", "--locale", "ar", "--json").json
    assert re.fullmatch(r"pseudo_ar@2#[0-9a-f]{8}", told["locales"][0]["route"])
    assert told["locales"][0]["machine"] == 2


def test_it_cannot_be_queued_and_the_error_says_why_and_what_to_do(polypress: Program) -> None:
    ran = polypress("translate", "--engine", "pseudo", "--queue")
    assert ran.code == 2
    assert "no worker makes pseudo text" in ran.err
    assert "leave --queue out" in ran.err
    assert not polypress.catalog().exists()


def test_another_engine_is_refused_with_those_that_there_are(polypress: Program) -> None:
    ran = polypress("translate", "--engine", "oracle")
    assert ran.code == 2
    assert "argos" in ran.err
    assert "pseudo" in ran.err


def test_status_has_a_column_for_it_while_there_is_some(polypress: Program) -> None:
    assert "pseudo" not in polypress("status").out
    polypress("translate", "--engine", "pseudo", "--locale", "es")
    assert "pseudo" in polypress("status").out
    told = polypress("status", "--json").json
    assert [one["pseudo"] for one in told["locales"]] == [2, 0]


def test_publish_leaves_it_out_unless_it_is_asked_for(polypress: Program) -> None:
    polypress("translate", "--engine", "pseudo")
    plain = polypress("publish", "--json").json["release"]
    assert plain["locales"][1]["counts"]["origin"] == {"source": 2}
    assert WARNING not in polypress("publish").out
    tried = polypress("publish", "--pseudo", "--json").json["release"]
    assert tried["locales"][1]["counts"]["origin"] == {"machine": 2}
    assert WARNING in polypress("publish", "--pseudo").out
    assert polypress("publish", "--json").json["release"]["serial"] == 3


def test_all_drafts_are_approved_but_pseudo_text(polypress: Program) -> None:
    polypress("translate", "--engine", "pseudo")
    told = polypress("approve", "--locale", "es", "--by", "Ana", "--json").json
    assert told["units"] == []
