"""The real gettext programs on catalogs that we wrote: accepted, no loss, the facts survive."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workflow.adapters.pofile.store import FileCatalogStore
from workflow.catalog import approved, draft, entry, facts_of, merge, settle, template, withheld
from workflow.model import Facts, Freshness, Item, Message, Origin, Review, Unit

PROGRAMS = ("msgfmt", "msgcat", "msgunfmt", "msgmerge", "msgattrib")
pytestmark = [
    pytest.mark.gettext,
    pytest.mark.skipif(
        not os.environ.get("CI") and not all(map(shutil.which, PROGRAMS)),
        reason="no gettext programs",
    ),
]
PLURALS = "nplurals=2; plural=(n != 1);"
FUZZY = frozenset({"fuzzy"})
PACKAGES = "en_es@1.0+es_pt@1.0#abcdef12"


def store(folder: Path) -> FileCatalogStore:
    return FileCatalogStore(folder, plural_forms=lambda _: PLURALS)


def po(folder: Path) -> Path:
    return folder / "locales/es/LC_MESSAGES/notices.po"


def gettext(*command: object) -> str:
    done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def through(folder: Path, *command: object) -> tuple[Message, ...]:
    """What our reader finds after a program has rewritten the catalog."""
    other = folder / "after"
    po(other).parent.mkdir(parents=True, exist_ok=True)
    gettext(*command, "-o", po(other))
    return store(other).read("es", "notices")


def unit(source: str, field: str = "body") -> Unit:
    return Unit("notices", "pool", field, source, 3, ("Title: Pool \u2014 \u0130stanbul",))


def item(*units: Unit) -> Item:
    return Item("notices", "pool", "content/notices/p\u00fa.md", "", units)


PIECES = st.sampled_from([
    '"', "\\", "\n", "\t", "%s", "%(a_b)d", "{x}", "\u05e9\u05dc\u05d5\u05dd", "\u202b\u0645\u202c",
    "\U0001f6a7", "word", "long-hyphened-word", " ", "  ", "\\n", "#~", "msgid", "\u00e9", "\u2028",
    "\u0085", "--", "\u4e2d\u6587", "<b>", "&amp;", "fuzzy", "# x", "\u00a0", "-",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join)
SOURCES = TEXTS.filter(
    lambda text: text.strip() and all(char in "\n\t" or char >= " " for char in text)
).filter(lambda text: "\x7f" not in text)


ENDS = [(f"{start}x{end}", "y\n\n", 0) for start in ("", "\n") for end in ("", "\n", "\n\n")]


@example([*ENDS, *((source + " ", "\ny", 3) for source, _, _ in ENDS)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(SOURCES, TEXTS, st.integers(0, 3)), min_size=1, max_size=25))
def test_msgfmt_accepts_and_msgcat_keeps_whatever_we_write(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    units = {unit(source).source: unit(source) for source, _, _ in texts}
    results = {}
    for source, text, kind in texts:
        one = units[source]
        made = [draft(one, text, packages=PACKAGES), withheld(one), entry(one)][min(kind, 2)]
        results[made.key] = approved(one, draft(one, text).translation) if kind == 3 else made
    catalogs = store(folder)
    catalogs.update(
        "es", "notices", lambda old: settle(merge(old, [item(*units.values())]), results)
    )
    gettext("msgfmt", "--check", "--use-fuzzy", "-o", folder / "x.mo", po(folder))
    written = catalogs.read("es", "notices")
    assert through(folder, "msgcat", po(folder)) == written
    assert through(folder, "msgcat", "--no-wrap", po(folder)) == written


def test_a_backslash_behind_a_comment_swallows_no_line(tmp_path: Path) -> None:
    """To gettext such a line goes on in the next one, which may be the one that says fuzzy."""
    made = draft(unit("One"), "Uno", packages=PACKAGES)
    path = "content\\"
    ours = replace(
        made,
        comments=(*made.comments, "previous: C:\\"),
        notes=("C:\\\\",),
        references=(path,),
    )
    store(tmp_path).update("es", "notices", lambda _: [ours])
    assert through(tmp_path, "msgcat", po(tmp_path)) == (ours,)


@pytest.fixture
def reviewed(tmp_path: Path) -> tuple[Message, ...]:
    """A catalog with every kind of entry that we write."""
    one, two, three, four, five = (unit(text) for text in ("One", "Two", "Three", "Four", "Five"))
    old = merge([approved(unit("The pool is closed"), "Cerrada")], [item(one, two, three)])
    results = {
        ("pool#body", "One"): draft(one, "Uno", packages=PACKAGES, risk=0.12),
        ("pool#body", "Two"): draft(two, "Dos", kind=Origin.MEMORY),
        ("pool#body", "Three"): withheld(three, packages=PACKAGES),
    }
    commented = replace(approved(four, "Cuatro\ncinco"), comments=("ask Ana", "previous: x"))
    ours = replace(draft(five, "Cinco", packages=PACKAGES, risk=1.0), flags=frozenset())
    plural = Message(None, "a pool", ("una piscina", "piscinas"), plural="pools")
    stale = replace(
        entry(unit("Pool is closed today")),
        translations=("Cerrada",), flags=FUZZY, previous_source="Pool closed",
    )  # fmt: skip
    messages = (*settle(old, results), commented, ours, plural, stale)
    ordered = sorted(messages, key=lambda message: message.obsolete)
    store(tmp_path).update("es", "notices", lambda _: ordered)
    return tuple(ordered)


def told(messages: tuple[Message, ...]) -> dict[tuple[str | None, str], Facts]:
    return {message.key: facts_of(message) for message in messages}


@pytest.mark.parametrize(
    "command",
    [
        ("msgcat",),
        ("msgcat", "--no-wrap"),
        ("msgcat", "--width=60"),
        ("msgcat", "--sort-output"),
        ("msgattrib", "--no-obsolete"),
        ("msgconv", "--to-code=UTF-8"),
    ],
    ids=" ".join,
)
def test_facts_survive_the_tools(
    command: tuple[str, ...], tmp_path: Path, reviewed: tuple[Message, ...]
) -> None:
    after = told(through(tmp_path, *command, po(tmp_path)))
    before = {key: facts for key, facts in told(reviewed).items() if key in after}
    assert after == before
    assert len(after) >= len(reviewed) - 1


@pytest.mark.parametrize("options", [(), ("--previous",)], ids=["plain", "previous"])
def test_facts_survive_msgmerge_and_a_reworded_draft_is_stale(
    options: tuple[str, ...], tmp_path: Path, reviewed: tuple[Message, ...]
) -> None:
    units = [unit(text) for text in ("One", "Two", "Three!", "Four", "Five")]
    long = unit("The swimming pool on Mill Road is closed on Monday")
    moved = replace(long, source=long.source + " and on Tuesday")
    store(tmp_path).update("es", "notices", lambda _: [*reviewed, draft(long, "La piscina")])
    store(tmp_path).write_template("notices", template([item(*units, moved)]))
    pot = tmp_path / "locales/notices.pot"
    after = told(through(tmp_path, "msgmerge", "-q", *options, po(tmp_path), pot))
    before = told(reviewed)
    for text in ("One", "Two", "Four", "Five"):
        assert after["pool#body", text] == before["pool#body", text]
    stale = after["pool#body", moved.source]
    assert (stale.origin, stale.freshness) == (Origin.MACHINE, Freshness.STALE)


def test_clearing_fuzzy_approves(tmp_path: Path, reviewed: tuple[Message, ...]) -> None:
    after = told(through(tmp_path, "msgattrib", "--clear-fuzzy", po(tmp_path)))
    assert len(after) == len(reviewed)
    one, two = after["pool#body", "One"], after["pool#body", "Two"]
    assert one == Facts(Origin.MACHINE, Freshness.CURRENT, Review.APPROVED, PACKAGES, 0.12)
    assert (two.origin, two.review) == (Origin.MEMORY, Review.APPROVED)


@pytest.mark.usefixtures("reviewed")
def test_only_approved_text_is_compiled(tmp_path: Path) -> None:
    gettext("msgfmt", "--check", "-o", tmp_path / "x.mo", po(tmp_path))
    text = gettext("msgunfmt", tmp_path / "x.mo")
    assert "Cuatro" in text
    assert all(word not in text for word in ("Uno", "Dos", "Cerrada"))


@pytest.mark.usefixtures("reviewed")
def test_a_new_header_gives_no_reason_to_warn(tmp_path: Path) -> None:
    command = ["msgfmt", "--check", "--verbose", "-o", "/dev/null", str(po(tmp_path))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "warning" not in done.stderr
