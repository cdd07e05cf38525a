"""The command that serves the public folder over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.bundles.folder import BundleFolder
from workflow.bundle import Release
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.output import Output
from workflow.errors import BundleError, Place, SettingsError
from workflow.settings import load

MOST_PORT = 65_535


def serve(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=MOST_PORT, help="The port; 0 is any that is free.")
    ] = 8480,
    rate: Annotated[
        float, typer.Option(min=0, help="Requests a second for each client; 0 is any number.")
    ] = 0.0,
    folder: Annotated[
        Path | None, typer.Option(help="A public folder; by default the project's.")
    ] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell each request on standard error.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Serve the public folder over HTTP until Ctrl-C or SIGTERM.

    It gives out what any static server would, and the texts of the live release under
    `/v1/<locale>/…`. With `--folder` no project is needed.
    """
    from workflow.web.server import listen, serve  # noqa: PLC0415 - servers load slowly

    output = Output(as_json, quiet)
    public = folder or context.obj / load(context.obj).publish.path
    told = _live(public)
    listening = listen(host, port)
    address = _address(listening.getsockname())

    def ready() -> None:
        output.result({"address": address, "folder": public, "release": told.serial})
        if not told.serial:
            output.warning("nothing is published here yet: requests get 503 until there is")
        output.say(f"{address} serves release {told.serial}, until Ctrl-C")
        sys.stdout.flush()

    serve(public, listening, rate=rate, verbose=verbose, ready=ready)


def _live(folder: Path) -> Release:
    """The live release of a folder, serial 0 for none. Raises SettingsError for no such folder."""
    if not folder.is_dir():
        fix = "publish first, or name the folder with --folder"
        raise SettingsError("there is no such folder", fix=fix, place=Place(path=str(folder)))
    try:
        return Release.live(BundleFolder(folder).release())
    except BundleError as error:
        raise SettingsError(error.what, fix=error.fix, place=Place(path=str(folder))) from error


def _address(name: tuple[str, int]) -> str:
    host, port = name[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
