"""Serving: nginx and `polypress serve` on the same files, asked by wrk over 200 connections.

Run by `make bench`, or as `python -m benchmarks.serving [--quick] [--json FILE]`. The folder is
what `polypress publish` makes of a project with 500 notices in three locales. nginx runs with
docs/nginx.conf, but lets one client ask as often as it likes; it has one worker, as
`polypress serve` is one process. wrk has one thread. The sides take turns, round by round. Told
are medians of requests a second and of the 99th percentile of the answers' times, and all errors:
broken connections, answers that took more than two seconds, and answers of another status than one
asked for. The bar: no errors.
"""

from __future__ import annotations

import http.client
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.reporting import Benchmark
from tools import programs
from tools.nginx import nginx
from workflow.adapters.argos.devices import usable_cores

CONNECTIONS = 200
LOCALES = ("es", "ar", "pt")
SETTINGS = """\
[project]
name = "City notices"
source = "en"
locales = ["es", "ar", "pt"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]
"""
NOTICE = """\
---
title: The pool is closed on day {number}
date: "2026-11-20"
---

{body}
"""
NGINX, POLYPRESS = "nginx", "polypress serve"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds of one measurement, and how many rounds of them."""

    seconds: int
    rounds: int
    notices: int = 500


FULL, QUICK = Scale(4, 3), Scale(1, 1, 50)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request and the status that it has to get; `everywhere` if nginx knows it."""

    name: str
    path: str
    headers: Mapping[str, str]
    status: int
    everywhere: bool = True


def publish(folder: Path, notices: int) -> Path:
    """A project with notices; where its public folder lies."""
    content = folder / "content" / "notices"
    content.mkdir(parents=True)
    (folder / "polypress.toml").write_text(SETTINGS, "utf-8")
    body = "\n\n".join(f"From hall {number} on, take the stairs." for number in range(20))
    for number in range(notices):
        (content / f"{number}.md").write_text(NOTICE.format(number=number, body=body), "utf-8")
    command = [sys.executable, "-m", "workers.main", "--project", folder, "publish", "--quiet"]
    subprocess.run(command, check=True)
    return folder / "var" / "public"


@contextmanager
def served(folder: Path, place: Path) -> Iterator[int]:
    """The port of `polypress serve` over a public folder."""
    command = [sys.executable, "-m", "workers.main", "serve", "--folder", folder, "--port", "0"]
    with (
        (place / "serve.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            told = process.stdout.readline() if process.stdout else ""
            found = re.match(r"http://127\.0\.0\.1:(\d+) ", told)
            if not found:
                raise OSError((place / "serve.log").read_text("utf-8"))
            yield int(found[1])
        finally:
            process.terminate()


def kinds(port: int, folder: Path) -> list[Kind]:
    """The kinds of requests; `port` is that of a side that knows all of them."""
    large = max((folder / "objects").glob("*.br"), key=lambda path: path.stat().st_size)
    address = f"/objects/{large.stem}"
    coded = {"Accept-Encoding": "br"}
    return [
        Kind("release.json", "/release.json", {}, 200),
        Kind("release.json, unchanged", "/release.json", {"If-None-Match": "its own"}, 304),
        Kind("an item's object, brotli", _item(port), coded, 200),
        Kind("the largest object, brotli", address, coded, 200),
        Kind("an object, unchanged", address, {**coded, "If-None-Match": "its own"}, 304),
        Kind("an item as a page", "/v1/es/notices/7.html", coded, 200, everywhere=False),
        Kind("messages.json, brotli", "/v1/es/notices/messages.json", coded, 200, everywhere=False),
    ]


def _item(port: int) -> str:
    """The address of an item's object."""
    _, tag = _ask(port, "/v1/es/notices/7.json", {})
    return "/objects/" + tag.strip('"')


def _ask(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status and the ETag of an answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers=dict(headers))
        got = connection.getresponse()
        return got.status, got.getheader("ETag", "")


def asked(port: int, kind: Kind) -> dict[str, str]:
    """The headers of a kind on one side, which has ETags of its own. Raises ValueError."""
    headers = dict(kind.headers)
    if headers.pop("If-None-Match", None):
        headers["If-None-Match"] = _ask(port, kind.path, headers)[1]
    status, _ = _ask(port, kind.path, headers)
    if status != kind.status:
        raise ValueError(f"{kind.name}: {status} instead of {kind.status}")
    return headers


def measured(port: int, kind: Kind, seconds: int) -> dict[str, float]:
    """What wrk tells of one side: requests a second, the 99th percentile (ms), errors."""
    program = shutil.which("wrk")
    if program is None:
        raise FileNotFoundError("there is no wrk here; `python -m tools.programs` fetches it")
    options = [f"-H{name}: {text}" for name, text in asked(port, kind).items()]
    address = f"http://127.0.0.1:{port}{kind.path}"
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", *options, address]
    return read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read(text: str) -> dict[str, float]:
    """The figures in what wrk prints."""
    pace = re.search(r"Requests/sec:\s+([\d.]+)", text)
    late = re.search(r"\b99%\s+([\d.]+)(us|ms|s|m)\b", text)
    if not pace or not late:
        raise ValueError(f"wrk says something else: {text}")
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text
    )
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = sum(map(int, broken.groups() if broken else ())) + int(refused[1] if refused else 0)
    p99 = float(late[1]) * UNITS[late[2]]
    return {"per_second": float(pace[1]), "p99_ms": p99, "errors": errors}


def run(scale: Scale, console: Console) -> dict[str, Any]:
    """Let the sides take turns; medians, and all errors."""
    programs.offer_unpacked(os.environ)
    rounds: dict[tuple[str, str], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)  # started as root, nginx' workers are somebody else
        console.print(f"publishing {scale.notices} notices …")
        folder = publish(place / "project", scale.notices)
        with nginx(folder, rate=10**6, burst=10**6) as one, served(folder, place) as other:
            ports = {NGINX: one, POLYPRESS: other}
            every = kinds(other, folder)
            for number in range(scale.rounds):
                for kind in every:
                    for side, port in ports.items():
                        if kind.everywhere or side == POLYPRESS:
                            got = measured(port, kind, scale.seconds)
                            rounds.setdefault((kind.name, side), []).append(got)
                            time.sleep(0.2)
                console.print(f"round {number + 1} of {scale.rounds}")
    return _report(scale, rounds)


def _report(
    scale: Scale, rounds: Mapping[tuple[str, str], list[dict[str, float]]]
) -> dict[str, Any]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for (kind, side), each in rounds.items():
        found.setdefault(kind, {})[side] = {
            "per_second": median(one["per_second"] for one in each),
            "p99_ms": median(one["p99_ms"] for one in each),
            "errors": sum(one["errors"] for one in each),
        }
    errors = sum(of["errors"] for sides in found.values() for of in sides.values())
    return {
        "machine": platform.machine(),
        "cores": usable_cores(),
        "load": os.getloadavg()[0],
        "connections": CONNECTIONS,
        "seconds": scale.seconds,
        "rounds": scale.rounds,
        "kinds": found,
        "errors": errors,
        "met": errors == 0,
    }


def told(report: Mapping[str, Any]) -> list[list[str]]:
    """The rows of the table, as the documentation shows them."""
    return [
        [kind, *(cell for side in (NGINX, POLYPRESS) for cell in _cells(sides.get(side)))]
        for kind, sides in report["kinds"].items()
    ]


def _cells(of: Mapping[str, float] | None) -> list[str]:
    if of is None:
        return ["–", "–"]
    return [f"{of['per_second']:,.0f}", f"{of['p99_ms']:.0f} ms"]


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table(
        "", NGINX, "99 %", POLYPRESS, "99 %", title="requests a second", title_justify="left"
    )
    for row in told(report):
        table.add_row(*row)
    console.print(table)
    console.print(f"errors over {report['connections']} connections: {report['errors']:.0f}")


if __name__ == "__main__":
    Benchmark(__doc__, "serving", FULL, QUICK, run, show).main()
