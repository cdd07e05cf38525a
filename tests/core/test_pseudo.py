from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fake_engine import package_ref
from workflow.catalog.facts import FactsComment, parse
from workflow.model import Facts, Freshness, Origin, PackageRef, Review, Route
from workflow.pseudo import SOURCE, is_pseudo, names_pseudo

PSEUDO = PackageRef(SOURCE, "zh-Hant-TW", "1", "ab" * 32)
DRAFT = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, str(PSEUDO))


def test_pseudo_text_is_known_by_its_package() -> None:
    assert is_pseudo(DRAFT)
    assert not is_pseudo(replace(DRAFT, packages=str(package_ref("en", "es"))))
    assert not is_pseudo(replace(DRAFT, packages=""))


@pytest.mark.parametrize("review", [Review.APPROVED, Review.NEEDS_WORK])
def test_of_what_a_person_has_spoken_is_theirs(review: Review) -> None:
    assert not is_pseudo(replace(DRAFT, review=review))


@pytest.mark.parametrize("kind", ["machine", "withheld", "needs-work"])
def test_a_catalogs_comment_names_it_however_long_the_locale(kind: str) -> None:
    written = str(FactsComment(kind, "0" * 8, "0" * 8, str(Route((PSEUDO,)))))
    read = parse(written)
    assert read is not None
    assert names_pseudo(read.packages)
    assert read.risk is None
