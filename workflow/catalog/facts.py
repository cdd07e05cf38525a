"""The three facts of an entry, and the one comment line that carries them in a PO file.

The line (design, section 4), at most 74 columns because tools fold longer comments:

    # polypress: <kind> <src8> <txt8> <packages> r<risk>

`src8` and `txt8` are hash8 of the msgid that the text was made from and of the msgstr as written;
`packages` is `str(Route)` or `-`; the risk has two decimals, or is `?` when unknown.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from workflow.model import Facts, Freshness, Message, Origin, Review, digest_of
from workflow.pseudo import names_pseudo

COLUMNS = 74
KINDS = ("machine", "memory", "mixed", "withheld", "needs-work")
NOBODY = Facts(Origin.NONE, Freshness.MISSING, Review.NONE)
_MARK = "polypress:"
_CHECKED = re.compile(r"check: [a-z-]{2,40}: ")
_UNFIT = re.compile(r"[^!-~]")
_LINE = re.compile(
    rf"{_MARK} (?P<kind>{'|'.join(KINDS)}) (?P<src>[0-9a-f]{{8}}) (?P<txt>[0-9a-f]{{8}})"
    r" (?P<packages>[!-~]{1,60}) r(?P<risk>\?|[01]\.[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class FactsComment:
    """What one facts comment says; `packages` is empty for none, `risk` None for unknown."""

    kind: str
    source_hash: str
    text_hash: str
    packages: str = ""
    risk: float | None = None

    def __str__(self) -> str:
        """The comment without its leading `# `; too long a list of packages is cut before `#`."""
        unknown = self.risk is None or math.isnan(self.risk)
        risk = "?" if unknown else f"{min(max(0.0, self.risk or 0.0), 1.0):.2f}"
        head = f"{_MARK} {self.kind} {self.source_hash} {self.text_hash}"
        room = COLUMNS - len(f"# {head}  r{risk}")
        return f"{head} {shortened(self.packages, room) or '-'} r{risk}"

    def for_source(self, source: str) -> FactsComment:
        """The same facts of a source text that says the same in another style."""
        return replace(self, source_hash=safe_hash8(source))


def shortened(packages: str, room: int) -> str:
    """A list of packages in `room` columns: the names are cut with `~`, the hash stays whole."""
    packages = _UNFIT.sub("_", packages)
    if len(packages) <= room:
        return packages
    names, _, digest = packages.rpartition("#")
    return f"{names[: max(room - len(digest) - 2, 0)]}~#{digest}"[:room]


def parse(comment: str) -> FactsComment | None:
    """The facts of one translator comment, None if it is anything else."""
    found = _LINE.fullmatch(comment.strip())
    if not found:
        return None
    packages, risk = found["packages"], found["risk"]
    return FactsComment(
        kind=found["kind"],
        source_hash=found["src"],
        text_hash=found["txt"],
        packages="" if packages == "-" else packages,
        risk=None if risk == "?" else min(float(risk), 1.0),
    )


def comment_of(message: Message) -> FactsComment | None:
    """The facts comment of an entry: the first line that is one."""
    return next(filter(None, map(parse, message.comments)), None)


def persons_comments(message: Message) -> tuple[str, ...]:
    """The translator comments without our own lines: facts, matches of the memory, findings."""
    return tuple(line for line in message.comments if not is_ours(line))


def is_ours(line: str) -> bool:
    """Whether a comment line is one of ours; a line that looks like facts and is none is not."""
    return parse(line) is not None or line.startswith("memory: ") or is_note(line)


def is_note(line: str) -> bool:
    """Whether a comment line is a finding of ours; a person's may begin in the same way."""
    return bool(_CHECKED.match(line))


def text_of(message: Message) -> str:
    """What `txt8` is the hash of: the msgstr; the forms of a plural joined by NUL."""
    return "\0".join(message.translations)


def text_hash(message: Message) -> str:
    """The `txt8` of an entry as it stands."""
    return safe_hash8(text_of(message))


def safe_hash8(text: str) -> str:
    """`hash8`, also of a text with lone surrogates: reading facts must never fail."""
    return digest_of(text.encode(errors="surrogatepass"))[:8]


def facts_of(message: Message) -> Facts:
    """The facts of an entry from the file alone, row by row as the design's table says."""
    if not any(message.translations):
        return _of_empty(message)
    said = comment_of(message)
    if not all(message.translations):
        return Facts(Origin.HUMAN, Freshness.CURRENT, Review.NEEDS_WORK)
    if not message.fuzzy and not (said and vouches_for_pseudo(said, message)):
        return _of_approved(message, said)
    return _of_commented(message, said) if said else _of_uncommented(message)


def is_approved(message: Message) -> bool:
    """Whether an entry holds a text that a person approved for its source."""
    return facts_of(message).review is Review.APPROVED


def vouches_for_pseudo(said: FactsComment, message: Message) -> bool:
    """Whether a text is pseudo text as it was written.

    A tool takes the mark fuzzy off many texts at once; of pseudo text no such approval is meant.
    """
    return names_pseudo(said.packages) and said.text_hash == text_hash(message)


def _of_empty(message: Message) -> Facts:
    said = comment_of(message)
    if not said or said.kind != "withheld" or said.source_hash != safe_hash8(message.source):
        return NOBODY
    return Facts(
        Origin.NONE, Freshness.MISSING, Review.NONE, said.packages, said.risk, withheld=True
    )


def _of_approved(message: Message, said: FactsComment | None) -> Facts:
    if said and said.text_hash == text_hash(message):
        origin = _origin(said)
        return Facts(origin, Freshness.CURRENT, Review.APPROVED, said.packages, said.risk)
    return Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)


def _of_commented(message: Message, said: FactsComment) -> Facts:
    same_source = said.source_hash == safe_hash8(message.source)
    freshness = Freshness.CURRENT if same_source else Freshness.STALE
    if said.text_hash != text_hash(message):
        return Facts(Origin.HUMAN, freshness, Review.NEEDS_WORK)
    review = Review.NEEDS_WORK if said.kind == "needs-work" else Review.NONE
    return Facts(_origin(said), freshness, review, said.packages, said.risk)


def _of_uncommented(message: Message) -> Facts:
    if message.previous_source is None:
        return Facts(Origin.HUMAN, Freshness.CURRENT, Review.NEEDS_WORK)
    return Facts(Origin.HUMAN, Freshness.STALE, Review.NONE)


def _origin(said: FactsComment) -> Origin:
    """Who made the text that a comment vouches for; needs-work keeps the machine's packages."""
    if said.kind in {"machine", "memory", "mixed"}:
        return Origin(said.kind)
    return Origin.MACHINE if said.packages else Origin.HUMAN


def is_withheld_for(message: Message, packages: str) -> bool:
    """Whether these packages (`str(Route)`) already failed on this very source text."""
    facts = facts_of(message)
    if not facts.withheld:
        return False
    made = FactsComment("withheld", "0" * 8, "0" * 8, packages, facts.risk)
    again = parse(str(made))
    return again is not None and again.packages == facts.packages
