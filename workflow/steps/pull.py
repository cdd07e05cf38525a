"""Pull: a site gets a release completely, verified, and switches to it in one step."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from workflow.bundle import Release, payload_of
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.ports import MessageCompiler, Signatures
from workflow.ports.pulling import LastPull, Pointer, Remote, Site, Tree
from workflow.steps.project import Progress, silent
from workflow.steps.pull_clearing import clear, clear_unfinished
from workflow.steps.pull_depot import Depot, GoneError
from workflow.steps.pull_earlier import Earlier, earlier
from workflow.steps.pull_sections import Builder, Wanted, chosen, manifests_of, wanted_of
from workflow.steps.pull_trust import Trust

PAUSES = (0.0, 0.5, 2.0)
"""Seconds before the pointer is read again because an object was gone; then the pull fails."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a pull.

    No `locales`: all. `keep` is how many trees stay, the current one among them; with `rebuild`
    all sections are built again.
    """

    trust: Trust = field(default_factory=Trust)
    locales: tuple[str, ...] = ()
    parallel: int = 8
    keep: int = 3
    rebuild: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """What a pull works with; `form` stands for the code by which the files of items are made."""

    signatures: Signatures
    compiler: MessageCompiler
    form: str = ""
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did.

    `before` is the serial that was there; `switched` says whether there is a new tree. `sections`
    were built; of the objects they needed, `fetched` came from elsewhere and `reused` were here;
    `moved` are the bytes of bodies that came in.
    """

    url: str
    tree: str
    serial: int
    before: int
    switched: bool
    signed: bool
    released: str
    locales: tuple[str, ...]
    sections: int
    fetched: int
    reused: int
    moved: int


def pull(
    site: Site, remote: Remote, asked: Asked, *, tools: Tools, progress: Progress = silent
) -> Pulled:
    """Bring a site to the release that is live elsewhere.

    Raises UsageError if it is not said whom to trust or a locale is not there, BundleError for a
    release that cannot be taken, LockedError, and OutsideError. The site then is as it was, but
    for objects that have come already: the next pull goes on with them.
    """
    asked.trust.refuse_if_none(_last(site))
    with site.opened() as unfinished:
        last = _last(site)
        if unfinished:
            clear_unfinished(site)
        depot = Depot(site.objects, remote, parallel=asked.parallel, progress=progress)
        work = _Pull(site, remote, asked, tools, progress, last, depot)
        pulled = work.settled()
        clear(site, keep=asked.keep, thorough=unfinished)
        return pulled


def _last(site: Site) -> LastPull:
    last = site.last()
    if last is None and site.trees.current():
        raise BundleError(
            "there is a release in this folder, but no pull.json that says whom it trusts",
            fix="bring pull.json back from a copy, or pull into an empty folder with --key",
        )
    return last or LastPull()


@dataclass(frozen=True, slots=True)
class _Pull:
    """One pull under way."""

    site: Site
    remote: Remote
    asked: Asked
    tools: Tools
    progress: Progress
    last: LastPull
    depot: Depot

    def settled(self) -> Pulled:
        """With the release that the pointer names, or the next if that one is being cleared."""
        pauses = iter(PAUSES)
        while True:
            pointer = self._pointer()
            release = self.asked.trust.accepted(pointer.body, self.last, self.tools.signatures)
            try:
                return self._brought(release, pointer)
            except GoneError:
                pause = next(pauses, None)
                if pause is None:
                    raise
                self.tools.sleep(pause)

    def _pointer(self) -> Pointer:
        """The live pointer; what is here already is not sent again, if it is still the same."""
        last, etag = self.last, ""
        known = self.site.objects.read(last.release) if last.release else None
        if known is not None and last.url == self.remote.address:
            etag = last.etag
        return self.remote.release(etag) or Pointer(known or b"", etag)

    def _brought(self, release: Release, pointer: Pointer) -> Pulled:
        locales = chosen(release, self.asked.locales)
        self._keep(pointer.body)
        manifests = manifests_of(release, self.depot)
        wanted = wanted_of(manifests, locales, self.tools.form)
        lacking = [one for one in wanted if self._lacks(one)]
        if lacking:
            tools = self.depot, self.site.sections, self.tools.compiler
            Builder(*tools, self._earlier).build(lacking, manifests, self.progress)
        tree = _tree(release, digest_of(pointer.body), locales, wanted)
        switched = self._switched(tree, self._next(release, pointer), built=bool(lacking))
        return self._told(release, locales, sections=len(lacking), switched=switched)

    def _keep(self, body: bytes) -> None:
        """The release is an object here like all others."""
        digest = digest_of(body)
        if self.site.objects.read(digest) is None:
            with self.site.objects.keeping(digest) as into:
                into.write(body)

    def _lacks(self, one: Wanted) -> bool:
        return self.asked.rebuild or not self.site.sections.has(one.name)

    def _earlier(self, one: Wanted) -> Earlier:
        if self.asked.rebuild:
            return Earlier()
        return earlier(self.site, one.manifest.locale, one.collection, self.tools.form)

    def _switched(self, tree: Tree, now: LastPull, *, built: bool) -> bool:
        """Make a tree current if it is not.

        First it is remembered: after a pull that is killed in between, no older one is taken.
        """
        if built:
            self.site.flush()  # before any tree leads to it
        switch = not self.site.trees.stands(tree)
        name = self.site.trees.plant(tree) if switch else ""
        if now != self.last:
            self.site.remember(now)
        if switch:
            self.site.trees.switch(name)
        return switch

    def _next(self, release: Release, pointer: Pointer) -> LastPull:
        return replace(
            self.last,
            serial=release.serial,
            release=digest_of(pointer.body),
            payload=digest_of(payload_of(pointer.body)),
            url=self.remote.address,
            etag=pointer.etag,
            keys=release.keys,
            given=self.asked.trust.remembered(
                release, pointer.body, self.last, self.tools.signatures
            ),
        )

    def _told(
        self, release: Release, locales: tuple[str, ...], *, sections: int, switched: bool
    ) -> Pulled:
        return Pulled(
            url=self.remote.address,
            tree=self.site.trees.current(),
            serial=release.serial,
            before=self.last.serial,
            switched=switched,
            signed=bool(release.keys),
            released=release.released,
            locales=locales,
            sections=sections,
            fetched=self.depot.fetched,
            reused=self.depot.reused,
            moved=self.remote.moved,
        )


def _tree(release: Release, digest: str, locales: tuple[str, ...], wanted: list[Wanted]) -> Tree:
    sections: dict[str, dict[str, str]] = {locale: {} for locale in locales}
    for one in wanted:
        sections[one.manifest.locale][one.collection] = one.name
    manifests = {locale: release.manifests[locale] for locale in locales}
    return Tree(release.serial, digest, manifests, sections)
