"""A site that pulls from `polypress serve`, each the real program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bundles_for_tests import publisher
from tests.e2e.places import POLYPRESS
from tests.pull_for_tests import Town
from tests.static_server import StaticServer


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the real server."""
    command = [POLYPRESS, "serve", "--folder", folder, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            told = "".join(iter(server.stdout.readline, "}\n")) + "}"
            yield json.loads(told)["address"]
        finally:
            server.terminate()


def pulled(address: str, site: Path, *more: str) -> Any:  # noqa: ANN401 (any JSON)
    command = [POLYPRESS, "pull", address, site, "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_site_gets_from_the_server_what_lies_in_the_folder(tmp_path: Path) -> None:
    made = publisher(tmp_path, compressed=True)
    made.content["notices"]["long"] = "2026-01-03 " + "The same words again. " * 500
    made.publish()
    assert made.keys
    key = ("--key", *made.keys.public())
    with served(made.folder) as address:
        first = pulled(address, tmp_path / "site", *key)
        made.content["notices"]["pool"] = "2026-01-01 Closed"
        made.publish()
        site = Town(tmp_path, made, StaticServer(made.folder, address))
        second, third = site.pull(), site.pull()
    assert (first["serial"], second.serial, third.switched) == (2, 3, False)
    assert second.fetched == 9
    assert third.moved == 0  # it knows ETags
    seen = site.seen()
    site.folder.rename(tmp_path / "other")
    here = site.pull(str(made.folder))
    assert site.seen() == seen
    assert first["moved"] < here.moved / 2  # it sends compressed forms
