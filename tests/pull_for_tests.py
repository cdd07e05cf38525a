"""A site that pulls from a publisher over a real server, in this very process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.bundles_for_tests import Publisher, publisher
from tests.static_server import StaticServer, serving
from workflow import bootstrap_site
from workflow.adapters.bundles.patience import Patience
from workflow.adapters.bundles.remotes import remote_at
from workflow.adapters.bundles.sitefolder import SiteFolder
from workflow.errors import BundleError, PolypressError
from workflow.steps.pull import Asked, Pulled, pull
from workflow.steps.pull_trust import Trust

HASTE = Patience(timeout=1.0, grace=0.2, slowest=1_000.0, pauses=(0.01, 0.01, 0.01), longest=0.2)
TOOLS = replace(bootstrap_site.tools(), sleep=lambda _: None)


def files(folder: Path) -> dict[str, bytes]:
    """Every file that a reader sees below a folder, through links, by relative path."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            found |= {f"{path.name}/{name}": body for name, body in files(path).items()}
        elif path.name != ".built":
            found[path.name] = path.read_bytes()
    return found


def stamps(folder: Path) -> dict[str, int]:
    """When each file and folder was changed last, links not followed."""
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


@dataclass
class Town:
    """A publisher, its server, and a site in `folder`."""

    root: Path
    publisher: Publisher
    server: StaticServer

    @property
    def folder(self) -> Path:
        return self.root / "site"

    @property
    def current(self) -> Path:
        return self.folder / "current"

    @property
    def keys(self) -> tuple[str, ...]:
        return self.publisher.keys.public() if self.publisher.keys else ()

    def pull(
        self,
        url: str = "",
        *,
        keys: tuple[str, ...] | None = None,
        unsigned: bool = False,
        **asked: Any,  # noqa: ANN401 (what `Asked` takes)
    ) -> Pulled:
        given = () if unsigned else self.keys if keys is None else keys
        wanted = Asked(Trust(given, unsigned), **asked)
        with closing(remote_at(url or self.server.address, patience=HASTE)) as remote:
            return pull(SiteFolder(self.folder, patience=0.01), remote, wanted, tools=TOOLS)

    def refuses(
        self,
        match: str,
        error: type[PolypressError] = BundleError,
        **asked: Any,  # noqa: ANN401 (what `pull` takes)
    ) -> None:
        """The pull ends with this error, and a reader sees what was there before."""
        before, link = files(self.current), self.current.is_symlink()
        with pytest.raises(error, match=match) as told:
            self.pull(**asked)
        assert told.value.fix
        assert (files(self.current), self.current.is_symlink()) == (before, link)

    def seen(self) -> dict[str, bytes]:
        """What a reader of `current` sees."""
        return files(self.current)

    def fresh(self) -> dict[str, bytes]:
        """What a new site would see."""
        other = Town(self.root / "other", self.publisher, self.server)
        other.pull(unsigned=not self.keys)
        return other.seen()

    def tamper(self, path: str, change: Callable[[bytes], bytes]) -> None:
        """Change a file of the public folder, and its compressed forms away."""
        file = self.publisher.folder / path
        for suffix in (".br", ".gz"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        file.write_bytes(change(file.read_bytes()))


@contextmanager
def town(root: Path, **parts: Any) -> Iterator[Town]:  # noqa: ANN401 (what a publisher takes)
    made = publisher(root, **parts)
    with serving(made.folder) as server:
        yield Town(root, made, server)
