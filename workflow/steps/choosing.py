"""Choosing: the first of an engine's answers that gives everything back and passes the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow import segments
from workflow.checks import hard_findings
from workflow.model import Diagnostic, Hypothesis, Severity
from workflow.ports import ContentFormat, Hypotheses
from workflow.segments import Clean, Protected, Stretch
from workflow.steps.settle import Chosen, Rung, judged

Findings = tuple[Diagnostic, ...]
UNSURE = (
    Diagnostic("markup-unsure", Severity.ERROR, "the alignment does not show where markup goes"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How answers become text: `asked` is the form that the engine saw, `protected` the whole.

    With `clean` the markup goes back by the alignment of each answer, else it was in tokens.
    """

    protected: Protected
    form: ContentFormat
    clean: Clean | None = None

    @property
    def asked(self) -> Protected:
        """The segment as the engine saw it."""
        return self.clean.protected if self.clean else self.protected

    def read(self, answer: str, hypothesis: Hypothesis) -> tuple[str | None, Findings]:
        """The text of an answer with everything back, or the findings that say why not."""
        whole = self._marked(answer, hypothesis)
        if whole is None:
            return None, UNSURE
        restored = segments.restore(self.protected, whole)
        if restored.text is None:
            return None, restored.findings
        found = judged(self.protected.shown, restored.text, self.form)
        return (None, found) if found else (restored.text, ())

    def _marked(self, answer: str, hypothesis: Hypothesis) -> str | None:
        if self.clean is None:
            return answer
        return segments.placed(self.clean, answer, hypothesis.alignment)


@dataclass(frozen=True, slots=True)
class Parts:
    """A segment in stretches, on the way to the language `target` (as Argos calls it)."""

    stretches: Sequence[Stretch]
    target: str

    @property
    def texts(self) -> list[str]:
        """What has to be translated."""
        return [stretch.text for stretch in self.stretches if stretch.translate]


def choose(reading: Reading, hypotheses: Hypotheses, rung: Rung | None = None) -> Chosen:
    """The first hypothesis that passes as it is, else the first that a repair makes pass.

    `rung` is how it was won, where that is not told by the hypothesis' place.
    """
    findings: tuple[Diagnostic, ...] = ()
    for way, hypothesis, answer in _candidates(reading, hypotheses):
        text, found = reading.read(answer, hypothesis)
        if text is not None:
            return Chosen(text, rung or way, hypothesis, source=reading.protected.source)
        findings = findings or found
    return Chosen(None, Rung.NONE, hypotheses[0], findings)


def _candidates(reading: Reading, hypotheses: Hypotheses) -> Iterator[tuple[Rung, Hypothesis, str]]:
    for rank, one in enumerate(hypotheses):
        yield (Rung.LATER if rank else Rung.FIRST), one, one.text
    for one in hypotheses:
        mended = segments.repaired(reading.asked, one.text, one.alignment)
        if mended is not None:
            yield Rung.REPAIRED, one, mended


def at_edges(reading: Reading, hypotheses: Hypotheses) -> Chosen | None:
    """The first answer whose text is right, with its markup round the whole of it."""
    if reading.clean is None:
        return None
    for one in hypotheses:
        whole = segments.at_edges(reading.clean, one.text)
        if whole is None:
            continue
        text, _ = replace(reading, clean=None).read(whole, one)
        if text is not None:
            return Chosen(text, Rung.EDGES, one, source=reading.protected.source)
    return None


def from_clauses(
    reading: Reading, parts: Parts, known: Mapping[str, Hypotheses], said: Hypothesis
) -> Chosen | None:
    """The segment from its clauses; None if one got no text, or the whole fails.

    `said` are the figures of the first answer to the whole: a part's own would say too little.
    """
    whole = _assembled(parts, known)
    text = None if whole is None else reading.read(whole, said)[0]
    return _won(reading, text, Rung.CLAUSES, said)


def from_pieces(
    reading: Reading, parts: Parts, known: Mapping[str, Hypotheses], said: Hypothesis
) -> Chosen | None:
    """The segment from the stretches between its pieces, as `from_clauses`."""
    text = _assembled(parts, known)
    if text is not None and judged(reading.protected.shown, text, reading.form):
        text = None
    return _won(reading, text, Rung.APART, said)


def _assembled(parts: Parts, known: Mapping[str, Hypotheses]) -> str | None:
    texts = [best_part(text, known[text], target=parts.target) for text in parts.texts]
    return segments.assembled(parts.stretches, texts) if all(texts) else None


def _won(reading: Reading, text: str | None, rung: Rung, said: Hypothesis) -> Chosen | None:
    return None if text is None else Chosen(text, rung, said, source=reading.protected.source)


def best_part(stretch: str, hypotheses: Hypotheses, *, target: str) -> str:
    """The first answer to a part that keeps tokens and numbers and invents nothing, else the first.

    It reads on from the part before: no capital and no full stop that the part itself has not.
    """
    texts = [one.text for one in hypotheses]
    kept = (text for text in texts if not hard_findings(stretch, text))
    return segments.as_clause(stretch, next(kept, texts[0]), target=target)
