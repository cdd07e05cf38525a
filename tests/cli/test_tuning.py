from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.adapters.argos.made_packages import install, package
from tests.cli.program import Program
from tests.cli.test_content_commands import documented
from workflow.adapters.argos.sizes import on_processor
from workflow.adapters.argos.store import ArgosStore
from workflow.adapters.argos.tuner import Finding, Trial, Tuner
from workflow.errors import LockedError, PackageError
from workflow.ports import InstalledPackage

KEYS = {"package", "device", "cores", "trials", "best", "gain"}
PAIRS = [("en", "es"), ("es", "pt")]
Asked = dict[str, tuple[float, tuple[str, ...]]]


@pytest.fixture
def installed(polypress: Program, tmp_path: Path) -> ArgosStore:
    store = ArgosStore(polypress.root / "var" / "packages")
    for source, target in PAIRS:
        about = {"from_code": source, "to_code": target}
        install(store, package(tmp_path / f"{source}_{target}.argosmodel", about))
    return store


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The seconds and texts with which each package was tried; nothing is loaded."""
    found: Asked = {}

    def tune(
        _self: Tuner,
        package: InstalledPackage,
        texts: Sequence[str],
        seconds: float,
        tried: Callable[[int, int], None],
    ) -> Finding:
        found[package.ref.name] = (seconds, tuple(texts))
        tried(14, 14)
        default, other = on_processor(2), on_processor(1)
        trials = Trial(default, 10.0), Trial(other, 12.5)
        if package.ref.source == "en":
            return Finding(package, "cpu", 2, trials, other, 0.25)
        return Finding(package, "cpu", 2, trials, default, 0.01)

    monkeypatch.setattr(Tuner, "tune", tune)
    monkeypatch.setattr(Tuner, "record", lambda *_: None)
    return found


@pytest.mark.usefixtures("installed")
def test_packages_of_the_projects_language_are_tried_with_its_sentences(
    polypress: Program, asked: Asked
) -> None:
    assert polypress("models", "tune", "--seconds", "3").code == 0
    assert asked == {
        "en_es@1.0": (3.0, ("The pool opens", "Bring a towel.")),
        "es_pt@1.0": (3.0, ()),
    }
    assert not polypress.catalog().exists()


@pytest.mark.usefixtures("installed", "asked")
def test_trials_are_shown_with_progress_and_what_came_of_them(polypress: Program) -> None:
    ran = polypress("models", "tune")
    rows = [re.findall(r"[\w.,%]+", line) for line in ran.out.splitlines() if "48" in line]
    assert rows[0] == ["default", "2", "48", "384", "32", "10.0", "100%"]
    assert rows[1] == ["chosen", "1", "48", "384", "32", "12.5", "125%"]
    assert rows[2][:2] == ["default,", "chosen"]
    assert "en_es@1.0: 25% faster than the default from now on" in ran.out
    assert "es_pt@1.0: nothing is worth a change, the default stays" in ran.out
    assert "tune en_es@1.0: 14/14" in ran.err


@pytest.mark.usefixtures("installed")
def test_one_package_is_tuned_by_its_name(polypress: Program, asked: Asked) -> None:
    (found,) = polypress("models", "tune", "es_pt", "--json").json
    assert set(found) == KEYS
    assert documented("models tune") >= KEYS | set(found["best"]) | set(found["trials"][0])
    assert list(asked) == ["es_pt@1.0"]
    assert polypress("models", "tune", "en_de").code == 2
    assert polypress("models", "tune", "--seconds", "0").code == 2


@pytest.mark.usefixtures("installed")
def test_a_package_that_fails_stops_no_other_and_ends_with_1(
    polypress: Program, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    tune = Tuner.tune

    def failing(self: Tuner, package: InstalledPackage, *more: object) -> Finding:
        if package.ref.source == "en":
            raise PackageError("cannot be loaded")
        return tune(self, package, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Tuner, "tune", failing)
    ran = polypress("models", "tune", "--quiet")
    assert (ran.code, ran.out, ran.err) == (1, "", "error: cannot be loaded\n")
    assert list(asked) == ["es_pt@1.0"]


@pytest.mark.usefixtures("installed", "asked")
def test_what_was_found_is_told_even_if_it_cannot_be_recorded(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Tuner, finding: Finding) -> None:
        if finding.package.ref.source == "en":
            raise LockedError("another process has held the lock for 600 s")

    monkeypatch.setattr(Tuner, "record", refuse)
    ran = polypress("models", "tune")
    assert (ran.code, ran.err.splitlines()[-1][:22]) == (4, "error: another process")
    assert "en_es@1.0, 2 cores, cpu" in ran.out
    assert "from now on" not in ran.out
    assert "es_pt@1.0: nothing is worth a change" in ran.out
    assert len(polypress("models", "tune", "--json").json) == len(PAIRS)


def test_without_packages_it_says_how_to_get_one(polypress: Program) -> None:
    assert "models install" in polypress("models", "tune").out
    assert polypress("models", "tune", "--json").json == []
