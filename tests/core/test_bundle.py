from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.bundle import earlier as bundle
from workflow.bundle.earlier import Live, Published
from workflow.errors import BundleError
from workflow.model import Item, Unit, digest_of
from workflow.policy import Label

UNITS = (Unit("notices", "pool", "title", "Pool"), Unit("notices", "pool", "body", "Open."))
ITEM = Item("notices", "pool", "content/pool.md", "# Pool\n", UNITS, (("date", "2026-01-31"),))
TITLE = Label("human", "approved", "current")
BODY = Label("machine", "none", "current", "en_es@1.0#abcdef12", 0.0)
PUBLISHED = Published(
    ITEM,
    "# Piscina\n",
    {UNITS[0].id: "Piscina", UNITS[1].id: "Abierta."},
    {UNITS[0].id: TITLE, UNITS[1].id: BODY},
)

EVERYTHING = f"""
import hashlib, runpy, sys
everything = runpy.run_path({__file__!r})["everything"]
sys.stdout.write(hashlib.sha256(b"".join(everything())).hexdigest())
"""


def everything() -> list[bytes]:
    """One of each kind of file, from texts and labels that pass through sets on the way."""
    labels = list(PUBLISHED.labels.values())
    names = {"messages.mo", "messages.json", "labels.json"}
    manifest = bundle.manifest(
        locale="es",
        direction="ltr",
        source="en",
        revision="r",
        counts=bundle.counts(labels),
        packages=sorted({label.packages for label in labels}),
        shards=["s"],
        derived={name: digest_of(name) for name in names},
    )
    return [
        bundle.item_object(PUBLISHED, "es"),
        bundle.messages([PUBLISHED]),
        bundle.labels([PUBLISHED]),
        manifest,
        *bundle.shards([dict.fromkeys({"item", "object", "path", "collection"}, "x")]),
        bundle.release(3, dict.fromkeys({"es", "ar", "pt", "en"}, "x"), at="2026-01-31"),
    ]


def test_the_same_input_gives_the_same_bytes_whatever_the_hash_seed() -> None:
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
def test_the_order_of_a_dict_changes_no_byte(value: dict[str, object], chance: object) -> None:
    keys = list(value)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    assert bundle.encoded({key: value[key] for key in keys}) == bundle.encoded(value)
    assert json.loads(bundle.encoded(value)) == value


def test_an_item_object_holds_text_label_meta_and_the_whole_in_its_own_format() -> None:
    value = json.loads(bundle.item_object(PUBLISHED, "es"))
    assert value["content"] == "# Piscina\n"
    assert value["meta"] == {"date": "2026-01-31"}
    assert (value["schema"], value["collection"], value["item"]) == (1, "notices", "pool")
    assert [unit["text"] for unit in value["units"]] == ["Piscina", "Abierta."]
    assert value["units"][0]["label"] == {
        "origin": "human", "review": "approved", "freshness": "current"
    }  # fmt: skip
    assert value["units"][1]["label"]["risk"] == 0.0
    assert value["units"][1]["id"] == UNITS[1].id


@pytest.mark.parametrize(
    ("items", "sizes"),
    [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1_250, [500, 500, 250])],
)
def test_a_shard_holds_500_items_in_the_order_given(items: int, sizes: list[int]) -> None:
    entries = [{"item": f"i{number}"} for number in range(items)]
    found = [json.loads(shard)["items"] for shard in bundle.shards(entries)]
    assert [len(part) for part in found] == sizes
    assert [entry for part in found for entry in part] == entries


def test_one_changed_item_changes_one_shard() -> None:
    entries = [{"item": f"i{number}"} for number in range(1_500)]
    changed = [*entries[:700], {"item": "other"}, *entries[701:]]
    pairs = zip(bundle.shards(entries), bundle.shards(changed), strict=True)
    assert [before == after for before, after in pairs] == [True, False, True]


def test_labels_are_counted_by_each_of_the_three_facts() -> None:
    assert bundle.counts([TITLE, BODY, BODY]) == {
        "origin": {"human": 1, "machine": 2},
        "review": {"approved": 1, "none": 2},
        "freshness": {"current": 3},
    }


def test_a_release_reads_back_as_what_was_written() -> None:
    body = bundle.release(7, {"es": "a" * 64}, at="2026-01-31T12:00:00+00:00")
    assert bundle.live(body) == Live(7, {"es": "a" * 64})
    assert json.loads(body)["released"] == "2026-01-31T12:00:00+00:00"
    assert bundle.live(None) == Live(0, {})


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "none of Polypress"),
        (b"{}", "none of Polypress"),
        (b'{"schema":2}', "not of schema 1"),
        (b'{"schema":1}', "lacks its serial"),
        (b'{"schema":1,"serial":true,"manifests":{}}', "lacks its serial"),
        (b'{"schema":1,"serial":1,"manifests":[]}', "lacks its serial"),
    ],
)
def test_a_damaged_release_says_what_to_do(body: bytes, what: str) -> None:
    with pytest.raises(BundleError, match=what) as caught:
        bundle.live(body)
    assert caught.value.fix
