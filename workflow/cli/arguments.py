"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from workflow.errors import PolypressError, UsageError
from workflow.locales import canonical
from workflow.presets import Preset
from workflow.steps.project import Project

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Locales = Annotated[
    list[str] | None,
    typer.Option("--locale", "-l", help="Only this locale; may be given several times."),
]

Items = Annotated[
    list[str] | None,
    typer.Option("--item", help="Only this item, by its id; may be given several times."),
]

AskedPreset = Annotated[
    Preset | None,
    typer.Option("--preset", help="What a machine's text may cost (default: the settings)."),
]


def chosen(project: Project, locales: Sequence[str] | None) -> tuple[str, ...]:
    """The locales that a command shall work on. Raises UsageError for one the project lacks."""
    return tuple(_known(project, locale) for locale in locales or project.locales)


def chosen_collections(project: Project, names: Sequence[str] | None) -> tuple[str, ...]:
    """The collections that somebody named. Raises UsageError for one the project lacks."""
    known = [one.name for one in project.collections]
    for name in names or ():
        if name not in known:
            fix = f"this project's collections: {', '.join(known)}"
            raise UsageError(f"there is no collection {name[:60]!r}", fix=fix)
    return tuple(names or ())


def tag(locale: str, *, fix: str = "") -> str:
    """A locale as somebody typed it, in the form of BCP 47. Raises UsageError."""
    try:
        return canonical(locale)
    except PolypressError as error:
        raise UsageError(error.what, fix=fix or error.fix) from None


def moment(text: str) -> str:
    """A time as somebody typed it, in UTC and whole seconds. Raises UsageError."""
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        pass
    fix = "write it as 2026-01-31T12:00:00+00:00"
    raise UsageError(f"{text[:60]!r} is no time with its distance from UTC", fix=fix)


def _known(project: Project, locale: str) -> str:
    fix = f"this project's locales: {', '.join(project.locales)}"
    wanted = tag(locale, fix=fix)
    if wanted not in project.locales:
        raise UsageError(f"{wanted} is no locale of this project", fix=fix)
    return wanted
