"""The commands about the keys that sign releases: new, list, retire."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.bootstrap_publishing import open_keys
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.locking import publishing
from workflow.cli.output import Output, table_of
from workflow.steps.keyring import refuse_early
from workflow.steps.switching import live_release

app = typer.Typer(no_args_is_help=True, help="The keys that sign releases.")
FIRST = "main"


@app.command()
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")] = FIRST,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a key, and print what sites need to check what it signs.

    From the next publish on every release is signed with it, beside the other keys. A key is never
    overwritten. Keep a copy of its file where it cannot be lost: nobody else can sign for you.
    """
    output = Output(as_json, quiet)
    folder = open_keys(context.obj)
    made = folder.new(name)
    path = folder.folder / f"{name}.pem"
    output.result({"name": made.name, "public": made.public, "path": path})
    output.say(f"{path} is made: keep a copy elsewhere, and show it to nobody")
    output.say("The next publish signs with it. A site that is new takes the key along:")
    output.say(f"  polypress pull URL DIR --key {made.public}")
    if len(folder.public()) > 1:
        output.say("Sites that trust another key learn this one from the next release they pull.")


@app.command("list")
def list_keys(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Show the keys, and what sites need to check what they sign."""
    output = Output(as_json, quiet)
    found = open_keys(context.obj).named()
    output.result(found)
    rows = [[one.name, "yes" if one.signs else "retired", one.public] for one in found]
    output.show(table_of("Keys", ["name", "signs", "public key"], rows, figures=False))
    if not any(one.signs for one in found):
        output.say("No key signs: `polypress keys new` makes one.")


@app.command()
def retire(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="As `keys list` shows it.")],
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Although sites may know no other key yet.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Let a key sign no more: its file stays, under another name.

    Sites go on if they have pulled a release that another key has signed as well. A key that
    somebody else may have is retired with `--now`; sites that know no other key then refuse
    releases until they are given one.
    """
    output = Output(as_json, quiet)
    with publishing(context.obj) as project:
        folder = open_keys(context.obj)
        key = folder.signing(name)
        others = tuple(one for one in folder.public() if one != key.public)
        refuse_early(name, key.public, others, live_release(project), now=now)
        folder.retire(name)
    path = folder.retired(name)
    output.result({"name": name, "public": key.public, "path": path})
    output.say(
        f"{name} signs no more; the next release says so. Delete {path} when no site needs it"
    )
