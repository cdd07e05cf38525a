"""Naming: which item somebody means, by `collection:item`, its id alone, or the id of a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from workflow.errors import UsageError
from workflow.model import Item
from workflow.steps.contents import Contents

MOST = 3
"""Names that are offered for one that is unknown."""
SHOWN = 160
"""Characters of a name that are shown."""
_REVISION = re.compile(r"(?<=@[0-9a-f]{10})@[0-9a-f]{8}\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """An item with the contents that it is of; `unit` is the id of the unit that was named."""

    contents: Contents
    item: Item
    unit: str = ""


def named(contents: Sequence[Contents], name: str) -> Named:
    """The item that a name means; a revision behind a unit's id counts for nothing.

    Raises UsageError, with names that are alike, if there is none or more than one.
    """
    unit = _REVISION.sub("", name) if "#" in name else ""
    meant = name.partition("#")[0]
    found = [(one, item) for one, item in _items(contents) if meant in {item.id, full(item)}]
    exact = [(one, item) for one, item in found if full(item) == meant] or found
    if not exact:
        raise _unknown(contents, meant)
    if len(exact) > 1:
        names = " or ".join(full(item) for _, item in exact)
        raise UsageError(f"{meant[:SHOWN]} is in several collections", fix=f"say {names}")
    one, item = exact[0]
    return Named(one, item, _unit(item, unit) if unit else "")


def full(item: Item) -> str:
    """An item's name with its collection's, which is unique."""
    return f"{item.collection}:{item.id}"


def meanings(contents: Iterable[Contents], name: str) -> tuple[str, ...]:
    """All that a name could mean with its collection, whether there is such an item or not."""
    meant = name.partition("#")[0]
    return (meant,) if ":" in meant else tuple(f"{one.collection.name}:{meant}" for one in contents)


def _items(contents: Iterable[Contents]) -> Iterator[tuple[Contents, Item]]:
    return ((one, item) for one in contents for item in one.items)


def _unit(item: Item, name: str) -> str:
    """The id of a unit of this item, also if it was typed without the collection."""
    ids = [unit.id for unit in item.units]
    found = next((one for one in ids if name in {one, one.partition(":")[2]}), None)
    if found is None:
        what = f"{full(item)} has no unit {name[:SHOWN]!r} now: its source has changed, or is gone"
        near = get_close_matches(name, ids, MOST, cutoff=0.0)
        raise UsageError(what, fix=f"perhaps {' or '.join(near)}" if near else "it has no units")
    return found


def _unknown(contents: Sequence[Contents], name: str) -> UsageError:
    known = {name: full(item) for _, item in _items(contents) for name in (item.id, full(item))}
    near = dict.fromkeys(known[one] for one in get_close_matches(name, known, MOST, cutoff=0.5))
    fix = "an item's id is in its front matter, else its path without suffix"
    if near:
        fix = f"perhaps {' or '.join(near)}"
    return UsageError(f"there is no item {name[:SHOWN]!r}", fix=fix)
