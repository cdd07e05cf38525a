"""Which packages stay in memory: loaded once, shared by all threads, the least recently used go."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from workflow.adapters.argos.heap import give_back
from workflow.model import PackageRef
from workflow.ports import InstalledPackage

if TYPE_CHECKING:
    from workflow.adapters.argos.decoder import Decoder

T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    """A package that some call asked for; `decoder` is None until it is loaded."""

    decoder: Decoder | None = None
    cost: int = 0
    users: int = 0
    loading: Lock = field(default_factory=Lock)


class Keeping:
    """The packages that one process has in memory; many threads may use it at once.

    `find` gives the installed package after comparing it with its record, `load` opens it; both
    may raise, and nothing stays of that. `memory` is in bytes, None is no limit. A package that
    some call works with is never dropped, nor is the one that was asked for last; so more than
    `memory` may be taken while many packages are in use at once.

    No child of a fork may use its parent's: a lock may be held, and decoders are of no use there.
    """

    def __init__(
        self,
        find: Callable[[PackageRef], InstalledPackage],
        load: Callable[[InstalledPackage], Decoder],
        *,
        memory: int | None,
    ) -> None:
        self._find = find
        self._load = load
        self._memory = memory
        self._lock = Lock()
        self._kept: OrderedDict[PackageRef, _Kept] = OrderedDict()

    def lend(self, ref: PackageRef, work: Callable[[Decoder], T]) -> T:
        """What `work` makes of the loaded package. Raises what finding, loading or working raises.

        The decoder is for `work` alone: whoever keeps it keeps its memory.
        """
        kept = self._taken(ref)
        try:
            return work(self._ready(ref, kept))
        finally:
            self._left(ref, kept)

    def loaded(self) -> tuple[tuple[PackageRef, int], ...]:
        """The packages in memory with the bytes that each takes, the least recently used first."""
        with self._lock:
            return tuple((ref, kept.cost) for ref, kept in self._kept.items() if kept.decoder)

    def _taken(self, ref: PackageRef) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(ref, _Kept())
            self._kept.move_to_end(ref)
            kept.users += 1
            return kept

    def _ready(self, ref: PackageRef, kept: _Kept) -> Decoder:
        """The decoder, loaded by whoever comes first; each package has a lock for this alone."""
        with kept.loading:
            if kept.decoder is None:
                package = self._find(ref)
                kept.cost = memory_of(package.folder)
                self._make_room()  # before loading, so that both are never there at once
                kept.decoder = self._load(package)
            return kept.decoder

    def _left(self, ref: PackageRef, kept: _Kept) -> None:
        with self._lock:
            kept.users -= 1
            if kept.decoder is None and not kept.users:
                del self._kept[ref]
        self._make_room()

    def _make_room(self) -> None:
        with self._lock:
            dropped = list(self._dropped())
        if dropped:
            dropped.clear()  # here, not under the lock: CTranslate2 waits for its threads to end
            give_back()

    def _dropped(self) -> Iterator[_Kept]:
        """Take out what is over the budget: least recently used, in no use, not the newest."""
        if self._memory is None:
            return
        over = sum(kept.cost for kept in self._kept.values()) - self._memory
        for ref in list(self._kept)[:-1]:
            if over <= 0:
                return
            if not self._kept[ref].users:
                kept = self._kept.pop(ref)
                over -= kept.cost
                yield kept


def memory_of(folder: Path) -> int:
    """How many bytes of memory an installed package takes once it is loaded, by its size on disk.

    A tenth more than its files, and 3 MiB. Measured as growth of the resident memory, on Linux
    with CTranslate2 4: a package of Argos' size (95.1 MiB on disk) takes 107 MiB, the demo packages
    (3.0 MiB) take 6.4 MiB each. What decoding takes on top goes by threads, not by packages.
    """
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return size + size // 10 + 3 * 2**20
