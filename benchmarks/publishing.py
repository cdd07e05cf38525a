"""What publishing and pulling cost: all of it, one changed unit, and ten times the items.

Run by `make bench`, or as `python -m benchmarks.publishing [--quick] [--json FILE]`. Two projects
with three locales: 10,000 units in 10 collections, and ten times as many in ten times as many
collections. Both are published from nothing and pulled by a site over HTTP on loopback. Then, round
by round, in each project a translator changes one text, and an editor one paragraph (which changes
the item in every locale); each time `polypress publish` and `polypress pull` run as whole
processes.

Bars: from nothing 60 s; a change moves at most 2 % of the bytes of the bundles; publishing and
pulling a change take at most 1.5 times as long in the large project, by the medians of the rounds;
only the objects of the touched item and the shards and manifests above it are written; and what
was built step by step is byte for byte what a build from nothing gives.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.publishing_stage import CHANGED, LOCALES, Stage
from benchmarks.reporting import Benchmark

RATIO, SHARE, SECONDS = 1.5, 0.02, 60.0
AT = "2026-01-31T12:00:00+00:00"
KINDS = ("text", "paragraph")
"""What changes: one text of a translator's, or one paragraph of an editor's."""
SHOWN = {"all": "all of it", "text": "one text", "paragraph": "one paragraph"}
WORDS = ("first", "second", "third", "fourth", "fifth")
"""What that text begins with, round by round."""


@dataclass(frozen=True, slots=True)
class Size:
    """Collections of the small project, items of each, and rounds."""

    collections: int
    items: int
    rounds: int


FULL, QUICK = Size(10, 100, 5), Size(2, 10, 1)


class Files(SimpleHTTPRequestHandler):
    """Static files, with compressed forms for those who accept them; nothing is logged."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """The compressed form of an object, if there is one."""
        path = Path(self.translate_path(self.path))
        form = path.with_name(f"{path.name}.br")
        if "br" not in self.headers.get("Accept-Encoding", "") or not form.is_file():
            super().do_GET()
            return
        body = form.read_bytes()
        self.send_response(200)
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A static server on loopback."""
    handler = partial(Files, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True, slots=True)
class Site:
    """A project that is served, and a site that pulls from it."""

    stage: Stage
    url: str
    folder: Path
    key: str

    def publish(self) -> dict[str, Any]:
        """Seconds, and the objects that are new."""
        before = set(self._objects())
        seconds, told = self.stage.run("publish", "--at", AT)
        assert told["release"]["changed"], told  # noqa: S101 (without it nothing is measured)
        new = [name for name in self._objects() if name not in before]
        return {"seconds": seconds, "objects": len(new)}

    def pull(self) -> dict[str, Any]:
        """Seconds, and the bytes that came in."""
        seconds, told = self.stage.run("pull", self.url, str(self.folder), "--key", self.key)
        return {"seconds": seconds, "bytes": told["moved"], "objects": told["fetched"]}

    def _objects(self) -> list[str]:
        folder = self.stage.public / "objects"
        return (
            [path.name for path in folder.iterdir() if "." not in path.name]
            if (folder.is_dir())
            else []
        )


def run(size: Size, console: Console) -> dict[str, Any]:
    """Publish both projects from nothing, then change, publish and pull in turn."""
    with tempfile.TemporaryDirectory() as folder:
        report: dict[str, Any] = {
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "locales": len(LOCALES),
        }
        for name, times in (("small", 1), ("large", 10)):
            report[name] = _project(Path(folder, name), size, times, console)
        report["identical"] = report["small"].pop("identical")
        report["large"].pop("identical")
    return report | _judged(report)


def _project(root: Path, size: Size, times: int, console: Console) -> dict[str, Any]:
    stage = Stage(root / "project", size.collections * times, size.items)
    stage.root.mkdir(parents=True)
    console.print(f"{stage.units:,} units are made …")
    stage.begin()
    _, told = stage.run("keys", "new")
    with served(stage.public) as url:
        site = Site(stage, url, root / "site", _key(told))
        console.print(f"{stage.units:,} units are published and pulled …")
        first, pulled = site.publish(), site.pull()
        rounds = {kind: [_round(site, kind, at) for at in range(size.rounds)] for kind in KINDS}
    return {
        "units": stage.units,
        "collections": stage.count,
        "publish": first,
        "pull": pulled,
        **{kind: _medians(each) for kind, each in rounds.items()},
        "identical": times == 1 and _same_from_nothing(stage, root / "again"),
    }


def _key(told: Any) -> str:  # noqa: ANN401 (any JSON value)
    found = re.search(r"ed25519:[A-Za-z0-9+/]{43}=", str(told))
    assert found, told  # noqa: S101
    return found[0]


def _round(site: Site, kind: str, number: int) -> dict[str, Any]:
    collection, item = number % site.stage.count, 7 * number % site.stage.items
    if kind == "text":
        site.stage.person_edits(collection, item, LOCALES[number % 3], WORDS[number])
    else:
        site.stage.write(collection, item, more=f"{CHANGED[:-1]}, from {8 + number}:00.")
        site.stage.translate(collection)
    return {"publish": site.publish(), "pull": site.pull()}


def _medians(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        step: {key: statistics.median(one[step][key] for one in rounds) for key in rounds[0][step]}
        for step in ("publish", "pull")
    }


def _same_from_nothing(stage: Stage, root: Path) -> bool:
    """Whether a build from nothing gives the very objects that the live release names."""
    root.mkdir()
    other = stage.copied(root)
    other.run("publish", "--at", AT)
    step, once = (_named(one.public) for one in (stage, other))
    return all(step.get(name) == body for name, body in once.items())


def _named(public: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (public / "objects").iterdir()}


def _judged(report: dict[str, Any]) -> dict[str, Any]:
    small, large = report["small"], report["large"]
    ratios = {
        step: max(large[kind][step]["seconds"] / small[kind][step]["seconds"] for kind in KINDS)
        for step in ("publish", "pull")
    }
    share = max(small[kind]["pull"]["bytes"] / small["pull"]["bytes"] for kind in KINDS)
    met = (
        max(ratios.values()) <= RATIO
        and share <= SHARE
        and small["publish"]["seconds"] <= SECONDS
        and report["identical"]
    )
    bars = {"ratio": RATIO, "share": SHARE, "seconds": SECONDS}
    return {"ratios": ratios, "share": share, "bars": bars, "met": met}


def told(report: dict[str, Any]) -> list[list[str]]:
    """The rows of the table, as docs/releases.md shows them."""
    return [
        [f"{report[size]['units']:,}", shown, *_figures(report[size], kind)]
        for size in ("small", "large")
        for kind, shown in SHOWN.items()
    ]


def _figures(own: dict[str, Any], kind: str) -> list[str]:
    made = own if kind == "all" else own[kind]
    publish, pull = made["publish"], made["pull"]
    return [
        f"{publish['seconds']:.1f}",
        f"{publish['objects']:,.0f}",
        f"{pull['seconds']:.1f}",
        f"{pull['bytes']:,.0f}",
    ]


def verdict(report: dict[str, Any]) -> str:
    """The figures that have bars, in one line."""
    ratios = report["ratios"]
    same = "the same bytes" if report["identical"] else "OTHER BYTES"
    return (
        f"with ten times the items publishing a change takes {ratios['publish']:.2f} times as long"
        f" and pulling it {ratios['pull']:.2f} times (bar {RATIO}); a change moves"
        f" {report['share']:.2%} of the bytes (bar {SHARE:.0%}); a build from nothing gives {same}"
    )


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("units", "what", "publish (s)", "new objects", "pull (s)", "pulled bytes")
    for row in told(report):
        table.add_row(*row)
    console.print(table)
    console.print(verdict(report))


if __name__ == "__main__":
    Benchmark(__doc__, "publishing", FULL, QUICK, run, show).main()
