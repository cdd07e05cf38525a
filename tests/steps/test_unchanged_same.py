"""What stands in the catalogs is the same, whether a run leaves anything out or not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from tests.steps.survey_for_tests import notice, run
from workflow.adapters.sqlite.connection import Database

ANSWERS = {"The zoo": "", "Come.": "", "Bring 2 hats.": "ven"}


def write(dice: Random, city: Place) -> None:
    word = dice.choice(["pool", "park", "zoo"])
    body = f"The {word} opens. {dice.choice(['Come.', 'Bring 2 hats.'])}"
    city.notice(f"n{dice.randrange(3)}", f"The {word}", body)


def brief(dice: Random, city: Place) -> None:
    city.write("briefs/week.txt", "\n\n".join(dice.sample(["The pool opens.", "Come.", "Go."], 2)))


def damage(dice: Random, city: Place) -> None:
    city.write(f"notices/n{dice.randrange(3)}.md", b"\xff")


def remove(dice: Random, city: Place) -> None:
    notice(city, f"n{dice.randrange(3)}").unlink(missing_ok=True)


def rename(dice: Random, city: Place) -> None:
    old, new = notice(city, f"n{dice.randrange(3)}"), notice(city, "n9")
    if old.exists():
        old.rename(new)


def edit(dice: Random, city: Place) -> None:
    """A person approves one entry, and may type another text."""
    path = city.catalog(dice.choice(["es", "ar"]), dice.choice(["notices", "briefs"]))
    new = dice.choice([" opens", " O", ""])
    if path.exists():
        parts = path.read_text().split("\n\n")
        at = dice.randrange(len(parts))
        parts[at] = parts[at].replace("#, fuzzy\n", "").replace(": The pool opens", new)
        path.write_text("\n\n".join(parts))


def lose(dice: Random, city: Place) -> None:
    city.catalog(dice.choice(["es", "ar"])).unlink(missing_ok=True)


ACTS = [write] * 6 + [brief] * 3 + [edit] * 6 + [damage, remove, rename, lose]


def texts(city: Place) -> dict[str, bytes]:
    """What stands in `locales/` now, and what the memory holds."""
    folder = city.root / "locales"
    held = {name.removeprefix(str(folder)): body for name, (body, _) in snapshot(folder).items()}
    with Database(city.root / "var" / "polypress.db").transaction() as connection:
        rows = connection.execute(
            "SELECT s.locale, s.source, t.place, t.position, t.target FROM memory_texts t"
            " JOIN memory_sources s ON s.id = t.source ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()
    return held | {"memory": repr(rows).encode()}


@pytest.mark.parametrize("seed", range(2))
def test_the_catalogs_are_those_of_a_run_that_reads_all(seed: int, tmp_path: Path) -> None:
    cities = [
        place(tmp_path / name, answers=ANSWERS, collections=(NOTICES, BRIEFS)) for name in "ab"
    ]
    left_out = 0
    for turn in range(14):
        for city in cities:
            dice = Random(f"{seed} {turn}")
            for _ in range(dice.randrange(3)):
                dice.choice(ACTS)(dice, city)
        ran, told = run(cities[0]), run(cities[1].with_(lookout=None))
        assert texts(cities[0]) == texts(cities[1])
        assert {str(one) for one in ran.failures} == {str(one) for one in told.failures}
        assert sorted(ran.withheld) == sorted(told.withheld)
        left_out += len(ran.left_out)
    assert left_out >= 6
