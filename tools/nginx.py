"""Runs nginx on loopback over a public folder, with the configuration of the documentation.

What docs/nginx.conf asks an operator to change is changed here; all else stands as it is written.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTED = ROOT / "docs" / "nginx.conf"
PATIENCE = 10.0
"""Seconds until nginx has to answer."""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
AROUND = """\
daemon off;
worker_processes 1;
pid {place}/pid;
error_log {place}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {folders}
    include {place}/polypress.conf;
}}
"""


def configured(folder: Path, port: int, place: Path, *, rate: int, burst: int) -> Path:
    """Write a configuration for a public folder into `place`; the path of its main file.

    `rate` is what one client may ask for in a second, `burst` how many it may ask for at once.
    """
    text = DOCUMENTED.read_text("utf-8")
    for old, new in (
        (r"\blisten 80;", f"listen 127.0.0.1:{port};"),
        (r"\broot /srv/polypress/public;", f"root {folder};"),
        (r"\brate=\S+;", f"rate={rate}r/s;"),
        (r"\bburst=\S+", f"burst={burst}"),
    ):
        text, count = re.subn(old, new, text)
        if count != 1:
            raise ValueError(f"{DOCUMENTED} has {count} times {old}")
    (place / "polypress.conf").write_text(text, "utf-8")
    folders = "\n    ".join(f"{kind}_temp_path {place}/{kind};" for kind in KINDS)
    main = place / "nginx.conf"
    main.write_text(AROUND.format(place=place, folders=folders), "utf-8")
    return main


@contextmanager
def nginx(folder: Path, *, rate: int = 50, burst: int = 200) -> Iterator[int]:
    """The port of an nginx that serves a public folder. Raises FileNotFoundError without nginx."""
    program = shutil.which("nginx")
    if program is None:
        raise FileNotFoundError("there is no nginx here; `python -m tools.programs` fetches it")
    with tempfile.TemporaryDirectory() as name:
        place, port = Path(name), _free_port()
        place.chmod(0o755)  # started as root, its workers are somebody else
        main = configured(folder, port, place, rate=rate, burst=burst)
        command = [program, "-p", place, "-e", "stderr", "-c", main]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            try:
                _wait(process, port)
                yield port
            finally:
                process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    process.kill()
    _, said = process.communicate()
    raise OSError(f"nginx does not start: {said.decode(errors='replace')}")
