"""The form of bundles: objects, shards, manifests and the release, as bytes that repeat."""

from __future__ import annotations

from workflow.bundle.forms import SCHEMA, decoded, encoded
from workflow.bundle.items import (
    ITEMS_IN_SHARD,
    Entry,
    ItemObject,
    PublishedUnit,
    Shard,
    label_value,
    shards,
)
from workflow.bundle.manifests import Counts, Manifest, Section, Source, counted, summed
from workflow.bundle.releases import RELEASE, Release, payload_of

__all__ = [
    "ITEMS_IN_SHARD",
    "RELEASE",
    "SCHEMA",
    "Counts",
    "Entry",
    "ItemObject",
    "Manifest",
    "PublishedUnit",
    "Release",
    "Section",
    "Shard",
    "Source",
    "counted",
    "decoded",
    "encoded",
    "label_value",
    "payload_of",
    "shards",
    "summed",
]
