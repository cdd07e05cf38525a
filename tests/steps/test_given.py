"""What people wrote goes before the machine: kept sentences, known sentences, similar texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine
from tests.steps.project_for_tests import Place
from tests.steps.queue_for_tests import PACKAGES, Desk, desk
from workflow import catalog
from workflow.adapters.sqlite.ledger_rows import chunk_of, work_text
from workflow.catalog.facts import persons_comments
from workflow.jobs import Chunk, Work
from workflow.memory import Given, MemoryMatch, match_lines
from workflow.model import (
    DecodeParameters,
    Freshness,
    Message,
    Origin,
    Review,
    Unit,
)

POOL = "The pool opens at 9:00. Bring 2 towels. Call 112 now."
PISCINA = "La piscina abre a las 9:00. Traiga 2 toallas. Llame ya al 112."
TITLE, TITULO = "The pool opens", "La piscina abre"
CHANGED = POOL.replace("The pool opens", "The big pool opens")
LIKE = "Bring 2 warm towels."


@pytest.fixture
def city(tmp_path: Path) -> Place:
    return approved(desk(tmp_path, "es")).city


def approved(hub: Desk) -> Desk:
    """A notice of which a person approved both texts."""
    city = hub.city
    city.notice("pool", TITLE, POOL)
    city.translate("es")
    city.approve(TITLE, TITULO)
    city.approve(POOL, PISCINA)
    city.translate("es")
    city.engine.decoded.clear()
    return hub


def entry(city: Place, source: str, context: str = "") -> Message:
    found = [
        one
        for one in city.project.catalogs.read("es", "notices")
        if one.source == source and not one.obsolete and (one.context or "").startswith(context)
    ]
    (one,) = found
    return one


# Taking a text back.


def test_a_text_that_a_person_empties_does_not_come_back(city: Place) -> None:
    city.edit(TITLE, "")
    (outcome,) = city.translate("es")
    assert (outcome.memory, outcome.machine) == (0, 1)
    assert city.text(TITLE) == f"es: {TITLE}"
    assert city.messages()[TITLE].fuzzy


def test_an_emptied_text_may_come_from_elsewhere_as_a_draft(city: Place) -> None:
    city.notice("other", TITLE)
    city.translate("es")
    city.edit(TITLE, TITULO)
    city.translate("es")
    change: Callable[[tuple[Message, ...]], list[Message]] = lambda messages: [  # noqa: E731
        replace(one, translations=("",)) if one.context == "pool#title" else one for one in messages
    ]
    city.project.catalogs.update("es", "notices", change)
    city.translate("es")
    again = entry(city, TITLE, "pool")
    assert again.translation == TITULO
    assert again.fuzzy


def test_a_text_that_is_marked_again_is_forgotten_with_its_sentences(city: Place) -> None:
    city.edit(POOL, fuzzy=True)
    city.notice("new", "Bring 2 towels.")
    (outcome,) = city.translate("es")
    assert outcome.memory == 0
    assert city.text("Bring 2 towels.") == "es: Bring 2 towels."


# Sentences from the memory.


def test_a_sentence_of_an_approved_text_is_a_draft_elsewhere(city: Place) -> None:
    city.notice("new", "Bring 2 towels.")
    (outcome,) = city.translate("es")
    assert (outcome.memory, city.engine.decoded) == (1, [])
    message = entry(city, "Bring 2 towels.")
    assert (message.translation, message.fuzzy) == ("Traiga 2 toallas.", True)
    assert catalog.facts_of(message).origin is Origin.MEMORY


def test_known_sentences_are_joined_without_the_engine(city: Place) -> None:
    text = "Call 112 now. Bring 2 towels."
    city.notice("new", text)
    (outcome,) = city.translate("es")
    assert (outcome.memory, city.engine.decoded) == (1, [])
    assert city.text(text) == "Llame ya al 112. Traiga 2 toallas."
    facts = city.facts(text)
    assert (facts.origin, facts.freshness) == (Origin.MEMORY, Freshness.CURRENT)
    assert (facts.review, facts.packages) == (Review.NONE, "")


def test_known_and_new_sentences_make_a_mixed_draft(city: Place) -> None:
    text = "It is free. Bring 2 towels."
    city.notice("new", text)
    (outcome,) = city.translate("es")
    assert (outcome.machine, city.engine.decoded) == (1, ["It is free."])
    assert city.text(text) == "es: It is free. Traiga 2 toallas."
    facts = city.facts(text)
    assert (facts.origin, facts.review) == (Origin.MIXED, Review.NONE)
    assert facts.packages.startswith("en_es@1.0#")


def test_known_sentences_that_do_not_fit_together_are_left_to_the_engine(tmp_path: Path) -> None:
    city = desk(tmp_path, "es").city
    sentences = ["Stop here.", "Wait now.", "Halt.", "Stand still.", "Do not go."]
    for number, sentence in enumerate(sentences):
        city.notice(f"n{number}", sentence)
    city.translate("es")
    for sentence in sentences:
        city.approve(sentence, "Alto.")
    city.notice("all", " ".join(sentences))
    city.translate("es")  # five times the same is a loop, whoever wrote it
    assert city.text(" ".join(sentences)) == " ".join(f"es: {one}" for one in sentences)
    assert city.facts(" ".join(sentences)).origin is Origin.MACHINE


# Sentences that stay.


def test_the_other_sentences_of_a_changed_text_stay_as_the_person_wrote_them(city: Place) -> None:
    city.notice("pool", TITLE, CHANGED)
    city.translate("es")
    assert city.engine.decoded == ["The big pool opens at 9:00."]
    message = entry(city, CHANGED)
    assert message.translation == (
        "es: The big pool opens at 9:00. Traiga 2 toallas. Llame ya al 112."
    )
    assert message.fuzzy
    assert catalog.facts_of(message).origin is Origin.MIXED
    assert f"previous: {PISCINA}" in message.comments


def test_a_sentence_that_is_taken_out_leaves_a_text_that_needs_no_engine(city: Place) -> None:
    shorter = POOL.replace(" Bring 2 towels.", "")
    city.notice("pool", TITLE, shorter)
    city.translate("es")
    assert city.engine.decoded == []
    assert city.text(shorter) == "La piscina abre a las 9:00. Llame ya al 112."
    assert city.facts(shorter).origin is Origin.MIXED


def test_without_certainty_the_machine_drafts_the_whole_and_the_old_text_stays_beside(
    tmp_path: Path,
) -> None:
    city = desk(tmp_path, "es").city
    city.notice("a", "T", "It is free. Come along. Bring a friend.")
    city.translate("es")
    city.approve("It is free. Come along. Bring a friend.", "Gratis, con amigos. Vengan todos.")
    city.notice("a", "T", "It is free. Come along. Bring a dog.")
    city.translate("es")
    message = entry(city, "It is free. Come along. Bring a dog.")
    assert message.translation == "es: It is free. es: Come along. es: Bring a dog."
    assert "previous: Gratis, con amigos. Vengan todos." in message.comments


def test_a_run_after_that_changes_nothing(city: Place) -> None:
    city.notice("pool", TITLE, CHANGED)
    city.notice("new", LIKE, "It is free. Bring 2 towels.")
    city.translate("es")
    before = city.catalog().read_bytes()
    (again,) = city.translate("es")
    assert (again.written, again.decoded) == ((), 0)
    assert city.catalog().read_bytes() == before


# Similar texts.


def test_a_similar_text_stands_beside_the_draft_with_its_likeness_and_words(city: Place) -> None:
    city.notice("new", LIKE)
    city.translate("es")
    message = entry(city, LIKE)
    assert message.translation == f"es: {LIKE}"
    assert "memory: 86 % from pool#body: Bring 2 {+warm+} towels." in message.comments
    assert "memory: Traiga 2 toallas." in message.comments
    assert persons_comments(message) == ()


def test_the_old_text_that_stands_beside_is_not_told_again(city: Place) -> None:
    city.notice("pool", TITLE, CHANGED)
    city.translate("es")
    first, *rest = (line for line in entry(city, CHANGED).comments if line.startswith("memory: "))
    assert first.startswith("memory: 9")
    assert " ".join(line.removeprefix("memory: ") for line in [first, *rest]).endswith(
        "from pool#body: The {+big+} pool opens at 9:00. Bring 2 towels. Call 112 now."
    )


def test_lines_that_are_alike_are_all_there() -> None:
    text = "Bring a towel and a warm cap to the pool in Green Park on Monday, " * 4
    lines = match_lines(MemoryMatch(text, "-", same_place=False, place="n:a#body"), text)
    assert " ".join(line.removeprefix("memory: ") for line in lines[:-1]).endswith(text.strip())


def test_what_is_told_of_similar_texts_goes_with_the_draft_and_a_persons_comment_stays(
    city: Place,
) -> None:
    city.notice("new", LIKE)
    city.translate("es")
    noted = lambda messages: [  # noqa: E731
        replace(one, comments=("warm: from the oven?", *one.comments))
        if one.source == LIKE
        else one
        for one in messages
    ]
    city.project.catalogs.update("es", "notices", noted)
    city.edit(LIKE, "Traiga 2 toallas calientes.")
    city.translate("es")
    assert entry(city, LIKE).comments == ("warm: from the oven?",)


def test_lines_are_short_and_few(city: Place) -> None:
    numbers = [f" and cap {number} of rubber" for number in range(3, 93)]
    long = "Bring 2 towels" + "".join(numbers) + "."
    city.notice("long", long)
    city.translate("es")
    city.approve(long, "Traiga 2 toallas" + "".join(numbers) + ".")
    other = long.replace("2 towels", "2 big towels")
    city.notice("new", other)
    city.translate("es")
    lines = [line for line in entry(city, other).comments if line.startswith("memory: ")]
    assert len(lines) == 12
    assert all(len(f"# {line}") <= 74 for line in lines)


def test_without_a_route_a_similar_text_is_better_than_none_and_is_told_as_stale(
    tmp_path: Path,
) -> None:
    city = approved(desk(tmp_path, "es")).city
    deaf = city.with_(engine=FakeEngine([PACKAGES[1]]))
    deaf.notice("new", LIKE)
    for _ in range(2):
        (outcome,) = deaf.translate("es")
        assert len(outcome.failures) == 1
        message = entry(deaf, LIKE)
        assert (message.translation, message.fuzzy) == ("Traiga 2 toallas.", True)
        assert message.previous_source == "Bring 2 towels."
        assert catalog.facts_of(message).freshness is Freshness.STALE
    assert outcome.written == ()
    city.translate("es")
    assert entry(city, LIKE).translation == f"es: {LIKE}"


def test_a_similar_text_with_another_number_is_no_draft(tmp_path: Path) -> None:
    city = approved(desk(tmp_path, "es")).city
    deaf = city.with_(engine=FakeEngine([PACKAGES[1]]))
    deaf.notice("new", "Bring 3 towels.")
    deaf.translate("es")
    assert entry(deaf, "Bring 3 towels.").translation == ""


def test_a_text_that_the_engine_fails_at_may_come_from_a_similar_one(tmp_path: Path) -> None:
    city = approved(desk(tmp_path, "es", answers={LIKE: "", "warm towels.": ""})).city
    city.engine.answers |= {"Bring": "", "Bring ⟦1⟧ warm towels.": ""}
    city.notice("new", LIKE)
    city.translate("es")
    assert entry(city, LIKE).translation == "Traiga 2 toallas."
    before = city.catalog().read_bytes()
    city.translate("es")
    assert city.catalog().read_bytes() == before


# The queue.


def test_the_queue_gives_the_bytes_of_a_local_run(tmp_path: Path) -> None:
    local, hub = (approved(desk(tmp_path / name, "es")) for name in ("local", "queue"))
    for one in (local, hub):
        one.city.notice("pool", TITLE, CHANGED)
        one.city.notice("new", LIKE, "It is free. Bring 2 towels.")
        one.city.notice("last", "Nothing alike", "Call 112 now. Bring 2 towels.")
    local.city.translate("es")
    hub.plan("es")
    hub.finish()
    assert hub.city.catalog().read_bytes() == local.city.catalog().read_bytes()
    assert sorted(hub.engine.decoded) == sorted(local.engine.decoded)


def test_what_was_given_is_settled_even_if_the_memory_forgets_it_meanwhile(tmp_path: Path) -> None:
    hub = approved(desk(tmp_path, "es"))
    hub.city.notice("new", "It is free. Bring 2 towels.")
    hub.plan("es")
    hub.city.edit(POOL, fuzzy=True)
    hub.finish()
    assert hub.city.text("It is free. Bring 2 towels.") == "es: It is free. Traiga 2 toallas."


def test_work_comes_back_from_its_row_with_what_was_given(tmp_path: Path) -> None:
    unit = Unit("notices", "a", "body", "Call 112.")
    route = desk(tmp_path, "es").engine.route("en", "es")
    given = Given((("a", "b"),), (("c", "d"), ("e", "f")), ("memory: x",), ("g", "h"))
    for told in ({}, {0: given}, {0: Given(lines=("memory: y",))}):
        work = Work("es", "notices", "notices", route, DecodeParameters(), (unit,), 1, told)
        assert chunk_of((7, 1, 1, work_text(work), "")) == Chunk(7, 1, work)


def test_a_row_from_before_has_nothing_given() -> None:
    row = '["es","notices","notices",[],[4,1,0.2,true],[["a","body","Call 112."]]]'
    assert chunk_of((7, 1, 1, row, "")).work.given == {}
