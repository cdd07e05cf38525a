"""What `polypress models` does: list, install from files or an index, remove, verify, probe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from workflow.adapters.argos.fetching import Patience
from workflow.adapters.argos.index import Index, read_index, require_index
from workflow.adapters.argos.install import Installer, Report, ignore
from workflow.adapters.argos.naming import parse_asked, quoted
from workflow.adapters.argos.probed import KEEPS_NOTHING
from workflow.adapters.argos.store import Added, ArgosStore
from workflow.errors import PackageError, PolypressError, UsageError
from workflow.ports import InstalledPackage

Pair = tuple[str, str, str]
"""Source, target and version in Argos' codes; the version may be empty."""

SUFFIX = ".argosmodel"

State = Literal["installed", "replaced", "already installed", "probed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing that was asked for: a package that is there now, or an error.

    `asked` is the file or the pair; `warning` says what could not be checked or what the package
    cannot do, or is empty.
    """

    asked: str
    state: State
    package: InstalledPackage | None = None
    error: PolypressError | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """An installed package, and what is wrong with it (None: it is what was installed)."""

    package: InstalledPackage
    error: PackageError | None


@dataclass(frozen=True, slots=True)
class Models:
    """The packages of a project. `index` is the setting: an address, a path, or empty."""

    store: ArgosStore
    index: str = ""
    patience: Patience = field(default_factory=Patience)

    def list(self) -> tuple[InstalledPackage, ...]:
        """All installed packages; one without SHA-256 has a damaged record."""
        return self.store.installed()

    def remove(self, name: str) -> InstalledPackage:
        """Remove `en_es@1.0`, or `en_es` if that is clear. Raises UsageError or OutsideError."""
        return self.store.remove(name)

    def verify(self) -> Iterator[Checked]:
        """Compare every package with its record, one after the other."""
        for package in self.list():
            try:
                self.store.verify(package)
            except PackageError as error:
                yield Checked(package, error)
            else:
                yield Checked(package, None)

    def probe(self, name: str = "") -> Iterator[Outcome]:
        """Find out what the package of a name keeps, or all packages, one after the other.

        One that cannot be probed stops no other. Raises UsageError at once for a name that is not
        installed.
        """
        packages = (self.store.find(name),) if name else self.list()
        return (_probed(package, self.store) for package in packages)

    def install(
        self, what: Sequence[str], *, replace: bool = False, report: Report = ignore
    ) -> Iterator[Outcome]:
        """Install files, folders of files, and pairs (`en-es`, `en_es@1.0`) from the index.

        One outcome for each package, as soon as it is known; one that fails stops no other.
        Raises UsageError at once, before anything is done, for what is none of these and for a
        pair without an index.
        """
        files, pairs = _sorted_out(what)
        if pairs:
            require_index(self.index)
        installer = Installer(self.store, replace=replace, report=report, patience=self.patience)
        return chain(
            (_outcome(str(path), partial(installer.from_file, path)) for path in files),
            self._from_index(pairs, installer),
        )

    def _from_index(self, pairs: dict[str, Pair], installer: Installer) -> Iterator[Outcome]:
        """The index is read once; without it every pair fails."""
        if not pairs:
            return
        try:
            index = read_index(self.index, patience=self.patience)
        except PolypressError as error:
            yield from (Outcome(asked, "failed", error=error) for asked in pairs)
            return
        for asked, pair in pairs.items():
            yield self._one(asked, pair, index, installer)

    def _one(self, asked: str, pair: Pair, index: Index, installer: Installer) -> Outcome:
        try:
            entry = index.find(*pair)
        except PackageError as error:
            return Outcome(asked, "failed", error=error)
        outcome = _outcome(asked, partial(installer.from_index, index, entry))
        if entry.sha256 or outcome.state in {"failed", "already installed"}:
            return outcome
        unchecked = f"the index gives no checksum for {entry.name}"
        warnings = [unchecked, *([outcome.warning] if outcome.warning else [])]
        return replace(outcome, warning="; ".join(warnings))


def _sorted_out(what: Sequence[str]) -> tuple[list[Path], dict[str, Pair]]:
    """Archives on disk and pairs; a file or folder of that name goes before a pair."""
    files: list[Path] = []
    pairs: dict[str, Pair] = {}
    for asked in what:
        pair = parse_asked(asked)
        if os.path.lexists(asked):
            files.extend(_archives(Path(asked)))
        elif pair:
            pairs[asked] = pair
        else:
            raise UsageError(
                f"{quoted(asked)} is no file, no folder, and no pair of languages",
                fix=f"name a {SUFFIX} file, a folder of them, or a pair such as en-es",
            )
    return files, pairs


def _archives(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if each.suffix.lower() == SUFFIX)
    if not found:
        fix = "name the file itself if it has another ending"
        raise UsageError(f"{path} holds no {SUFFIX} file", fix=fix)
    return found


def _outcome(asked: str, install: Callable[[], Added]) -> Outcome:
    try:
        added = install()
    except PolypressError as error:
        return Outcome(asked, "failed", error=error)
    return Outcome(asked, added.state, added.package, warning=_warning(added.package))


def _probed(package: InstalledPackage, store: ArgosStore) -> Outcome:
    try:
        found = store.probe(package)
    except PolypressError as error:
        return Outcome(package.ref.name, "failed", package, error)
    return Outcome(package.ref.name, "probed", found, warning=_warning(found))


def _warning(package: InstalledPackage) -> str:
    return "" if package.traits.forms else f"{package.ref.name}: {KEEPS_NOTHING}"
