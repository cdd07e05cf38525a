"""The judge itself: right translations pass, and a planted breakage of each kind is found."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survival import glossed, judge, numerals
from tests.survival.reading import LOCALES, Unit, unit

HERE = Path(__file__).parent
JUDGES = ("judge", "tokens", "inline", "numerals", "spelled", "glossed", "reading")
RIGHT: list[dict[str, Any]] = json.loads((HERE / "translations.json").read_text("utf-8"))


def of(told: dict[str, Any]) -> Unit:
    known = {name: value for name, value in told.items() if name not in LOCALES}
    return unit({"id": "right-1", **known})


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("told", RIGHT, ids=lambda told: str(told["source"])[:24])
def test_a_persons_right_translation_breaks_nothing(told: dict[str, Any], locale: str) -> None:
    assert judge.judge(of(told), locale, told[locale]) == []


@pytest.mark.parametrize("told", RIGHT, ids=lambda told: str(told["source"])[:24])
def test_a_source_breaks_nothing_but_is_a_copy_in_any_other_language(told: dict[str, Any]) -> None:
    one = of(told)
    assert judge.judge(one, "en", one.source) == []
    assert "copy: the source stands there" in judge.judge(one, "es", one.source)


@pytest.mark.parametrize(
    ("number", "locale", "old", "new", "found"),
    [
        (0, "es", "city.example/plan", "city.example/plano", "markup: lost link"),
        (0, "es", "city.example/plan", "city.example/plano", "address: lost https"),
        (0, "es", "[plano de calles](https://city.example/plan)", "plano", "markup: lost link"),
        (0, "pt", "[mapa das ruas]", "[ ]", "markup: nothing in link"),
        (0, "es", "**12 de mayo**", "**12 de mayo", "markup: lost strong"),
        (0, "es", "**12 de mayo**", "*12 de mayo*", "markup: too much em"),
        (0, "ar", "12", "13", "number: lost 12"),
        (0, "ar", "12", "13", "number: too much 13"),
        (0, "ar", "12", "اثني عشر", "number: lost 12"),
        (0, "es", "12", "doce", "number: lost 12"),
        (0, "es", "Lea", "Lea 5 veces", "number: too much 5"),
        (0, "es", "Lea", "⟦1⟧ Lea", "character: U+27E6"),
        (0, "es", "Lea", "Lea\x07", "character: U+0007"),
        (0, "es", "Lea", "Lea\n", "character: U+000A"),
        (0, "es", "Lea", "Lea\ue000", "character: U+E000"),
        (0, "es", "Lea", "Lea\ufffd", "character: U+FFFD"),
        (0, "es", "Lea", "Lea, lea, lea, lea", "repeated: lea"),
        (0, "ar", "اقرأ", "اقرأ من اقرأ من اقرأ من اقرأ من", "repeated: اقرأ من"),
        (1, "es", "1.250,50", "1.250,05", "number: lost 1250.5"),
        (1, "es", "1.250,50", "12.505", "number: lost 1250.5"),
        (1, "es", "60", "61", "number: lost 60"),
        (1, "ar", "٦٠", "٦", "number: lost 60"),
        (1, "es", "impuesto municipal", "impuesto", "term: impuesto municipal"),
        (1, "ar", "ضريبة البلدية", "الضريبة", "term: ضريبة البلدية"),
        (1, "pt", "imposto municipal", "tributo municipal", "term: imposto municipal"),
        (2, "es", "{name}", "{nombre}", "keep: lost {name}"),
        (2, "es", "{name}", "{ name}", "keep: lost {name}"),
        (2, "es", "{name}", "{{name}}", "format: ['name!:', 'date!:']"),
        (2, "es", "{name}", "{name} {name}", "keep: too much {name}"),
        (2, "es", "{date}", "{date", "format"),
        (2, "es", "help@city", "ayuda@city", "e-mail: lost help@city.example"),
        (2, "es", "help@city.example", "help@city.example.es", "keep: lost help@city.example"),
        (3, "es", "Rosa Parks Hall", "Sala Rosa Parks", "name: Rosa Parks Hall"),
        (3, "es", "Lindholm", "Lindholmo", "name: Lindholm"),
        (3, "pt", "Lindholm", "Lindholm, Lindholm", "name: Lindholm stands 2"),
        (3, "ar", "Lindholm", "ليندهولم", "name: Lindholm"),
        (3, "es", "8:30", "20:30", "number: lost 8"),
        (4, "es", "<b>", "", "tag: lost <b>"),
        (4, "es", "</b>", "<b>", "tag: they do not nest"),
        (4, "es", "<b>por favor</b>", "</b>por favor<b>", "tag: they do not nest"),
        (4, "es", "&amp;", "&", "entity: lost &amp;"),
        (4, "es", "volvieron 3", "volvieron 4", "number: too much 4"),
        (5, "es", "*3,5*", "3,5", "markup: lost strong>em"),
        (5, "es", "**hasta *3,5* toneladas**", "*hasta **3,5** t*", "markup: lost strong>em"),
        (5, "es", "3,5", "35", "number: lost 3.5"),
        (5, "es", "~~Cerrado~~", "Cerrado", "markup: lost del"),
        (5, "es", "\\\n", " ", "markup: lost br"),
        (5, "es", "RY-7", "ry-7", "keep: lost RY-7"),
        (5, "es", "`RY-7`", "RY-7", "markup: lost code(RY-7)"),
        (6, "es", "%(count)s", "% (count) s", "keep: lost %(count)s"),
        (6, "es", "%(count)s", "%(cuenta)s", "placeholder: lost %(count)s"),
        (6, "es", "%s", "%S", "keep: lost %s"),
        (6, "pt", "${fee}", "{fee}", "keep: lost ${fee}"),
        (6, "pt", "${fee}", "$ {fee}", "keep: lost ${fee}"),
        (6, "pt", "{{start}}", "{start}", "keep: lost {{start}}"),
        (6, "pt", "cada", "cada $extra", "placeholder: too much $extra"),
        (7, "es", "tram.png", "tranvia.png", "markup: lost image"),
        (7, "es", "Línea Verde", "Linha Verde", "name: Línea Verde"),
        (7, "es", "[el **agente cívico**]", "el **agente** [aquí]", "markup: too much strong"),
        (8, "es", "3 y el 4/3", "3 y el 5/3", "number: lost 4"),
        (8, "es", "2026", "2025", "number: lost 2026"),
        (9, "es", "0177", "177", "number: lost 0177"),
        (9, "es", "<https://city.example/line>", "<https://city.example/l>", "keep: lost https"),
        (9, "ar", "CityLine", "خط المدينة", "name: CityLine"),
    ],
)  # fmt: skip
def test_a_planted_breakage_is_found(
    number: int, locale: str, old: str, new: str, found: str
) -> None:
    told = RIGHT[number]
    assert old in told[locale]
    broken = judge.judge(of(told), locale, told[locale].replace(old, new, 1))
    assert [line for line in broken if line.startswith(found)], broken


def test_nothing_at_all_is_found() -> None:
    assert judge.judge(of(RIGHT[0]), "es", " \n") == ["empty"]


def test_what_stands_in_the_source_may_stand_in_the_target() -> None:
    often = Unit("x-1", "No, no, no, no, \u00adplease ⟦1⟧ stay.", numbers=("1",))
    assert judge.judge(often, "es", "No, no, no, no, \u00adpor favor ⟦1⟧ quédese.") == []


def test_a_short_text_may_be_the_same_in_two_languages() -> None:
    assert (
        judge.judge(Unit("x-1", "Hotel *Central*", markup=("em",)), "es", "Hotel *Central*") == []
    )


def test_a_full_hour_needs_no_minutes_where_it_is_written_with_an_h() -> None:
    one = Unit("x-1", "Open from 9:30 to 21:00.", numbers=("9", "30", "21", "00"))
    assert judge.judge(one, "pt", "Aberto das 9h30 às 21h.") == []
    assert judge.judge(one, "pt", "Aberto das 9h às 21h.") == ["number: lost 30"]
    assert judge.judge(one, "pt", "Aberto das 9h30 às 21.") == ["number: lost 0"]


def test_a_tag_may_stand_at_a_word() -> None:
    tag = '<a href="https://city.example/fees">'
    one = Unit("x-1", f"See the {tag}fees</a>.", keep=(tag, "</a>"))
    assert judge.judge(one, "es", f"Vea las {tag}tasas</a>.") == []


def test_a_target_address_counts_as_the_list_counts_it() -> None:
    twice = "https://city.example/a or [here](https://city.example/a)"
    link = ("link(https://city.example/a)",)
    for keep in (("https://city.example/a",), ("https://city.example/a",) * 2):
        one = Unit("x-1", f"See {twice}.", keep=keep, markup=link)
        assert judge.judge(one, "en", one.source) == []
        lost = f"Vea [aquí](https://city.example/a){' ' * len(keep)}."
        assert any(line.startswith("keep: lost") for line in judge.judge(one, "es", lost))


# Numbers.

STYLES = {
    "english": (",", "."),
    "spanish": (".", ","),
    "blanks": ("\u00a0", ","),
    "arabic": ("\u066c", "\u066b"),
    "swiss": ("’", "."),
    "bare": ("", "."),
}
FIGURES = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"]


def written(value: int, fraction: str, style: str, figures: str) -> str:
    grouping, mark = STYLES[style]
    text = f"{value:,}".replace(",", "G") + (f"M{fraction}" if fraction else "")
    text = text.replace("G", grouping).replace("M", mark)
    return "".join(figures[int(char)] if char in "0123456789" else char for char in text)


@given(
    value=st.integers(0, 9_999_999),
    fraction=st.from_regex(r"([0-9]{1,2})?", fullmatch=True),
    style=st.sampled_from(sorted(STYLES)),
    figures=st.sampled_from(FIGURES),
)
def test_a_number_is_read_in_whatever_way_it_is_written(
    value: int, fraction: str, style: str, figures: str
) -> None:
    plain = f"{value}.{fraction}" if fraction else str(value)
    text = f"Hay {written(value, fraction, style, figures)} personas."
    assert numerals.differences(text, [plain]) == ([], [])
    assert numerals.differences(text, [str(value + 11)]) != ([], [])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12.5.2026", ["12", "5", "2026"]),
        ("18.30", ["18", "30"]),
        ("18:30-19:00", ["18", "30", "19", "0"]),
        ("7–9", ["7", "9"]),
        ("lines 3, 7 and 12 250 people", ["3", "7", "12", "250"]),
        ("555 0177", ["555", "0177"]),
        ("08:05", ["8", "5"]),
        ("1/2 of the A4 page", ["1", "2", "4"]),
        ("20 m² and ½", ["20"]),
        ("1 250 000,75 €", ["1250000.75"]),
        ("the 1st and the 22nd", ["1", "22"]),
        ("-5 °C", ["5"]),
        ("none", []),
    ],
)
def test_what_several_numbers_may_look_like(text: str, numbers: list[str]) -> None:
    assert numerals.differences(text, numbers) == ([], [])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 50", ["1250"]),
        ("3 5", ["3.5"]),
        ("1,25", ["125"]),
        ("1.2345", ["12345"]),
        ("0.250", ["250"]),
        ("2026", ["20", "26"]),
        ("12", ["12", "12"]),
        ("12 12", ["12"]),
    ],
)
def test_what_another_number_is(text: str, numbers: list[str]) -> None:
    assert numerals.differences(text, numbers) != ([], [])


# The judge stands alone.


@pytest.mark.parametrize("name", JUDGES)
def test_the_judge_has_nothing_of_polypress(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.name for node in nodes for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not [module for module in modules if module.split(".")[0] in {"workflow", "workers"}]
    mine = {module.split(".")[2] for module in modules if module.startswith("tests.survival.")}
    assert mine <= set(JUDGES)


def test_every_term_has_a_rendering_in_every_locale() -> None:
    assert len(glossed.names()) == 5
    assert len(glossed.terms()) == 8
    for term in glossed.terms():
        for locale in LOCALES:
            assert glossed.rendering(term, locale) not in {"", term}
        one = Unit("x-1", term, terms=(term,))
        assert judge.judge(one, "es", f"A {glossed.rendering(term, 'es')}.") == []
        assert judge.judge(replace(one, terms=(term, term)), "en", term) != []
