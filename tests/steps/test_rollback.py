from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import full_disk
from tests.steps.project_for_tests import snapshot
from tests.steps.releases_for_tests import Town, copied, rows, town, two_releases
from workflow.adapters.bundles.keys import Ed25519, KeyFolder
from workflow.bundle import ItemObject
from workflow.catalog.aside import CONFLICT
from workflow.catalog.verdict import doubt
from workflow.errors import BundleError, CatalogError, OutsideError, SettingsError, UsageError
from workflow.model import Message
from workflow.steps.deriving import DAMAGED, MISSING, LeftOut
from workflow.steps.returning import CONFLICT as DISAGREE
from workflow.steps.returning import NEEDS_WORK, PSEUDO, UNREAD
from workflow.steps.rollback import RolledBack

EVERY = ("ar", "en", "es")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Town]:
    """One without a release, one with two."""
    new = tmp_path_factory.mktemp
    return town(new("none")), two_releases(new("two"))


@pytest.fixture
def city(towns: tuple[Town, Town], tmp_path: Path) -> Town:
    return copied(towns[0], tmp_path)


@pytest.fixture
def two(towns: tuple[Town, Town], tmp_path: Path) -> Town:
    """In the second release a fair is there, too."""
    return copied(towns[1], tmp_path)


def only(done: RolledBack) -> LeftOut:
    (one,) = done.left_out
    return one


# Where it goes.


def test_the_release_before_the_live_one_comes_back_under_a_new_serial(two: Town) -> None:
    before = two.manifests(1)
    done = two.rollback()
    assert (done.origin, done.serial, done.changed, done.left_out) == (1, 3, True, ())
    assert two.everywhere("pool", "library", "market")
    assert two.manifests() == before
    assert (two.live.kind, two.live.serial) == ("rollback", 3)


def test_any_recorded_release_can_be_named(two: Town) -> None:
    two.notice("fair", "The fair is over")
    two.publish()
    assert two.rollback(1).origin == 1
    assert two.rollback(2).origin == 2
    assert two.everywhere("pool", "library", "market", "fair")
    assert two.live.serial == 5


def test_going_back_to_what_is_live_changes_nothing(two: Town) -> None:
    before = two.store.release()
    done = two.rollback(2)
    assert (done.serial, done.changed) == (2, False)
    assert two.store.release() == before


def test_what_shows_the_same_as_the_live_release_changes_nothing(two: Town) -> None:
    two.rollback()
    done = two.rollback(1)
    assert (done.serial, done.changed) == (3, False)


def test_a_publish_after_a_rollback_brings_everything_back(two: Town) -> None:
    two.rollback()
    assert two.publish().serial == 4
    assert two.live.kind == "publish"
    assert two.everywhere("pool", "library", "market", "fair")


def test_without_an_earlier_release_there_is_nothing_to_go_back_to(city: Town) -> None:
    for _ in range(2):
        with pytest.raises(UsageError, match="no release before"):
            city.rollback()
        city.publish()


@pytest.mark.parametrize("serial", [0, 3, -1, 10**30])
def test_a_release_that_is_not_recorded_is_refused_with_those_that_are(
    two: Town, serial: int
) -> None:
    with pytest.raises(UsageError, match="no release") as refused:
        two.rollback(serial)
    assert "1, 2" in refused.value.fix


def test_the_time_that_is_given_is_written_down(two: Town) -> None:
    two.rollback(at="2027-01-01T00:00:00+00:00")
    assert two.live.released == "2027-01-01T00:00:00+00:00"


# What stays out everywhere.


def test_a_withdrawn_item_stays_out_in_every_locale(two: Town) -> None:
    two.table.write(rows(pool="wrong price"))
    done = two.rollback()
    assert only(done) == LeftOut("notices", "pool", EVERY, "withdrawn: wrong price")
    assert two.everywhere("library", "market")
    assert two.live.withdrawn == ("notices:pool",)


def test_an_item_that_has_expired_since_stays_out(city: Town) -> None:
    city.notice("sale", "Sale", expires_at="2026-01-31T12:30:00+00:00")
    city.publish()
    city.notice("fair", "The fair comes")
    city.publish()
    done = city.rollback(at="2026-01-31T12:30:00+00:00")
    assert only(done).why == "expired at 2026-01-31T12:30:00+00:00"
    assert city.everywhere("pool", "library", "market")


def test_an_item_that_is_gone_today_expires_as_its_release_says(city: Town) -> None:
    city.notice("sale", "Sale", expires_at="2026-01-31T12:30:00+00:00")
    city.publish()
    (city.place.root / "content" / "notices" / "sale.md").unlink()
    city.publish()
    assert city.rollback(1, at="2026-01-31T12:29:00+00:00").left_out == ()
    assert city.everywhere("pool", "library", "market", "sale")
    assert only(city.rollback(1, at="2026-01-31T12:30:00+00:00")).item == "sale"
    assert city.everywhere("pool", "library", "market")


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ({"publish_at": "2026-02-01"}, "comes out at 2026-02-01T00:00:00+00:00"),
        ({"expires_at": "2026-01-30"}, "expired at 2026-01-30T00:00:00+00:00"),
        ({"expires_at": "soon"}, "'soon' is no date and no time"),
    ],
)
def test_the_times_of_today_hold_for_an_old_release(
    two: Town, front: dict[str, str], why: str
) -> None:
    two.notice("library", "The library is shut", "Sorry.", **front)
    assert only(two.rollback()) == LeftOut("notices", "library", EVERY, why)
    assert two.everywhere("pool", "market")


def test_an_item_ends_when_its_front_matter_says_today(two: Town) -> None:
    two.notice("library", "The library is shut", "Sorry.", expires_at="2026-03-01")
    assert two.rollback().left_out == ()
    assert two.entries()["notices:library"].until == "2026-03-01T00:00:00+00:00"
    assert two.entries()["notices:pool"].until is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Admission is 6 euros.\n\nBring a towel.", "number: 5 -> 6"),
        ("Bring a towel.", "number: 5 -> –"),
        ("Admission is not 5 euros.\n\nBring a towel.", "negation"),
        ("Free for all who live here.\n\nBring a towel.", "number: 5 -> –"),
    ],
)
def test_a_recalled_text_takes_its_item_out_in_every_locale(
    two: Town, body: str, reason: str
) -> None:
    two.notice("pool", "The pool is open", body)
    one = only(two.rollback())
    assert (one.item, one.locales) == ("pool", EVERY)
    assert reason in one.why
    assert two.everywhere("library", "market")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("The pool is open", "Admission is 5 euros.\n\nPlease bring a towel."),
        ("The pool is open", "Admission  is 5 euros.\n\nBring a towel."),
        ("The pool is open", "Bring a towel.\n\nAdmission is 5 euros."),
        ("The pool is open", "Admission is 5 euros."),
        ("The pool is open", "Bring a towel. Admission is 5 euros."),
        ("The pool is open", "Admission is 5 euros.\n\nBring a towel.\n\nIt opens at 9."),
        ("The pool opened", "Admission is 5 euros.\n\nBring a towel."),
    ],
)
def test_a_change_that_makes_nothing_wrong_recalls_nothing(
    two: Town, title: str, body: str
) -> None:
    two.notice("pool", title, body)
    assert two.rollback().left_out == ()
    assert two.texts()["notices:pool#body"] in {"es: Admission is 5 euros.", "es: Bring a towel."}


def test_an_item_that_was_deleted_since_comes_back(two: Town) -> None:
    (two.place.root / "content" / "notices" / "pool.md").unlink()
    two.publish()
    assert two.rollback(1).left_out == ()
    assert two.everywhere("pool", "library", "market")


def test_an_item_whose_file_cannot_be_read_stays_out(two: Town) -> None:
    two.place.write("notices/pool.md", b"---\ntitle: [\n---\n\nAdmission is 5 euros.\n")
    assert only(two.rollback()) == LeftOut("notices", "pool", EVERY, UNREAD)


def test_a_collection_that_cannot_be_read_stops_the_rollback(two: Town) -> None:
    before = two.store.release()
    (two.place.root / "content" / "notices").rename(two.place.root / "content" / "away")
    with pytest.raises(BundleError, match="cannot be read"):
        two.rollback()
    assert two.store.release() == before


# What stays out in one locale.


def change(city: Town, source: str, how: object, locale: str = "es") -> None:
    def each(messages: tuple[Message, ...]) -> list[Message]:
        return [how(one) if one.source == source else one for one in messages]  # type: ignore[operator]

    assert city.place.project.catalogs.update(locale, "notices", each)


def test_a_text_that_a_person_doubts_stays_out_in_its_locale(two: Town) -> None:
    change(two, "Bring a towel.", doubt)
    assert only(two.rollback()) == LeftOut("notices", "pool", ("es",), NEEDS_WORK)
    assert two.items()["es"] == {"library", "market"}
    assert two.items()["ar"] == {"pool", "library", "market"}
    assert two.texts("es").keys() < two.texts("en").keys()


def test_a_text_that_people_disagree_on_stays_out_in_its_locale(two: Town) -> None:
    def disagree(message: Message) -> Message:
        return replace(message, comments=(f"{CONFLICT} Traiga toalla.", *message.comments))

    change(two, "Bring a towel.", disagree)
    assert only(two.rollback()).why == DISAGREE


def test_the_side_of_a_conflict_that_stands_aside_is_in_doubt_as_well(two: Town) -> None:
    def disagree(message: Message) -> Message:
        told = (f"{CONFLICT} {message.translation}", *message.comments)
        return replace(message, translations=("Traiga toalla.",), comments=told)

    change(two, "Bring a towel.", disagree)
    assert only(two.rollback()).why == DISAGREE


def test_a_doubt_about_another_text_of_the_unit_says_nothing(two: Town) -> None:
    change(two, "Bring a towel.", lambda one: doubt(replace(one, translations=("Otra cosa.",))))
    assert two.rollback().left_out == ()


def test_the_mark_of_an_editor_counts_as_a_doubt(two: Town) -> None:
    two.place.approve("Bring a towel.", "Traiga una toalla.")
    two.publish()
    two.notice("late", "Late")
    two.publish()
    two.place.edit("Bring a towel.", fuzzy=True)
    assert only(two.rollback()) == LeftOut("notices", "pool", ("es",), NEEDS_WORK)


def test_pseudo_text_does_not_come_back(city: Town) -> None:
    city.publish()
    pseudo = ItemObject.parse(city.store.get(city.entries()["notices:pool"].object))
    label = replace(pseudo.units[0].label, packages="pseudo_es@1#00000000")
    units = tuple(replace(unit, label=label) for unit in pseudo.units)
    digest = city.store.put(replace(pseudo, units=units).to_bytes())
    exchange(city, "notices:pool", digest)
    city.publish()
    assert only(city.rollback(2)) == LeftOut("notices", "pool", ("es",), PSEUDO)


def exchange(city: Town, key: str, digest: str, locale: str = "es") -> None:
    """Make a release in which an item of a locale is another object."""
    from workflow.steps.deriving import derived  # noqa: PLC0415 - for this alone
    from workflow.steps.switching import switch  # noqa: PLC0415 - for this alone

    def keep(tag: str, name: str, entry: object) -> object:
        mine = (tag, f"{name}:{entry.item}") == (locale, key)  # type: ignore[attr-defined]
        return replace(entry, object=digest) if mine else entry  # type: ignore[type-var]

    made = derived(city.project, city.manifests(), keep)  # type: ignore[arg-type]
    assert switch(city.project, city.live, made.manifests, at=city.tick()).changed


def test_a_catalog_that_cannot_be_read_is_told_and_stops_nothing(two: Town) -> None:
    two.place.catalog("ar").write_text("msgid broken\n")
    done = two.rollback()
    assert [type(error) for error in done.failures] == [CatalogError]
    assert two.everywhere("pool", "library", "market")


# What is lost.


def test_a_lost_object_leaves_its_item_out_in_its_locale(two: Town) -> None:
    two.lose(two.entries("es", 1)["notices:pool"].object)
    assert only(two.rollback(1)) == LeftOut("notices", "pool", ("es",), MISSING)
    assert two.items()["en"] == {"pool", "library", "market"}
    for tag in EVERY:
        two.texts(tag)


def test_a_damaged_object_is_left_out_where_its_section_is_made_anew(two: Town) -> None:
    city = two
    digest = city.entries("es", 1)["notices:pool"].object
    city.store.objects[digest] = b"{}"  # type: ignore[attr-defined]
    city.table.write(rows(market=""))
    done = city.rollback(1)
    assert LeftOut("notices", "pool", ("es",), DAMAGED) in done.left_out
    assert city.items()["es"] == {"library"}
    assert city.items()["ar"] == {"pool", "library"}
    for tag in EVERY:
        city.texts(tag)


@pytest.mark.parametrize("what", ["manifest", "shard"])
def test_a_release_that_is_not_whole_is_refused_and_the_live_one_stays(
    two: Town, what: str
) -> None:
    manifest = two.manifests(1)["es"]
    (section,) = manifest.collections.values()
    digests = {"manifest": digest_of_manifest(two, 1), "shard": section.shards[0]}
    two.lose(digests[what])
    before = two.store.release()
    with pytest.raises(BundleError, match="release 1 is not whole"):
        two.rollback()
    assert two.store.release() == before


def digest_of_manifest(city: Town, serial: int, locale: str = "es") -> str:
    from workflow.steps.history import history  # noqa: PLC0415 - for this alone

    return history(city.store).release(serial).manifests[locale]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b'{"schema":1,"serial":1}\n', b'{"schema":2}\n', b"\xff" * 9]
)
def test_a_damaged_record_is_refused_and_the_others_can_be_taken(two: Town, body: bytes) -> None:
    two.notice("late", "Late")
    two.publish()
    two.store.record(2, body)
    with pytest.raises(BundleError):
        two.rollback()
    assert two.rollback(1).origin == 1


def test_a_record_under_another_number_is_damaged(two: Town) -> None:
    two.store.record(1, two.store.recorded()[2])
    with pytest.raises(BundleError, match="holds release 2"):
        two.rollback(1)


def test_serials_go_up_also_when_the_pointer_was_lost(two: Town) -> None:
    two.store.pointer = None  # type: ignore[attr-defined]
    assert two.rollback(1).serial == 3


def test_an_unrecorded_live_release_is_known(two: Town) -> None:
    two.store.forget(2)
    assert two.rollback().origin == 1
    assert 2 in two.store.serials()


# Locales that came and went.


def test_a_locale_that_the_old_release_lacks_is_told(city: Town) -> None:
    city.place = city.place.with_(locales=("es",))
    city.publish()
    city.place = city.place.with_(locales=("es", "ar"))
    city.publish()
    done = city.rollback()
    assert done.without == ("ar",)
    assert set(city.live.manifests) == {"en", "es"}


def test_a_locale_that_the_project_has_no_more_does_not_come_back(city: Town) -> None:
    city.publish()
    city.place = city.place.with_(locales=("es",))
    city.publish()
    assert city.rollback().without == ()
    assert set(city.live.manifests) == {"en", "es"}


def test_a_release_in_another_source_language_is_refused(two: Town) -> None:
    two.place = two.place.with_(source="es", locales=("en", "ar"))
    with pytest.raises(BundleError, match="of texts in en"):
        two.rollback()


# Signatures, and the disk.


def test_a_rollback_is_signed_by_the_keys_of_today(two: Town) -> None:
    keys = KeyFolder(two.place.root / "keys")
    keys.new("main")
    two.place = two.place.with_(keys=keys)
    two.rollback()
    live = two.live
    assert live.keys == keys.public()
    assert all(Ed25519().verify(key, live.payload(), one) for key, one in live.signatures.items())


def test_a_signed_release_is_never_followed_by_an_unsigned_one(two: Town) -> None:
    keys = KeyFolder(two.place.root / "keys")
    keys.new("main")
    two.place = two.place.with_(keys=keys)
    two.rollback()
    before = two.store.release()
    two.place = two.place.with_(keys=KeyFolder(two.place.root / "lost"))
    with pytest.raises(SettingsError, match="no key here"):
        two.rollback(2)
    assert two.store.release() == before


def test_a_full_disk_leaves_the_live_release(tmp_path: Path) -> None:
    city = two_releases(tmp_path, fake=False)
    city.table.write(rows(pool=""))
    before = snapshot(tmp_path / "var" / "public")
    with full_disk(300), pytest.raises(OutsideError):
        city.rollback()
    after = snapshot(tmp_path / "var" / "public")
    assert {name: one for name, one in after.items() if name in before} == before
    assert not [name for name in after if name.endswith(".tmp")]
    assert city.rollback().changed
    assert city.everywhere("library", "market")
