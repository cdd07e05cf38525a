"""What fills the slots: contractions and prefixes, dates and times in four languages."""

from __future__ import annotations

import pytest

from tools.demo_packages.chunks import LANGUAGES, joined
from tools.demo_packages.filling import ValueFilling
from tools.demo_packages.forms import before
from tools.demo_packages.inventory import CODE_SLOTS


def led(lang: str, form: str, word: str, code: str = "", *, articles: bool = True) -> str:
    leads, rest = before(lang=lang, form=form, word=word, code=code, articles=articles)
    return "".join(lead.text for lead in leads) + rest


@pytest.mark.parametrize(
    ("lang", "form", "word", "code", "expected"),
    [
        ("en", "near", "Museum", "s", "near the Museum"),
        ("es", "of", "Museo", "ms", "del Museo"),
        ("es", "to", "Museo", "ms", "al Museo"),
        ("es", "for", "Museo", "ms", "para el Museo"),
        ("es", "near", "Museo", "ms", "cerca del Museo"),
        ("es", "in", "Aula", "fs", "en el Aula"),
        ("es", "of", "Plazas", "fp", "de las Plazas"),
        ("pt", "in", "Biblioteca", "fs", "na Biblioteca"),
        ("pt", "of", "Jardins", "mp", "dos Jardins"),
        ("pt", "to", "Biblioteca", "fs", "à Biblioteca"),
        ("pt", "by", "Museu", "ms", "pelo Museu"),
        ("pt", "for", "Museu", "ms", "para o Museu"),
        ("pt", "", "Museu", "ms", "Museu"),
        ("ar", "for", "المكتبة", "f", "للمكتبة"),
        ("ar", "for", "اللجنة", "f", "للجنة"),
        ("ar", "for", "شارع", "m", "لشارع"),
        ("ar", "b", "المكتبة", "f", "بالمكتبة"),
        ("ar", "for", "⟦1⟧", "m", "لـ⟦1⟧"),
        ("ar", "near", "المكتبة", "f", "بالقرب من المكتبة"),
    ],
)
def test_prepositions_and_articles_merge(
    lang: str, form: str, word: str, code: str, expected: str
) -> None:
    assert led(lang, form, word, code) == expected


def test_an_entry_without_article_keeps_its_preposition() -> None:
    assert led("es", "of", "Calle Mayor", "fs", articles=False) == "de Calle Mayor"
    assert led("pt", "in", "Rua Maior", "fs", articles=False) == "em Rua Maior"


def written(slot: str, form: str, value: tuple[int, ...]) -> list[str]:
    filling = ValueFilling(CODE_SLOTS[slot], value)
    return [joined(filling.render(slot=slot, lang=lang, form=form)) for lang in LANGUAGES]


@pytest.mark.parametrize(
    ("slot", "form", "value", "expected"),
    [
        ("date", "on", (3, 12, 0),
         ["on 12 March", "el 12 de marzo", "em 12 de março", "في 12 مارس"]),
        ("date", "from", (5, 1, 2026),
         ["from 1 May 2026", "a partir del 1 de mayo de 2026", "a partir de 1º de maio de 2026",
          "اعتبارًا من 1 مايو 2026"]),
        ("wdate", "on", (3, 12, 0, 0),
         ["on Monday 12 March", "el lunes 12 de marzo", "na segunda-feira, 12 de março",
          "يوم الاثنين 12 مارس"]),
        ("wdate", "on", (3, 12, 0, 6),
         ["on Sunday 12 March", "el domingo 12 de marzo", "no domingo, 12 de março",
          "يوم الأحد 12 مارس"]),
        ("weekday", "every", (0,),
         ["every Monday", "todos los lunes", "todas as segundas-feiras", "كل يوم اثنين"]),
        ("weekday", "every", (5,),
         ["every Saturday", "todos los sábados", "todos os sábados", "كل يوم سبت"]),
        ("daterange", "from", (5, 3, 9),
         ["from 3 to 9 May", "del 3 al 9 de mayo", "de 3 a 9 de maio", "من 3 إلى 9 مايو"]),
        ("weekrange", "from", (0, 4),
         ["from Monday to Friday", "de lunes a viernes", "de segunda a sexta-feira",
          "من الاثنين إلى الجمعة"]),
        ("time", "at", (17, 30),
         ["at 5:30 pm", "a las 17:30", "às 17h30", "في الساعة 5:30 مساءً"]),
        ("time", "until", (12, 0),
         ["until 12 pm", "hasta las 12:00", "até as 12h", "حتى الساعة 12 ظهرًا"]),
        ("timerange", "between", (9, 0, 17, 0),
         ["between 9 am and 5 pm", "entre las 9:00 y las 17:00", "entre 9h e 17h",
          "بين الساعة 9 صباحًا والساعة 5 مساءً"]),
        ("month", "in", (5,), ["in May", "en mayo", "em maio", "في مايو"]),
        ("year", "in", (2026,), ["in 2026", "en 2026", "em 2026", "في عام 2026"]),
        ("thousand", "", (1500,), ["1,500", "1500", "1.500", "1500"]),
        ("price", "", (12, 50), ["€12.50", "12,50 €", "€ 12,50", "12.50 يورو"]),
        ("percent", "", (15,), ["15%", "15 %", "15%", "15%"]),
    ],
)  # fmt: skip
def test_values_read_as_each_language_writes_them(
    slot: str, form: str, value: tuple[int, ...], expected: list[str]
) -> None:
    assert written(slot, form, value) == expected


@pytest.mark.parametrize("slot", ["phone", "email", "url", "busline", "room"])
def test_what_is_copied_is_the_same_in_all_languages(slot: str) -> None:
    for seed in range(20):
        assert len(set(written(slot, "", (seed,)))) == 1
