"""The command of sites: pull."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import read_plain
from workflow.bootstrap_site import open_remote, open_site, tools
from workflow.cli.arguments import AsJson, Locales, Quiet, tag
from workflow.cli.output import Output
from workflow.errors import UsageError
from workflow.steps.pull import Asked, Pulled
from workflow.steps.pull import pull as pull_step
from workflow.steps.pull_trust import Trust

_KEY = re.compile(r"ed25519:[A-Za-z0-9+/]{43}=")
_LARGEST = 100_000
MOST_PARALLEL = 64


Url = Annotated[
    str, typer.Argument(help="The published folder: https://…, file:///… or a path.", metavar="URL")
]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="The publisher's public key, ed25519:…, or a file with keys."),
]
Parallel = Annotated[int, typer.Option(min=1, max=MOST_PARALLEL, help="So many objects at a time.")]
Keep = Annotated[int, typer.Option(min=1, help="So many releases stay, with the current one.")]
Unsigned = Annotated[bool, typer.Option("--unsigned", help="Take releases that nobody has signed.")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Build all files again, from checked objects.")
]


def pull(  # noqa: PLR0913, PLR0917 (one for each option)
    url: Url,
    folder: Annotated[Path, typer.Argument(help="The folder of the site.", metavar="DIR")],
    locale: Locales = None,
    key: Keys = None,
    parallel: Parallel = 8,
    keep: Keep = 3,
    *,
    unsigned: Unsigned = False,
    rebuild: Rebuild = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Bring a site to the live release: fetched as far as it lacks, verified, switched in one step.

    `DIR/current` then leads to a folder for each locale. If anything is not as the publisher
    signed it, or does not come, what was there before stays. No project is needed.
    """
    output = Output(as_json, quiet)
    trust = Trust(_keys(key or ()), unsigned)
    if unsigned and trust.given:
        raise UsageError("a key and --unsigned exclude each other", fix="leave one of them out")
    locales = tuple(tag(one) for one in locale or ())
    asked = Asked(trust, locales, parallel=parallel, keep=keep, rebuild=rebuild)
    started = time.monotonic()
    with closing(open_remote(url, parallel=parallel)) as remote, output.progress() as progress:
        pulled = pull_step(open_site(folder), remote, asked, tools=tools(), progress=progress)
    seconds = round(time.monotonic() - started, 3)
    told = {field.name: getattr(pulled, field.name) for field in fields(pulled)}
    output.result({**told, "folder": folder, "seconds": seconds})
    _tell(output, pulled, seconds)


def _tell(output: Output, pulled: Pulled, seconds: float) -> None:
    if not pulled.switched:
        mended = f"; {pulled.sections} collections were built again" if pulled.sections else ""
        output.say(f"release {pulled.serial} is here already{mended}")
        return
    output.say(
        f"release {pulled.serial} (before: {pulled.before or 'none'}) in {len(pulled.locales)}"
        f" locales: {pulled.fetched} objects came, {pulled.reused} were here;"
        f" {pulled.moved:,} bytes in {seconds:.1f} s"
    )
    if not pulled.signed:
        output.warning("nobody has signed this release")


def _keys(given: Sequence[str]) -> tuple[str, ...]:
    """The keys that somebody named, one way or the other. Raises UsageError."""
    return tuple(dict.fromkeys(key for one in given for key in _named(one)))


def _named(value: str) -> Iterator[str]:
    """One key, or those of a file: one a line, and what follows it on the line is a note."""
    if value.startswith("ed25519:"):
        yield _key(value)
        return
    try:
        text = read_plain(Path(value), _LARGEST).decode()
    except (OSError, ValueError) as error:
        fix = "give a key as ed25519:…, or the path of a file with one on a line"
        raise UsageError(f"{value[:80]!r} is no key and no file: {error}", fix=fix) from None
    keys = [line.split()[0] for line in text.splitlines() if line.strip() and line[0] != "#"]
    if not keys:
        raise UsageError(f"there is no key in {value[:80]!r}", fix="one key on each line")
    yield from map(_key, keys)


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        fix = "`polypress keys list` shows the publisher's keys there: ed25519: and 44 signs"
        raise UsageError(f"{text[:60]!r} is no public key", fix=fix)
    return text
