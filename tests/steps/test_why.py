"""Why: it says what publish does, for every kind of unit, under every policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, TIME, Place, place
from workflow import catalog
from workflow.bundle import ItemObject
from workflow.catalog.verdict import approve, doubt
from workflow.errors import UsageError
from workflow.model import Message, Origin, Unit
from workflow.policy import Fallback, Policy, Reason, Rule, Stale, Text
from workflow.steps.naming import meanings, named
from workflow.steps.publish import publish
from workflow.steps.sections import live_entries
from workflow.steps.switching import live_manifests, live_release, section_of
from workflow.steps.timing import Absence
from workflow.steps.why import UnitWhy, Why, lost, why
from workflow.withdrawn import Withdrawal

PACKAGES = "en_es@1.0#abcdef12"
FUZZY = frozenset({"fuzzy"})
Change = Callable[[Message], Message]


def drafted(
    message: Message, text: str = "T", *, kind: Origin = Origin.MACHINE, risk: float | None = 0.1
) -> Message:
    """With a draft over what stands there, as a run of translate puts it."""
    item, _, field = (message.context or "").partition("#")
    unit = Unit("notices", item, field, message.source)
    packages = "pseudo_es@1#abcdef12" if text.startswith("⟪") else PACKAGES
    made = catalog.draft(unit, f"{text} {item}", kind=kind, packages=packages, risk=risk)
    return catalog.settle([message], {made.key: made})[0]


def withheld(message: Message) -> Message:
    item, _, field = (message.context or "").partition("#")
    made = catalog.withheld(Unit("notices", item, field, message.source), packages=PACKAGES)
    return catalog.settle([message], {made.key: made})[0]


def by_hand(message: Message, text: str = "H", *, fuzzy: bool = False) -> Message:
    flags = FUZZY if fuzzy else frozenset()
    item = (message.context or "").partition("#")[0]
    return replace(message, translations=(f"{text} {item}".rstrip("~"),), flags=flags)


def same(message: Message) -> Message:
    return message


KINDS: Mapping[str, tuple[Change, Change | None, str]] = {
    "empty": (same, None, ""),
    "approved": (by_hand, None, ""),
    "let-stand": (lambda one: approve(drafted(one, risk=0.9)), None, ""),
    "safe": (drafted, None, ""),
    "risky": (partial(drafted, risk=0.8), None, ""),
    "unknown": (partial(drafted, risk=None), None, ""),
    "memory": (partial(drafted, kind=Origin.MEMORY), None, ""),
    "mixed": (partial(drafted, kind=Origin.MIXED), None, ""),
    "withheld": (withheld, None, ""),
    "unfinished": (partial(by_hand, fuzzy=True), None, ""),
    "doubted": (lambda one: doubt(by_hand(one), why="no"), None, ""),
    "doubted-draft": (lambda one: doubt(drafted(one)), None, ""),
    "blank": (lambda one: replace(one, translations=(" ",)), None, ""),
    "wrong": (partial(by_hand, text="99"), None, ""),
    "wrong-draft": (partial(drafted, text="99"), None, ""),
    "pseudo": (partial(drafted, text="⟪X⟫"), None, ""),
    "kept": (by_hand, same, "reworded"),
    "kept-aside": (by_hand, drafted, "reworded"),
    "kept-machine": (lambda one: approve(drafted(one)), partial(drafted, text="N"), "reworded"),
    "kept-at-work": (by_hand, partial(by_hand, text="W", fuzzy=True), "reworded"),
    "stale-draft": (drafted, same, "reworded"),
    "stale-doubted": (by_hand, doubt, "reworded"),
    "stale-wrong": (partial(by_hand, text="99"), drafted, "reworded"),
    "recalled": (by_hand, same, "recalled"),
    "recalled-drafted": (by_hand, drafted, "recalled"),
}
"""What becomes of a unit before and after its source changes (None: it does not), and how."""
OPEN = {
    "": "The {} office is open on Monday.",
    "reworded": "The {} office is now open on Monday.",
    "recalled": "The {} office is open on Tuesday.",
}
NEVER = {"unfinished", "doubted", "doubted-draft", "blank", "wrong", "wrong-draft", "withheld",
         "empty", "pseudo", "stale-draft", "stale-doubted", "recalled"}  # fmt: skip
"""Kinds of which no translation ships under any policy."""
POLICIES = [
    Policy(),
    Policy(atomic=False),
    Policy(Text.REVIEWED, atomic=False),
    Policy(Text.REVIEWED, fallback=Fallback.WITHHOLD),
    Policy(max_risk=0.3, atomic=False, stale=Stale.MACHINE),
    Policy(stale=Stale.MACHINE, fallback=Fallback.WITHHOLD),
    Policy(stale=Stale.SOURCE, atomic=False),
    Policy(Text.SOURCE),
    Policy(Text.WITHHOLD, rules=(Rule("1", field="title", text=Text.MACHINE),)),
    Policy(rules=(Rule("1", field="body", text=Text.REVIEWED, max_risk=0.0, atomic=False),)),
]


def changed(city: Place, changes: Mapping[str, Change]) -> None:
    def change(messages: tuple[Message, ...]) -> list[Message]:
        return [changes.get(place_of(one), same)(one) for one in messages]

    city.project.catalogs.update("es", "notices", change)


def place_of(message: Message) -> str:
    return "" if message.obsolete else message.context or ""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An item of each kind with an approved title, and one with paragraphs of several kinds."""
    city = place(tmp_path_factory.mktemp("town"), "es")
    for kind in KINDS:
        city.notice(kind, f"Title of {kind}", OPEN[""].format(kind))
    city.notice("all", "All", "Open.\n\nShut.\n\nFree.")
    city.write("notices/later.md", "---\ntitle: Later\npublish_at: 2027-01-01\n---\n")
    city.write("notices/over.md", "---\ntitle: Over\nexpires_at: 2025-01-01\n---\n")
    city.write("notices/odd.md", "---\ntitle: Odd\nexpires_at: soon\n---\n")
    city.ingest()
    changed(city, {f"{kind}#title": by_hand for kind in KINDS})
    changed(city, {f"{kind}#body": before for kind, (before, _, _) in KINDS.items()})
    city.approve("Open.", "Abierto.")
    for kind, (_, after, how) in KINDS.items():
        if after:
            city.notice(kind, f"Title of {kind}", OPEN[how].format(kind))
    city.ingest()
    changed(city, {f"{kind}#body": after for kind, (_, after, _) in KINDS.items() if after})
    city.ingest()
    held = {"notices:safe": Withdrawal("notices", "safe", TIME, "wrong day")}
    city.with_(withdrawn=held).publish()
    return city


def asked(city: Place, name: str, locale: str = "es", at: str = TIME) -> Why:
    meant = named(city.ingest().contents, name)
    return why(city.project, meant.contents, meant.item, locale, at=at)


def everything(city: Place, locale: str) -> dict[str, Why]:
    [contents] = city.ingest().contents
    return {one.id: why(city.project, contents, one, locale, at=TIME) for one in contents.items}


def published(city: Place, locale: str) -> dict[str, ItemObject]:
    project = city.project
    section = section_of(live_manifests(project, live_release(project)), locale, "notices")
    entries = live_entries(project, section) if section else ()
    objects = (ItemObject.parse(project.bundles.get(entry.object)) for entry in entries)
    return {one.item: one for one in objects}


@pytest.mark.parametrize("policy", POLICIES)
def test_it_agrees_with_publish_on_every_unit(town: Place, policy: Policy) -> None:
    city = town.with_(policy=policy)
    before = {locale: everything(city, locale) for locale in ("en", "es")}
    publish(city.project, at=TIME, whole=True)
    for locale, told in before.items():
        assert_agrees(city, locale, told)


def assert_agrees(city: Place, locale: str, told: dict[str, Why]) -> None:
    live = published(city, locale)
    assert {item for item, one in told.items() if one.ships} == set(live)
    for item, one in live.items():
        shown = [(unit.id, unit.text, unit.label) for unit in told[item].units]
        assert shown == [(unit.id, unit.text, unit.label) for unit in one.units]
    after = everything(city, locale)
    assert all(one.live.same for one in after.values())
    for item, one in after.items():
        assert bool(one.live.object) is (item in live)
        assert all(unit.live == unit.text for unit in one.units if item in live)


@pytest.mark.parametrize("policy", POLICIES)
def test_no_text_ships_that_nobody_may_see(town: Place, policy: Policy) -> None:
    told = everything(town.with_(policy=policy), "es")
    for kind in NEVER:
        for unit in told[kind].units:
            if unit.field == "body":
                assert unit.text in {unit.source, None}, kind


@pytest.mark.parametrize("policy", [one for one in POLICIES if one.atomic and not one.rules])
def test_no_item_of_an_atomic_policy_is_a_mixture(town: Place, policy: Policy) -> None:
    for item, one in everything(town.with_(policy=policy), "es").items():
        assert len({unit.label.origin == "source" for unit in one.units}) <= 1, item


def body(city: Place, kind: str) -> UnitWhy:
    [found] = [unit for unit in asked(city, kind).units if unit.field == "body"]
    return found


LOOSE = Policy(Text.REVIEWED, max_risk=0.3, atomic=False)
REMEDIES = {
    "empty": (Reason.MISSING, "polypress translate -l es --item empty"),
    "approved": (Reason.APPROVED, ""),
    "let-stand": (Reason.APPROVED, ""),
    "safe": (Reason.NOT_APPROVED, "approve"),
    "risky": (Reason.NOT_APPROVED, "approve"),
    "memory": (Reason.NOT_APPROVED, "approve"),
    "withheld": (Reason.REFUSED, ""),
    "unfinished": (Reason.NEEDS_WORK, "approve"),
    "doubted": (Reason.NEEDS_WORK, "approve"),
    "wrong": (Reason.FAILED, ""),
    "wrong-draft": (Reason.NOT_APPROVED, ""),
    "pseudo": (Reason.NOT_ASKED, "polypress translate -l es --item pseudo"),
    "kept": (Reason.KEPT, "polypress translate -l es --item kept"),
    "kept-aside": (Reason.KEPT, "approve"),
    "kept-at-work": (Reason.KEPT, "polypress translate -l es --item kept-at-work"),
    "stale-doubted": (Reason.STALE, "polypress translate -l es --item stale-doubted"),
    "recalled": (Reason.RECALLED, "polypress translate -l es --item recalled"),
    "recalled-drafted": (Reason.RECALLED, "approve"),
}


@pytest.mark.parametrize("kind", REMEDIES)
def test_each_kind_has_its_reason_and_what_would_make_it_live(town: Place, kind: str) -> None:
    unit = body(town.with_(policy=LOOSE), kind)
    reason, command = REMEDIES[kind]
    if command == "approve":
        command = f"polypress approve {unit.id}@{unit.revision} -l es"
    assert (unit.reason, unit.remedy.command) == (reason, command)
    assert bool(unit.remedy.words) is (reason is not Reason.APPROVED)


def test_the_others_of_an_item_name_the_unit_that_takes_them_along(town: Place) -> None:
    found = asked(town, "all")
    by_source = {unit.source: unit for unit in found.units}
    assert by_source["Open."].reason == Reason.WHOLE
    assert by_source["Open."].remedy.words == "what keeps back the others of the item"
    assert by_source["All"].id in by_source["Open."].because


# Items that are not there.


def test_an_embargo_says_when_it_ends(town: Place) -> None:
    found = asked(town, "later")
    assert (found.absence, found.comes) == (Absence.EMBARGO, "2027-01-01T00:00:00+00:00")
    assert "the first publish from 2027-01-01T00:00:00+00:00 on ships it" in found.remedy.words
    assert asked(town, "later", at="2027-01-01T00:00:00+00:00").ships


def test_what_expired_and_what_is_malformed_say_which_line_to_edit(town: Place) -> None:
    over, odd = asked(town, "over"), asked(town, "odd", "en")
    assert (over.absence, over.goes) == (Absence.EXPIRED, "2025-01-01T00:00:00+00:00")
    assert over.remedy.words == "edit expires_at in content/notices/over.md, or take it out"
    assert odd.remedy.words == "correct expires_at in content/notices/odd.md"
    assert odd.failure is not None


def test_a_withdrawn_item_says_how_to_undo_it_and_what_would_ship(town: Place) -> None:
    held = {"notices:safe": Withdrawal("notices", "safe", TIME, "wrong day")}
    found = asked(town.with_(withdrawn=held), "safe")
    assert (found.ships, found.why) == (False, "withdrawn: wrong day")
    assert found.remedy.command == "polypress withdraw notices:safe --undo"
    assert len(found.units) == 2


def test_before_the_first_release_nothing_is_live(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("pool", "The pool")
    found = asked(city, "pool")
    assert (found.live.serial, found.live.object, found.live.same) == (0, "", False)


def test_a_change_since_the_release_is_seen(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("pool", "The pool", "Bring a towel.")
    city.translate()
    city.publish()
    assert asked(city, "pool").live.same
    city.approve("The pool", "La piscina")
    found = asked(city, "pool")
    assert (found.live.serial, found.live.same) == (1, False)
    assert (found.units[0].live, found.units[0].text) == ("es: The pool", "La piscina")


def test_a_label_that_changes_makes_a_difference_too(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("pool", "The pool")
    city.translate()
    city.publish()
    city.approve("The pool")
    assert not asked(city, "pool").live.same


def test_an_item_that_is_gone_or_cannot_be_read_is_found_in_the_release(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    path = city.notice("pool", "The pool")
    city.publish()
    path.write_bytes(b"\xff")
    unread = lost(city.project, city.ingest().contents, "notices:pool", "es", at=TIME)
    assert unread is not None
    assert (unread.absence, unread.live.same) == (Absence.UNREAD, True)
    held = city.with_(withdrawn={"notices:pool": Withdrawal("notices", "pool")})
    out = lost(held.project, city.ingest().contents, "notices:pool", "es", at=TIME)
    assert out is not None
    assert (out.absence, out.live.same) == (Absence.WITHDRAWN, False)
    path.unlink()
    gone = lost(city.project, city.ingest().contents, "notices:pool", "es", at=TIME)
    assert gone is not None
    assert (gone.absence, gone.live.same, gone.path) == (
        Absence.GONE, False, "content/notices/pool.md",
    )  # fmt: skip
    assert lost(city.project, city.ingest().contents, "notices:pond", "es", at=TIME) is None
    assert lost(city.project, city.ingest().contents, "news:pool", "es", at=TIME) is None


def test_a_lost_object_does_not_stop_it(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("pool", "The pool")
    city.publish()
    found = asked(city, "pool")
    city.project.bundles.remove(found.live.object)
    again = asked(city, "pool")
    assert (again.live.object, again.live.item) == (found.live.object, None)


# Names.


@pytest.fixture
def two(tmp_path: Path) -> Place:
    other = replace(
        NOTICES, spec=replace(NOTICES.spec, name="pages", path="content/pages"), domain="pages"
    )
    city = place(tmp_path, "es", collections=(NOTICES, other, BRIEFS))
    city.notice("pool", "The pool")
    city.notice("library", "The library", "Shut.\n\nSorry.")
    city.write("pages/pool.md", "---\ntitle: A pool\n---\n")
    return city


def test_an_item_is_named_alone_where_that_is_clear_or_with_its_collection(two: Place) -> None:
    contents = two.ingest().contents
    assert named(contents, "library").item.path == "content/notices/library.md"
    assert named(contents, "pages:pool").item.path == "content/pages/pool.md"
    with pytest.raises(UsageError) as caught:
        named(contents, "pool")
    assert caught.value.fix == "say notices:pool or pages:pool"
    assert meanings(contents, "pool#x") == ("notices:pool", "pages:pool", "briefs:pool")


def test_a_unit_may_be_named_with_and_without_a_revision(two: Place) -> None:
    contents = two.ingest().contents
    unit = named(contents, "library").item.units[1]
    for name in (unit.id, f"{unit.id}@01234567", unit.id.partition(":")[2]):
        assert named(contents, name).unit == unit.id
    with pytest.raises(UsageError, match="has no unit") as caught:
        named(contents, "notices:library#body@0123456789")
    assert "perhaps notices:library#" in caught.value.fix


@pytest.mark.parametrize("name", ["libary", "notices:libary", "news:library"])
def test_an_unknown_item_is_told_with_those_that_are_alike(two: Place, name: str) -> None:
    with pytest.raises(UsageError, match="there is no item") as caught:
        named(two.ingest().contents, name)
    assert "notices:library" in caught.value.fix
    assert caught.value.exit_code == 2


def test_where_nothing_is_alike_it_says_what_an_id_is(two: Place) -> None:
    with pytest.raises(UsageError) as caught:
        named(two.ingest().contents, "x" * 500)
    assert "front matter" in caught.value.fix
    assert len(caught.value.what) < 200
