"""The port `BundleStore` in a dictionary, held to the contract of the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.errors import BundleError
from workflow.model import digest_of


class FakeBundles:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.pointer: bytes | None = None
        self.releases: dict[int, bytes] = {}

    def put(self, body: bytes) -> str:
        digest = digest_of(body)
        self.objects[digest] = body
        return digest

    def get(self, digest: str) -> bytes:
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise BundleError("no SHA-256 digest", fix="publish again")
        if digest not in self.objects:
            raise BundleError("object missing", fix="publish again")
        if digest_of(self.objects[digest]) != digest:
            raise BundleError("object damaged", fix="publish again")
        return self.objects[digest]

    def release(self) -> bytes | None:
        return self.pointer

    def has(self, digest: str) -> bool:
        return digest in self.objects

    def switch(self, release: bytes, serial: int) -> bool:
        if release == self.pointer:
            return False
        self.pointer = release
        self.record(serial, release)
        return True

    def record(self, serial: int, release: bytes) -> None:
        self.releases[serial] = release

    def serials(self) -> tuple[int, ...]:
        return tuple(sorted(self.releases))

    def recorded(self) -> dict[int, bytes]:
        return {serial: self.releases[serial] for serial in self.serials()}

    def forget(self, serial: int) -> None:
        self.releases.pop(serial, None)

    def digests(self) -> Iterator[str]:
        yield from list(self.objects)

    def size(self, digest: str) -> int:
        return len(self.objects.get(digest, b""))

    def remove(self, digest: str) -> int:
        return len(self.objects.pop(digest, b""))

    def sweep(self, seconds: float) -> int:
        del seconds
        return 0
