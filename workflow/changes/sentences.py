"""Which sentence of a translation stands for which of its source: only where that is certain.

A wrong pair would put a wrong translation under a sentence, a missing one costs a review. So
every pair needs evidence of its own: what comes through a translation unchanged (numbers,
weekdays and months, names, links, placeholders) is the same on both sides, and no other sentence
could claim it; or the memory knows the pair. A sentence without such evidence counts only between
two certain neighbours, when both sides have equally many sentences, all in their places and of the
length to be expected. Where sentences were joined or cut otherwise, their neighbours do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow import numbers
from workflow.changes import evidence
from workflow.changes.style import plain_style
from workflow.segments import Segmented

Known = Callable[[str], Collection[str]]
_PARTS = re.compile(r"[,;:\u060c\u3001\uff0c]\s|[–—]")
MOST = 60
"""Sentences of a unit beyond which only the memory pairs them."""
_SLACK = 8
"""Characters by which a short sentence may always differ from the length to be expected."""
_LONGER = 1.4
"""How many times longer or shorter than expected a translated sentence may be."""
_JOINED = 1.3
"""How many times longer one with more commas than its source may be: it may hold another one."""
_CLOSE = 1.3
"""The same for one without evidence of its own."""


def nothing_known(_segment: str) -> Collection[str]:
    """A memory that knows no sentence."""
    return ()


def sentence_pairs(  # noqa: PLR0913 (one for each source of evidence)
    source: Segmented,
    target: Segmented,
    *,
    language: str,
    locale: str,
    names: Collection[str] = (),
    known: Known = nothing_known,
) -> tuple[tuple[int, int], ...] | None:
    """All pairs of source and target segments by index, None unless each of them is certain."""
    pairs = _Pairing(source, target, language, locale, frozenset(names), known).certain()
    whole = len(pairs) == len(source.segments) == len(target.segments)
    return tuple(sorted(pairs.items())) if whole and pairs else None


def kept(  # noqa: PLR0913 (one for each source of evidence)
    old: Segmented,
    new: Segmented,
    target: Segmented,
    *,
    language: str,
    locale: str,
    names: Collection[str] = (),
    known: Known = nothing_known,
) -> Mapping[int, str]:
    """The person's translation of each sentence that did not change, byte for byte.

    `target` is the translation of `old`; the keys are indices of segments of `new`.
    """
    pairs = _Pairing(old, target, language, locale, frozenset(names), known).certain()
    return {
        now: target.segments[pairs[was]].source
        for now, was in _unchanged(old, new).items()
        if was in pairs
    }


def _unchanged(old: Segmented, new: Segmented) -> dict[int, int]:
    """New segments that stood there before, each with its old index; twins only in full."""
    before, after = (_by_wording(text) for text in (old, new))
    return {
        now: was
        for wording, places in after.items()
        if len(places) == len(before.get(wording, ()))
        for now, was in zip(places, before[wording], strict=True)
    }


def _by_wording(text: Segmented) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, segment in enumerate(text.segments):
        found.setdefault(plain_style(segment.source), []).append(index)
    return found


@dataclass(frozen=True, slots=True)
class _Anchors:
    """What of a sentence comes through a translation."""

    text: str
    dates: Counter[str]
    links: Counter[str]
    names: Counter[str]

    @property
    def clauses(self) -> int:
        """How many signs part it within."""
        return len(_PARTS.findall(self.text))

    @property
    def any(self) -> bool:
        fixed = self.dates or self.links or self.names
        return bool(fixed) or any(map(str.isdigit, self.text))


@dataclass(slots=True)
class _Pairing:
    source: Segmented
    target: Segmented
    language: str
    locale: str
    names: frozenset[str]
    known: Known
    here: list[_Anchors] = field(default_factory=list)
    there: list[_Anchors] = field(default_factory=list)

    def certain(self) -> dict[int, int]:
        """Source index to target index, for all that are certain."""
        sources = [segment.source for segment in self.source.segments]
        targets = [segment.source for segment in self.target.segments]
        pairs = dict(self._remembered(sources, targets))
        if len(sources) != len(targets) or not sources or len(sources) > MOST:
            return pairs
        if len(sources) == 1:
            return {0: 0}
        self._read(sources, targets)
        anchored = self._by_anchors(pairs)
        if not self._is_sound({**pairs, **anchored}):
            return {**pairs, **self._among_certain({**pairs, **anchored}, anchored)}
        pairs.update(anchored)
        pairs.update(self._between(pairs))
        return pairs

    def _remembered(
        self, sources: Sequence[str], targets: Sequence[str]
    ) -> Iterator[tuple[int, int]]:
        """Pairs that the memory knows, where each side stands there once."""
        for index, source in enumerate(sources):
            known = set(self.known(source))
            found = [at for at, text in enumerate(targets) if text in known]
            if len(found) == 1 and sources.count(source) == 1:
                yield index, found[0]

    def _read(self, sources: Sequence[str], targets: Sequence[str]) -> None:
        """The anchors of both sides; a name counts if the other side holds it anywhere."""
        shared = self._shared_names(" ".join(sources), " ".join(targets))
        self.here = [_anchors(text, self.language, shared) for text in sources]
        self.there = [_anchors(text, self.locale, shared) for text in targets]

    def _shared_names(self, source: str, target: str) -> frozenset[str]:
        told = evidence.names(source, self.language, self.names)
        written = evidence.names(target, self.locale, self.names)
        there = set(target.replace("’", "'").split()) | set(written)
        return frozenset(name for name in told if name in there or name in written)

    def _by_anchors(self, pairs: Mapping[int, int]) -> dict[int, int]:
        """Pairs that agree in anchors which no other sentence could claim."""
        left = [index for index in range(len(self.here)) if index not in pairs]
        right = sorted(set(range(len(self.there))) - set(pairs.values()))
        claims = {was: [now for now in right if self._agree(was, now)] for was in left}
        counts = Counter(now for found in claims.values() for now in found)
        return {
            was: found[0]
            for was, found in claims.items()
            if len(found) == 1 and counts[found[0]] == 1 and self.here[was].any
        }

    def _agree(self, was: int, now: int) -> bool:
        one, other = self.here[was], self.there[now]
        same = (one.links, one.names) == (other.links, other.names) and one.any == other.any
        if not same or not self._is_as_long(was, now):
            return False
        dates = not one.dates or not other.dates or one.dates == other.dates
        return dates and numbers.differences(one.text, other.text) == ([], [])

    def _is_sound(self, pairs: Mapping[int, int]) -> bool:
        """Whether the sentences without evidence fit each other in their order and place."""
        left = [was for was in range(len(self.here)) if was not in pairs]
        right = sorted(set(range(len(self.there))) - set(pairs.values()))
        return all(
            self._agree(was, now) and not self._crosses(was, now, pairs)
            for was, now in zip(left, right, strict=True)
        )

    def _crosses(self, was: int, now: int, pairs: Mapping[int, int]) -> bool:
        """Whether a pair stands before another one on one side, and behind it on the other."""
        return any((one < was) != (other < now) for one, other in pairs.items())

    def _among_certain(
        self, pairs: Mapping[int, int], anchored: Mapping[int, int]
    ) -> dict[int, int]:
        """Of a unit whose sentences were cut otherwise, the pairs with none of that beside them."""
        edges = {-1, len(self.here)}
        sources, targets = set(pairs) | edges, set(pairs.values()) | edges
        return {
            was: now
            for was, now in anchored.items()
            if {was - 1, was + 1} <= sources and {now - 1, now + 1} <= targets
        }

    def _between(self, pairs: Mapping[int, int]) -> dict[int, int]:
        """Sentences without evidence, each alone between certain ones that kept their places."""
        if any(was != now for was, now in pairs.items()):
            return {}
        places = set(pairs) | {-1, len(self.here)}
        left = [index for index in range(len(self.here)) if index not in pairs]
        return {
            index: index
            for index in left
            if {index - 1, index + 1} <= places and self._is_as_long(index, index, most=_CLOSE)
        }

    def _is_as_long(self, was: int, now: int, *, most: float = _LONGER) -> bool:
        """Whether a sentence is as long as the whole translation lets one expect."""
        whole = [sum(len(one.text) for one in side) for side in (self.here, self.there)]
        expected = len(self.here[was].text) * whole[1] / max(whole[0], 1)
        found = len(self.there[now].text)
        if found > expected * _JOINED and self.there[now].clauses > self.here[was].clauses:
            return False
        slack = _SLACK if most == _LONGER else 0
        return (
            min(expected / most, expected - slack)
            <= found
            <= max(expected * most, expected + slack)
        )


def _anchors(text: str, language: str, shared: frozenset[str]) -> _Anchors:
    named = Counter({name: count for name in shared if (count := text.count(name))})
    return _Anchors(text, evidence.dates(text, language), evidence.links(text), named)
