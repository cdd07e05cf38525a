"""What may be published: rules as values, decided from the facts, and told with the text."""

from __future__ import annotations

from workflow.policy.choices import SOURCE_FACTS, Choice, Label, Reason
from workflow.policy.deciding import LastApproved, Standing, decided, of_source
from workflow.policy.rules import KEYS, PUBLISH, Fallback, Policy, Rule, Ruling, Stale, Text
from workflow.policy.wholes import together

__all__ = [
    "KEYS",
    "PUBLISH",
    "SOURCE_FACTS",
    "Choice",
    "Fallback",
    "Label",
    "LastApproved",
    "Policy",
    "Reason",
    "Rule",
    "Ruling",
    "Stale",
    "Standing",
    "Text",
    "decided",
    "of_source",
    "together",
]
