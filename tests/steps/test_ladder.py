"""The ladder through the whole translate step: which rung saves what a package does to a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import Place, place
from tests.steps.queue_for_tests import desk
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Traits
from workflow.ports import Hypotheses
from workflow.steps.outcome import LocaleOutcome

EN_ES, EN_PT, PT_ES = package_ref("en", "es"), package_ref("en", "pt"), package_ref("pt", "es")
ALIGNED = Traits(alignment=0.95)
Said = tuple[str, tuple[int, ...] | None]


class Aligning(FakeEngine):
    """Answers with alignments, too; what it does not know, word by word as it stands."""

    said: Mapping[str, Said | Sequence[Said]] = {}

    def _hypotheses(
        self, package: PackageRef, text: str, parameters: DecodeParameters
    ) -> Hypotheses:
        if text not in self.said:
            return super()._hypotheses(package, text, parameters)
        given = self.said[text]
        rows: Sequence[Said] = [given] if isinstance(given[0], str) else given  # type: ignore[list-item]
        return tuple(Hypothesis(one, -0.1, alignment=link) for one, link in rows)


def city(
    root: Path,
    said: Mapping[str, Said | Sequence[Said]],
    *,
    packages: tuple[PackageRef, ...] = (EN_ES,),
    traits: Traits = ALIGNED,
) -> Place:
    engine = Aligning(packages)
    engine.said = said
    engine.known_traits = dict.fromkeys(packages, traits)
    return place(root, "es", engine=engine)


def translated(made: Place, source: str) -> tuple[str, LocaleOutcome]:
    made.notice("page", source)
    (outcome,) = made.translate()
    return made.text(source), outcome


def test_the_engine_sees_no_markup_where_its_alignment_is_trusted(tmp_path: Path) -> None:
    made = city(tmp_path, {"Open today only.": ("Solo abierto hoy.", (2, 0, 1))})
    text, outcome = translated(made, "Open **today** only.")
    assert text == "Solo abierto **hoy**."
    assert outcome.figures.rungs == {"first answer": 1}
    assert made.engine.decoded == ["Open today only."]


def test_the_same_words_with_other_markup_are_decoded_once(tmp_path: Path) -> None:
    made = city(tmp_path, {"Open today only.": ("Solo abierto hoy.", (2, 0, 1))})
    made.notice("one", "Open **today** only.", "*Open* today only.")
    made.translate()
    assert made.text("*Open* today only.") == "Solo *abierto* hoy."
    assert made.engine.decoded == ["Open today only."]


@pytest.mark.parametrize("traits", [Traits(), Traits(alignment=0.6)])
def test_markup_goes_as_tokens_where_the_alignment_is_not_good_enough(
    tmp_path: Path, traits: Traits
) -> None:
    said = {"Open ⟦1⟧today⟦2⟧ only.": ("Solo ⟦1⟧hoy⟦2⟧.", None)}
    made = city(tmp_path, said, traits=traits)
    text, outcome = translated(made, "Open **today** only.")
    assert text == "Solo **hoy**."
    assert outcome.figures.rungs == {"first answer": 1}


def test_markup_goes_as_tokens_where_a_place_is_unsure(tmp_path: Path) -> None:
    said = {
        "Open today only.": ("Solo abierto hoy.", (2, 0, 0)),
        "Open ⟦1⟧today⟦2⟧ only.": ("Abierto solo ⟦1⟧hoy⟦2⟧.", None),
    }
    text, outcome = translated(city(tmp_path, said), "Open **today** only.")
    assert text == "Abierto solo **hoy**."
    assert outcome.figures.rungs == {"markup as tokens": 1}
    assert outcome.decoded == 2


def test_markup_goes_to_the_edges_with_a_note_where_nothing_else_helps(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "Open today, Monday.": ("Hoy lunes abierto.", (0, 0, 0)),
        "Open ⟦1⟧today⟦2⟧, Monday.": ("Hoy.", None),
        "Open ⟦1⟧today⟦2⟧": ("Abierto.", None),
        "Monday.": ("Lunes.", None),
        "Open": ("", None),
        "today": ("", None),
    }
    made = city(tmp_path, said)
    text, outcome = translated(made, "Open **today**, Monday.")
    assert text == "**Hoy lunes abierto**."
    assert outcome.figures.rungs == {"markup at the edges": 1}
    comments = made.messages()["Open **today**, Monday."].comments
    assert any(line.startswith("check: markup-place: ") for line in comments)
    risk = made.facts("Open **today**, Monday.").risk
    assert risk is not None
    assert risk > 0.3


def test_a_package_gets_tokens_in_the_form_that_it_keeps_best(tmp_path: Path) -> None:
    said: dict[str, Said] = {"Call {1}.": ("Llame al { 1 }.", None)}
    made = city(tmp_path, said, traits=Traits(forms=("braces", "square")))
    text, outcome = translated(made, "Call `a`.")
    assert text == "Llame al `a`."
    assert outcome.figures.rungs == {"first answer": 1}


def test_another_form_is_tried_where_the_best_one_is_lost(tmp_path: Path) -> None:
    said: dict[str, Said] = {"Call {1}.": ("Llame.", None), "Call [1].": ("Llame al [1].", None)}
    made = city(tmp_path, said, traits=Traits(forms=("braces", "square")))
    text, outcome = translated(made, "Call `a`.")
    assert text == "Llame al `a`."
    assert outcome.figures.rungs == {"other tokens": 1}


def test_a_text_that_looks_like_a_form_goes_in_brackets(tmp_path: Path) -> None:
    made = city(
        tmp_path,
        {"See [1] and ⟦1⟧.": ("Vea [1] y ⟦1⟧.", None)},
        traits=Traits(forms=("square",)),
    )
    text, _ = translated(made, "See \\[1\\] and `a`.")
    assert text == "" or "`a`" in text


def test_a_package_that_keeps_no_form_gets_pieces_apart(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "Call ⟦1⟧ now.": ("Llame ya.", None),
        "Call": ("Llame al", None),
        "now.": ("ya.", None),
    }
    made = city(tmp_path, said, traits=Traits(forms=()))
    text, outcome = translated(made, "Call `a` now.")
    assert text == "Llame al `a` ya."
    assert outcome.figures.rungs == {"pieces apart": 1}


def test_without_alignment_and_tokens_markup_is_put_apart_never_guessed(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "Open today only.": ("Solo abierto hoy.", (2, 0, 1)),
        "Open": ("Abierto", None),
        "today": ("hoy", None),
        "only.": ("solo.", None),
    }
    made = city(tmp_path, said, traits=Traits(forms=(), alignment=0.5))
    text, outcome = translated(made, "Open **today** only.")
    assert text == "Abierto **hoy** solo."
    assert outcome.figures.rungs == {"pieces apart": 1}


def test_markup_goes_to_the_edges_where_it_went_in_tokens_first(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "Open ⟦1⟧today⟦2⟧ only.": ("Hoy ⟦1⟧ solo.", None),
        "Open": ("", None),
        "Open today only.": ("Solo abierto hoy.", None),
    }
    made = city(tmp_path, said, traits=Traits())
    text, outcome = translated(made, "Open **today** only.")
    assert text == "**Solo abierto hoy**."
    assert outcome.figures.rungs == {"markup at the edges": 1}


def test_numbers_become_tokens_beside_markup_that_is_aligned(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "Bus 7 stops today.": ("El bus para hoy.", (0, 0, 2, 3)),
        "Bus 7 stops ⟦1⟧today⟦2⟧.": ("El bus para ⟦1⟧hoy⟦2⟧.", None),
        "Bus ⟦1⟧ stops today.": ("El bus ⟦1⟧ para hoy.", (0, 0, 1, 2, 3)),
    }
    text, outcome = translated(city(tmp_path, said), "Bus 7 stops **today**.")
    assert text == "El bus 7 para **hoy**."
    assert outcome.figures.rungs == {"numbers as tokens": 1}


def test_clauses_apart_save_what_the_whole_loses(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "The pool is shut, the baths are open.": ("no no no no no no no", None),
        "The pool is shut": ("La piscina está cerrada.", None),
        "the baths are open.": ("Los baños están abiertos.", None),
    }
    text, outcome = translated(city(tmp_path, said), "The pool is shut, the baths are open.")
    assert text == "La piscina está cerrada, los baños están abiertos."
    assert outcome.figures.rungs == {"clauses apart": 1}


def test_another_route_is_the_last_hope_and_is_named(tmp_path: Path) -> None:
    said: dict[str, Said] = {
        "The pool is shut now.": ("no no no no no no no", None),
        "pt: x": ("unused", None),
    }
    made = city(tmp_path, said, packages=(EN_ES, EN_PT, PT_ES))
    engine = made.engine

    def answers(package: PackageRef, *_: object) -> Hypotheses:
        told = {("en", "es"): "no no no no no no", ("en", "pt"): "A piscina fechou.",
                ("pt", "es"): "La piscina cerró."}  # fmt: skip
        return (Hypothesis(told[package.source, package.target], -0.1),)

    engine._hypotheses = answers  # type: ignore[method-assign]
    text, outcome = translated(made, "The pool is shut now.")
    assert text == "La piscina cerró."
    assert outcome.figures.rungs == {"other route": 1}
    assert made.facts("The pool is shut now.").packages.startswith("en_es@1.0+en_pt@1.0~#")


def test_a_copy_of_the_source_is_withheld_with_its_reason(tmp_path: Path) -> None:
    source = "The pool stays shut until noon."
    _, outcome = translated(city(tmp_path, {source: (source, None)}), source)
    assert outcome.machine == 0
    assert [one.check for one in outcome.withheld[0].findings] == ["copy"]


def test_what_passes_at_once_costs_one_answer_and_failures_are_pooled(tmp_path: Path) -> None:
    calls: list[int] = []
    made = city(tmp_path, {})
    asked = made.engine.translate

    def counted(*arguments: object) -> list[Hypotheses]:
        calls.append(1)
        return asked(*arguments)  # type: ignore[arg-type]

    made.engine.translate = counted  # type: ignore[method-assign,assignment]
    lost = {f"Call ⟦1⟧ on day {n}.": (f"Llame el {n}.", None) for n in range(3)}
    made.engine.said = lost  # type: ignore[attr-defined]
    for n in range(3):
        made.notice(f"bad-{n}", f"Call {{phone}} on day {n}.", f"The pool opens on day {n}.")
    (outcome,) = made.translate()
    assert outcome.machine == 6
    assert len(calls) <= 4


def test_the_queue_climbs_the_same_ladder(tmp_path: Path) -> None:
    made = desk(tmp_path, "es", answers={"Call ⟦1⟧ now.": "Llame ya.", "Call": "Llame al"})
    made.city.notice("a", "Call {phone} now.")
    made.plan()
    made.finish()
    assert made.city.text("Call {phone} now.").startswith("Llame al {phone}")
