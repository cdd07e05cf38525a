"""The set as a real project: real files, real packages, and the catalogs that come out of it."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib

from tests.survival.glossed import GLOSSARY
from tests.survival.reading import LOCALES, Unit
from workflow.bootstrap import open_models, open_project
from workflow.errors import PolypressError
from workflow.steps.ingest import ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.translate import translate

PACKAGES = Path(__file__).parents[2] / "packages"
UNITS_AN_ITEM = 20
SETTINGS = f"""\
[project]
name = "Survival"
source = "en"
locales = [{", ".join(f'"{one}"' for one in LOCALES)}]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["body"]
"""


@dataclass(frozen=True, slots=True)
class Translated:
    """What Polypress made of the set: by locale and source the text, empty where it is withheld.

    `reasons` are the findings of what was withheld, by the same; `rungs` counts segments by the
    way they were won, `seconds` is what translating took, each by locale.
    """

    texts: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, Mapping[str, str]]
    rungs: Mapping[str, Mapping[str, int]]
    seconds: Mapping[str, float]


def begun(root: Path, units: Sequence[Unit]) -> Path:
    """Make the project in a folder, with the packages installed."""
    notices = root / "content" / "notices"
    notices.mkdir(parents=True)
    for start in range(0, len(units), UNITS_AN_ITEM):
        body = "\n\n".join(one.source for one in units[start : start + UNITS_AN_ITEM])
        (notices / f"notice-{start // UNITS_AN_ITEM:03}.md").write_text(body + "\n", "utf-8")
    (root / "polypress.toml").write_text(SETTINGS, "utf-8")
    (root / "locales").mkdir()
    shutil.copy(GLOSSARY, root / "locales")
    for outcome in open_models(root).install([str(PACKAGES)]):
        if outcome.error:
            raise outcome.error
    return root


def translated(root: Path, units: Sequence[Unit]) -> Translated:
    """Ingest and translate; raises the first failure, and LookupError for a unit that is lost."""
    project = open_project(root)
    told, seconds = {}, {}
    for locale in LOCALES:
        start = time.monotonic()
        (told[locale],) = translate(project, ingest(project), locales=[locale])
        seconds[locale] = round(time.monotonic() - start, 1)
    _raise_failures(list(told.values()))
    texts = {locale: _texts(root, locale, units) for locale in LOCALES}
    reasons = {locale: _reasons(one, units) for locale, one in told.items()}
    rungs = {locale: dict(one.figures.rungs) for locale, one in told.items()}
    return Translated(texts, reasons, rungs, seconds)


def _raise_failures(outcomes: Sequence[LocaleOutcome]) -> None:
    failures: list[PolypressError] = [one for of in outcomes for one in of.failures]
    if failures:
        raise failures[0]


def catalog(root: Path, locale: str) -> polib.POFile:
    """A locale's catalog, read by polib itself."""
    return polib.pofile(str(root / "locales" / locale / "LC_MESSAGES" / "notices.po"))


def _texts(root: Path, locale: str, units: Sequence[Unit]) -> dict[str, str]:
    found = {entry.msgid: entry.msgstr for entry in catalog(root, locale) if not entry.obsolete}
    lost = [one.id for one in units if one.source not in found]
    if lost:
        raise LookupError(f"the catalog of {locale} has no entry for {', '.join(lost)}")
    return found


def _reasons(outcome: LocaleOutcome, units: Sequence[Unit]) -> dict[str, str]:
    """Why texts were withheld, by source; the ids of withheld units end in its digest."""
    sources = {hashlib.sha256(one.source.encode()).hexdigest()[:10]: one.source for one in units}
    return {
        sources[one.unit.rpartition("@")[2]]: "; ".join(
            f"{finding.check}: {finding.message}" for finding in one.findings
        )
        for one in outcome.withheld
    }
