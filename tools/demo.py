"""The demo: the main job on a copy of the sample project, with the packages of `packages/`.

Works below `var/demo`, so that the checkout stays clean, and starts from nothing each time: the
machine's answers of an earlier run are not used.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from workflow.bootstrap import open_project
from workflow.steps.ingest import ingest
from workflow.steps.project import Project
from workflow.steps.status import standings

HERE = Path(__file__).resolve().parent.parent
DEMO = HERE / "var" / "demo"
PUBLIC, SITE = DEMO / "var" / "public", DEMO / "site"
PARTS = ("polypress.toml", "content", "locales")
SHOWN = 4
"""Machine-made translations shown side by side."""


def main() -> None:
    """Copy, install, translate, publish, pull into a site, and show what came out."""
    _fresh_copy()
    _say("Polypress demo: tiny demonstration packages, for municipal notices only.")
    _polypress("models", "install", str(HERE / "packages"))
    _polypress("keys", "new", "--quiet")
    start = time.monotonic()
    _polypress("translate")
    _polypress("publish")
    project = open_project(DEMO)
    trusted = [f"--key={key}" for key in project.keys.public()]
    _polypress("pull", str(PUBLIC), str(SITE), *trusted, "--quiet")
    seconds = time.monotonic() - start
    _polypress("status")
    _side_by_side(project)
    _say(f"The job took {seconds:.1f} s. The signed release: {_shown(PUBLIC)}")
    _say(f"A site that has pulled it, one folder per language: {_shown(SITE / 'current')}")
    _say(f"  for instance {_shown(_a_page(project.locales[0]))}")
    _say("Catalogs to review: var/demo/locales. For real work install full packages:")
    _say("  polypress models install FILE.argosmodel   (docs/packages.md)")


def _fresh_copy() -> None:
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(parents=True)
    for part in PARTS:
        source = HERE / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, DEMO / part)


def _polypress(*arguments: str) -> None:
    """Run the program as a person would; its exit code ends the demo if it is not 0."""
    program = Path(sys.executable).parent / "polypress"
    done = subprocess.run([program, "--project", DEMO, *arguments], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _side_by_side(project: Project) -> None:
    rows = _machine_rows(project)
    table = Table(title="Drafts of the machine, not yet reviewed", title_justify="left")
    for column in (project.source, *project.locales):
        table.add_column(column, overflow="fold")
    for source in list(rows)[:SHOWN]:
        table.add_row(source, *(rows[source].get(locale, "") for locale in project.locales))
    Console(highlight=False, width=None if sys.stdout.isatty() else 150).print(table)


def _machine_rows(project: Project) -> dict[str, dict[str, str]]:
    """Machine text by source text and locale, sentences of some length first come."""
    rows: dict[str, dict[str, str]] = {}
    contents = ingest(project).contents
    for locale in project.locales:
        for one in contents:
            for standing in standings(project, one, locale):
                if standing.facts.origin == "machine" and len(standing.unit.source) > 60:
                    rows.setdefault(standing.unit.source, {})[locale] = standing.translation
    return {source: texts for source, texts in rows.items() if len(texts) == len(project.locales)}


def _a_page(locale: str) -> Path:
    """The first page of a locale at the site."""
    return min((SITE / "current" / locale).glob("*/items/*.html"))


def _shown(path: Path) -> Path:
    return path.relative_to(HERE)


def _say(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
