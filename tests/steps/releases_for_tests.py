"""A town whose releases can be made, looked into and damaged, over the real folder or the fake."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from tests.fake_bundles import FakeBundles
from tests.steps.project_for_tests import Place, place
from workflow.adapters.bundles.folder import BundleFolder
from workflow.adapters.withdrawals import WithdrawalsFile
from workflow.bundle import Entry, ItemObject, Manifest, Release
from workflow.steps.history import entries_of, history, manifests_of
from workflow.steps.project import Project
from workflow.steps.publish import Publication
from workflow.steps.rollback import RolledBack, rollback
from workflow.steps.unpack import unpack
from workflow.steps.withdraw import Withdrawn, withdraw
from workflow.withdrawn import Withdrawal


def minute(number: int) -> str:
    """A time: so many minutes after noon."""
    return f"2026-01-31T{12 + number // 60:02}:{number % 60:02}:00+00:00"


@dataclass
class Town:
    """A project in English with Spanish and Arabic; every release comes a minute after the last."""

    place: Place
    clock: int = 0

    @property
    def project(self) -> Project:
        """With the table of withdrawn items as it is now, as a command opens it."""
        return self.place.with_(withdrawn=self.table.read()).project

    @property
    def table(self) -> WithdrawalsFile:
        return WithdrawalsFile(self.place.root)

    @property
    def store(self) -> BundleFolder:
        return self.place.project.bundles  # type: ignore[return-value]

    def tick(self) -> str:
        self.clock += 1
        return minute(self.clock)

    def notice(self, name: str, title: str, body: str = "", **front: str) -> None:
        head = "".join(f"{key}: {value}\n" for key, value in {"title": title, **front}.items())
        self.place.write(f"notices/{name}.md", f"---\n{head}---\n\n{body}\n")

    def publish(self, at: str | None = None) -> Publication:
        """What has no translation ships as source text."""
        return Place(self.project, self.place.engine).publish(at or self.tick())

    def rollback(self, serial: int | None = None, at: str | None = None) -> RolledBack:
        return rollback(self.project, serial, at=at or self.tick())

    def withdraw(self, item: str, why: str = "") -> Withdrawn:
        return withdraw(self.project, self.table, item, why=why)

    @property
    def live(self) -> Release:
        return history(self.store).live

    def manifests(self, serial: int | None = None) -> dict[str, Manifest]:
        found = history(self.store)
        return manifests_of(self.store, found.live if serial is None else found.release(serial))

    def entries(self, locale: str = "es", serial: int | None = None) -> dict[str, Entry]:
        """The entries of a release (the live one) by `<collection>:<item>`."""
        sections = self.manifests(serial)[locale].collections
        return {
            f"{name}:{entry.item}": entry
            for name, section in sections.items()
            for entry in entries_of(self.store, section)
        }

    def texts(self, locale: str = "es") -> dict[str, str]:
        """What is live, by `<collection>:<item>#<field>`; all of it is there and as it is told."""
        list(unpack(self.store, self.project.compiler, locale))
        objects = [
            ItemObject.parse(self.store.get(one.object)) for one in self.entries(locale).values()
        ]
        units = [unit for one in objects for unit in one.units]
        return {unit.id.partition("@")[0]: unit.text for unit in units}

    def items(self) -> dict[str, set[str]]:
        """The live items of each locale, without their collection."""
        return {
            tag: {key.partition(":")[2] for key in self.entries(tag)} for tag in self.live.manifests
        }

    def everywhere(self, *items: str) -> bool:
        """Whether just these items are live in every locale, and all of it is sound."""
        for tag in self.live.manifests:
            self.texts(tag)
        return set(map(frozenset, self.items().values())) == {frozenset(items)}

    def lose(self, digest: str) -> None:
        assert self.store.remove(digest)


def town(root: Path, *, fake: bool = True) -> Town:
    """A pool, a library and a market, translated; nothing is published yet."""
    made = place(root)
    found = Town(made.with_(bundles=FakeBundles()) if fake else made)
    found.notice("pool", "The pool is open", "Admission is 5 euros.\n\nBring a towel.")
    found.notice("library", "The library is shut", "Sorry.", date="2026-01-02")
    found.notice("market", "The market moves", "It is in the square.")
    made.translate()
    return found


def two_releases(root: Path, *, fake: bool = True) -> Town:
    """The same town with a release, and a second one in which a fair is there, too."""
    made = town(root, fake=fake)
    made.publish()
    made.notice("fair", "The fair comes", "With music.")
    made.place.translate()
    made.publish()
    return made


def copied(town: Town, root: Path) -> Town:
    """The same in another folder; to make it is dear, to copy it is not."""
    shutil.copytree(town.place.root, root, dirs_exist_ok=True)
    made = place(root)
    store = town.store
    fake = isinstance(store, FakeBundles)
    return Town(made.with_(bundles=deepcopy(store)) if fake else made, town.clock)


def rows(**whys: str) -> Mapping[str, Withdrawal]:
    """A table that withdraws these notices."""
    return {f"notices:{item}": Withdrawal("notices", item, why=why) for item, why in whys.items()}
