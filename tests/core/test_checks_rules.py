from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.checks import CHECKS, Subject, findings
from workflow.glossary import Term
from workflow.model import Severity

NAME = Term("Riverlink", "*")
HALL = Term("Town Hall", "*", "Ayuntamiento", match_case=False)


def found(source: str, target: str, locale: str = "es", *terms: Term) -> list[str]:
    return [one.check for one in findings(Subject(source, target, "en", locale, terms=terms))]


BROKEN = [
    ("es", "Bring %(count)d bags", "Traiga %(numero)d bolsas", "placeholder"),
    ("es", "Bring {count} bags", "Traiga {count bolsas", "placeholder"),
    ("es", "Pay $1 here", "Pague aquí", "placeholder"),
    ("fr", "{n, plural, one {# bag} other {# bags}}", "{n, plural, un {# sac} other {# sacs}}",
     "placeholder"),
    ("es", "Bring <b>bags</b>", "Traiga <b>bolsas", "tag"),
    ("es", '<a href="/a">Bags</a>', '<a href="/b">Bolsas</a>', "tag"),
    ("es", "<b>A <i>bag</i></b>", "<b>Una <i>bolsa</b></i>", "tag"),
    ("es", "Bring bags", "<img src=x onerror=alert(1)", "html"),
    ("es", "See https://city.example/a", "Vea https://city.example/b", "url"),
    ("es", "See [map](/map.html)", "Vea el [plano](/plano.html)", "url"),
    ("es", "Write to desk@city.example", "Escriba a mesa@city.example", "email"),
    ("es", "Bring **two** bags", "Traiga **dos bolsas", "markup"),
    ("es", "The 27 bus is late", "El autobús 72 va con retraso", "number"),
    ("es", "It costs 1,500 euros", "Cuesta 1,500 euros", "number-format"),
    ("es", "Bus 27 is late", "El autobús va con retraso", "number-lost"),
    ("es", "Closed on Monday", "Cerrado el martes", "date"),
    ("ru", "Closed in August", "Закрыто в сентябре", "date"),
    ("zh-Hans", "Closed on Monday", "周二关闭", "date"),
    ("de", "Until 10/25/2026", "Bis 10/25/2026", "date-order"),
    ("es", "Ask for help: ", "Pida ayuda:", "edge-space"),
    ("es", "One\nTwo", "Uno Dos", "line-breaks"),
    ("es", "Where is the bus stop?", "¿Dónde está la parada.", "end-punctuation"),
    ("es", "Where is the bus stop?", "Dónde está la parada?", "end-punctuation"),
    ("ar", "Where is the bus stop?", "أين موقف الحافلة?", "end-punctuation"),
    ("zh-Hans", "The bus stop has moved.", "公交车站已搬迁.", "end-punctuation"),
    ("es", "The bridge (north) is shut", "El puente (norte está cortado", "brackets"),
    ("de", "The “Garden” is open", "Der „Garten ist geöffnet", "quotes"),
    ("es", "The bridge is shut", "El puente puente está cortado", "repeated"),
    ("es", "The bridge is shut", "corte " * 6, "loop"),
    ("es", "Please leave the bags here", "Please leave the bags here", "untranslated"),
    ("es", "Please leave the bags here", "Por favor leave the bags aquí", "source-words"),
    ("es", "The bridge is shut for repairs until the end of the year", "El puente", "length"),
    ("es", "The bridge is shut", "El puente " + "está cortado al paso de coches " * 2, "length"),
    ("ar", "The bridge is shut", "الجسر\u202b مغلق", "direction"),
    ("es", "The bridge is shut", "El puente\u200f está cortado", "direction-mark"),
    ("es", "First\\nSecond", "Primero\\Segundo", "escape"),
    ("es", "Parks &amp; gardens", "Parques &amp;amp; jardines", "escape"),
    ("es", "Parks and gardens", "Parques \\ jardines", "escape-stray"),
    ("es", "The bridge is shut", "El pu\u200bente está cortado", "invisible"),
    ("es", "The bridge is shut", "El puente esta\u0301 cortado", "invisible"),
    ("es", "The bridge is shut", "El puente está\x07 cortado", "control-character"),
    ("es", "The bridge is shut", " \u200b- ", "empty"),
    ("es", "The bridge is shut", "⟪Ţĥéé ḃŕíííďĝéé íš šĥúúúţ⟫", "pseudo"),
    ("es", "The bridge is shut", "⟪El puente está cortado", "pseudo"),
    ("es", "The bridge is shut", "El puente está cortado⟫", "pseudo"),
    ("es", "a" * 60_000, "b", "size"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "source", "target", "check"), BROKEN)
def test_what_is_wrong_is_found_by_its_check(
    locale: str, source: str, target: str, check: str
) -> None:
    assert check in found(source, target, locale)


def test_every_check_has_a_sentence_and_a_defect_that_it_finds() -> None:
    tried = {check for *_, check in BROKEN} | {"name", "glossary", "plural-forms"}
    assert tried == set(CHECKS)
    assert all(said.endswith(".") for said in CHECKS.values())


RIGHT = [
    ("fr", "Is the pool open? Yes!", "La piscine est-elle ouverte\u202f? Oui\u202f!"),
    ("fr", "The “Garden” is open: come in.", "Le «\u00a0Jardin\u00a0» est ouvert\u00a0: entrez."),
    ("de", "The “Garden” is open.", "Der „Garten“ ist geöffnet."),
    ("de", "It costs 1,500.50 euros.", "Es kostet 1.500,50 Euro."),
    ("es", "Is it open?", "¿Está abierto?"),
    ("es", "It opens at 5 pm.", "Abre a las 17:00."),
    ("es", "Bring two bags.", "Traiga 2 bolsas."),
    ("pt", "Open on Thursday and Friday.", "Aberto às quintas-feiras e às sextas-feiras."),
    ("el", "Is it open?", "Είναι ανοιχτό;"),
    ("ar", "Is the pool open, too?", "هل المسبح مفتوح أيضًا؟"),
    ("ar", "Bus 27 stops here.", "تتوقف الحافلة ٢٧ هنا."),
    ("ar", "Été is open.", "\u200fÉté\u200f مفتوح."),
    ("de", "⟪The garden⟫ is open.", "⟪Der Garten⟫ ist offen."),
    ("fa", "We are going to the library.", "ما به کتابخانه می‌رویم."),
    ("he", "The report is ready.", 'הדו"ח מוכן.'),
    ("hi", "Walk slowly.", "धीरे धीरे चलें।"),
    ("tr", "Open on Monday.", "Pazartesi günü açık."),  # noqa: RUF001 (Turkish)
    ("th", "The library is open.", "ห้องสมุดเปิดให้บริการ"),
    ("zh-Hans", "Open on May 5.", "5月5日开放。"),
    ("zh-Hans", "20,000 people came.", "有2万人前来。"),
    ("ja", "Visit https://city.example/a today.", "今日 https://city.example/a をご覧ください。"),
    ("fi", "Riverlink is late on Monday.", "Riverlink on myöhässä maanantaina."),
    ("en-GB", "Please use the side entrance today", "Please use the side entrance today"),
    ("es", '<a href="/a" title="Map">Map</a>', '<a href="/a" title="Plano">Plano</a>'),
    ("fr", "Parks &amp; gardens", "Parcs et jardins"),
    ("de", "{role, select, guest {Guest} other {Resident}}",
     "{role, select, guest {Gast} other {Einwohner}}"),
    ("pl", "{n, plural, one {# bag} other {# bags}}",
     "{n, plural, one {# torba} few {# torby} many {# toreb} other {# torby}}"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "source", "target"), RIGHT)
def test_a_right_translation_is_left_in_peace(locale: str, source: str, target: str) -> None:
    assert found(source, target, locale) == []


def test_pseudo_text_is_told_once_and_for_nothing_else() -> None:
    assert found("The garden is open.", "⟪Der Garten⟫ ⟪ist offen.⟫", "de") == ["pseudo"]
    assert found("The garden is open.", "⟪Ţĥéé ĝáŕŕďééñ íš óóóṗééñ.⟫", "de") == ["pseudo"]


def test_a_name_must_stay_and_a_term_may_be_inflected() -> None:
    assert found("Take the Riverlink.", "Tome el Ríolink.", "es", NAME) == ["name"]
    assert found("Take the Riverlink.", "Riverlink'e binin.", "tr", NAME) == []
    assert found("Two town halls. A town hall.", "Una casa. Dos casas.", "es", HALL) == ["glossary"]
    assert found("The town hall is here.", "El ayuntamiento está aquí.", "es", HALL) == []


def plural(locale: str, *forms: str, nplurals: int = 0) -> list[tuple[str, Severity]]:
    subject = Subject(
        "%d bag is here", forms[0], "en", locale,
        plural="%d bags are here", translations=forms, nplurals=nplurals,
    )  # fmt: skip
    return [(one.check, one.severity) for one in findings(subject)]


def test_a_plural_has_all_its_forms_and_those_of_one_number_may_leave_it_out() -> None:
    assert plural("es", "Hay una bolsa aquí", "Hay %d bolsas aquí") == []
    assert plural("es", "Hay una bolsa aquí", "Hay bolsas aquí") == [
        ("placeholder", Severity.ERROR)
    ]
    assert plural("es", "Hay %d bolsa aquí") == [("plural-forms", Severity.ERROR)]
    assert plural("es", "Hay %d bolsa aquí", "") == [("plural-forms", Severity.ERROR)]
    assert plural("ru", "Тут %d сумка", "Тут %d сумки", "Тут %d сумок") == []
    assert ("placeholder", Severity.ERROR) in plural(
        "ru", "Тут одна сумка", "Тут %d сумки", "Тут %d сумок"
    )


@pytest.mark.parametrize("sign", ["{", " ", "%", "1", "<a ", "a@", "(", "\\", "{{", "_", "& "])
def test_a_hostile_text_of_a_megabyte_takes_less_than_a_second(sign: str) -> None:
    for size in (49_000, 1_000_000):
        text = sign * (size // len(sign))
        begun = time.process_time()
        for source, target in ((text, text), ("Open on 5 May", text), (text, "Abierto")):
            findings(Subject(source, target, "en", "zh-Hans"))
        assert time.process_time() - begun < 1


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["es", "ar", "zh-Hans", "th"]))
def test_any_text_can_be_judged_and_always_alike(source: str, target: str, locale: str) -> None:
    subject = Subject(source, target, "en", locale, terms=(NAME, HALL))
    told = findings(subject)
    assert told == findings(subject)
    assert {one.check for one in told} <= set(CHECKS)
    assert all(one.message.isprintable() for one in told)
