"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from workflow.errors import PolypressError, UsageError
from workflow.locales import canonical
from workflow.steps.project import Project

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Locales = Annotated[
    list[str] | None,
    typer.Option("--locale", "-l", help="Only this locale; may be given several times."),
]


def chosen(project: Project, locales: Sequence[str] | None) -> tuple[str, ...]:
    """The locales that a command shall work on. Raises UsageError for one the project lacks."""
    return tuple(_known(project, locale) for locale in locales or project.locales)


def _known(project: Project, locale: str) -> str:
    fix = f"this project's locales: {', '.join(project.locales)}"
    try:
        tag = canonical(locale)
    except PolypressError as error:
        raise UsageError(error.what, fix=fix) from None
    if tag not in project.locales:
        raise UsageError(f"{tag} is no locale of this project", fix=fix)
    return tag
