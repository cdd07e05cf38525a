from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fake_memory import FakeSegmentCache
from tests.faults import full_disk, open_folder, read_only
from workflow.adapters.sqlite.connection import VERSION, Database
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.adapters.sqlite.segment_cache import SqliteSegmentCache
from workflow.errors import OutsideError
from workflow.memory import Lesson
from workflow.model import DecodeParameters, Hypothesis, PackageRef, digest_of
from workflow.ports import SegmentCache

PACKAGE = PackageRef("en", "es", "1.0", digest_of("one"))
KEY = DecodeParameters().key
STRANGE = ["", " ", "\n", "a\0b", "İstanbul ⟦1⟧", "مرحبا", "🚧" * 300, "'; DROP TABLE memory; --"]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "var" / "polypress.db")


@pytest.fixture(params=["fake", "sqlite"])
def cache(request: pytest.FixtureRequest, database: Database) -> SegmentCache:
    return FakeSegmentCache() if request.param == "fake" else SqliteSegmentCache(database)


# The contract of SegmentCache.


def test_answers_come_back_as_they_were_put(cache: SegmentCache) -> None:
    answers = {
        text: (Hypothesis(text + "!", -0.1234567890123, 0.5, 1 / 3), Hypothesis("", -9.0))
        for text in STRANGE
    }
    cache.put(PACKAGE, KEY, answers)
    assert cache.get(PACKAGE, KEY, [*STRANGE, "unknown"]) == answers


def test_answers_of_an_older_version_come_back_without_the_signs_that_it_lacked(
    tmp_path: Path,
) -> None:
    database = Database(tmp_path / "x.db")
    cache = SqliteSegmentCache(database)
    every = Hypothesis("Abierto", -0.25, 0.5, 0.75, 0.6, 2.5, 3.0, 0.1)
    cache.put(PACKAGE, KEY, {"Open": (every,)})
    assert cache.get(PACKAGE, KEY, ["Open"]) == {"Open": (every,)}
    with database.transaction() as connection:
        connection.execute("UPDATE segment_cache SET answer = '[[\"Abierto\", -0.25, 0.5, 0.75]]'")
    old = Hypothesis("Abierto", -0.25, 0.5, 0.75)
    assert cache.get(PACKAGE, KEY, ["Open"]) == {"Open": (old,)}


def test_an_empty_question_has_an_empty_answer(cache: SegmentCache) -> None:
    cache.put(PACKAGE, KEY, {})
    assert cache.get(PACKAGE, KEY, []) == {}
    assert cache.get(PACKAGE, KEY, ["a"]) == {}


def test_another_package_or_other_parameters_are_another_question(cache: SegmentCache) -> None:
    cache.put(PACKAGE, KEY, {"Open": (Hypothesis("Abierto"),)})
    same_name = PackageRef("en", "es", "1.0", digest_of("two"))
    greedy = DecodeParameters(beam_size=1).key
    assert cache.get(same_name, KEY, ["Open"]) == {}
    assert cache.get(PACKAGE, greedy, ["Open"]) == {}
    assert set(cache.get(PACKAGE, KEY, ["Open"])) == {"Open"}


def test_a_later_answer_replaces_the_earlier(cache: SegmentCache) -> None:
    for text in ("Abierto", "Se abre"):
        cache.put(PACKAGE, KEY, {"Open": (Hypothesis(text),)})
    assert cache.get(PACKAGE, KEY, ["Open"])["Open"][0].text == "Se abre"


def test_ten_thousand_segments_go_in_and_out(cache: SegmentCache) -> None:
    answers = {f"Segment {number}.": (Hypothesis(f"{number}"),) for number in range(10_000)}
    cache.put(PACKAGE, KEY, answers)
    assert cache.get(PACKAGE, KEY, list(answers)) == answers


# What only a file can suffer.


def test_what_was_learned_is_there_after_a_restart(database: Database) -> None:
    SqliteMemory(database).learn("es", [Lesson("n:a#body", "Open", "Abierto")])
    SqliteSegmentCache(database).put(PACKAGE, KEY, {"Open": (Hypothesis("Abierto"),)})
    again = Database(database.path)
    assert SqliteMemory(again).exact("es", [("n:a#body", "Open")])[0].same_place
    assert SqliteSegmentCache(again).get(PACKAGE, KEY, ["Open"])


def test_a_write_that_fails_half_way_changes_nothing(database: Database) -> None:
    memory = SqliteMemory(database)
    memory.learn("es", [Lesson("n:a#body", "Open", "Abierto")])
    with pytest.raises(OutsideError):
        memory.learn(
            "es", [Lesson("n:b#body", "Shut", "Cerrado"), Lesson("n:c#body", "On", object())]
        )  # type: ignore[list-item]
    assert memory.exact("es", [("n:b#body", "Shut")]) == {}
    assert memory.exact("es", [("n:a#body", "Open")])


def test_many_can_begin_and_write_at_once(database: Database) -> None:
    def work(number: int) -> int:
        mine = Database(database.path)
        SqliteSegmentCache(mine).put(PACKAGE, KEY, {f"{number}": (Hypothesis("x"),)})
        return SqliteMemory(mine).learn("es", [Lesson(f"n:{number}#body", "Open", "Abierto")])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(16))) == [1] * 16
    known = SqliteSegmentCache(database).get(PACKAGE, KEY, [f"{number}" for number in range(16)])
    assert len(known) == 16


def use(path: Path) -> None:
    database = Database(path)
    SqliteMemory(database).learn("es", [Lesson("n:a#body", "Open", "Abierto")])
    answers = {f"{number}": (Hypothesis("x" * 200),) for number in range(200)}
    SqliteSegmentCache(database).put(PACKAGE, KEY, answers)


def refused(path: Path, what: str, work: Callable[[Path], None] = use) -> OutsideError:
    with pytest.raises(OutsideError, match=what) as caught:
        work(path)
    assert caught.value.place.path == str(path)
    assert "move the file away" in caught.value.fix
    assert caught.value.exit_code == 5
    return caught.value


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "polypress.db"
    path.write_bytes(b"no database at all, but somebody's file" * 100)
    before = path.read_bytes()
    refused(path, "not a database")
    assert path.read_bytes() == before


def test_a_database_damaged_in_the_middle_is_told(tmp_path: Path) -> None:
    path = tmp_path / "polypress.db"
    use(path)
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xa5" * (len(body) - 4096)
    path.write_bytes(body)
    refused(path, "malformed|not a database")


def test_an_answer_that_is_damaged_is_told(database: Database) -> None:
    cache = SqliteSegmentCache(database)
    cache.put(PACKAGE, KEY, {"Open": (Hypothesis("Abierto"),)})
    for answer in ("[[", "3", '[["a", 1, 2, 3, 4, 5, 6, 7, 8, 9]]'):
        with sqlite3.connect(database.path) as connection:
            connection.execute("UPDATE segment_cache SET answer = ?", (answer,))
        connection.close()
        refused(database.path, "damaged", lambda _: cache.get(PACKAGE, KEY, ["Open"]) and None)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "polypress.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    refused(path, "newer Polypress")
    assert path.read_bytes() == before


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    with read_only(folder):
        refused(folder / "polypress.db", "unable to open")
        refused(folder / "var" / "polypress.db", "Permission denied")
    assert list(folder.iterdir()) == []


def test_a_database_that_cannot_be_written_is_told(folder: Path) -> None:
    path = folder / "polypress.db"
    use(path)
    path.chmod(0o444)
    with read_only(folder):
        refused(path, "readonly|unable to open")


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    refused(tmp_path / "var" / "polypress.db", "File exists|Not a directory")


def test_a_full_disk_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    path = tmp_path / "polypress.db"
    SqliteMemory(Database(path)).learn("es", [Lesson("n:a#body", "Open", "Abierto")])
    with full_disk(limit=40_000):
        refused(path, "full|disk I/O error")
    assert SqliteMemory(Database(path)).exact("es", [("n:a#body", "Open")])[0].target == "Abierto"
    use(path)
