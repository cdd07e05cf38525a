"""The command that begins a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import write_atomically
from workflow.cli.arguments import AsJson, Quiet, tag
from workflow.cli.output import Output
from workflow.errors import Place, SettingsError, UsageError
from workflow.settings import FILE_NAME, parse

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
text = "machine"       # or "reviewed": only what people approved
fallback = "source"    # or "withhold": leave out what has no translation
"""
NOTICE = """\
---
title: The library opens on Sunday
---

The library is open on Sunday from 10:00 to 16:00.
"""
IGNORED = "var/\n"
TARGETS = ("es", "ar", "pt")


def init(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What the project is called.")] = "My notices",
    source: Annotated[str, typer.Option(help="The language of the content.")] = "en",
    locale: Annotated[
        list[str] | None, typer.Option("--locale", "-l", help="A target; several times.")
    ] = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Begin a project: settings, a first notice, and a .gitignore; nothing is overwritten."""
    output = Output(as_json, quiet)
    root: Path = context.obj
    path = root / FILE_NAME
    if path.exists():
        fix = "edit it, or choose another folder with --project"
        raise UsageError("there is a project here already", fix=fix, place=Place(path=str(path)))
    settings = _settings(name, tag(source), [tag(one) for one in locale or ()])
    files = {"content/notices/sunday.md": NOTICE, ".gitignore": IGNORED, FILE_NAME: settings}
    written = _write(root, files)
    output.result({"project": root, "written": written})
    output.say(f"{path} is ready. Next:")
    output.say("  polypress models install FILE.argosmodel")
    output.say("  polypress translate")


def _settings(name: str, source: str, locales: Sequence[str]) -> str:
    """The settings file, checked before anything is written. Raises UsageError."""
    targets = locales or [target for target in TARGETS if target != source]
    text = SETTINGS.format(
        name=_escaped(name),
        source=source,
        locales=", ".join(f'"{target}"' for target in targets),
    )
    try:
        parse(text.encode(), Path(FILE_NAME), {})
    except SettingsError as error:
        raise UsageError(f"{error.place.key}: {error.what}", fix="see `init --help`") from None
    return text


def _escaped(name: str) -> str:
    """A TOML basic string's inside (TOML 1.0), on one line."""
    clean = " ".join(name.split())
    return "".join(
        character
        if character.isprintable() and character not in '"\\'
        else f"\\U{ord(character):08X}"
        for character in clean
    )


def _write(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write what is not there yet; the settings come last, since they make it a project."""
    new = [name for name in files if not (root / name).exists()]
    for name in new:
        write_atomically(root / name, files[name].encode())
    return new
