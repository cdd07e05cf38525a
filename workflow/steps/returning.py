"""Returning: which items of an older release may be shown again today, and why not the others.

What people have said since holds for old texts, too: an item that is withdrawn, out of its time or
recalled stays out everywhere, one whose text a person doubts stays out in that text's locale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workflow import catalog
from workflow.bundle import Entry, ItemObject, Manifest, PublishedUnit, Section
from workflow.errors import BundleError, PolypressError
from workflow.model import Message, Review
from workflow.pseudo import names_pseudo
from workflow.steps.contents import Contents
from workflow.steps.deriving import DAMAGED, Keep
from workflow.steps.history import collections_of, entries_of
from workflow.steps.lifetimes import Lifetimes, items_of
from workflow.steps.project import Project
from workflow.steps.recalling import Recalls
from workflow.steps.sections import revision_of

NEEDS_WORK = "a person has marked this text as needing work"
CONFLICT = "people disagree on this text"
PSEUDO = "this is pseudo text"
UNREAD = "its file cannot be read now, so nobody can tell whether it was recalled"

Doubts = Mapping[tuple[str, str], str]
"""Why a text is in doubt, by context and text."""


@dataclass(slots=True)
class Returning:
    """What of an older release may return; `contents` are today's, by collection.

    `failures` are catalogs that could not be read: what people said there is not known.
    """

    project: Project
    contents: Mapping[str, Contents]
    lifetimes: Lifetimes
    failures: list[PolypressError] = field(default_factory=list)
    _everywhere: dict[str, str] = field(default_factory=dict)
    _here: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, contents: Sequence[Contents], at: str) -> Returning:
        """By what the content says today."""
        named = {one.collection.name: one for one in contents}
        return cls(project, named, Lifetimes(project, items_of(contents), at))

    def rule(self, manifests: Mapping[str, Manifest]) -> Keep:
        """What becomes of each entry of these manifests. Raises BundleError for a lost shard."""
        for name in collections_of(manifests.values()):
            sections = {
                tag: manifest.collections[name]
                for tag, manifest in manifests.items()
                if name in manifest.collections
            }
            if name in self.contents:
                self._compare(name, sections)
            self._ask_people(name, sections)
        return self._judge

    def _judge(self, tag: str, name: str, entry: Entry) -> Entry | str:
        key = f"{name}:{entry.item}"
        kept = self.lifetimes.returning(tag, name, entry)
        if isinstance(kept, str):
            return kept
        return self._everywhere.get(key) or self._here.get((tag, key)) or kept

    def _compare(self, name: str, sections: Mapping[str, Section]) -> None:
        """With today's content, as far as that has changed."""
        contents = self.contents[name]
        items = {item.id: item for item in contents.items}
        recalls = Recalls(self.project, items)
        revision = revision_of(contents)
        for tag, section in sections.items():
            if section.revision == revision and not contents.unread:
                continue
            for entry, found in self._objects(tag, name, section):
                if entry.item not in items and _is_unread(found, contents):
                    self._everywhere[f"{name}:{entry.item}"] = UNREAD
                elif why := recalls.why(found):
                    self._everywhere[f"{name}:{entry.item}"] = why

    def _ask_people(self, name: str, sections: Mapping[str, Section]) -> None:
        """Whether the catalogs doubt a text that would return."""
        domains = {one.name: one.domain for one in self.project.collections}
        for tag, section in sections.items():
            pseudo = any(map(names_pseudo, section.packages))
            doubts = self._doubts(tag, domains[name]) if name in domains else {}
            items = {context.partition("#")[0] for context, _ in doubts}
            for entry, found in self._objects(tag, name, section) if pseudo or items else ():
                if pseudo or entry.item in items:
                    why = next(filter(None, (_doubt(unit, doubts) for unit in found.units)), "")
                    self._here |= {(tag, f"{name}:{entry.item}"): why} if why else {}

    def _doubts(self, tag: str, domain: str) -> Doubts:
        """What a catalog says against its own texts; the source locale has none."""
        try:
            messages = () if tag == self.project.source else self.project.catalogs.read(tag, domain)
        except PolypressError as error:
            self.failures.append(error)
            return {}
        return {(context, text): why for one in messages for context, text, why in _against(one)}

    def _objects(self, tag: str, name: str, section: Section) -> Iterator[tuple[Entry, ItemObject]]:
        """Entries with their objects: a damaged one stays out, a lost one is passed by."""
        store = self.project.bundles
        for entry in entries_of(store, section):
            if not store.has(entry.object):
                continue
            try:
                yield entry, ItemObject.parse(store.get(entry.object))
            except BundleError:
                self._here[tag, f"{name}:{entry.item}"] = DAMAGED


def _is_unread(found: ItemObject, contents: Contents) -> bool:
    path = PurePosixPath(found.path)
    return found.item in contents.unsure or any(map(path.is_relative_to, contents.unread))


def _against(message: Message) -> Iterator[tuple[str, str, str]]:
    """Context, text and reason of each text that an entry holds and a person doubts."""
    context = message.context or ""
    if catalog.facts_of(message).review is Review.NEEDS_WORK:
        yield from ((context, text, NEEDS_WORK) for text in message.translations)
    others = catalog.conflicts(message)
    if others:
        texts = (*message.translations, *others, "\n".join(others))
        yield from ((context, text, CONFLICT) for text in texts)


def _doubt(unit: PublishedUnit, doubts: Doubts) -> str:
    """Why a published text must not return, empty if it may."""
    if names_pseudo(unit.label.packages) and unit.label.review != Review.APPROVED:
        return PSEUDO
    context = unit.id.partition(":")[2].rpartition("@")[0]
    return doubts.get((context, unit.text), "")
