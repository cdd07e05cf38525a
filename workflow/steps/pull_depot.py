"""The objects of a release: those that the site has, and from elsewhere only those it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from workflow.errors import BundleError, Place
from workflow.ports.pulling import Remote, SiteObjects
from workflow.steps.project import Progress


class GoneError(BundleError):
    """An object that a release names is not there, or not there any more."""


class Depot:
    """Gets objects, `parallel` at a time; counts those that came (`fetched`), and were here."""

    def __init__(
        self, objects: SiteObjects, remote: Remote, *, parallel: int, progress: Progress
    ) -> None:
        self.fetched = 0
        self.reused = 0
        self._objects = objects
        self._remote = remote
        self._parallel = parallel
        self._progress = progress

    def bring(self, digests: Iterable[str]) -> None:
        """Get all of these that are not here; what has come stays, whatever happens to the rest.

        Raises GoneError, BundleError or OutsideError for the first that cannot be had.
        """
        wanted = tuple(dict.fromkeys(digests))
        lacking = [digest for digest in wanted if not self._objects.has(digest)]
        self.reused += len(wanted) - len(lacking)
        if lacking:
            self._fetch_all(lacking)

    def read(self, digest: str) -> bytes:
        """An object's bytes; one that is damaged here is fetched again."""
        body = self._objects.read(digest)
        if body is None:
            self._fetch(digest)
            self.fetched += 1
            body = self._objects.read(digest)
        if body is None:
            fix = "look at the disk, then run the command again"
            raise BundleError(f"the object {digest} is damaged as soon as it is written", fix=fix)
        return body

    def read_if_any(self, digest: str) -> bytes | None:
        """The same, None for an object that there is not."""
        try:
            return self.read(digest)
        except GoneError:
            return None

    def _fetch_all(self, digests: Sequence[str]) -> None:
        with ThreadPoolExecutor(min(self._parallel, len(digests))) as pool:
            tasks = [pool.submit(self._fetch, digest) for digest in digests]
            try:
                self._wait(tasks)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _wait(self, tasks: Sequence[Future[None]]) -> None:
        self._progress("objects", 0, len(tasks))
        for done, task in enumerate(as_completed(tasks), 1):
            task.result()
            self.fetched += 1
            self._progress("objects", done, len(tasks))

    def _fetch(self, digest: str) -> None:
        with self._objects.keeping(digest) as into:
            if not self._remote.fetch(digest, into):
                raise GoneError(
                    "an object of this release is not there",
                    fix="if it goes on, ask the publisher: objects go up before release.json",
                    place=Place(path=f"{self._remote.address.rstrip('/')}/objects/{digest}"),
                )
