"""The engine over installed Argos packages: routes, and decoders loaded when first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from workflow.adapters.argos.devices import (
    AskedDevice,
    Device,
    chosen,
    cuda_cards,
    usable_cores,
)
from workflow.adapters.argos.heap import share_one
from workflow.adapters.argos.keeping import Keeping
from workflow.adapters.argos.routes import find_detour, find_route, language_code
from workflow.adapters.argos.sizes import Sizes, on_card, on_processor, with_replicas
from workflow.adapters.argos.tuning import TuningFile
from workflow.errors import PackageError
from workflow.model import DecodeParameters, PackageRef, Route, Traits
from workflow.ports import Hypotheses, InstalledPackage, PackageStore

if TYPE_CHECKING:
    from workflow.adapters.argos.decoder import Decoder, LoadTranslator


class ArgosEngine:
    """The port `Engine` on CTranslate2, safe to use from many threads, which share loaded packages.

    `codes` maps locales to Argos' codes and `pivots` target locales to a language that the route
    has to go through. `replicas` is how many batches are decoded at a time, each on one thread
    (default: what `tuning` says of a package, else one for each core that this process may use).
    `device` is `cpu`, `cuda`, or `auto` for a CUDA card if `cards` counts one. `memory` is how many
    bytes packages may take (None: no limit): beyond it the least recently used ones that no call
    works with are dropped, but never the last one. `load` opens a model folder with that many
    replicas; the benchmark wraps it.

    Loading sets `OMP_NUM_THREADS=1` for this process and its children unless it is set: the threads
    of OpenMP are not needed, and can dead-lock when the process ends.
    """

    def __init__(  # noqa: PLR0913 - each option stands for itself
        self,
        store: PackageStore,
        *,
        codes: Mapping[str, str] | None = None,
        pivots: Mapping[str, str] | None = None,
        replicas: int | None = None,
        memory: int | None = None,
        device: AskedDevice = "auto",
        tuning: TuningFile | None = None,
        load: LoadTranslator | None = None,
        cards: Callable[[], int] | None = None,
    ) -> None:
        self._store = store
        self._codes = dict(codes or {})
        self._pivots = dict(pivots or {})
        self._replicas = replicas
        self._memory = memory
        self._device = device
        self._tuning = tuning
        self._load = load
        self._cards = cards
        self._keepings: dict[int, Keeping] = {}

    def route(self, source: str, target: str) -> Route:
        """The packages from one locale to another. Raises RouteError."""
        refs = [package.ref for package in self._store.installed()]
        pivot = self._pivots.get(target)
        codes = {ref.source for ref in refs} | {ref.target for ref in refs}
        start, end = (
            language_code(tag, codes=self._codes, installed=codes) for tag in (source, target)
        )
        through = language_code(pivot, codes=self._codes, installed=codes) if pivot else None
        return find_route(refs, start, end, pivot=through)

    def traits(self, package: PackageRef) -> Traits:
        """What the package's record says of it."""
        found = (each.traits for each in self._store.installed() if each.ref == package)
        return next(found, Traits())

    def detour(self, route: Route) -> Route | None:
        """The shortest route between the same languages that leaves out one of the packages."""
        return find_detour([package.ref for package in self._store.installed()], route)

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        """Hypotheses for each segment in the order given; equal segments are decoded once.

        `progress` gets counts that add up to the number of segments. A segment of more than 200
        pieces is decoded in parts, cut at spaces; an answer is bounded by the length of its part
        and has at most 256 pieces, so decoding always ends. What did not end by itself is left
        out; if that is all, the text is empty. Raises PackageError, or SettingsError if there is
        no such device.
        """
        from workflow.adapters.argos.pooling import translated  # noqa: PLC0415 - see _opened

        return self._keeping().lend(
            package, lambda decoder: translated(decoder, segments, parameters, progress)
        )

    def loaded(self) -> tuple[tuple[PackageRef, int], ...]:
        """The packages that this process has in memory, with bytes; least recently used first."""
        return self._keeping().loaded()

    def _keeping(self) -> Keeping:
        """This process's own: a child loads anew, since neither CTranslate2 nor a lock survives.

        A parent's stay referenced in its child: to end them there would wait for threads that are
        not there.
        """
        new = Keeping(self._verified, self._opened, memory=self._memory)
        return self._keepings.setdefault(os.getpid(), new)

    def _opened(self, package: InstalledPackage) -> Decoder:
        """Load a package.

        CTranslate2 and numpy are imported here, not above: that takes half a second, which a
        command that decodes nothing should not spend; and OpenMP reads its setting on the way.
        """
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from workflow.adapters.argos import decoder  # noqa: PLC0415

        share_one()
        device = chosen(self._device, self._cards or cuda_cards)
        load = self._load or partial(decoder.load_translator, device=device)
        return decoder.open_decoder(package, sizes=self._sizes(package.ref, device), load=load)

    def _sizes(self, ref: PackageRef, device: Device) -> Sizes:
        """What was tuned for the package, else the device's default; a card has one replica."""
        cores = usable_cores()
        tuned = self._tuning.sizes(ref, device, cores) if self._tuning else None
        if device == "cuda":
            return tuned or on_card()
        return with_replicas(tuned or on_processor(cores), self._replicas)

    def _verified(self, ref: PackageRef) -> InstalledPackage:
        """The package after a comparison of its files with what was recorded."""
        package = self._find(ref)
        self._store.verify(package)
        return package

    def _find(self, ref: PackageRef) -> InstalledPackage:
        same = [each for each in self._store.installed() if each.ref.name == ref.name]
        for package in same:
            if package.ref == ref:
                return package
            self._store.verify(package)  # one with a damaged record has no hash to name
            raise _another(package.ref, ref)
        raise PackageError(
            f"package {ref} is not installed",
            fix="install it with `polypress models install`, or translate again to choose anew",
        )


def _another(installed: PackageRef, asked: PackageRef) -> PackageError:
    """What is wrong if the version is right and the archive is not."""
    return PackageError(
        f"another archive of {asked.name} is installed: {installed.sha256[:8]},"
        f" asked for is {asked.sha256[:8]}",
        fix=f"`polypress models install --replace` with the archive {asked.sha256[:8]},"
        " or translate again to choose anew",
    )
