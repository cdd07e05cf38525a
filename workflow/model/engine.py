"""Packages, routes, and what an engine answers, as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from workflow.model.hashes import hash8


@dataclass(frozen=True, slots=True)
class PackageRef:
    """Which package: languages in Argos' codes, its version, and the SHA-256 of its archive."""

    source: str
    target: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """Language pair and version, e.g. `en_es@1.0`."""
        return f"{self.source}_{self.target}@{self.version}"

    def __str__(self) -> str:
        """The form in catalogs and manifests: `en_es@1.0#<hash8>`."""
        return f"{self.name}#{self.sha256[:8]}"


def answer_key(package: PackageRef, parameters: str, text: str) -> bytes:
    """What names an answer wherever it is kept or sent: 32 bytes.

    The SHA-256 of the package's own, the parameters' key and the segment's text, so the same
    question has the same name on every machine.
    """
    return hashlib.sha256(f"{package.sha256}\x00{parameters}\x00{text}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Route:
    """A chain of packages from a source to a target language (more than one hop: a pivot)."""

    hops: tuple[PackageRef, ...]

    def __str__(self) -> str:
        """One package as it is; a pivot joined by `+`, its archives hashed together."""
        if len(self.hops) == 1:
            return str(self.hops[0])
        names = "+".join(hop.name for hop in self.hops)
        return f"{names}#{hash8('+'.join(hop.sha256 for hop in self.hops))}"


@dataclass(frozen=True, slots=True)
class DecodeParameters:
    """How the engine decodes; the defaults are argostranslate's own.

    `beam_size` and `num_hypotheses` count hypotheses; `length_penalty` is the exponent.
    """

    beam_size: int = 4
    num_hypotheses: int = 1
    length_penalty: float = 0.2
    replace_unknowns: bool = True

    @property
    def key(self) -> str:
        """A stable text that names these parameters in caches and messages."""
        unknowns = "u" if self.replace_unknowns else "-"
        return f"b{self.beam_size}n{self.num_hypotheses}p{self.length_penalty:g}{unknowns}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One candidate of the engine for one segment.

    `score` is the mean log-probability of a target piece (natural logarithm, 0 is certainty);
    `fallback` the share of source pieces that are single bytes (text unlike the training data);
    `coverage` the share of source words that the decoder's attention visited. Shares are in [0,1].
    What follows is None where nobody measured it: `focus`, the share of attention that a target
    piece gives to the one source word it looks at most; `source_piece` and `target_piece`, how many
    letters a piece of either side has; `spread`, by how much the score of the next hypothesis lies
    below this one's; `alignment`, for each word of `text` (between blanks) the number from 0 of the
    source word on which the attention rests, -1 where it rests on none.
    """

    text: str
    score: float = 0.0
    fallback: float = 0.0
    coverage: float = 1.0
    focus: float | None = None
    source_piece: float | None = None
    target_piece: float | None = None
    spread: float | None = None
    alignment: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What a package was found to do with text that must survive, when it was installed.

    `forms` names the forms of protection tokens that come through it, the best first; `alignment`
    is the share in [0,1] of known words that its attention puts right. Without a probe (None) the
    brackets are tried, and no alignment is trusted.
    """

    forms: tuple[str, ...] = ("brackets",)
    alignment: float | None = None


UNPROBED = Traits()
