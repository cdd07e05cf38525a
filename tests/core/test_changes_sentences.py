"""Sentences kept where it is certain which one is which, and never a wrong one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.changes import kept, nothing_known, sentence_pairs
from workflow.segments import Segmented, segmented

PAIRS = [
    ("The pool on Mill Road is closed on Monday.", "La piscina de Mill Road cierra el lunes."),
    ("The library opens at 9:00.", "La biblioteca abre a las 9:00."),
    ("Bring your identity card.", "Traiga su documento de identidad."),
    ("Call 112 in an emergency.", "En caso de emergencia, llame al 112."),
    ("The market is open until 15 December.", "El mercado está abierto hasta el 15 de diciembre."),
    ("Write to info@example.org.", "Escriba a info@example.org."),
    ("Tickets cost 3.50 euros.", "Las entradas cuestan 3,50 euros."),
    ("Entry is free for children.", "La entrada es gratuita para los niños."),
    ("The bus leaves on Friday at 18:30.", "El autobús sale el viernes a las 18:30."),
    ("Dogs must stay outside.", "Los perros deben quedarse fuera."),
    ("Room 12 is on the first floor.", "La sala 12 está en la primera planta."),
    ("The course begins on 4 May.", "El curso empieza el 4 de mayo."),
    ("Bus 7 stops at Central Station.", "El autobús 7 para en Central Station."),
    ("The office is closed in August.", "La oficina cierra en agosto."),
    ("Use the CityGo app to pay.", "Use la aplicación CityGo para pagar."),
    ("Collection is every Thursday.", "La recogida es cada jueves."),
]
SPLIT = [
    (
        "The sports hall, which was renovated last year, opens at 8:00.",
        ("El polideportivo se renovó el año pasado.", "Abre a las 8:00."),
    ),
    (
        "The museum is free on Sunday, but you have to book a time.",
        ("El museo es gratuito el domingo.", "Es necesario reservar una hora."),
    ),
    (
        "If it rains, the concert takes place in room 4.",
        ("Puede que llueva.", "En ese caso, el concierto se celebra en la sala 4."),
    ),
]
"""Sentences of which a translator may make two."""
TRUE = dict(PAIRS) | {source: " ".join(parts) for source, parts in SPLIT}


def cut(sentences: Sequence[str], language: str) -> Segmented:
    return segmented(" ".join(sentences), language=language)


def found(
    old: Sequence[str],
    new: Sequence[str],
    target: Sequence[str],
    known: Callable[[str], Collection[str]] = nothing_known,
) -> Mapping[int, str]:
    sides = cut(old, "en"), cut(new, "en"), cut(target, "es")
    return kept(*sides, language="en", locale="es", known=known)


def test_the_other_sentences_stay_byte_for_byte() -> None:
    old = [PAIRS[0][0], PAIRS[1][0], PAIRS[3][0]]
    target = [PAIRS[0][1], PAIRS[1][1], PAIRS[3][1]]
    new = [old[0], "The library opens at 10:00.", old[2]]
    assert found(old, new, target) == {0: target[0], 2: target[2]}


def test_a_sentence_without_evidence_counts_between_two_certain_ones() -> None:
    old = [PAIRS[0][0], PAIRS[2][0], PAIRS[3][0]]
    target = [TRUE[text] for text in old]
    assert found(old, [*old, "It is new."], target) == dict(enumerate(target))


def test_equal_counts_and_lengths_alone_are_not_enough() -> None:
    old = [PAIRS[2][0], PAIRS[7][0], PAIRS[9][0]]
    target = [TRUE[text] for text in old]
    assert not found(old, [old[0], old[1], "No dogs."], target)


def test_what_the_memory_knows_is_certain() -> None:
    old = [PAIRS[2][0], PAIRS[7][0], PAIRS[9][0]]
    target = [TRUE[text] for text in old]
    known = {old[0]: [target[0]]}
    told = found(old, [old[0], "Entry is free."], target, lambda text: known.get(text, ()))
    assert told == {0: target[0]}


def test_sentences_that_the_translator_swapped_are_found() -> None:
    old = [PAIRS[1][0], PAIRS[3][0]]
    target = [PAIRS[3][1], PAIRS[1][1]]
    assert found(old, old, target) == {0: PAIRS[1][1], 1: PAIRS[3][1]}


def test_two_sentences_with_the_same_number_are_not_told_apart() -> None:
    old = ["Room 12 is closed.", "Ask in room 12."]
    target = ["La sala 12 está cerrada.", "Pregunte en la sala 12."]
    assert not found(old, old, target)


def test_a_unit_of_one_sentence_is_one_pair_and_all_pairs_are_all_or_none() -> None:
    one, es = cut([PAIRS[2][0]], "en"), cut([PAIRS[2][1]], "es")
    assert sentence_pairs(one, es, language="en", locale="es") == ((0, 0),)
    old = [PAIRS[0][0], PAIRS[3][0]]
    sides = cut(old, "en"), cut([TRUE[text] for text in old], "es")
    assert sentence_pairs(*sides, language="en", locale="es") == ((0, 0), (1, 1))
    shorter = cut([PAIRS[0][1]], "es")
    assert sentence_pairs(sides[0], shorter, language="en", locale="es") is None


@pytest.mark.parametrize(
    ("locale", "pairs"),
    [
        ("ar", [("Call 112 now.", "اتصل بالرقم ١١٢ الآن."), ("Room 7 opens.", "الغرفة 7 تفتح.")]),
        ("de", [("It opens on Monday.", "Es öffnet am Montag."), ("Room 7.", "Raum 7.")]),
        ("ru", [("It costs 5 euros.", "Стоимость: 5 евро."), ("Call 112.", "Звоните 112.")]),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_evidence_in_any_script(
    locale: str, pairs: list[tuple[str, str]]
) -> None:
    old, target = (cut(side, language) for side, language in
                   zip(zip(*pairs, strict=True), ("en", locale), strict=True))  # fmt: skip
    told = kept(old, old, target, language="en", locale=locale)
    assert told == {0: pairs[0][1], 1: pairs[1][1]}


def translated(chance: random.Random, old: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What a translator made of each sentence: one, two or none, and some in another order."""
    apart = dict(SPLIT)
    made = [(text, apart.get(text, (TRUE[text],))) for text in old]
    at = chance.randrange(len(made) - 1)
    how = chance.choice(["", "", "drop", "swap"])
    if how == "drop":
        made[at] = (made[at][0], ())
    elif how == "swap":
        made[at], made[at + 1] = made[at + 1], made[at]
    return dict(made)


def joined(chance: random.Random, parts: list[str]) -> list[str]:
    """Now and then two sentences in one."""
    at = chance.randrange(len(parts))
    if chance.random() < 0.4 and at + 1 < len(parts):
        parts[at : at + 2] = [f"{parts[at].rstrip('.')}, y {parts[at + 1]}"]
    return parts


def essence(text: str) -> list[str]:
    """The words of a text, however it is cut into sentences."""
    words = re.findall(r"[\w@]+", text.casefold())
    return sorted(word for word in words if word != "y")


@pytest.mark.parametrize("seed", range(400))
def test_no_sentence_ever_gets_the_translation_of_another(seed: int) -> None:
    chance = random.Random(seed)
    old = [source for source, _ in chance.sample([*PAIRS, *SPLIT], chance.randint(2, 6))]
    made = translated(chance, old)
    target = joined(chance, [part for parts in made.values() for part in parts])
    new = [text for text in old if chance.random() < 0.8] + ["Something is new."]
    chance.shuffle(new)
    segments = cut(new, "en").segments
    for index, text in found(old, new, target).items():
        meant = (made[one] for one in made if one in segments[index].source)
        assert essence(text) == essence(" ".join(part for parts in meant for part in parts))


def test_of_one_sentence_edits_four_in_five_keep_the_other_sentences() -> None:
    chance, kept_all, edits = random.Random(4), 0, 300
    for _ in range(edits):
        old = [source for source, _ in chance.sample(PAIRS, chance.randint(2, 5))]
        at = chance.randrange(len(old))
        new = [*old[:at], f"{old[at].rstrip('.')}, as always.", *old[at + 1 :]]
        told = found(old, new, [TRUE[text] for text in old])
        kept_all += set(told) == set(range(len(old))) - {at}
    assert kept_all >= 0.8 * edits


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_any_texts_are_read_and_what_is_kept_stands_in_the_target(
    old: str, new: str, target: str
) -> None:
    sides = (
        segmented(text, language=tag) for text, tag in ((old, "en"), (new, "en"), (target, "es"))
    )
    found = kept(*sides, language="en", locale="es")
    assert all(text in target for text in found.values())
