"""One tree of errors: each class says when it is raised, and carries its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something went wrong; every part is optional, lines count from 1."""

    path: str = ""
    line: int = 0
    key: str = ""
    locale: str = ""
    unit: str = ""

    def __str__(self) -> str:
        """The place in the usual form `path:line, key …, locale …, unit …`."""
        where = f"{self.path}:{self.line}" if self.path and self.line else self.path
        named = [(self.key, "key"), (self.locale, "locale"), (self.unit, "unit")]
        return ", ".join([where] * bool(where) + [f"{word} {text}" for text, word in named if text])


class PolypressError(Exception):
    """Root of the tree: says what happened, where, and what to do.

    `exit_code` is the code with which the command line ends (design, section 4b).
    """

    exit_code = 1

    def __init__(self, what: str, *, fix: str = "", place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.place = place or Place()

    def __str__(self) -> str:
        """One message: place, what, and what to do."""
        where = str(self.place)
        text = f"{where}: {self.what}" if where else self.what
        return f"{text} ({self.fix})" if self.fix else text


class UsageError(PolypressError):
    """A command was called with arguments that cannot be."""

    exit_code = 2


class SettingsError(PolypressError):
    """`polypress.toml` or the environment holds something that is not allowed."""

    exit_code = 3


class LocaleError(SettingsError):
    """A locale tag is not well-formed BCP 47, or CLDR does not know its language."""


class LockedError(PolypressError):
    """Another process holds a lock that this one needs."""

    exit_code = 4


class OutsideError(PolypressError):
    """Something outside failed: the disk, the network, a service."""

    exit_code = 5


class ContentError(PolypressError):
    """A source file cannot be read as content; the other files go on."""


class CatalogError(PolypressError):
    """A catalog cannot be read as PO; the file stays as it is, other catalogs go on."""


class PackageError(PolypressError):
    """An Argos package is not acceptable, damaged, or not what was recorded at installation."""


class RouteError(PolypressError):
    """No chain of installed packages leads from the source language to the target."""


class CancelledError(PolypressError):
    """A job was cancelled while it was being planned."""


class BundleError(PolypressError):
    """A bundle or release on disk is not what its digest says."""
