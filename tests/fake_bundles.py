"""The port `BundleStore` in a dictionary, held to the contract of the folder."""

from __future__ import annotations

import re

from workflow.errors import BundleError
from workflow.model import digest_of


class FakeBundles:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.pointer: bytes | None = None

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

    def switch(self, release: bytes) -> bool:
        if release == self.pointer:
            return False
        self.pointer = release
        return True
