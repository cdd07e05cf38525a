"""Pull: whose releases a site takes, and which it takes no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bundles_for_tests import resigned
from tests.pull_for_tests import Town, town
from workflow.adapters.bundles.keys import KeyFolder
from workflow.bundle import Release, encoded
from workflow.errors import BundleError, UsageError

STRANGER = "ed25519:" + "A" * 43 + "="
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def live(here: Town) -> dict[str, Any]:
    value = json.loads((here.publisher.folder / "release.json").read_bytes())
    assert isinstance(value, dict)
    return value


def show(here: Town, body: bytes) -> None:
    """Let the server show these bytes as the release."""
    here.server.special["/release.json"] = lambda handler: handler.answer(200, body) or True


# Keys.


def test_without_a_key_nothing_is_even_asked(here: Town) -> None:
    here.refuses("whose releases are trusted", UsageError, keys=())
    assert here.server.asked == []
    assert not here.folder.exists()


def test_the_key_is_kept_after_the_first_good_pull(here: Town) -> None:
    here.pull()
    here.publisher.publish()
    assert here.pull(keys=()).serial == 2


def test_a_key_is_not_kept_when_the_first_pull_fails(here: Town) -> None:
    here.refuses("no key that is trusted", keys=(STRANGER,))
    here.refuses("whose releases are trusted", UsageError, keys=())
    assert not (here.folder / "pull.json").exists()


def _another_text(value: dict[str, Any]) -> None:
    value["project"] = "City notice"


def _another_manifest(value: dict[str, Any]) -> None:
    value["manifests"]["es"] = value["manifests"]["ar"]


def _a_higher_serial(value: dict[str, Any]) -> None:
    value["serial"] = 7


def _a_later_time(value: dict[str, Any]) -> None:
    value["released"] = "2027-01-01T00:00:00+00:00"


def _one_locale_less(value: dict[str, Any]) -> None:
    del value["manifests"]["ar"]


def _a_withdrawn_item(value: dict[str, Any]) -> None:
    value["withdrawn"] = ["notices:pool"]


def _another_kind(value: dict[str, Any]) -> None:
    value["kind"] = "rollback"


def _one_key_more(value: dict[str, Any]) -> None:
    value["keys"].append(STRANGER)


def _an_unknown_word(value: dict[str, Any]) -> None:
    value["note"] = "more"


def _no_signature(value: dict[str, Any]) -> None:
    value["signatures"] = {}


def _no_keys_at_all(value: dict[str, Any]) -> None:
    value["signatures"], value["keys"] = {}, []


def _the_signature_of_a_stranger(value: dict[str, Any]) -> None:
    value["signatures"] = {STRANGER: next(iter(value["signatures"].values()))}


def _signature(change: Callable[[str], str]) -> Change:
    def apply(value: dict[str, Any]) -> None:
        (key, text), *_ = value["signatures"].items()
        value["signatures"] = {key: change(text)}

    return apply


CHANGES: tuple[Change, ...] = (
    _another_text,
    _another_manifest,
    _a_higher_serial,
    _a_later_time,
    _one_locale_less,
    _a_withdrawn_item,
    _another_kind,
    _one_key_more,
    _an_unknown_word,
    _no_signature,
    _no_keys_at_all,
    _the_signature_of_a_stranger,
    _signature(lambda text: ("B" if text[0] == "A" else "A") + text[1:]),  # its first half
    _signature(lambda text: text[:60] + ("B" if text[60] == "A" else "A") + text[61:]),
    _signature(lambda text: text[43:86] + text[:43] + "=="),
    _signature(lambda _: "A" * 86 + "=="),
    _signature(lambda text: text[:-2]),
    _signature(lambda _: ""),
)


def test_whatever_of_a_signed_release_is_changed_it_is_refused(here: Town) -> None:
    here.pull()
    here.publisher.publish()
    for change in CHANGES:
        value = live(here)
        change(value)
        show(here, encoded(value))
        here.refuses(r"release\.json", BundleError)
    here.server.special.clear()
    assert here.pull().serial == 2


OTHER_BYTES: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: body.rstrip(),
    lambda body: body + b"\n",
    lambda body: body.replace(b",", b", ", 1),
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: body.replace(b'"City', b'"\\u0043ity'),
    lambda body: body.replace(b'{"keys"', b'{"serial":9,"keys"'),
    lambda body: body.decode().encode("utf-16"),
    lambda body: b"[" * 100_000 + body,
    lambda _: b"",
    lambda _: b"<html>Please log in</html>",
    lambda _: b"\xff" * 1000,
)


def test_only_the_canonical_bytes_are_a_release(here: Town) -> None:
    here.pull()
    body = here.publisher.publish().to_bytes()
    for change in OTHER_BYTES:
        assert change(body) != body
        show(here, change(body))
        here.refuses(r"release\.json.*check the address, and ask the publisher", BundleError)
    here.server.special.clear()
    assert here.pull().serial == 2


# Unsigned releases.


def test_an_unsigned_release_is_taken_only_when_that_is_said(tmp_path: Path) -> None:
    with town(tmp_path, signed=False) as here:
        here.refuses("whose releases", UsageError)
        here.refuses("not signed", keys=(STRANGER,))
        assert here.pull(unsigned=True).signed is False
        here.publisher.publish()
        assert here.pull(unsigned=True).serial == 2


def test_unsigned_is_no_way_round_a_signature(here: Town) -> None:
    here.refuses("it is signed", unsigned=True)


def test_what_was_signed_before_is_never_unsigned_after(here: Town) -> None:
    here.pull()
    keys, here.publisher.keys = here.publisher.keys, None
    here.publisher.publish()
    for asked in ({"unsigned": True}, {"keys": keys.public()}, {"keys": (STRANGER,)}):
        here.refuses("not signed, as it was before", **asked)


def test_a_site_of_unsigned_releases_begins_to_check_when_a_key_is_given(tmp_path: Path) -> None:
    with town(tmp_path, signed=False) as here:
        here.pull(unsigned=True)
        keys = KeyFolder(tmp_path / "keys")
        keys.new("first")
        here.refuses("not signed", keys=keys.public())
        here.publisher.keys = keys
        here.publisher.publish()
        here.refuses("it is signed", unsigned=True)
        assert here.pull().signed
        here.publisher.keys = None
        here.publisher.publish()
        here.refuses("as it was before", unsigned=True)


# New keys for old.


def test_a_site_follows_when_keys_are_exchanged_one_after_the_other(here: Town) -> None:
    keys = here.publisher.keys
    assert keys
    first = keys.public()
    here.pull()
    keys.new("second")
    here.publisher.publish()
    here.pull(keys=())
    keys.retire("first")
    here.publisher.publish()
    here.pull(keys=())
    here.publisher.publish()
    assert here.pull(keys=first).serial == 4  # a script may go on naming the first one


def test_a_key_that_was_retired_counts_no_more_though_a_script_still_names_it(
    here: Town, tmp_path: Path
) -> None:
    keys = here.publisher.keys
    assert keys
    first = keys.public()
    stolen = KeyFolder(tmp_path / "stolen")
    (tmp_path / "stolen").mkdir()
    (tmp_path / "stolen" / "first.pem").write_bytes((tmp_path / "keys/first.pem").read_bytes())
    (tmp_path / "stolen" / "first.pem").chmod(0o600)
    here.pull()
    keys.new("second")
    keys.retire("first")
    rotated = replace(here.publisher.release(), serial=2, signatures={})
    here.publisher.serial = 2
    body = rotated.signed({**keys.sign(rotated.payload()), **stolen.sign(rotated.payload())})
    here.publisher.live(body.to_bytes(), 2)
    here.pull(keys=first)
    here.publisher.keys = stolen
    here.publisher.publish()
    here.refuses("no key that is trusted", keys=first)


def test_a_site_that_slept_through_the_exchange_needs_the_new_key_once(here: Town) -> None:
    keys = here.publisher.keys
    assert keys
    first = keys.public()
    here.pull()
    keys.new("second")
    keys.retire("first")
    here.publisher.publish()
    here.refuses("no key that is trusted", keys=first)
    here.pull(keys=keys.public())
    here.publisher.publish()
    assert here.pull(keys=()).serial == 3


@pytest.mark.parametrize("meanwhile", [0, 1, 2])
def test_a_key_that_is_given_before_the_publisher_signs_with_it_counts_when_it_does(
    here: Town, tmp_path: Path, meanwhile: int
) -> None:
    here.pull()
    second = KeyFolder(tmp_path / "second")
    second.new("second")
    here.pull(keys=second.public())
    for _ in range(meanwhile):
        body = here.publisher.publish()
        forged = {**body.signatures, second.public()[0]: "A" * 86 + "=="}
        show(here, body.signed(forged).to_bytes())  # somebody on the way would use the key up
        here.pull(keys=second.public())
    here.server.special.clear()
    here.publisher.keys = second
    here.publisher.publish()
    assert here.pull(keys=second.public()).serial == 2 + meanwhile
    here.publisher.publish()
    assert here.pull(keys=()).serial == 3 + meanwhile


def test_a_key_that_signed_once_without_being_named_counts_once(here: Town, tmp_path: Path) -> None:
    first = here.publisher.keys
    assert first
    here.pull()
    second = KeyFolder(tmp_path / "second")
    second.new("second")
    here.publisher.keys = second
    here.publisher.publish(keys=first.public())
    here.pull(keys=second.public())
    here.publisher.publish()
    here.refuses("no key that is trusted", keys=second.public())


def test_the_release_in_which_its_only_key_was_retired_is_known_again(here: Town) -> None:
    here.pull()
    here.server.etags = False
    here.publisher.publish(keys=(STRANGER,))
    here.pull()
    assert here.pull().switched is False
    here.publisher.publish()
    here.refuses("no key that is trusted")


def test_a_signed_release_that_names_no_key_for_the_next_is_refused(here: Town) -> None:
    here.publisher.publish(keys=())
    here.refuses("names no key")


# Serials.


def test_an_old_release_is_not_taken_again(here: Town) -> None:
    old = (here.publisher.folder / "release.json").read_bytes()
    here.publisher.publish()
    here.pull()
    show(here, old)
    here.refuses("its serial is 1, and 2 was here already")


def test_two_releases_of_one_serial_are_told_apart(here: Town) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 Another text"
    here.publisher.serial = 0
    here.publisher.publish()
    here.refuses("another release than the one of serial 1")


def test_signatures_that_come_and_go_on_the_way_make_no_other_release(here: Town) -> None:
    true = (here.publisher.folder / "release.json").read_bytes()
    value = json.loads(true)
    value["signatures"][STRANGER] = "A" * 86 + "=="
    for body in (encoded(value), true, encoded(value)):
        show(here, body)
        assert here.pull().serial == 1
    value["signatures"] = {STRANGER: "A" * 86 + "=="}
    show(here, encoded(value))
    here.refuses("no key that is trusted")


def test_an_old_release_is_not_taken_from_another_address_either(here: Town) -> None:
    old = (here.publisher.folder / "release.json").read_bytes()
    here.publisher.publish()
    here.pull()
    (here.publisher.folder / "release.json").write_bytes(old)
    here.refuses("its serial is 1", url=str(here.publisher.folder))


def test_a_release_without_a_serial_is_none(here: Town) -> None:
    show(here, here.publisher.signed(Release(keys=here.keys)).to_bytes())
    here.refuses("its serial is 0")


# Old programs.


@pytest.mark.parametrize("what", ["release", "manifest", "shard", "object"])
def test_what_a_newer_polypress_wrote_says_that_this_one_is_too_old(here: Town, what: str) -> None:
    here.pull()
    here.publisher.content["notices"]["pool"] = "2026-01-01 New"
    body = here.publisher.publish().to_bytes()
    value = json.loads(body)
    if what == "release":
        show(here, resigned(here.publisher, {**value, "schema": 2}))
    else:
        show(here, resigned(here.publisher, newer(here, value, what)))
    here.refuses("schema 2.*update Polypress")


def newer(here: Town, release: dict[str, Any], what: str) -> dict[str, Any]:
    """A release whose manifest, shard or item object of a locale is of schema 2."""
    store = here.publisher.bundles

    def raised(digest: str, level: str, **parts: Any) -> str:  # noqa: ANN401 (JSON)
        value = json.loads(store.get(digest)) | parts
        return store.put(encoded(value | {"schema": 2 if level == what else 1}))

    manifest = json.loads(store.get(release["manifests"]["es"]))
    section = manifest["collections"]["notices"]
    shard = json.loads(store.get(section["shards"][0]))
    entry = shard["items"][0]
    entry["object"] = raised(entry["object"], "object")
    section["shards"][0] = raised(section["shards"][0], "shard", items=shard["items"])
    collections = manifest["collections"]
    digest = raised(release["manifests"]["es"], "manifest", collections=collections)
    return {**release, "manifests": {**release["manifests"], "es": digest}}


# What somebody can do who has more than the network.


def test_a_thief_of_a_key_speaks_for_the_publisher_until_a_site_begins_anew(
    here: Town, tmp_path: Path
) -> None:
    here.pull()
    thief = KeyFolder(tmp_path / "thief")
    thief.new("own")
    forged = here.publisher.release(serial=900, keys=thief.public())
    show(here, here.publisher.signed(forged).to_bytes())
    assert here.pull(keys=()).serial == 900
    here.server.special.clear()
    keys = here.publisher.keys
    assert keys
    keys.new("young")
    keys.retire("first")
    here.publisher.publish()
    here.refuses("an old release is shown|900 was here", keys=keys.public())
    anew = replace(here, root=tmp_path / "anew")
    assert anew.pull(keys=keys.public()).serial == 2


def test_a_release_that_is_shown_for_ever_is_told_with_its_time_and_is_no_error(
    here: Town,
) -> None:
    here.pull()
    frozen = (here.publisher.folder / "release.json").read_bytes()
    show(here, frozen)
    here.publisher.content["notices"]["pool"] = "Changed"
    here.publisher.publish()
    pulled = here.pull()
    assert (pulled.serial, pulled.switched) == (1, False)
    assert pulled.released == json.loads(frozen)["released"]
