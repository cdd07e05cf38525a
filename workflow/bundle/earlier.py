"""The form of bundles: objects, shards, manifests and the release, as bytes that repeat.

An object is any file named by its SHA-256. An item's object holds its text and the labels of its
units; shards list the items of one locale; a manifest lists the shards and what a site wants to
know of the locale; the release names one manifest a locale and is the only file that changes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from workflow.errors import BundleError
from workflow.model import Item
from workflow.policy import Label

SCHEMA = 1
ITEMS_IN_SHARD = 500
"""Items in one shard of a manifest, so that one changed item moves little."""


@dataclass(frozen=True, slots=True)
class Published:
    """One item of one locale as it ships.

    `content` is the item in its own format; `texts` and `labels` map unit ids to what is there.
    """

    item: Item
    content: str
    texts: Mapping[str, str]
    labels: Mapping[str, Label]


def encoded(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """JSON with sorted keys and no spaces: the same value gives the same bytes everywhere."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Live:
    """What a `release.json` says: its serial number (0: nothing was published yet) and manifests.

    `manifests` maps locales to the digests of their manifests.
    """

    serial: int = 0
    manifests: Mapping[str, str] = field(default_factory=dict)


def decoded(body: bytes, *, what: str, fix: str = "publish again") -> dict[str, Any]:
    """A JSON object of this schema. Raises BundleError for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{what} is not JSON: {error}", fix=fix) from None
    if not isinstance(value, dict) or "schema" not in value:
        raise BundleError(f"{what} is none of Polypress' files", fix=fix)
    if value["schema"] != SCHEMA:
        raise BundleError(f"{what} is not of schema {SCHEMA}", fix="update Polypress")
    return value


def live(body: bytes | None) -> Live:
    """What `release.json` says, None standing for no file. Raises BundleError if it is damaged."""
    if body is None:
        return Live()
    fix = "move release.json away and publish again: the serial number then begins at 1"
    value = decoded(body, what="release.json", fix=fix)
    serial, manifests = value.get("serial"), value.get("manifests")
    if type(serial) is not int or not isinstance(manifests, dict):
        raise BundleError("release.json lacks its serial number or its manifests", fix=fix)
    return Live(serial, {str(locale): str(digest) for locale, digest in manifests.items()})


def item_object(published: Published, locale: str) -> bytes:
    """The object of one item: its texts by field, the whole in its own format, and the labels."""
    item = published.item
    return encoded(
        {
            "schema": SCHEMA,
            "collection": item.collection,
            "item": item.id,
            "locale": locale,
            "meta": dict(item.meta),
            "content": published.content,
            "units": [
                {
                    "id": unit.id,
                    "field": unit.field,
                    "text": published.texts[unit.id],
                    "label": label_value(published.labels[unit.id]),
                }
                for unit in item.units
            ],
        }
    )


def label_value(label: Label) -> dict[str, Any]:
    """A label as JSON: only what is known."""
    return {key: value for key, value in asdict(label).items() if value not in {"", None}}


def shards(entries: Sequence[Mapping[str, str]]) -> list[bytes]:
    """The list of items cut into shards, in the order given."""
    starts = range(0, len(entries), ITEMS_IN_SHARD)
    parts = [list(entries[start : start + ITEMS_IN_SHARD]) for start in starts]
    return [encoded({"schema": SCHEMA, "items": part}) for part in parts]


def manifest(  # noqa: PLR0913 (the keys of the manifest)
    *,
    locale: str,
    direction: str,
    source: str,
    revision: str,
    counts: Mapping[str, Mapping[str, int]],
    packages: Sequence[str],
    shards: Sequence[str],
    derived: Mapping[str, str],
) -> bytes:
    """The manifest of one locale; shards and derived files are named by their digests.

    `revision` is the SHA-256 of the source text of all items, `packages` are those that a
    machine's text in this bundle came from.
    """
    return encoded(
        {
            "schema": SCHEMA,
            "locale": locale,
            "direction": direction,
            "source": {"locale": source, "revision": revision},
            "counts": counts,
            "packages": list(packages),
            "shards": list(shards),
            "derived": dict(derived),
        }
    )


def counts(labels: Iterable[Label]) -> dict[str, dict[str, int]]:
    """How many units have which origin, review and freshness."""
    seen = list(labels)
    facts = ("origin", "review", "freshness")
    return {fact: dict(Counter(str(getattr(label, fact)) for label in seen)) for fact in facts}


def messages(items: Iterable[Published]) -> bytes:
    """`messages.json`: the text of every unit by unit id."""
    return encoded({key: text for one in items for key, text in one.texts.items()})


def labels(items: Iterable[Published]) -> bytes:
    """`labels.json`: the label of every unit by unit id, beside formats that cannot carry them."""
    return encoded({key: label_value(label) for one in items for key, label in one.labels.items()})


def release(serial: int, manifests: Mapping[str, str], *, at: str) -> bytes:
    """`release.json`: the serial number, when it was made, and a manifest's digest per locale."""
    value = {"schema": SCHEMA, "serial": serial, "released": at, "manifests": dict(manifests)}
    return encoded(value)
