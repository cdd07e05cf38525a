"""The engine of pseudo text: for every pair of languages, with nothing installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workflow import locales
from workflow.adapters.pseudo.writing import ACCENTED, GROWTH, MOST, PLAIN, RLM, pseudo_text
from workflow.errors import PackageError
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route, Traits, digest_of
from workflow.ports import Hypotheses
from workflow.pseudo import CLOSING, OPENING, SOURCE

VERSION = "2"
"""Goes up with every change of what the same text gives."""


class PseudoEngine:
    """Implements `ports.Engine`: the same text always has the same answer, which is no translation.

    See `workflow.adapters.pseudo.writing` for what it looks like.
    """

    def route(self, source: str, target: str) -> Route:
        """One package that is nowhere installed. Raises LocaleError for what is no locale."""
        del source  # any language will do
        return Route((_package(locales.canonical(target)),))

    def traits(self, package: PackageRef) -> Traits:
        """Tokens come through in brackets, so that nobody needs to rest on the alignment."""
        del package
        return Traits()

    def detour(self, route: Route) -> Route | None:
        """There is one way only."""
        del route
        return None

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        """The pseudo text of each segment, as often as hypotheses are asked for.

        Raises PackageError for a package that this engine has not named.
        """
        if package.source != SOURCE or package != _package(package.target):
            what = f"{package} is no package of this engine, which makes pseudo text"
            raise PackageError(what, fix="translate without `--engine pseudo`")
        mark = RLM if locales.direction(package.target) == "rtl" else ""
        found = []
        for segment in segments:
            found.append((_hypothesis(segment, mark),) * parameters.num_hypotheses)
            progress(1)
        return found


def _package(target: str) -> PackageRef:
    """What stands for the engine in facts and caches: its hash changes with what it writes."""
    told = f"accents {PLAIN} {ACCENTED}; growth {GROWTH}, {MOST}; frame {OPENING} {CLOSING}"
    described = f"pseudo text {VERSION}; {told}; {locales.direction(target)}"
    return PackageRef(SOURCE, target, VERSION, digest_of(described))


def _hypothesis(segment: str, mark: str) -> Hypothesis:
    text = pseudo_text(segment, mark=mark)
    words, here = len(segment.split()), len(text.split())
    return Hypothesis(text, alignment=(*range(words), *(-1,) * (here - words)))
