"""A small real project that is published again and again, and a site that follows it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.publishing import forked
from tests.publishing.forked import Fate
from tests.publishing.whole import Fetch, files_of, public_files, signed, site_whole, whole
from workflow.bootstrap_publishing import open_keys
from workflow.bundle import Release

COLLECTIONS = ("notices", "pages", "events")
LOCALES = ("es", "ar")
ITEMS = 8
KEEP = 2
"""Releases that `gc` keeps: what a reader asks for is there for one release more."""
TEMPORARY = {".tmp", ".part"}
LIMIT = 60.0
"""Seconds that a program may take."""
SETTINGS = """\
[project]
name = "City"
source = "en"
locales = [{locales}]

[publish]
keep = {keep}
"""
COLLECTION = """
[collections.{name}]
path = "content/{name}"
format = "markdown"
fields = ["title", "body"]
"""
ITEM = """\
---
title: The {name} of {collection}
date: 2026-01-{day:02}
---

It is open as before.

{text}
"""


@dataclass(slots=True)
class City:
    """The project in `root`; `key` is what it signs with, `left` how often it has been changed."""

    root: Path
    collections: tuple[str, ...] = COLLECTIONS
    items: int = ITEMS
    locales: tuple[str, ...] = LOCALES
    changes: int = 0
    key: str = ""
    told: Path | None = None

    @property
    def public(self) -> Path:
        return self.root / "var" / "public"

    @property
    def log(self) -> Path:
        """What programs say; `told` puts it elsewhere: a full disk has no room for it."""
        return self.told or self.root / "said.txt"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def begin(self) -> City:
        """Write the project, publish and pull it for the first time."""
        settings = SETTINGS.format(locales=", ".join(map(json.dumps, self.locales)), keep=KEEP)
        settings += "".join(COLLECTION.format(name=name) for name in self.collections)
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "polypress.toml").write_text(settings, "utf-8")
        for name in self.collections:
            for number in range(self.items):
                self.write(name, number, "Bring a towel.")
        self.key = open_keys(self.root).new("main").public
        forked.warm("--project", str(self.root), "publish", "--quiet")
        self.done("pull", *self.pulling(), "--key", self.key)
        return self

    def write(self, collection: str, number: int, text: str) -> None:
        path = self.root / "content" / collection / f"item{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = ITEM.format(
            name=f"item {number}", collection=collection, day=number % 28 + 1, text=text
        )
        path.write_text(body, "utf-8")

    def change(self, *, much: int = 1) -> None:
        """Another text in so many collections; never the same twice."""
        for name in self.collections[:much]:
            self.changes += 1
            self.write(name, self.changes % self.items, f"It was changed {self.changes} times.")

    def pulling(self) -> tuple[str, ...]:
        return str(self.public), str(self.site)

    # Programs.

    def start(
        self,
        *words: str,
        log: Path | None = None,
        fate: Fate | None = None,
    ) -> forked.Program:
        """The real program in a process that has imported all it needs; see `forked`."""
        command = ("--project", str(self.root), *words, "--quiet")
        return forked.start(command, log or self.log, fate or Fate())

    def done(self, *words: str, expect: tuple[int, ...] = (0,)) -> forked.Ended:
        """Run a program to its end. Raises AssertionError for another exit code."""
        ended = self.start(*words).wait(LIMIT)
        assert ended.code in expect, f"{words} ended with {ended.code}: {self.said()}"
        return ended

    def said(self) -> str:
        """What the last programs told, as far as it matters here."""
        return (self.log).read_text("utf-8")[-2_000:]

    # What is there.

    def pointer(self) -> bytes:
        return (self.public / "release.json").read_bytes()

    def live(self) -> Release:
        """The live release, after all of it was compared with its digests."""
        return self.checked(public_files(self.public))

    def checked(self, fetch: Fetch) -> Release:
        release = signed(fetch("release.json"), self.key)
        whole(fetch, release)
        return release

    def seen(self) -> Release:
        """What the site shows, after all of it was compared with its digests."""
        return site_whole(self.site, self.key)

    def temporary(self) -> list[Path]:
        """What killed programs left half written, wherever in the project."""
        return [path for path in files_of(self.root) if path.suffix in TEMPORARY]

    def age(self, hours: float = 2.0) -> None:
        """Let what was left half written be so old that `gc` takes it for that."""
        then = time.time() - hours * 3600
        for path in self.temporary():
            os.utime(path, (then, then))
