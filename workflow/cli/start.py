"""The command that begins a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import write_atomically
from workflow.cli.arguments import Quiet
from workflow.cli.output import Output
from workflow.errors import Place, UsageError
from workflow.locales import canonical
from workflow.settings import FILE_NAME, load

SETTINGS = """\
# docs/settings.md describes each key.
[project]
name = "{name}"
source = "{source}"
locales = [{locales}]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]

[publish]
machine = "labelled"   # or "never": only what people approved
fallback = "source"    # or "withhold": leave out what has no translation
"""
NOTICE = """\
---
title: The library opens on Sunday
---

The library is open on Sunday from 10:00 to 16:00.
"""
IGNORED = "var/\n"


def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What the project is called.")] = "My notices",
    source: Annotated[str, typer.Option(help="The language of the content.")] = "en",
    locale: Annotated[
        list[str] | None, typer.Option("--locale", "-l", help="A target; several times.")
    ] = None,
    *,
    quiet: Quiet = False,
) -> None:
    """Begin a project: settings, a first notice, and a .gitignore; nothing is overwritten."""
    root: Path = context.obj
    path = root / FILE_NAME
    if path.exists():
        fix = "edit it, or choose another folder with --project"
        raise UsageError("there is a project here already", fix=fix, place=Place(path=str(path)))
    targets = [canonical(tag) for tag in locale or ["es", "ar", "pt"]]
    quoted = ", ".join(f'"{tag}"' for tag in targets)
    text = SETTINGS.format(name=_escaped(name), source=canonical(source), locales=quoted)
    _write(root, {"content/notices/sunday.md": NOTICE, ".gitignore": IGNORED, FILE_NAME: text})
    load(root)
    output = Output(quiet=quiet)
    output.say(f"{path} is ready. Next:")
    output.say("  polypress models install FILE.argosmodel")
    output.say("  polypress translate")


def _escaped(name: str) -> str:
    """A TOML basic string's inside (TOML 1.0): quotes, backslashes and line ends."""
    clean = " ".join(name.split())
    return clean.replace("\\", "\\\\").replace('"', '\\"')


def _write(root: Path, files: dict[str, str]) -> None:
    """Write what is not there yet; the settings come last, since they make it a project."""
    for name, text in files.items():
        if not (root / name).exists():
            write_atomically(root / name, text.encode())
