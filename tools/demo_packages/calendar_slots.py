"""Dates, weekdays and times as each language writes them."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro "
    "novembro dezembro",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda terça quarta quinta sexta sábado domingo",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}
SATURDAY = 5
NOON = 12
Patterns = Mapping[str, Mapping[str, str]]
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeSlot:
    """A slot that code fills: a pattern per language and form, and the fields that go into it."""

    patterns: Patterns
    sample: Callable[[Random], tuple[int, ...]]
    fields: Callable[[tuple[int, ...], str], Fields]
    copied: bool = False


def month_name(month: int, lang: str) -> str:
    """Name the month, 1 to 12."""
    return MONTHS[lang].split()[month - 1]


def weekday_name(weekday: int, lang: str) -> str:
    """Name the weekday, 0 for Monday; Portuguese in full (`segunda-feira`)."""
    name = WEEKDAYS[lang].split()[weekday]
    return f"{name}-feira" if lang == "pt" and weekday < SATURDAY else name


def clock(time: tuple[int, int], lang: str) -> str:
    """Write a time of day, without the words before it."""
    hour, minute = time
    if lang == "es":
        return f"{hour}:{minute:02}"
    if lang == "pt":
        return f"{hour}h{minute:02}" if minute else f"{hour}h"
    twelve = (hour - 1) % 12 + 1
    return (
        f"{twelve}:{minute:02} {_half(hour, lang)}" if minute else f"{twelve} {_half(hour, lang)}"
    )


def _half(hour: int, lang: str) -> str:
    if lang == "en":
        return "am" if hour < NOON else "pm"
    return "صباحًا" if hour < NOON else "ظهرًا" if hour == NOON else "مساءً"


def _day(rng: Random, month: int) -> int:
    return rng.randint(1, calendar.monthrange(2027, month)[1])


def _sample_date(rng: Random) -> tuple[int, ...]:
    """Draw month, day and, for one date in eight, a year (else 0)."""
    month = rng.randint(1, 12)
    return month, _day(rng, month), rng.choice([0] * 21 + [2025, 2026, 2027])


def _date_fields(value: tuple[int, ...], lang: str) -> Fields:
    month, day, year = value
    written = "1º" if lang == "pt" and day == 1 else str(day)
    link = " de " if lang in ("es", "pt") else " "
    return {
        "day": written,
        "month": month_name(month, lang),
        "year": f"{link}{year}" if year else "",
    }


def _sample_wdate(rng: Random) -> tuple[int, ...]:
    return (*_sample_date(rng), rng.randrange(7))


def _wdate_fields(value: tuple[int, ...], lang: str) -> Fields:
    fields = dict(_date_fields(value[:3], lang))
    return fields | _weekday_fields(value[3:], lang)


def _weekday_fields(value: tuple[int, ...], lang: str) -> Fields:
    """Give the weekday with the small words that depend on it in Portuguese and Arabic."""
    weekday = value[0]
    name = weekday_name(weekday, lang)
    week = weekday < SATURDAY
    plural = name.replace("-feira", "s-feiras") if week else f"{name}s"
    spanish = name if week else f"{name}s"
    return {
        "weekday": name, "na": "na" if week else "no", "todas": "todas as" if week else "todos os",
        "plural": plural if lang == "pt" else spanish, "indefinite": name.removeprefix("ال"),
    }  # fmt: skip


def _sample_daterange(rng: Random) -> tuple[int, ...]:
    month = rng.randint(1, 12)
    first, last = sorted(rng.sample(range(1, calendar.monthrange(2027, month)[1] + 1), 2))
    return month, first, last


def _daterange_fields(value: tuple[int, ...], lang: str) -> Fields:
    month, first, last = value
    written = "1º" if lang == "pt" and first == 1 else str(first)
    return {"first": written, "last": str(last), "month": month_name(month, lang)}


def _sample_weekrange(rng: Random) -> tuple[int, ...]:
    return rng.choice(
        [(0, 4)] * 4 + [(0, 5), (1, 5), (5, 6), (0, 3), (1, 4), (2, 6), (1, 6), (0, 6), (6, 3)]
    )


def _weekrange_fields(value: tuple[int, ...], lang: str) -> Fields:
    first, last = (weekday_name(day, lang) for day in value)
    return {"first": first.removesuffix("-feira"), "last": last}


def _sample_time(rng: Random) -> tuple[int, ...]:
    return rng.randint(6, 23), rng.choice((0, 0, 0, 0, 30, 30, 15, 45, 10, 20, 40, 50))


def _time_fields(value: tuple[int, ...], lang: str) -> Fields:
    return {"time": clock((value[0], value[1]), lang)}


def _sample_timerange(rng: Random) -> tuple[int, ...]:
    first, last = sorted((_sample_time(rng), _sample_time(rng)))
    return (*first, *last) if first != last else (9, 0, 17, 0)


def _timerange_fields(value: tuple[int, ...], lang: str) -> Fields:
    return {"first": clock((value[0], value[1]), lang), "last": clock((value[2], value[3]), lang)}


DAY = {
    "en": "{day} {month}{year}", "es": "{day} de {month}{year}",
    "pt": "{day} de {month}{year}", "ar": "{day} {month}{year}",
}  # fmt: skip
DATE = {
    "en": {"": DAY["en"], "on": f"on {DAY['en']}", "until": f"until {DAY['en']}",
           "from": f"from {DAY['en']}"},
    "es": {"": DAY["es"], "on": f"el {DAY['es']}", "until": f"hasta el {DAY['es']}",
           "from": f"a partir del {DAY['es']}"},
    "pt": {"": DAY["pt"], "on": f"em {DAY['pt']}", "until": f"até {DAY['pt']}",
           "from": f"a partir de {DAY['pt']}"},
    "ar": {"": DAY["ar"], "on": f"في {DAY['ar']}", "until": f"حتى {DAY['ar']}",
           "from": f"اعتبارًا من {DAY['ar']}"},
}  # fmt: skip
WDAY = {
    "en": f"{{weekday}} {DAY['en']}", "es": f"{{weekday}} {DAY['es']}",
    "pt": f"{{weekday}}, {DAY['pt']}", "ar": f"{{weekday}} {DAY['ar']}",
}  # fmt: skip
WDATE = {
    "en": {"": WDAY["en"], "on": f"on {WDAY['en']}", "until": f"until {WDAY['en']}",
           "from": f"from {WDAY['en']}"},
    "es": {"": WDAY["es"], "on": f"el {WDAY['es']}", "until": f"hasta el {WDAY['es']}",
           "from": f"a partir del {WDAY['es']}"},
    "pt": {"": WDAY["pt"], "on": f"{{na}} {WDAY['pt']}", "until": f"até {WDAY['pt']}",
           "from": f"a partir de {WDAY['pt']}"},
    "ar": {"": WDAY["ar"], "on": f"يوم {WDAY['ar']}", "until": f"حتى يوم {WDAY['ar']}",
           "from": f"اعتبارًا من يوم {WDAY['ar']}"},
}  # fmt: skip
WEEKDAY = {
    "en": {"": "{weekday}", "on": "on {weekday}", "every": "every {weekday}"},
    "es": {"": "{weekday}", "on": "el {weekday}", "every": "todos los {plural}"},
    "pt": {"": "{weekday}", "on": "{na} {weekday}", "every": "{todas} {plural}"},
    "ar": {"": "{weekday}", "on": "يوم {weekday}", "every": "كل يوم {indefinite}"},
}
DATERANGE = {
    "en": {"": "{first} to {last} {month}", "from": "from {first} to {last} {month}"},
    "es": dict.fromkeys(("", "from"), "del {first} al {last} de {month}"),
    "pt": dict.fromkeys(("", "from"), "de {first} a {last} de {month}"),
    "ar": dict.fromkeys(("", "from"), "من {first} إلى {last} {month}"),
}
WEEKRANGE = {
    "en": {"": "{first} to {last}", "from": "from {first} to {last}"},
    "es": dict.fromkeys(("", "from"), "de {first} a {last}"),
    "pt": dict.fromkeys(("", "from"), "de {first} a {last}"),
    "ar": dict.fromkeys(("", "from"), "من {first} إلى {last}"),
}
TIME = {
    "en": {"": "{time}"} | {f: f"{f} {{time}}" for f in ("at", "until", "from", "before", "after")},
    "es": {"": "las {time}", "at": "a las {time}", "until": "hasta las {time}",
           "from": "desde las {time}", "before": "antes de las {time}",
           "after": "después de las {time}"},
    "pt": {"": "{time}", "at": "às {time}", "until": "até as {time}", "from": "a partir das {time}",
           "before": "antes das {time}", "after": "depois das {time}"},
    "ar": {"": "الساعة {time}", "at": "في الساعة {time}", "until": "حتى الساعة {time}",
           "from": "من الساعة {time}", "before": "قبل الساعة {time}", "after": "بعد الساعة {time}"},
}  # fmt: skip
TIMERANGE = {
    "en": {
        "": "{first} to {last}",
        "from": "from {first} to {last}",
        "between": "between {first} and {last}",
    },
    "es": dict.fromkeys(("", "from"), "de {first} a {last}")
    | {"between": "entre las {first} y las {last}"},
    "pt": dict.fromkeys(("", "from"), "das {first} às {last}")
    | {"between": "entre {first} e {last}"},
    "ar": dict.fromkeys(("", "from"), "من الساعة {first} إلى الساعة {last}")
    | {"between": "بين الساعة {first} والساعة {last}"},
}
MONTH = {
    "en": {"": "{month}", "in": "in {month}"}, "es": {"": "{month}", "in": "en {month}"},
    "pt": {"": "{month}", "in": "em {month}"}, "ar": {"": "{month}", "in": "في {month}"},
}  # fmt: skip

CALENDAR_SLOTS: Mapping[str, CodeSlot] = {
    "date": CodeSlot(DATE, _sample_date, _date_fields),
    "wdate": CodeSlot(WDATE, _sample_wdate, _wdate_fields),
    "weekday": CodeSlot(WEEKDAY, lambda rng: (rng.randrange(7),), _weekday_fields),
    "daterange": CodeSlot(DATERANGE, _sample_daterange, _daterange_fields),
    "weekrange": CodeSlot(WEEKRANGE, _sample_weekrange, _weekrange_fields),
    "time": CodeSlot(TIME, _sample_time, _time_fields),
    "timerange": CodeSlot(TIMERANGE, _sample_timerange, _timerange_fields),
    "month": CodeSlot(
        MONTH, lambda rng: (rng.randint(1, 12),), lambda v, lang: {"month": month_name(v[0], lang)}
    ),
}
