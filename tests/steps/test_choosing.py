from __future__ import annotations

import pytest

from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.glossary import Term
from workflow.model import Hypothesis
from workflow.ports import Hypotheses
from workflow.segments import apart, clauses, cleaned, protect
from workflow.steps.choosing import (
    Parts,
    Reading,
    at_edges,
    best_part,
    choose,
    from_clauses,
    from_pieces,
)
from workflow.steps.settle import Chosen, Rung

MARKDOWN, DIGEST = MarkdownFormat(), DigestFormat()
SOURCE = "Call **the office** or {phone}."
PLAIN = Reading(protect("Open today"), DIGEST)


def reading(source: str = SOURCE, *, aligned: bool = False) -> Reading:
    protected = protect(source, MARKDOWN.markup(source))
    return Reading(protected, MARKDOWN, cleaned(protected) if aligned else None)


def answers(*texts: str) -> Hypotheses:
    return tuple(Hypothesis(text, -0.1 * rank) for rank, text in enumerate(texts))


def checks(chosen: Chosen) -> list[str]:
    return [finding.check for finding in chosen.findings]


def test_the_first_answer_that_passes_wins() -> None:
    given = answers("Llame a ⟦1⟧la oficina⟦2⟧ o ⟦3⟧.", "Otra")
    text = "Llame a **la oficina** o {phone}."
    assert choose(reading(), given) == Chosen(text, Rung.FIRST, given[0], source=SOURCE)


def test_a_later_answer_is_taken_with_its_own_figures() -> None:
    given = answers("Llame.", "⟦1⟧La oficina⟦2⟧ o ⟦3⟧.")
    chosen = choose(reading(), given)
    assert (chosen.text, chosen.rung) == ("**La oficina** o {phone}.", Rung.LATER)
    assert chosen.hypothesis == given[1]


def test_what_fails_says_why_the_first_answer_failed() -> None:
    given = answers("⟦1⟧La oficina⟦2⟧.", "nada")
    chosen = choose(reading(), given)
    assert (chosen.text, chosen.rung, chosen.hypothesis) == (None, Rung.NONE, given[0])
    assert [finding.message for finding in chosen.findings] == [
        "'{phone}' is there 0 times, not once"
    ]


def test_an_answer_that_brings_markup_of_its_own_fails() -> None:
    made = Reading(protect("Open today"), MARKDOWN)
    chosen = choose(made, answers("Abierto [hoy](http://x.example)"))
    assert chosen.text is None
    assert set(checks(chosen)) >= {"link"}


def test_plain_text_may_hold_what_markdown_may_not() -> None:
    starred = protect("Open *today*")
    assert choose(Reading(starred, DIGEST), answers("Abierto *hoy*")).rung is Rung.FIRST
    assert choose(Reading(starred, MARKDOWN), answers("Abierto hoy")).text is None


def test_an_empty_or_looping_answer_fails() -> None:
    for text, check in (("", "empty"), ("  ", "empty"), ("no no no no no no", "loop")):
        assert checks(choose(PLAIN, answers(text))) == [check]


def test_an_answer_that_is_no_translation_fails() -> None:
    source = "The baths close early on market days."
    made = Reading(protect(source), DIGEST)
    for text, check in (
        (source, "copy"),
        (
            "Los baños " + "cierran antes los días de mercado, y esto no acaba nunca, " * 6,
            "answer-length",
        ),
        ("Cierran {antes}.", "placeholder"),
        ("Cierran antes \N{DOUBLE QUESTION MARK}.", "garbage"),
        ("Cierran antes\u202e.", "garbage"),
        ("Cierran \ufeffantes.", "garbage"),
        ("Cierran\u2028antes.", "garbage"),
        ("\u2581Cierran antes.", "garbage"),
        ("Cierran \ue000 antes.", "garbage"),
        ("Cierran &lt;antes.", "html"),
        ("Cierran &amp; antes.", "garbage"),
        ("Cierran **antes.", "garbage"),
        ("Cierran _antes_.", "garbage"),
        ("Cierran [antes.", "garbage"),
        ("Cierranwww.town.example antes.", "garbage"),
        ("Cierran antes, @town.", "garbage"),
        ("Cierran a las 9:00 `ya.", "number"),
    ):
        assert check in checks(choose(made, answers(text))), text


def test_a_sign_of_direction_comes_with_its_partner_or_not_at_all() -> None:
    made = Reading(protect("The \u2067hall\u2069 is open."), DIGEST)
    assert checks(choose(made, answers("La \u2067sala está abierta."))) == ["direction"]
    for text in ("La \u2067sala\u2069 está abierta.", "La sala está abierta."):
        assert choose(made, answers(text)).rung is Rung.FIRST


def test_a_time_alone_is_no_copy() -> None:
    source = "7 de la tarde, 5 de la tarde"
    assert choose(Reading(protect(source), DIGEST), answers(source)).text == source


def test_an_address_alone_is_no_copy() -> None:
    source = "E-mail: works@town.example, or www.town.example/works/plan_of_works"
    assert choose(Reading(protect(source), DIGEST), answers("E-mail: ⟦1⟧, or ⟦2⟧")).text == source


def test_a_wrong_number_is_put_right_where_only_one_can_be_meant() -> None:
    made = Reading(protect("Bus 7 stops at {stop}."), DIGEST)
    wrong = Hypothesis("El autobús 9 para en ⟦1⟧.", alignment=(0, 0, 1, 2, 3, 4))
    chosen = choose(made, (wrong,))
    assert (chosen.text, chosen.rung) == ("El autobús 7 para en {stop}.", Rung.REPAIRED)
    assert choose(made, answers("El autobús 9 para en ⟦1⟧.")).text is None
    elsewhere = Hypothesis("El autobús 9 para en ⟦1⟧.", alignment=(0, 0, 0, 2, 3, 4))
    assert choose(made, (elsewhere,)).text is None


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("It costs 3 million euros.", "Cuesta 3.000.000 de euros."),
        ("The lake is 2 km away.", "El lago está a 2000 m."),
        ("The fee is 1.5 million euros.", "La tasa es de 1.500.000 euros."),
        ("Open until 5 pm.", "Abierto hasta las 18:00."),
        ("Ten of 12 rooms are open.", "10 de las salas están abiertas."),
        ("Take line 4 for ten minutes.", "Tome la línea durante 10 minutos."),
        ("Bring two photos and 1 form.", "Traiga 2 fotos y un formulario."),
        ("Wait 1 hour.", "Espere 60 minutos."),
    ],
)
def test_a_number_that_may_mean_something_else_is_never_put_right(source: str, answer: str) -> None:
    made = Reading(protect(source), DIGEST)
    words = len(answer.split())
    links = [range(words), [0] * words, [len(source.split()) - 1] * words, [1] * words]
    for alignment in links:
        chosen = choose(made, (Hypothesis(answer, alignment=tuple(alignment)),))
        assert chosen.text in {None, answer}


def test_a_token_that_stands_there_twice_is_taken_once() -> None:
    made = Reading(protect("Bus 7 stops at {stop}."), DIGEST)
    chosen = choose(made, answers("El autobús 7 para en ⟦1⟧ y en ⟦1⟧."))
    assert chosen.rung is Rung.REPAIRED
    assert chosen.text is not None
    assert chosen.text.count("{stop}") == 1


def test_a_full_hour_is_not_the_number_alone() -> None:
    made = Reading(protect("A ticket costs 12 euros."), DIGEST)
    assert checks(choose(made, answers("Un billete cuesta a las 12:00."))) == ["number"]
    ordinal = Reading(protect("The 7th house is open."), DIGEST)
    assert checks(choose(ordinal, answers("La casa 7:00a está abierta."))) == ["number"]
    evening = Reading(protect("Open until 8 pm."), DIGEST)
    assert choose(evening, answers("Abierto hasta las 20:00.")).rung is Rung.FIRST


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Abre el 2 de junio a las 15:00.", True),
        ("Abre em 2 de junho às 15h.", True),
        ("Abre el 2 de junio a las 15 horas.", True),
        ("يفتح يوم 2 يونيو الساعة 15.", True),
        ("يفتح يوم 2 يونيو الساعة 3 مساءً.", True),
        ("Abre el 2 de junio, el 15 de junio.", False),
        ("يفتح يوم 15 يونيو الساعة 2 صباحًا.", False),
        ("Abre a las 2:00 el 15 de junio.", False),
        ("يفتح يوم 15 صباحًا الساعة 2 صباحًا.", False),
        ("Abre el 2 de junio a las 3 de la mañana, 15.", False),
    ],
)
def test_a_full_hour_stays_the_hour_that_it_was(text: str, *, passes: bool) -> None:
    made = Reading(protect("It opens on 2 June at 15:00."), DIGEST)
    assert (choose(made, answers(text)).text is not None) == passes


def test_markup_goes_where_the_alignment_says() -> None:
    said = Hypothesis("Llame a la oficina o ⟦1⟧.", alignment=(0, 0, 1, 2, 3, 4))
    chosen = choose(reading(aligned=True), (said,))
    assert (chosen.text, chosen.rung) == ("Llame a **la oficina** o {phone}.", Rung.FIRST)


def test_where_the_alignment_is_unsure_a_later_answer_may_be_sure() -> None:
    unsure = Hypothesis("Llame a la oficina o ⟦1⟧.", alignment=(1, 0, 3, 0, 2, 4))
    sure = Hypothesis("A la oficina o ⟦1⟧.", alignment=(0, 1, 2, 3, 4))
    chosen = choose(reading(aligned=True), (unsure, sure))
    assert (chosen.text, chosen.rung) == ("A **la oficina** o {phone}.", Rung.LATER)
    assert checks(choose(reading(aligned=True), (unsure,))) == ["markup-unsure"]


def test_markup_at_the_edges_is_the_last_way() -> None:
    unsure = Hypothesis("Llame a la oficina o ⟦1⟧.", alignment=None)
    chosen = at_edges(reading(aligned=True), (unsure,))
    assert chosen is not None
    assert (chosen.text, chosen.rung) == ("**Llame a la oficina o {phone}**.", Rung.EDGES)
    assert at_edges(reading(), (unsure,)) is None


def pieces_apart(source: str, known: dict[str, str]) -> Chosen | None:
    made = reading(source)
    stretches = apart(made.protected)
    given = {one.text: answers(known[one.text]) for one in stretches if one.translate}
    return from_pieces(made, Parts(stretches, "es"), given, Hypothesis("lost", -1.0))


def test_pieces_apart_keep_every_piece_and_the_first_figures() -> None:
    chosen = pieces_apart(SOURCE, {"Call": "Llame a", "the office": "La oficina.", "or": "o"})
    assert chosen is not None
    assert (chosen.text, chosen.rung) == ("Llame a **la oficina** o {phone}.", Rung.APART)
    assert chosen.hypothesis.score == -1.0


def test_pieces_apart_are_checked_too() -> None:
    known = {"Call": "Llame {otro}", "the office": "la oficina", "or": "o"}
    assert pieces_apart(SOURCE, known) is None


def test_a_piece_without_an_answer_is_never_dropped_in_silence() -> None:
    for blank in ("", " "):
        assert pieces_apart(SOURCE, {"Call": blank, "the office": "oficina", "or": "o"}) is None


def test_clauses_apart_keep_their_tokens_and_the_marks_between_them() -> None:
    made = reading("If {street} is closed, use **the bridge**; buses run.")
    stretches = clauses(made.protected, target="es")
    given = {
        "If ⟦1⟧ is closed": answers("Si ⟦1⟧ se corta."),
        "use ⟦2⟧the bridge⟦3⟧": answers("Use el puente", "Use ⟦2⟧el puente⟦3⟧"),
        "buses run.": answers("Hay autobuses."),
    }
    chosen = from_clauses(made, Parts(stretches, "es"), given, Hypothesis("lost"))
    assert chosen is not None
    assert chosen.text == "Si {street} se corta, use **el puente**; hay autobuses."
    assert chosen.rung is Rung.CLAUSES


@pytest.mark.parametrize(
    ("source", "answer", "passes"),
    [
        ("Open until 8 pm.", "Abierto hasta las 20:00.", True),
        ("Open until 8 pm.", "Abierto hasta las 8 p. m.", True),
        ("Open until 8 pm.", "Abierto hasta las 8 de la tarde.", True),
        ("Open until 8 pm.", "Abierto hasta las 8 a. m.", False),
        ("Open until 8 pm.", "Abierto hasta las 8 de la mañana.", False),
        ("Open until 8 pm.", "Abierto hasta las 8:00.", False),
        ("Open until 8:30 pm.", "Abierto hasta las 8:30 a. m.", False),
        ("Open from 8 am to 6 pm.", "Abierto de 8 pm a 6 am.", False),
        ("Open from 8 am to 6 pm.", "Abierto de 8 a 6.", False),
        ("Open from 8 am to 6 pm.", "Abierto de 8:00 a 18:00.", True),
        ("Open from 2 to 6 pm.", "Abierto de 14:00 a 18:00.", True),
        ("It is -5 degrees.", "Hace 5 grados.", False),
        ("It is -5 degrees.", "Hace 5 grados bajo cero.", True),
        ("Pay 50% now.", "Pague 50 ahora.", False),
        ("Pay 50% now.", "Pague el 50 por ciento ahora.", True),
        ("Wait ½ hour.", "Espere una hora.", False),
        ("It has 10 m².", "Tiene 10 m.", False),
        ("Line 3-7 runs.", "La línea 3-7 circula.", True),
    ],
)
def test_what_belongs_to_a_number_survives_with_it(
    source: str, answer: str, *, passes: bool
) -> None:
    assert (choose(Reading(protect(source), DIGEST), answers(answer)).text is not None) == passes


def test_nouns_keep_their_capital_in_german_and_abbreviations_their_dot() -> None:
    assert best_part("offices close", answers("Büros schließen."), target="de") == "Büros schließen"
    assert best_part("offices close", answers("Oficinas cierran."), target="es") == (
        "oficinas cierran"
    )
    assert best_part("at 5 pm", answers("A las 5 p. m."), target="es") == "a las 5 p. m."


def test_a_term_with_other_digits_is_what_the_answer_is_measured_by() -> None:
    terms = [Term("911", "es", "112"), Term("24/7 line", "es", "línea de 24 horas")]
    made = Reading(protect("Call 911 or the 24/7 line at once.", glossary=terms), DIGEST)
    chosen = choose(made, answers("Llame al ⟦1⟧ o a la ⟦2⟧ ya mismo."))
    assert chosen.text == "Llame al 112 o a la línea de 24 horas ya mismo."
    assert choose(made, answers("Llame al ⟦1⟧ o a la ⟦2⟧ a las 9.")).text is None


@pytest.mark.parametrize("number", ["+34 912 345 678", "01 44 05 06 09", "+44 20 7946 0018"])
def test_a_telephone_number_goes_as_a_token(number: str) -> None:
    protected = protect(f"Call {number} today.")
    assert protected.text == "Call ⟦1⟧ today."
    made = Reading(protected, DIGEST)
    assert choose(made, answers("Llame hoy al ⟦1⟧.")).text == f"Llame hoy al {number}."
