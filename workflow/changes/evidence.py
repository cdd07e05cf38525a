"""What in a text must not be got wrong: dates, names, links, units of measure, quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from workflow.changes.style import plain_style
from workflow.checks.dates import months_in, weekdays_in
from workflow.segments import literals

_UNITS = re.compile(
    r"(?<=\d)\s?(%|‰|°\s?[CF]?|€|£|\$|¥|kWh|kW|km/h|mph|m²|m³|km|cm|mm|kg|mg|ml|dl|ha|mi|ft|yd|lb|oz|[glmtW]"
    r"|(?:kilo|centi|milli)?(?:metres?|meters?|grams?|lit(?:re|er)s?)|miles?|feet|tonn?e?s?|hectares?"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|dollars?|pounds?|percent|degrees?"
    r"|segundos?|minutos?|horas?|días?|dias?|semanas?|mes(?:es)?|años?|anos?|metros?|litros?|kilos?"
    r"|secondes?|minutes?|heures?|jours?|semaines?|mois|ans|mètres?|litres?"
    r"|Sekunden?|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Jahren?|Metern?|Liter|Kilo)\b"
    r"|([€£$¥])\s?(?=\d)|(?<=\d)\s?([%‰°€£$¥])"
)
_QUOTATION = re.compile(r'"([^"\n]{2,400})"')
_TARGET = re.compile(r"\]\(\s*(<[^>\n]{0,500}>|[^\s)]{1,500})")
_TAG = re.compile(r"<[a-zA-Z/][^<>\n]{0,300}>")
_CODE = re.compile(r"`([^`\n]{1,300})`")
_DAY_WORDS = re.compile(r"[\w']{2,40}")
_WORD = re.compile(r"[^\W\d_][\w’'-]{0,60}")
_STARTS = re.compile(r"(?:^|[.!?:…。\uff01\uff1f]\s{1,3}|\n|[\"“„«(*_\[]\s?)$")
_NOUNS_HAVE_CAPITALS = {"de", "lb"}
_ENDED = (".", "!", "?", "…", ":")
_SHORT = 4
"""Letters of a word that has a capital in a title, too."""
_ADDRESSED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Herrn?|Frau|Familie|Bürgermeister(?:in)?|Señora?|Sra?|Mme|M)\b\.? "
    r"(\w{2,40})"
)
_RELATIVE = {
    "ar": "اليوم غدا غدًا أمس",
    "de": "heute morgen gestern übermorgen",
    "en": "today tomorrow yesterday tonight",
    "es": "hoy mañana ayer",
    "fr": "aujourd'hui demain hier",
    "it": "oggi domani ieri",
    "nl": "vandaag morgen gisteren",
    "pl": "dzisiaj dziś jutro wczoraj",
    "pt": "hoje amanhã ontem",
    "ru": "сегодня завтра вчера",
    "tr": "bugün yar\u0131n dün",
    "uk": "сьогодні завтра вчора",
}
"""Days that are told from the day of reading."""


def dates(text: str, language: str) -> Counter[str]:
    """Weekdays and months, by number."""
    found = [f"weekday {day + 1}" for day in weekdays_in(text, language)]
    return Counter([*found, *(f"month {month + 1}" for month in months_in(text, language))])


def relative_days(text: str, language: str) -> Counter[str]:
    """Words such as today and tomorrow."""
    told = _RELATIVE.get(language.partition("-")[0].lower(), "").split()
    there = _DAY_WORDS.findall(text.casefold().replace("’", "'"))
    return Counter(word for word in there if word in told)


def links(text: str) -> Counter[str]:
    """Addresses, placeholders, link targets, tags and code, letter for letter."""
    found = Counter(text[one.start : one.end] for one in literals(text))
    for pattern in (_TARGET, _TAG, _CODE):
        found.update(pattern.findall(text))
    return found


def measures(text: str) -> Counter[str]:
    """Units of measure beside a number, without the plural's s."""
    found = ("".join(groups).strip().casefold() for groups in _UNITS.findall(text))
    return Counter(unit if len(unit) <= len("km/h") else unit.rstrip("s") for unit in found)


def quotations(text: str) -> Counter[str]:
    """What stands between double quotation marks of any style."""
    return Counter(" ".join(found.split()) for found in _QUOTATION.findall(plain_style(text)))


def names(text: str, language: str, known: Collection[str] = ()) -> Counter[str]:
    """Names: those known, words in capitals, and words with a capital inside a sentence.

    In a language that gives every noun a capital, and in a title, capitals say nothing.
    """
    found = Counter({name: text.count(name) for name in known if name and name in text})
    words = list(_WORD.finditer(text))
    everywhere = language.partition("-")[0].lower() in _NOUNS_HAVE_CAPITALS
    shouting = _is_title(text, words)
    for word in words:
        acronym = len(word[0]) > 1 and word[0].isupper() and not shouting
        named = word[0][0].isupper() and not (everywhere or shouting or _starts(text, word))
        found[word[0]] += acronym or named
    found.update(_ADDRESSED.findall(text))
    return +found - _of_calendar(+found, language)


def _is_title(text: str, words: Sequence[re.Match[str]]) -> bool:
    """Whether a text is a heading with a capital at every longer word."""
    longer = [word for word in words[1:] if len(word[0]) >= _SHORT]
    ended = text.rstrip().endswith(_ENDED)
    return bool(longer) and not ended and all(word[0][0].isupper() for word in longer)


def _starts(text: str, word: re.Match[str]) -> bool:
    before = text[max(word.start() - 5, 0) : word.start()]
    return word[0] == "I" or bool(_STARTS.search(before))


def _of_calendar(found: Counter[str], language: str) -> Counter[str]:
    """Weekdays and months, which are dates and no names."""
    dated = (name for name in found if weekdays_in(name, language) or months_in(name, language))
    return Counter({name: found[name] for name in dated})


def words(text: str) -> set[str]:
    """All words in lower case."""
    return {found[0].casefold() for found in _WORD.finditer(text)}


def each_difference(old: Counter[str], new: Counter[str]) -> Iterator[str]:
    """What was lost and what is new, as reasons say it."""
    lost, added = sorted((old - new).elements()), sorted((new - old).elements())
    for number in range(max(len(lost), len(added))):
        before = lost[number] if number < len(lost) else "–"
        after = added[number] if number < len(added) else "–"
        yield f"{before} -> {after}"
