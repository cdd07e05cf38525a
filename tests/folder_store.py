"""The port `PackageStore` over folders that a test has made, recorded when the store is made."""

from __future__ import annotations

import json
from pathlib import Path

from workflow.errors import PackageError, Place
from workflow.model import PackageRef, digest_of
from workflow.ports import InstalledPackage


class FolderStore:
    """Every folder in `root` is a package; `checks=False` makes `verify` accept anything."""

    def __init__(self, root: Path, *, checks: bool = True) -> None:
        self._digests = {folder: _digest(folder) for folder in sorted(root.iterdir())}
        self._packages = tuple(_package(*item) for item in self._digests.items())
        self._checks = checks
        self.verified: list[str] = []

    def installed(self) -> tuple[InstalledPackage, ...]:
        return self._packages

    def verify(self, package: InstalledPackage) -> None:
        self.verified.append(package.ref.name)
        if self._checks and _digest(package.folder) != package.ref.sha256:
            raise PackageError(
                f"package {package.ref.name} is not what was installed",
                fix="install it again",
                place=Place(path=str(package.folder)),
            )

    def ref(self, source: str, target: str) -> PackageRef:
        for package in self._packages:
            if (package.ref.source, package.ref.target) == (source, target):
                return package.ref
        raise LookupError(source, target)


def _package(folder: Path, digest: str) -> InstalledPackage:
    about = json.loads((folder / "metadata.json").read_text("utf-8"))
    version = about["package_version"]
    ref = PackageRef(about["from_code"], about["to_code"], version, digest)
    return InstalledPackage(ref=ref, folder=folder)


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest_of("".join(digest_of(path.read_bytes()) for path in files))
