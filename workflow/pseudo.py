"""Pseudo text: what it is known by. It shows how a site copes with translations, and is none.

Its package has no language as its source, and stands in the facts of an entry like any other. So
catalogs, reports and bundles know it for what it is, and every engine knows what to replace.
"""

from __future__ import annotations

from workflow.model import Facts, Review

SOURCE = "pseudo"
"""Stands where the name of a package has the language that it translates from."""
OPENING, CLOSING = "⟪⟫"
"""The frame: each sentence of pseudo text stands between these."""


def names_pseudo(packages: str) -> bool:
    """Whether a route, as `str(Route)` or as the facts of an entry tell it, makes pseudo text."""
    return packages.startswith(f"{SOURCE}_")


def is_pseudo(facts: Facts) -> bool:
    """Whether a text is pseudo text that nobody has spoken of, be it marked as fuzzy or not.

    What a person approved by name or doubts is theirs, whoever made it.
    """
    return facts.review is Review.NONE and names_pseudo(facts.packages)
