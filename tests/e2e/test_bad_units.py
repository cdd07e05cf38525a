"""Units that no package was made for, and damaged packages: all comes to an end, and says so."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.random_package import Shape, build
from tests.e2e.places import PACKAGES, SETTINGS, polypress
from workflow.adapters.markdown import MarkdownFormat
from workflow.bootstrap import open_project
from workflow.catalog import facts_of
from workflow.model import Message
from workflow.steps import settle
from workflow.steps.ingest import ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.translate import translate

pytestmark = pytest.mark.timeout(60)  # seconds, where a good machine needs one or two

GOOD = "The library is closed on Monday."
AS_THEY_ARE = {
    "one character": "A",
    "one digit": "5",
    "points": "...",
    "one sign": "🎉",
    "emoji alone": "🎉 👩‍👩‍👧‍👦 🇪🇸 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "nothing to see": "\u200b",
    "markup alone": "**{x}** [](/a) `code` <br> ![](a.png)",
    "tags alone": "x<b></b><i></i>",
    "brackets alone": "[" * 2000 + "x" + "]" * 2000,
}
STRANGE = {
    "emoji and words": "Open today 🎉 👩‍👩‍👧",
    "marks that do not close": "Open **now and *later [the list](/x **today** <b>at</i> 9:00 `code",
    "tags that do not close": "<b>The library</b></b> is </i> open",
    "signs like marks": 'The ** library * is __ open_ [ ] ]( <a href="x>y',
    "nested too often": "*a " * 60 + "b",
    "Arabic": "تفتح المكتبة في الساعة 9:00 يوم الاثنين.",
    "Spanish": "La biblioteca abre a las 9:00 el lunes.",
    "Chinese": "图书馆星期一上午九点开门。请联系市政府。",
    "several scripts": "The مكتبة library 图书馆 opens at 9:00.",
    "from right to left within": "The \u202bمكتبة library\u202c is \u2067closed\u2069 on Monday.",
    "an override without its end": "The \u202e library opens on Monday",
    "marks of direction": "Call \u200e+34 555 0142\u200e on Monday",
    "a private sign": "The \ue000 library opens",
    "no sign at all": "The \ufffe library opens",
    "a line separator": "The library\u2028opens on Monday.",
    "our own tokens": "Take ⟦1⟧ and ⟦ 2 ⟧ home ⟦",
    "accents without end": "The l" + "\u0301" * 100 + "ibrary opens",
    "numbers alone": " ".join(map(str, range(150))) + " libraries are open",
    "half a word for ever": "ab1" * 150,
    "code for ever": "`".join("x" * size for size in range(1, 20)),
}
LONG = {
    "one sentence of 100,000 characters": ("the library is open and " * 4_200)[:100_000].strip(),
    "100,000 characters in sentences": (f"{GOOD} " * 3_200)[:100_000].strip(),
    "a token in every third word": " ".join(f"{{a{number}}} and" for number in range(5_000)),
}
REFUSED = {
    "100,000 characters without a blank": ("a" * 100_000, "60,000 characters without a blank"),
    "Chinese without a blank": ("图书馆" * 33_334, "60,000 characters without a blank"),
    "an escape": ("The library \x1b[31mopens", "control character U+001B"),
    "a next line": ("The library\u0085opens", "control character U+0085"),
    "a lone surrogate": ("The library \ud800 opens", "not UTF-8"),
}
INSTALLED = [PACKAGES / f"translate-en_{target}-1_0.argosmodel" for target in ("es", "ar")]
NO_TEXT = ("", "\u00a0", "  \n\n \t")


@dataclass(frozen=True)
class Ran:
    """What a run left: entries by locale and source, and what it told of each locale."""

    entries: Mapping[str, Mapping[str, Message]]
    outcomes: Mapping[str, LocaleOutcome]
    failures: tuple[str, ...]

    def reasons(self, locale: str, source: str) -> list[str]:
        """Why a unit was withheld."""
        entry = self.entries[locale][source]
        return [
            finding.message
            for unit in self.outcomes[locale].withheld
            if unit.unit.startswith(f"notices:{entry.context}@")
            for finding in unit.findings
        ]


def project_in(folder: Path, *packages: Path, texts: Mapping[str, str]) -> Path:
    (folder / "content").mkdir(parents=True)
    (folder / "polypress.toml").write_text(SETTINGS)
    for number, (name, text) in enumerate({**texts, "good": GOOD}.items()):
        body = f"---\ntitle: {name}\n---\n\n{text}\n".encode(errors="surrogatepass")
        (folder / "content" / f"n{number}.md").write_bytes(body)
    polypress(folder, "models", "install", *map(str, packages), "--quiet")
    return folder


def ran(folder: Path, arabic: Collection[str] = ()) -> Ran:
    """Translate all; into Arabic only the items that are named, if some are."""
    project = open_project(folder)
    ingested = ingest(project)
    outcomes = {
        locale: one
        for locale, items in (("es", ()), ("ar", arabic))
        for one in translate(project, ingested, locales=[locale], items=items)
    }
    entries = {
        locale: {one.source: one for one in project.catalogs.read(locale, "notices")}
        for locale in outcomes
    }
    told = [*ingested.failures, *(error for one in outcomes.values() for error in one.failures)]
    return Ran(entries, outcomes, tuple(map(str, told)))


def clean_or_withheld(one: Ran, locale: str, source: str) -> None:
    entry = one.entries[locale][source]
    if entry.translation:
        assert entry.fuzzy
        assert settle.checked(source, entry.translation, MarkdownFormat()) == ()
    else:
        assert facts_of(entry).withheld
        assert any(one.reasons(locale, source))


# Units.


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All units in one run: the long ones in one locale only, for they take the time."""
    folder = tmp_path_factory.mktemp("units")
    refused = {name: text for name, (text, _) in REFUSED.items()}
    empty = {f"empty {number}": text for number, text in enumerate(NO_TEXT)}
    texts = {**AS_THEY_ARE, **STRANGE, **refused, **empty, **LONG}
    short = [f"n{number}" for number, name in enumerate([*texts, "good"]) if name not in LONG]
    return ran(project_in(folder, *INSTALLED, texts=texts), short)


@pytest.mark.parametrize("locale", ["es", "ar"])
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_unit_has_a_sound_text_or_a_reason(run: Ran, name: str, locale: str) -> None:
    clean_or_withheld(run, locale, STRANGE[name])


@pytest.mark.parametrize("name", LONG)
def test_a_long_unit_has_a_sound_text_or_a_reason(run: Ran, name: str) -> None:
    clean_or_withheld(run, "es", LONG[name])


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_what_has_no_words_stays_as_it_is(run: Ran, name: str) -> None:
    text = AS_THEY_ARE[name]
    assert {run.entries[locale][text].translation for locale in ("es", "ar")} == {text}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_catalog_can_hold_is_named_with_its_file_and_line(run: Ran, name: str) -> None:
    text, reason = REFUSED[name]
    number = list({**AS_THEY_ARE, **STRANGE, **REFUSED}).index(name)
    (told,) = (line for line in run.failures if line.startswith(f"content/n{number}.md:5"))
    assert reason in told
    assert text not in run.entries["es"]


def test_the_other_units_go_on(run: Ran) -> None:
    assert len(run.failures) == len(REFUSED)
    assert all(run.entries[locale][GOOD].translation for locale in ("es", "ar"))


def test_a_file_without_text_has_no_unit_but_its_title(run: Ran) -> None:
    assert {f"empty {number}" for number in range(len(NO_TEXT))} <= set(run.entries["es"])
    assert not {text.strip() for text in NO_TEXT} & set(run.entries["es"])


# Packages.


def packed(folder: Path, shape: Shape) -> Path:
    """A package of random weights, from English to Spanish, as a file to install."""
    build(folder / "en_es", shape=shape)
    archive = folder / "translate-en_es-9_0.argosmodel"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((folder / "en_es").rglob("*")):
            file.write(path, path.relative_to(folder))
    return archive


@pytest.mark.parametrize("ending", [-1000.0, 0.0], ids=["never stops", "emits garbage"])
def test_a_package_that_never_stops_or_emits_garbage_gives_no_unsound_text(
    tmp_path: Path, ending: float
) -> None:
    archive = packed(tmp_path, Shape(ending=ending))
    texts = {
        "placeholder": "Call {phone} on **Monday** at 9:00.",
        "name": "Open",
        "long": GOOD * 20,
    }
    folder = project_in(tmp_path / "project", archive, INSTALLED[1], texts=texts)
    one = ran(folder)
    for source in (*texts.values(), GOOD):
        clean_or_withheld(one, "es", source)
    assert one.failures == ()
    assert one.entries["ar"][GOOD].translation


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in(tmp_path_factory.mktemp("sound") / "project", *INSTALLED, texts={})


@pytest.mark.parametrize("damage", ["cut off", "other bytes", "gone"])
def test_a_package_that_was_damaged_stops_its_own_locale_only(
    sound: Path, tmp_path: Path, damage: str
) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "project"))
    (model,) = (folder / "var" / "packages").glob("en_es-1.0/model/model.bin")
    if damage == "gone":
        model.unlink()
    elif damage == "cut off":
        model.write_bytes(model.read_bytes()[: model.stat().st_size // 2])
    else:
        size = model.stat().st_size
        model.write_bytes(random.Random(1).randbytes(size))
    one = ran(folder)
    (told,) = one.failures
    assert "en_es" in told
    assert "install" in told
    assert not one.entries["es"][GOOD].translation
    assert not facts_of(one.entries["es"][GOOD]).withheld
    assert one.entries["ar"][GOOD].translation
