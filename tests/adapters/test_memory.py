from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fake_memory import FakeMemory
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.likeness import ratio
from workflow.memory import LEAST, Lesson, MemoryMatch, index_words, rarest
from workflow.ports import Memory

STRANGE = ["", " ", "\n", "a\0b", "İstanbul ⟦1⟧", "مرحبا", "🚧" * 300, "'; DROP TABLE memory; --"]
TWO = "The pool opens on Monday. Bring a towel."
DOS = "La piscina abre el lunes. Traiga una toalla."
PAIRS = (
    ("The pool opens on Monday.", "La piscina abre el lunes."),
    ("Bring a towel.", "Traiga una toalla."),
)


@pytest.fixture(params=["fake", "sqlite"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Memory:
    if request.param == "fake":
        return FakeMemory()
    return SqliteMemory(Database(tmp_path / "var" / "polypress.db"))


def lesson(item: str, source: str, target: str | None, *pairs: tuple[str, str]) -> Lesson:
    return Lesson(f"n:{item}#body", source, target, pairs)


def found(memory: Memory, item: str, source: str) -> MemoryMatch | None:
    return memory.exact("es", [(f"n:{item}#body", source)]).get(0)


# Exact matches.


def test_a_new_memory_knows_nothing(memory: Memory) -> None:
    assert memory.exact("es", [("n:a#body", "Open")]) == {}
    assert memory.exact("es", []) == {}
    assert memory.similar("es", [("n:a#body", "Open"), ("n:a#body", "")]) == {}
    assert memory.targets("es", ["Open"]) == {}
    assert memory.news("es", "n", []) == ()
    assert memory.learn("es", []) == 0


def test_the_version_grows_with_what_makes_a_difference_in_a_locale(memory: Memory) -> None:
    versions = [memory.version("es")]
    for target in ("Abierto", "Abierto", "Se abre", None, None):
        memory.learn("es", [lesson("a", "Open", target)])
        versions.append(memory.version("es"))
    assert versions == [0, 1, 1, 2, 3, 3]
    assert memory.version("ar") == 0


def test_an_approved_text_is_known_at_its_place_and_elsewhere(memory: Memory) -> None:
    assert memory.learn("es", [lesson("a", "Open", "Abierto")]) == 1
    found = memory.exact("es", [("n:b#body", "Open"), ("n:a#body", "Open"), ("n:a#body", "Shut")])
    assert found == {
        0: MemoryMatch("Open", "Abierto", same_place=False, place="n:a#body"),
        1: MemoryMatch("Open", "Abierto", same_place=True, place="n:a#body"),
    }


def test_the_same_place_goes_before_all_others(memory: Memory) -> None:
    places = ["n:a#body", "n:m#body", "n:z#body"]
    memory.learn("es", [Lesson(place, "Open", place.upper()) for place in reversed(places)])
    assert memory.exact("es", [("n:m#body", "Open")])[0].target == "N:M#BODY"
    assert memory.exact("es", [("n:m#title", "Open")])[0].target == "N:M#BODY"
    assert memory.exact("es", [("n:x#body", "Open")])[0].target == "N:A#BODY"


def test_a_sentence_is_known_by_itself_and_is_no_whole_unit(memory: Memory) -> None:
    memory.learn("es", [lesson("a", TWO, DOS, *PAIRS)])
    match = found(memory, "a", "Bring a towel.")
    assert match
    assert (match.target, match.whole, match.same_place) == ("Traiga una toalla.", False, False)


def test_a_whole_unit_goes_before_a_sentence_of_another_item(memory: Memory) -> None:
    memory.learn("es", [lesson("a", TWO, DOS, *PAIRS), lesson("b", PAIRS[1][0], "Con toalla.")])
    whole, part = found(memory, "x", "Bring a towel."), found(memory, "a", "Bring a towel.")
    assert whole
    assert part
    assert (whole.target, part.target) == ("Con toalla.", "Traiga una toalla.")


def test_each_locale_has_its_own_memory(memory: Memory) -> None:
    memory.learn("es", [lesson("a", "Open today", "Abierto hoy")])
    asked = [("n:a#body", "Open today")]
    assert memory.exact("ar", asked) == memory.similar("ar", asked) == {}
    assert memory.targets("ar", ["Open today"]) == {}


def test_all_translations_of_a_text_are_told(memory: Memory) -> None:
    memory.learn("es", [lesson("a", TWO, DOS, *PAIRS), lesson("b", PAIRS[1][0], "Con toalla.")])
    told = memory.targets("es", ["Bring a towel.", "Unknown."])
    assert told == {"Bring a towel.": frozenset({"Traiga una toalla.", "Con toalla."})}


def test_the_memory_keeps_any_text_as_it_is(memory: Memory) -> None:
    memory.learn("es", [Lesson(f"n:{n}#body", text, text) for n, text in enumerate(STRANGE)])
    found = memory.exact("es", [("", text) for text in STRANGE])
    assert [found[index].target for index in range(len(STRANGE))] == STRANGE


# Learning and forgetting.


def test_what_is_known_already_counts_as_no_change(memory: Memory) -> None:
    known = lesson("a", "Open", "Abierto")
    assert memory.learn("es", [known]) == 1
    assert memory.learn("es", [known]) == 0
    assert memory.learn("es", [lesson("a", "Open", "Se abre")]) == 1
    assert memory.exact("es", [("n:a#body", "Open")])[0].target == "Se abre"


def test_what_is_taken_back_is_forgotten_with_its_sentences(memory: Memory) -> None:
    memory.learn("es", [lesson("a", TWO, DOS, *PAIRS), lesson("b", "Open", "Abierta")])
    assert memory.learn("es", [lesson("a", TWO, None), lesson("c", "Open", None)]) == 1
    assert found(memory, "a", TWO) is found(memory, "a", "Bring a towel.") is None
    assert memory.similar("es", [("n:a#body", "Bring a towel!"), ("n:a#body", TWO)]) == {}
    assert found(memory, "b", "Open")


def test_a_text_that_stands_elsewhere_too_is_still_known(memory: Memory) -> None:
    memory.learn("es", [lesson("a", TWO, DOS, *PAIRS), lesson("b", PAIRS[1][0], "Con toalla.")])
    memory.learn("es", [lesson("a", TWO, None)])
    match = found(memory, "a", "Bring a towel.")
    assert match
    assert match.target == "Con toalla."
    assert memory.similar("es", [("n:a#body", "Bring a towel!")])


def test_the_last_word_on_a_place_counts(memory: Memory) -> None:
    memory.learn("es", [lesson("a", "Open", "Abierto")])
    assert memory.learn("es", [lesson("a", "Open", None), lesson("a", "Open", "Abierto")]) == 0
    assert memory.exact("es", [("n:a#body", "Open")])[0].target == "Abierto"


def test_news_are_the_lessons_that_differ(memory: Memory) -> None:
    known, changed, taken = (lesson(item, "Open", "Abierto") for item in "abc")
    memory.learn("es", [known, changed, taken])
    lessons = [known, lesson("b", "Open", "Se abre"), lesson("c", "Open", None)]
    lessons += [lesson("d", "Shut", "Cerrado"), lesson("e", "Never seen", None)]
    assert memory.news("es", "n", lessons) == tuple(lessons[1:4])
    memory.learn("es", lessons)
    for _ in range(2):
        assert memory.news("es", "n", lessons) == ()
    assert memory.news("es", "n", lessons[:1]) == ()


def test_news_are_told_again_after_there_and_back(memory: Memory) -> None:
    first, second = [lesson("a", "Open", "Abierto")], [lesson("a", "Open", "Se abre")]
    for lessons in (first, second, first, second):
        assert memory.news("es", "n", lessons) == tuple(lessons)
        memory.learn("es", lessons)
        assert memory.news("es", "n", lessons) == ()


# Similar texts.


def test_a_similar_text_comes_with_its_likeness(memory: Memory) -> None:
    memory.learn("es", [lesson("a", "The pool opens late.", "La piscina abre tarde.")])
    (match,) = memory.similar("es", [("n:b#body", "The pool opens early.")])[0]
    assert match.target == "La piscina abre tarde."
    assert match.score == ratio("The pool opens late.", "The pool opens early.") > LEAST
    assert not match.same_place


def test_the_likest_goes_first_and_the_same_place_among_equals(memory: Memory) -> None:
    texts = {"a": "Bus line 7 stops here.", "b": "Bus line 7 stops there.", "c": "Bus line 7!"}
    memory.learn("es", [lesson(item, text, item) for item, text in texts.items()])
    memory.learn("es", [lesson("d", texts["b"], "d")])
    asked = [("n:d#body", "Bus line 7 stops there"), ("n:x#body", "Bus line 7 stops there")]
    told = memory.similar("es", asked)
    assert [[match.target for match in told[index]] for index in (0, 1)] == [["d", "a"], ["b", "a"]]


def test_scripts_without_blanks_are_found_too(memory: Memory) -> None:
    memory.learn("es", [lesson("a", "游泳池星期一开放。", "La piscina abre el lunes.")])
    assert memory.similar("es", [("n:b#body", "游泳池星期二开放。")])


WORDS = ["pool", "opens", "closes", "library", "monday", "bring", "towel", "the", "late", "7"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def in_bounds(query: str, texts: list[str]) -> set[str]:
    """All that brute force finds among the texts with one of the query's rarest words."""
    words = {
        word: [text for text in texts if word in index_words(text)] for word in index_words(query)
    }
    near = {text for word in rarest(words) for text in words[word]}
    return {text for text in near if ratio(query, text) >= LEAST}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, min_size=1, max_size=16, unique=True), query=TEXTS)
def test_all_is_found_that_brute_force_finds_within_the_bound(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    memory = SqliteMemory(Database(tmp_path_factory.mktemp("m") / "polypress.db"))
    memory.learn("es", [lesson(f"i{n}", text, text) for n, text in enumerate(texts)])
    expected = sorted(in_bounds(query, texts), key=lambda text: (-ratio(query, text), text))
    told = memory.similar("es", [("n:x#body", query)]).get(0, ())
    assert [match.source for match in told] == expected[:3]


def test_one_changed_word_is_found_among_thousands(tmp_path: Path) -> None:
    memory = SqliteMemory(Database(tmp_path / "polypress.db"))
    chance = random.Random(11)
    letters = "abcdefghijklmnoprstu"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(900)]
    texts = [" ".join(chance.choices(words, k=8)) for _ in range(3000)]
    memory.learn("es", [lesson(f"i{n}", text, "x") for n, text in enumerate(texts)])
    changed = [text.rpartition(" ")[0] + " elsewhere" for text in texts[::30]]
    told = memory.similar("es", [("n:x#body", text) for text in changed])
    likely = [n for n, text in enumerate(changed) if ratio(text, texts[n * 30]) >= LEAST]
    assert len(likely) > 50
    assert all(told[n][0].source == texts[n * 30] for n in likely)
