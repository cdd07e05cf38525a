"""What pulling needs: the published folder somewhere, and the folder of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, Annotated, Protocol

from pydantic import Field

from workflow.bundle.forms import Digest
from workflow.bundle.releases import PublicKey


@dataclass(frozen=True, slots=True)
class Pointer:
    """The bytes of a `release.json`, and the ETag by which its server knows them (or empty)."""

    body: bytes
    etag: str = ""


class Remote(Protocol):
    """A published folder that is read from elsewhere; nothing in it is trusted."""

    @property
    def address(self) -> str:
        """Where it is, as it may stand in a message: without user and password."""
        ...

    @property
    def moved(self) -> int:
        """The bytes of bodies that have come in so far, as they were sent (compressed or not)."""
        ...

    def release(self, etag: str = "") -> Pointer | None:
        """Its `release.json`, None if it is still the one of this ETag. Raises OutsideError."""
        ...

    def fetch(self, digest: str, into: IO[bytes]) -> bool:
        """Write an object's bytes to a new file; False if there is no such object.

        May be called by several threads at a time. Raises BundleError for other bytes than the
        digest says, OutsideError if they cannot be had.
        """
        ...

    def close(self) -> None:
        """End all connections."""
        ...


@dataclass(frozen=True, slots=True)
class LastPull:
    """What a site remembers from its last good pull (`pull.json`).

    `release` is the SHA-256 of its `release.json`, `payload` that of what is signed of it; `keys`
    are those that the next release must be signed by one of; `given` are those that a person has
    named and that have had their effect.
    """

    serial: Annotated[int, Field(ge=0)] = 0
    release: Digest | None = None
    payload: Digest | None = None
    url: str = ""
    etag: str = ""
    keys: tuple[PublicKey, ...] = ()
    given: tuple[PublicKey, ...] = ()


class SiteObjects(Protocol):
    """The objects that a site has, by their SHA-256."""

    def has(self, digest: str) -> bool:
        """Whether there is such an object; its bytes are not read."""
        ...

    def read(self, digest: str) -> bytes | None:
        """An object's bytes, None if it is missing or damaged. Raises OutsideError."""
        ...

    def keeping(self, digest: str) -> AbstractContextManager[IO[bytes]]:
        """A new file that becomes this object when all is written, and vanishes on an error."""
        ...

    def digests(self) -> Iterator[str]:
        """All objects there are."""
        ...

    def remove(self, digest: str) -> None:
        """Remove an object if it is there. Raises OutsideError."""
        ...


@dataclass(frozen=True, slots=True)
class SectionFile:
    """One file of a section: its path in it, and its bytes; `object` if it is that object.

    With `earlier` it is the file of the same path in that section, and `body` is not looked at.
    """

    path: str
    body: bytes = b""
    object: str = ""
    earlier: str = ""


class SiteSections(Protocol):
    """Collections as plain files, by a digest of all that they are made of; they never change."""

    def has(self, name: str) -> bool:
        """Whether a section is there, and looks as it did when it was built."""
        ...

    def build(self, name: str, files: Iterable[SectionFile]) -> None:
        """Write a section whole, in place of a damaged one if there is one. Raises OutsideError."""
        ...

    def items(self, name: str) -> tuple[str, ...]:
        """The names of all files of items in a section. Raises OutsideError."""
        ...

    def names(self) -> tuple[str, ...]:
        """All sections there are."""
        ...

    def remove(self, name: str) -> None:
        """Remove a section if it is there. Raises OutsideError."""
        ...


@dataclass(frozen=True, slots=True)
class Tree:
    """A release as a site has it: `manifests` and `sections` by locale, the latter by collection.

    `release` is the SHA-256 of its `release.json`.
    """

    serial: int
    release: str
    manifests: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class SiteTrees(Protocol):
    """The releases that a site has; `current` is the one that its pages are made of."""

    def current(self) -> str:
        """The name of the current tree, empty if there is none."""
        ...

    def names(self) -> tuple[str, ...]:
        """All trees there are, the newest first."""
        ...

    def stands(self, tree: Tree) -> bool:
        """Whether this tree is current and whole."""
        ...

    def plant(self, tree: Tree) -> str:
        """Write a tree under a new name, which is returned; readers do not see it yet."""
        ...

    def switch(self, name: str) -> None:
        """Make a tree the current one in one step. Raises OutsideError."""
        ...

    def release(self, name: str) -> bytes | None:
        """The `release.json` of a tree, None if it cannot be read."""
        ...

    def sections(self, name: str) -> frozenset[str]:
        """The names of all sections that a tree leads to."""
        ...

    def remove(self, name: str) -> None:
        """Remove a tree. Raises OutsideError."""
        ...


class Site(Protocol):
    """The folder of a site."""

    @property
    def objects(self) -> SiteObjects:
        """Its objects."""
        ...

    @property
    def sections(self) -> SiteSections:
        """Its sections."""
        ...

    @property
    def trees(self) -> SiteTrees:
        """Its trees."""
        ...

    def opened(self) -> AbstractContextManager[bool]:
        """Hold the folder alone; says whether an earlier pull did not come to its end.

        Raises LockedError if another pull holds it, OutsideError if it cannot be used.
        """
        ...

    def last(self) -> LastPull | None:
        """What is remembered, None before the first good pull. Raises BundleError if damaged."""
        ...

    def remember(self, last: LastPull) -> None:
        """Keep this for the next pull. Raises OutsideError."""
        ...

    def flush(self) -> None:
        """Wait until all that was written is on the disk."""
        ...
