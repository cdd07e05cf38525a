from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import PATHS
from workflow.bundle import (
    ITEMS_IN_SHARD,
    Entry,
    ItemObject,
    Manifest,
    PublishedUnit,
    Release,
    Section,
    Shard,
    Source,
    counted,
    decoded,
    encoded,
    payload_of,
    shards,
    summed,
)
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.policy import Label

TITLE = Label("human", "approved", "current")
BODY = Label("machine", "none", "current", "en_es@1.0#abcdef12", 0.0)
UNITS = (
    PublishedUnit("notices:pool#title@0000000000", "title", "Pool", "Piscina", TITLE),
    PublishedUnit("notices:pool#body@1111111111", "body", "Open.", "Abierta.", BODY),
)
ITEM = ItemObject(
    collection="notices",
    item="pool",
    locale="es",
    path="content/pool.md",
    meta={"date": "2026-01-31"},
    formatted={"date": "31 de enero de 2026"},
    content="# Piscina\n",
    html="<article></article>",
    units=UNITS,
)
ONE, TWO = "1" * 64, "2" * 64
SECTION = Section(
    revision=ONE,
    counts=counted([TITLE, BODY], items=1, left_out=2),
    packages=("en_es@1.0#abcdef12",),
    shards=(ONE, TWO),
    derived={name: digest_of(name) for name in ("messages.mo", "messages.json", "labels.json")},
)
MANIFEST = Manifest(
    locale="es",
    direction="ltr",
    project="City",
    site="",
    labels="beside",
    source=Source("en", TWO),
    counts=summed([SECTION.counts]),
    packages=SECTION.packages,
    collections=dict.fromkeys({"notices", "pages", "briefs"}, SECTION),
)
KEY, SIGNATURE = f"ed25519:{'A' * 43}=", f"{'B' * 86}=="
RELEASE = Release(
    serial=3,
    released="2026-01-31T12:00:00+00:00",
    project="City",
    manifests=dict.fromkeys({"es", "ar", "pt", "en"}, ONE),
    withdrawn=("notices:pool",),
    keys=(KEY,),
    signatures={KEY: SIGNATURE},
)
SHARD = Shard("notices", (Entry("pool", ONE), Entry("bath", TWO, "2026-02-01T00:00:00+00:00")))
FILES = {"item": ITEM, "shard": SHARD, "manifest": MANIFEST, "release": RELEASE}

EVERYTHING = f"""
import hashlib, runpy, sys
runpy.run_path({str(Path.cwd() / "tests" / "as_in_pytest.py")!r})
files = runpy.run_path({__file__!r})["FILES"]
sys.stdout.write(hashlib.sha256(b"".join(one.to_bytes() for one in files.values())).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    """Names pass through sets on the way."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", EVERYTHING],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ("0", "1", "4242")
    ]
    digests = {process.communicate()[0].decode() for process in started}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=6), st.randoms())
def test_the_order_of_a_dict_changes_no_byte(value: dict[str, object], chance: Random) -> None:
    keys = list(value)
    chance.shuffle(keys)
    assert encoded({key: value[key] for key in keys}) == encoded(value)
    assert json.loads(encoded(value)) == value


class Scripts(HTMLParser):
    """What an HTML parser takes for the content of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["</script>", "<!--", "<script>", "]]>", "\u2028", "&", "a", '"'])))
def test_json_can_stand_in_a_script_of_a_page(pieces: list[str]) -> None:
    text = "".join(pieces)
    body = encoded({"text": text}).decode()
    assert not {"<", ">", "&", "\u2028"} & set(body)
    parser = Scripts()
    parser.feed(f"<script>{body}</script>")
    parser.close()
    assert parser.tags == ["script"]
    assert json.loads("".join(parser.found)) == {"text": text}


@pytest.mark.parametrize("name", FILES)
def test_every_file_reads_back_as_what_was_written(name: str) -> None:
    one = FILES[name]
    body = one.to_bytes()
    assert type(one).parse(body) == one
    assert body == encoded(json.loads(body))


def test_a_file_of_a_later_version_may_say_more() -> None:
    value = {**json.loads(ITEM.to_bytes()), "colour": "red"}
    assert ItemObject.parse(encoded(value)) == ITEM


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60)
@given(data=st.data())
def test_a_file_with_a_wrong_value_is_refused_or_still_sound(
    name: str, data: st.DataObject
) -> None:
    """Whatever stands in place of any value: a BundleError, or a file that means something."""
    value = json.loads(FILES[name].to_bytes())
    holder, key = data.draw(st.sampled_from(sorted(_places(value), key=repr)))
    _at(value, holder)[key] = data.draw(VALUES)
    kind: Any = type(FILES[name])
    with suppress(BundleError):
        found = kind.parse(encoded(value))
        assert kind.parse(found.to_bytes()) == found


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:  # noqa: ANN401
    """The places in a JSON value: the way to a container, and a key in it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        found.append((path, key))
        if isinstance(inner, dict | list):
            found += _places(inner, (*path, key))
    return found


def _at(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 (any JSON value)
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize("key", ["item", "collection", "path", "locale"])
def test_no_name_of_a_bundle_leads_outside(key: str) -> None:
    """What is let through lies inside any folder that it is put in."""
    kept = []
    for name in PATHS:
        body = encoded({**json.loads(ITEM.to_bytes()), key: name})
        try:
            kept.append(getattr(ItemObject.parse(body), key))
        except BundleError:
            continue
    assert not {"../x", "/etc/passwd", "..", ".", "", "x\0", "a/../../x", "~", "a\\b"} & set(kept)
    assert key == "path" or not [name for name in kept if "/" in name]


@pytest.mark.parametrize("name", PATHS)
def test_no_digest_or_file_name_leads_outside(name: str) -> None:
    manifest = json.loads(MANIFEST.to_bytes())
    for key, value in (("shards", [name]), ("derived", {name: ONE}), ("derived", {"a.json": name})):
        section = {**manifest["collections"]["notices"], key: value}
        with pytest.raises(BundleError):
            Manifest.parse(encoded({**manifest, "collections": {"notices": section}}))


# Shards.


def entries(count: int) -> list[Entry]:
    return [Entry(f"i{number}", ONE) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 500, 501, 4_000])
def test_shards_hold_all_items_in_the_order_given_and_500_at_most(count: int) -> None:
    found = shards("notices", entries(count))
    assert [entry for shard in found for entry in shard.items] == entries(count)
    assert all(1 <= len(shard.items) <= ITEMS_IN_SHARD for shard in found)
    assert len(found) <= 1 + count / 100


def same_but(before: list[Shard], after: list[Shard]) -> int:
    """How many shards are new."""
    known = {shard.to_bytes() for shard in before}
    return sum(shard.to_bytes() not in known for shard in after)


def test_one_changed_item_changes_one_shard() -> None:
    before = entries(4_000)
    after = [*before[:1_700], replace(before[1_700], object=TWO), *before[1_701:]]
    assert same_but(shards("notices", before), shards("notices", after)) == 1


def test_an_item_that_comes_or_goes_changes_the_shards_beside_it_and_no_others() -> None:
    before = shards("notices", entries(4_000))
    for at in range(0, 4_000, 379):
        with_one = [*entries(4_000)[:at], Entry("new", TWO), *entries(4_000)[at:]]
        without = [*entries(4_000)[:at], *entries(4_000)[at + 1 :]]
        for after in (with_one, without):
            assert 1 <= same_but(before, shards("notices", after)) <= 4


# Counts.


def test_labels_are_counted_by_each_fact_by_risk_and_by_what_stands_in() -> None:
    source = Label("source", "none", "current", why="not translated yet")
    stale = Label("human", "approved", "stale")
    risky = Label("machine", "none", "current", "en_es@1.0#abcdef12", 0.61)
    unknown = replace(risky, risk=None)
    labels = [TITLE, BODY, source, stale, risky, unknown]
    assert counted(labels, items=3, left_out=1) == {
        "items": {"published": 3, "left-out": 1},
        "origin": {"human": 2, "machine": 3, "source": 1},
        "review": {"approved": 2, "none": 4},
        "freshness": {"current": 5, "stale": 1},
        "risk": {"low": 1, "high": 1, "unknown": 1},
        "fallback": {"source": 1, "last-approved": 1},
    }


def test_the_counts_of_sections_add_up() -> None:
    one = counted([TITLE, BODY], items=1, left_out=0)
    two = counted([TITLE], items=1, left_out=1)
    assert summed([one, two]) == counted([TITLE, BODY, TITLE], items=2, left_out=1)


# The release.


def test_what_is_signed_is_all_but_the_signatures() -> None:
    assert payload_of(RELEASE.to_bytes()) == RELEASE.payload()
    assert RELEASE.payload() == replace(RELEASE, signatures={}).payload()
    value = {**json.loads(RELEASE.to_bytes()), "colour": "red"}
    assert b'"colour":"red"' in payload_of(encoded(value))


def test_a_serial_has_as_many_digits_as_names_of_files_and_addresses_take() -> None:
    assert Release.parse(Release(serial=10**15 - 1).to_bytes()).serial == 10**15 - 1
    with pytest.raises(BundleError, match="serial"):
        Release.parse(Release(serial=10**15).to_bytes())


def test_no_file_stands_for_no_release_yet() -> None:
    assert Release.live(None).serial == 0
    assert Release.live(RELEASE.to_bytes()) == RELEASE


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "none of Polypress"),
        (b"{}", "none of Polypress"),
        (b'{"schema":true}', "none of Polypress"),
        (b'{"schema":2}', "of schema 2, not 1"),
        (b'{"schema":1,"serial":true}', "not in its form"),
        (b'{"schema":1,"serial":1,"manifests":[]}', "not in its form"),
        (b'{"schema":1,"serial":-1}', "not in its form"),
        (RELEASE.to_bytes() + b"\n", "not written as Polypress writes it"),
        (RELEASE.to_bytes().replace(b'"serial":3', b'"serial": 3'), "not written as"),
        (RELEASE.to_bytes().replace(b'{"keys"', b'{"keys":[],"keys"'), "not written as"),
    ],
)
def test_a_damaged_release_says_what_to_do(body: bytes, what: str) -> None:
    with pytest.raises(BundleError, match=what) as caught:
        Release.live(body)
    assert caught.value.fix


def test_an_old_client_is_told_to_update() -> None:
    with pytest.raises(BundleError) as caught:
        decoded(b'{"schema":7}', what="release.json")
    assert caught.value.fix == "update Polypress"
