from __future__ import annotations

import gettext
import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults import full_disk
from tests.steps.project_for_tests import BRIEFS, NOTICES, TIME, Place, place, snapshot
from workflow.errors import BundleError, CatalogError, OutsideError
from workflow.model import Message
from workflow.policy import Fallback, Policy, Text
from workflow.steps.publish import Publication, publish
from workflow.steps.unpack import unpack

NEVER = Policy(text=Text.REVIEWED)


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path)
    made.notice("pool", "The pool opens", "Bring a towel.")
    made.notice("library", "The library is shut", "Sorry.")
    return made


def public(city: Place) -> Path:
    return city.root / "var" / "public"


def live(city: Place) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((public(city) / "release.json").read_bytes())
    return value


def files(city: Place, locale: str = "es") -> dict[str, bytes]:
    found = unpack(city.project.bundles, city.project.compiler, locale)
    return {file.path: file.body for file in found}


def merged(city: Place, locale: str, name: str) -> dict[str, Any]:
    """What all collections say in their files of this name, by the unit without its hash."""
    bodies = [body for path, body in files(city, locale).items() if path.endswith(f"/{name}")]
    found = [pair for body in bodies for pair in json.loads(body).items()]
    return {key.partition("@")[0]: value for key, value in found}


def texts(city: Place, locale: str = "es") -> dict[str, str]:
    """The published texts, by the collection, item and field of their unit."""
    return merged(city, locale, "messages.json")


def labels(city: Place, locale: str = "es") -> dict[str, dict[str, Any]]:
    return merged(city, locale, "labels.json")


# What ships.


def test_an_approved_text_wins_and_everything_is_labelled(city: Place) -> None:
    city.translate()
    city.approve("The pool opens", "La piscina abre")
    city.approve("Bring a towel.")
    release = city.publish()
    assert [report.locale for report in release.locales] == ["en", "es", "ar"]
    assert texts(city) == {
        "notices:pool#title": "La piscina abre",
        "notices:pool#body": "es: Bring a towel.",
        "notices:library#title": "es: The library is shut",
        "notices:library#body": "es: Sorry.",
    }
    label = labels(city)
    packages = city.facts("Sorry.").packages
    assert label["notices:pool#title"] == {
        "origin": "human", "review": "approved", "freshness": "current",
    }  # fmt: skip
    assert (label["notices:pool#body"]["origin"], label["notices:pool#body"]["review"]) == (
        "machine", "approved",
    )  # fmt: skip
    assert label["notices:library#body"] == {
        "origin": "machine", "review": "none", "freshness": "current", "packages": packages,
        "risk": 0.02,
    }  # fmt: skip
    report = release.locales[1]
    assert report.counts["origin"] == {"human": 1, "machine": 3}
    assert report.counts["review"] == {"approved": 2, "none": 2}
    manifest = json.loads(files(city)["manifest.json"])
    assert manifest["counts"] == report.counts
    assert manifest["packages"] == [packages]
    assert manifest["source"]["locale"] == "en"


def test_drafts_stay_back_where_the_policy_says_never_and_the_source_stands_in(city: Place) -> None:
    city.translate()
    city.approve("The pool opens", "La piscina abre")
    release = city.with_(policy=replace(NEVER, atomic=False)).publish()
    assert texts(city) == {
        "notices:pool#title": "La piscina abre",
        "notices:pool#body": "Bring a towel.",
        "notices:library#title": "The library is shut",
        "notices:library#body": "Sorry.",
    }
    assert release.locales[1].counts["origin"] == {"human": 1, "source": 3}
    assert "allows no machine text" in labels(city)["notices:pool#body"]["why"]
    assert "es: " not in everything_published(city)


def test_an_item_with_a_unit_that_must_not_ship_is_left_out_whole(city: Place) -> None:
    city.ingest()
    for source in ("The pool opens", "Bring a towel.", "Sorry."):
        city.approve(source, f"Sí: {source}")
    release = city.with_(policy=Policy(fallback=Fallback.WITHHOLD)).publish()
    assert (release.locales[1].items, release.locales[1].left_out) == (1, 1)
    assert set(texts(city)) == {"notices:pool#title", "notices:pool#body"}
    assert (release.locales[2].items, release.locales[2].left_out) == (0, 2)


def test_the_source_locale_ships_as_it_is_written(city: Place) -> None:
    release = city.publish()
    assert release.locales[0].counts["origin"] == {"human": 4}
    assert release.locales[0].counts["review"] == {"approved": 4}
    written = (city.root / "content/notices/pool.md").read_bytes()
    assert files(city, "en")["notices/items/pool.md"] == written


def test_before_any_translation_the_source_stands_in_and_is_counted(city: Place) -> None:
    release = city.publish()
    assert release.locales[1].counts["origin"] == {"source": 4}
    assert texts(city)["notices:pool#title"] == "The pool opens"
    assert labels(city)["notices:pool#title"]["why"] == "not translated yet"


def test_manifests_say_direction_and_source_revision(city: Place) -> None:
    city.publish()
    manifests = [json.loads(files(city, tag)["manifest.json"]) for tag in ("en", "es", "ar")]
    assert [manifest["direction"] for manifest in manifests] == ["ltr", "ltr", "rtl"]
    assert len({manifest["source"]["revision"] for manifest in manifests}) == 1


def test_the_revision_is_that_of_the_source_whatever_a_locale_leaves_out(city: Place) -> None:
    city.with_(policy=Policy(fallback=Fallback.WITHHOLD)).publish()
    manifests = [json.loads(files(city, tag)["manifest.json"]) for tag in ("en", "es")]
    assert len({manifest["source"]["revision"] for manifest in manifests}) == 1


# Q2: nothing that is fuzzy by a person's hand, obsolete, empty or partly plural.


KINDS = ("fuzzy", "stale", "edited", "empty", "withheld", "obsolete", "plural", "blank", "good")
EACH = 50


def everything_published(city: Place) -> str:
    """All objects that the release leads to and all others, as one text."""
    return "".join(
        path.read_bytes().decode(errors="replace")
        for path in public(city).rglob("*")
        if path.is_file()
    )


def bad(message: Message) -> Message:
    """An entry in the state that its source names, with a text that must not be found."""
    kind, number = message.source.split()[0].lower(), message.source.split()[-1]
    text = f"BAD {kind} {number}"
    fuzzy = frozenset({"fuzzy"})
    changes: dict[str, dict[str, Any]] = {
        "fuzzy": {"translations": (text,), "comments": (), "flags": fuzzy},
        "stale": {"translations": (text,), "comments": (), "flags": fuzzy,
                  "previous_source": "Something else"},
        "edited": {"translations": (text,), "flags": fuzzy},
        "empty": {"translations": ("",), "comments": (), "flags": frozenset()},
        "obsolete": {"translations": (text,), "comments": (), "flags": frozenset()},
        "plural": {"plural": message.source + "s", "translations": (text, ""), "comments": (),
                   "flags": frozenset()},
        "blank": {"translations": (" ",), "comments": (), "flags": frozenset()},
        "good": {"translations": (f"GOOD {number}",), "comments": (), "flags": frozenset()},
    }  # fmt: skip
    return replace(message, **changes.get(kind, {}))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """50 paragraphs of each kind; only the good ones have a text that may ship."""
    sources = {kind: [f"{kind.title()} notice {number}" for number in range(EACH)]
               for kind in KINDS}  # fmt: skip
    answers = dict.fromkeys([*sources["withheld"], "Withheld notice ⟦1⟧", "Withheld notice"], "")
    folder = tmp_path_factory.mktemp("full")
    city = place(folder, "es", collections=(BRIEFS,), answers=answers)
    for kind, paragraphs in sources.items():
        city.write(f"briefs/{kind}.txt", "\n\n".join(paragraphs))
    city.translate()
    city.project.catalogs.update("es", "briefs", lambda messages: [bad(one) for one in messages])
    (city.root / "content/briefs/obsolete.txt").unlink()
    city.publish()
    return city


def test_no_text_that_may_not_ship_is_in_any_file_of_the_bundle(full: Place) -> None:
    kinds = [message.source.split()[0] for message in full.project.catalogs.read("es", "briefs")]
    assert {kinds.count(kind.title()) for kind in KINDS} == {EACH}
    published = everything_published(full)
    assert "BAD" not in published
    found = texts(full).values()
    assert sum(text.startswith("GOOD ") for text in found) == EACH
    assert "Obsolete notice 7" not in published
    counts = json.loads(files(full)["manifest.json"])["counts"]
    assert counts["origin"] == {"human": EACH, "source": EACH * (len(KINDS) - 2)}
    assert counts["freshness"] == {"current": EACH * (len(KINDS) - 1)}


@pytest.mark.gettext
def test_gettext_finds_none_of_them_in_the_compiled_catalog(full: Place, tmp_path: Path) -> None:
    compiled = tmp_path / "messages.mo"
    compiled.write_bytes(files(full)["briefs/messages.mo"])
    done = subprocess.run(["msgunfmt", compiled], check=True, capture_output=True, encoding="utf-8")
    assert "BAD" not in done.stdout
    assert done.stdout.count('msgstr "GOOD ') == EACH
    assert done.stdout.count("msgctxt ") == EACH * (len(KINDS) - 1)


def test_two_collections_may_have_one_item_id_and_text(tmp_path: Path) -> None:
    """An entry's context does not name its collection; each has a compiled catalog of its own."""
    other = replace(NOTICES, spec=replace(NOTICES.spec, name="pages", path="content/pages"),
                    domain="pages")  # fmt: skip
    city = place(tmp_path, "es", collections=(NOTICES, other))
    city.notice("pool", "The pool opens")
    city.write("pages/pool.md", "---\ntitle: The pool opens\n---\n")
    city.ingest()
    city.approve("The pool opens", "La piscina abre")
    city.approve("The pool opens", "Se abre la piscina", domain="pages")
    city.publish()
    assert texts(city) == {
        "notices:pool#title": "La piscina abre", "pages:pool#title": "Se abre la piscina"
    }  # fmt: skip
    bodies = [files(city)[f"{name}/messages.mo"] for name in ("notices", "pages")]
    found = [gettext.GNUTranslations(io.BytesIO(body)) for body in bodies]
    assert [one.pgettext("pool#title", "The pool opens") for one in found] == [
        "La piscina abre", "Se abre la piscina"
    ]  # fmt: skip


# The release and its switch.


def test_the_first_release_is_number_one_and_the_time_is_an_input(city: Place) -> None:
    release = city.publish()
    assert (release.serial, release.changed, release.failures) == (1, True, ())
    assert live(city)["released"] == TIME
    assert set(live(city)["manifests"]) == {"en", "es", "ar"}
    city.notice("new", "New")
    city.publish(at="2030-01-01T00:00:00+00:00")
    assert live(city)["released"] == "2030-01-01T00:00:00+00:00"


def test_nothing_changed_makes_no_new_release_and_changes_no_byte(city: Place) -> None:
    city.translate()
    first = city.publish()
    before = snapshot(public(city))
    again = city.publish(at="2030-01-01T00:00:00+00:00")
    assert (again.serial, again.changed) == (first.serial, False)
    assert snapshot(public(city)) == before


def test_a_change_makes_the_next_serial_and_only_the_objects_that_changed(city: Place) -> None:
    city.translate()
    city.publish()
    before = {path.name for path in (public(city) / "objects").iterdir()}
    city.notice("pool", "The pool opens", "Bring two towels.")
    city.translate()
    release = city.publish()
    assert (release.serial, release.changed) == (2, True)
    new = {path.name for path in (public(city) / "objects").iterdir()} - before
    assert len([name for name in new if "." not in name]) == 3 * 3  # item, shard and manifest


def test_the_same_project_elsewhere_gives_the_same_bytes(city: Place, tmp_path: Path) -> None:
    city.translate()
    city.publish()
    other = place(tmp_path / "other")
    other.notice("library", "The library is shut", "Sorry.")
    other.notice("pool", "The pool opens", "Bring a towel.")
    other.translate()
    other.publish()
    here, there = (
        {path.name: path.read_bytes() for path in public(one).rglob("*") if path.is_file()}
        for one in (city, other)
    )
    assert here == there


def test_only_configured_locales_are_in_a_release(city: Place) -> None:
    city.publish()
    city.with_(locales=("es",)).publish()
    assert set(live(city)["manifests"]) == {"en", "es"}


def test_a_damaged_catalog_keeps_that_locales_live_bundle(city: Place) -> None:
    city.translate()
    city.publish()
    before = live(city)["manifests"]
    city.notice("new", "New one")
    city.ingest()
    city.catalog().write_text("no catalog")
    release = city.publish()
    assert [type(failure) for failure in release.failures] == [CatalogError]
    assert [report.locale for report in release.locales] == ["en", "es", "ar"]
    after = live(city)["manifests"]
    assert after["es"] == before["es"]
    assert after["ar"] != before["ar"]
    assert "New one" not in texts(city).values()


def test_a_collection_that_is_gone_as_a_whole_keeps_the_live_release(city: Place) -> None:
    city.publish()
    before = snapshot(public(city))
    (city.root / "content" / "notices").rename(city.root / "elsewhere")
    with pytest.raises(BundleError, match="notices cannot be read, the live release stays"):
        city.publish()
    assert snapshot(public(city)) == before


def test_a_catalog_damaged_before_the_first_release_leaves_its_locale_out(city: Place) -> None:
    city.ingest()
    city.catalog().write_text("no catalog")
    city.publish()
    assert set(live(city)["manifests"]) == {"en", "ar"}


def test_a_release_of_nothing_is_none(city: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> str:
        raise CatalogError("cannot", fix="mend it")

    monkeypatch.setattr(type(NOTICES.format), "render", refuses)
    release = city.publish()
    assert (release.serial, release.changed, len(release.failures)) == (0, False, 6)
    assert not public(city).exists()


def test_a_damaged_pointer_is_told_and_not_overwritten(city: Place) -> None:
    city.publish()
    (public(city) / "release.json").write_bytes(b"{")
    with pytest.raises(BundleError, match=r"release\.json is not JSON") as caught:
        city.publish()
    assert "move release.json away" in caught.value.fix
    assert (public(city) / "release.json").read_bytes() == b"{"
    (public(city) / "release.json").unlink()
    assert city.publish().serial == 2


def test_a_damaged_object_is_mended_by_a_publish_of_all(city: Place) -> None:
    city.publish()
    before = {path.name: path.read_bytes() for path in (public(city) / "objects").iterdir()}
    for path in (public(city) / "objects").iterdir():
        path.write_bytes(path.read_bytes().replace(b"pool", b"loop"))
    assert not publish(city.project, whole=True)[1].changed
    after = {path.name: path.read_bytes() for path in (public(city) / "objects").iterdir()}
    assert after == before


def test_a_full_disk_keeps_the_live_release_whole_and_leaves_no_temporary_file(city: Place) -> None:
    city.publish()
    before = files(city), live(city)
    city.notice("long", "A long one", "word " * 2_000)
    city.ingest()
    with full_disk(4096), pytest.raises(OutsideError, match="cannot write"):
        city.publish()
    assert (files(city), live(city)) == before
    assert not [path for path in public(city).rglob("*") if path.name.startswith(".")]
    assert city.publish().changed


def test_a_file_that_cannot_be_read_is_told_and_the_others_ship(city: Place) -> None:
    city.write("notices/bad.md", b"\xff")
    assert city.ingest().failures
    release = city.publish()
    assert isinstance(release, Publication)
    assert release.locales[0].items == 2


def test_progress_counts_locales(city: Place) -> None:
    told: list[tuple[str, int, int]] = []
    publish(city.project, progress=lambda *what: told.append(what))
    assert told == [("publish", done, 3) for done in range(4)]
