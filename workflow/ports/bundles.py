"""What publishing needs: a public folder, and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol


class BundleStore(Protocol):
    """The public folder: content-addressed objects, releases, and the pointer to the live one."""

    def put(self, body: bytes) -> str:
        """Store an object if it is not there yet; returns its SHA-256. Raises OutsideError."""
        ...

    def get(self, digest: str) -> bytes:
        """An object's bytes. Raises BundleError if it is missing or not what its digest says."""
        ...

    def has(self, digest: str) -> bool:
        """Whether there is such an object; its bytes are not read."""
        ...

    def release(self) -> bytes | None:
        """The bytes of the live `release.json`, None before the first publish."""
        ...

    def switch(self, release: bytes, serial: int) -> bool:
        """Make a release live in one step and record it; False if these bytes are live already.

        All objects that were put before are on the disk then. Raises OutsideError.
        """
        ...

    def record(self, serial: int, release: bytes) -> None:
        """Keep the bytes of a release that was live. Raises OutsideError."""
        ...

    def serials(self) -> tuple[int, ...]:
        """The serials of all releases that are recorded, lowest first."""
        ...

    def recorded(self) -> Mapping[int, bytes]:
        """The bytes of all releases that were live, by serial."""
        ...

    def forget(self, serial: int) -> None:
        """Remove the record of a release. Raises OutsideError."""
        ...

    def digests(self) -> Iterator[str]:
        """All objects there are."""
        ...

    def size(self, digest: str) -> int:
        """How many bytes an object takes with its compressed forms; 0 if it is not there."""
        ...

    def remove(self, digest: str) -> int:
        """Remove an object with its compressed forms; how many bytes that gave back."""
        ...

    def sweep(self, seconds: float) -> int:
        """Remove temporary files older than this, left by a process that was killed; how many."""
        ...


class Keys(Protocol):
    """The keys that releases are signed with."""

    def public(self) -> tuple[str, ...]:
        """The public keys as `ed25519:<base64>`, sorted; empty if there is none."""
        ...

    def sign(self, payload: bytes) -> Mapping[str, str]:
        """A signature (base64) by each key, by its public key. Raises SettingsError."""
        ...


class Signatures(Protocol):
    """Checks signatures."""

    def verify(self, key: str, payload: bytes, signature: str) -> bool:
        """Whether a signature (base64) of a public key is over these bytes; never raises."""
        ...


class NoKeys:
    """Implements `Keys` where nobody has made any: releases are not signed."""

    def public(self) -> tuple[str, ...]:
        """None."""
        return ()

    def sign(self, payload: bytes) -> Mapping[str, str]:
        """No signature."""
        del payload
        return {}
