"""The words of the system as values: items, units, packages, hypotheses and the three facts."""

from workflow.model.content import (
    COMES,
    GOES,
    Diagnostic,
    Facts,
    Freshness,
    Item,
    Markup,
    Message,
    Origin,
    Review,
    Severity,
    Unit,
)
from workflow.model.engine import (
    UNPROBED,
    DecodeParameters,
    Hypothesis,
    PackageRef,
    Route,
    Traits,
    answer_key,
)
from workflow.model.hashes import digest_of, hash8

__all__ = [
    "COMES",
    "GOES",
    "UNPROBED",
    "DecodeParameters",
    "Diagnostic",
    "Facts",
    "Freshness",
    "Hypothesis",
    "Item",
    "Markup",
    "Message",
    "Origin",
    "PackageRef",
    "Review",
    "Route",
    "Severity",
    "Traits",
    "Unit",
    "answer_key",
    "digest_of",
    "hash8",
]
