"""Numbers, money, and what is copied as it is: phone numbers, links, room numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tools.demo_packages.calendar_slots import CodeSlot, Fields
from tools.demo_packages.chunks import LANGUAGES

TWO = {"en": {"": "two"}, "es": {"": "dos"}, "pt": {"": "dois", "f": "duas"}, "ar": {"": "2"}}
SAME = {lang: {"": "{value}"} for lang in LANGUAGES}
YEAR = {
    "en": {"": "{value}", "in": "in {value}"}, "es": {"": "{value}", "in": "en {value}"},
    "pt": {"": "{value}", "in": "em {value}"}, "ar": {"": "{value}", "in": "في عام {value}"},
}  # fmt: skip
PRICE = {"en": "€{}", "es": "{} €", "pt": "€ {}", "ar": "{} يورو"}
NAMES = (
    "info office help contact library water works culture sport transport booking museum parks "
    "waste youth events media social health permits school archive bus pool theatre market clinic "
    "roads trees press"
)
DOMAINS = "city.example town.example council.example example.org example.com riverside.example"


def _plain(value: tuple[int, ...], _lang: str) -> Fields:
    return {"value": str(value[0])}


def _number(choose: Callable[[Random], int]) -> CodeSlot:
    return CodeSlot(SAME, lambda rng: (choose(rng),), _plain)


def _thousand(value: tuple[int, ...], lang: str) -> Fields:
    separator = {"en": ",", "pt": "."}.get(lang, "")
    return {"value": f"{value[0]:,}".replace(",", separator)}


def _price(value: tuple[int, ...], lang: str) -> Fields:
    euros, cents = value
    amount = f"{euros}.{cents:02}" if cents else str(euros)
    return {
        "value": PRICE[lang].format(amount.replace(".", ",") if lang in ("es", "pt") else amount)
    }


def _percent(value: tuple[int, ...], lang: str) -> Fields:
    return {"value": f"{value[0]} %" if lang == "es" else f"{value[0]}%"}


def _copied(write: Callable[[Random], str]) -> CodeSlot:
    """Make a slot whose value is drawn from a seed, so that a value stays a tuple of numbers."""
    return CodeSlot(
        SAME,
        lambda rng: (rng.randrange(1 << 30),),
        lambda v, _: {"value": write(Random(v[0]))},
        copied=True,
    )


def _phone(rng: Random) -> str:
    short = rng.choice(("112", "010", "010", "116 117", "311"))
    long = rng.choice(
        ("555 01{:02}", "0800 555 {:03}", "555-01{:02}", "+34 555 01 {:02}", "020 7946 0{:03}")
    )
    return short if rng.random() < 0.15 else long.format(rng.randrange(100))


def _email(rng: Random) -> str:
    return f"{_word(rng, NAMES)}@{_word(rng, DOMAINS)}"


def _word(rng: Random, words: str) -> str:
    return rng.choice(words.split())


def _url(rng: Random) -> str:
    start = rng.choice(("https://", "https://", "https://www.", "www."))
    path = rng.choice(
        (
            "",
            f"/{_word(rng, NAMES)}",
            f"/{_word(rng, NAMES)}",
            f"/{_word(rng, NAMES)}/{_word(rng, NAMES)}",
        )
    )
    return f"{start}{_word(rng, DOMAINS)}{path}"


def _busline(rng: Random) -> str:
    return f"{rng.choice(('', '', '', '', 'N', 'L', 'X'))}{rng.randint(1, 99)}"


def _room(rng: Random) -> str:
    wing = rng.choice(("A", "B", "C", "D", "", ""))
    return f"{wing}{rng.choice((rng.randint(1, 30), rng.randint(101, 330)))}"


VALUE_SLOTS: Mapping[str, CodeSlot] = {
    "n2": CodeSlot(TWO, lambda _rng: (2,), _plain),
    "n3": _number(lambda rng: rng.randint(3, 10)),
    "n11": _number(lambda rng: rng.randint(11, 99)),
    "n100": _number(lambda rng: rng.randint(1, 9) * 100),
    "year": CodeSlot(YEAR, lambda rng: (rng.randint(2024, 2031),), _plain),
    "thousand": CodeSlot(SAME, lambda rng: (rng.randint(20, 199) * 50,), _thousand),
    "price": CodeSlot(
        SAME, lambda rng: (rng.randint(1, 60), rng.choice((0, 0, 50, 25, 75, 90))), _price
    ),
    "percent": CodeSlot(
        SAME, lambda rng: (rng.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90)),), _percent
    ),
    "phone": _copied(_phone),
    "email": _copied(_email),
    "url": _copied(_url),
    "busline": _copied(_busline),
    "room": _copied(_room),
}
