"""What the port `Engine` promises, asked of the fake, of packages and of the pseudo engine."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine
from tests.folder_store import FolderStore
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.errors import PackageError, RouteError
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import Engine

GREEDY = DecodeParameters(beam_size=1)
TEXTS = ["Bote fuga.", "Mana cane.", "Bote fuga.", "", "Lira, sotir: 12.", "Vebo."]


@pytest.fixture(scope="module", params=["fake", "argos", "pseudo"])
def engine(request: pytest.FixtureRequest, packages: Path) -> Engine:
    store = FolderStore(packages)
    if request.param == "fake":
        return FakeEngine([package.ref for package in store.installed()])
    return PseudoEngine() if request.param == "pseudo" else ArgosEngine(store, replicas=2)


@pytest.fixture(scope="module")
def over_packages(engine: Engine) -> Engine:
    """An engine whose routes are those of the packages that are installed."""
    if isinstance(engine, PseudoEngine):
        pytest.skip("pseudo text needs no package")
    return engine


@pytest.fixture(scope="module")
def package(engine: Engine) -> PackageRef:
    return engine.route("en", "es").hops[0]


def no_progress(count: int) -> None:
    del count


def test_answers_come_in_the_order_of_the_segments(engine: Engine, package: PackageRef) -> None:
    together = engine.translate(package, TEXTS, GREEDY, no_progress)
    single = [engine.translate(package, [text], GREEDY, no_progress)[0] for text in TEXTS]
    assert [found[0].text for found in together] == [found[0].text for found in single]


def test_equal_segments_get_equal_answers(engine: Engine, package: PackageRef) -> None:
    found = engine.translate(package, TEXTS, GREEDY, no_progress)
    assert found[0] == found[2]


def test_the_same_call_gives_the_same_answers(engine: Engine, package: PackageRef) -> None:
    first = engine.translate(package, TEXTS, DecodeParameters(), no_progress)
    assert engine.translate(package, TEXTS, DecodeParameters(), no_progress) == first


def test_progress_adds_up_to_the_number_of_segments(engine: Engine, package: PackageRef) -> None:
    counts: list[int] = []
    engine.translate(package, TEXTS, GREEDY, counts.append)
    assert sum(counts) == len(TEXTS)
    assert len(counts) > 1


def test_as_many_hypotheses_as_asked_for_but_for_those_that_did_not_end(
    engine: Engine, package: PackageRef
) -> None:
    parameters = DecodeParameters(beam_size=2, num_hypotheses=3)
    found = engine.translate(package, TEXTS, parameters, no_progress)
    counts = [len(hypotheses) for hypotheses in found]
    assert max(counts) == 3
    assert min(counts) >= 1


def test_scores_and_shares_are_in_their_ranges(engine: Engine, package: PackageRef) -> None:
    found = engine.translate(package, TEXTS, DecodeParameters(), no_progress)
    for hypothesis in itertools.chain.from_iterable(found):
        assert hypothesis.score <= 0
        assert 0 <= hypothesis.fallback <= 1
        assert 0 <= hypothesis.coverage <= 1


def test_an_empty_segment_has_an_empty_translation(engine: Engine, package: PackageRef) -> None:
    (found,) = engine.translate(package, [""], DecodeParameters(), no_progress)
    assert not found[0].text


def test_no_segments_give_no_answers(engine: Engine, package: PackageRef) -> None:
    assert engine.translate(package, [], GREEDY, no_progress) == []


def test_a_package_that_is_not_installed_is_refused_by_name(engine: Engine) -> None:
    absent = PackageRef("en", "tlh", "1.0", "0" * 64)
    with pytest.raises(PackageError, match=r"en_tlh@1\.0"):
        engine.translate(absent, ["A."], GREEDY, no_progress)


def test_a_route_is_one_package_where_there_is_one(over_packages: Engine) -> None:
    assert [hop.name for hop in over_packages.route("en", "ar").hops] == ["en_ar@1.0"]


def test_a_route_goes_through_another_language_where_it_must(over_packages: Engine) -> None:
    route = over_packages.route("en-GB", "pt-BR")
    assert [hop.name for hop in route.hops] == ["en_es@1.0", "es_pt@1.0"]


def test_no_route_is_said_with_both_languages_and_what_is_there(over_packages: Engine) -> None:
    with pytest.raises(RouteError, match=r"from ar to en.*en_ar@1\.0, en_es@1\.0.*models install"):
        over_packages.route("ar", "en")
