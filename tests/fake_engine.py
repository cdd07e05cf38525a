"""A fast deterministic engine for tests: same routes and contract as the real one, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from workflow.adapters.argos.routes import find_detour, find_route, language_code
from workflow.errors import PackageError
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route, Traits, digest_of
from workflow.ports import Hypotheses


def package_ref(source: str, target: str, version: str = "1.0") -> PackageRef:
    return PackageRef(source, target, version, digest_of(f"{source} {target} {version}"))


class FakeEngine:
    """Answers with `answers[text]`, else with the text itself behind its language: `[es] text`.

    `form` may be set to another way to write that: brackets mean something in Markdown.
    `answers` may hold several hypotheses for a text. `decoded` lists every distinct text that was
    asked for, call by call; `broken` packages raise PackageError.
    """

    def __init__(
        self,
        packages: Iterable[PackageRef] = (),
        *,
        answers: Mapping[str, str | Sequence[str]] | None = None,
        codes: Mapping[str, str] | None = None,
        pivots: Mapping[str, str] | None = None,
        broken: Iterable[PackageRef] = (),
    ) -> None:
        self.packages = tuple(packages) or (package_ref("en", "es"), package_ref("en", "ar"))
        self.answers = dict(answers or {})
        self.codes = dict(codes or {})
        self.pivots = dict(pivots or {})
        self.broken = frozenset(broken)
        self.known_traits: dict[PackageRef, Traits] = {}
        self.form = "[{0}] {1}"
        self.decoded: list[str] = []

    def route(self, source: str, target: str) -> Route:
        known = {code for ref in self.packages for code in (ref.source, ref.target)}

        def code(tag: str) -> str:
            return language_code(tag, codes=self.codes, installed=known)

        pivot = self.pivots.get(target)
        return find_route(
            self.packages, code(source), code(target), pivot=code(pivot) if pivot else None
        )

    def traits(self, package: PackageRef) -> Traits:
        return self.known_traits.get(package, Traits())

    def detour(self, route: Route) -> Route | None:
        return find_detour(self.packages, route)

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        if package not in self.packages or package in self.broken:
            raise PackageError(f"package {package} is not installed or damaged", fix="install it")
        self.decoded.extend(dict.fromkeys(segments))
        found = [self._hypotheses(package, text, parameters) for text in segments]
        for _ in segments:
            progress(1)
        return found

    def _hypotheses(
        self, package: PackageRef, text: str, parameters: DecodeParameters
    ) -> Hypotheses:
        given = self.answers.get(
            text, self.form.format(package.target, text) if text.strip() else ""
        )
        texts = [given] if isinstance(given, str) else list(given)
        while len(texts) < parameters.num_hypotheses:
            texts.append(f"{texts[0]} ({len(texts) + 1})" if texts[0] else "")
        ranked = enumerate(texts[: parameters.num_hypotheses], start=1)
        return tuple(Hypothesis(text=one, score=-0.1 * rank) for rank, one in ranked)
