"""Recalling: whether what an item said once is wrong today, because its source text has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.bundle import ItemObject
from workflow.changes import Kind, Verdict, pairs, verdict
from workflow.model import Item
from workflow.steps.project import Project

Sources = tuple[tuple[str, str], ...]
"""Field and text of each unit."""


@dataclass(slots=True)
class Recalls:
    """Judges published objects by the items of today (by id); one text is judged once.

    An item that is gone today is nothing to go by: whoever wants it gone for good withdraws it.
    """

    project: Project
    items: Mapping[str, Item]
    _known: dict[tuple[str, Sources], str] = field(default_factory=dict)

    def why(self, found: ItemObject) -> str:
        """The change that recalls a published item, in words; empty if there is none."""
        item = self.items.get(found.item)
        if item is None:
            return ""
        sources = tuple((unit.field, unit.source) for unit in found.units)
        key = found.item, sources
        if key not in self._known:
            self._known[key] = next(self._reasons(sources, item), "")
        return self._known[key]

    def _reasons(self, sources: Sources, item: Item) -> Iterator[str]:
        now = [(unit.field, unit.source) for unit in item.units]
        if list(sources) == now:
            return
        for name in dict.fromkeys(name for name, _ in sources):
            old = [text for one, text in sources if one == name]
            new = [text for one, text in now if one == name]
            for one in self._verdicts(old, new):
                if one.kind is Kind.RECALL:
                    yield f"recalled, its source text has changed: {one.reasons[0]}"

    def _verdicts(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Verdict]:
        """On each old text: what became of it, or what was lost with it."""
        became = dict(pairs(old, new))
        for index, text in enumerate(old):
            if index in became:
                yield self._verdict(text, new[became[index]])
            elif self._verdict(text, "\n".join(new)).kind is Kind.RECALL:
                yield self._verdict(text, "")  # it went on in no other paragraph

    def _verdict(self, old: str, new: str) -> Verdict:
        tags = (self.project.source, *self.project.locales)
        names = frozenset().union(*(self.project.names(tag) for tag in tags))
        return verdict(old, new, language=self.project.source, names=names)
