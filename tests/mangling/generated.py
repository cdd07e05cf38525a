"""Texts of a town with every style of placeholder, address and markup in them, from a seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from workflow.glossary import Glossary, Term

SENTENCES = (
    "The {phrase} opens at {time} on {day}",
    "Call {piece} or write to {mail} before {date}",
    "Bring {phrase} and {phrase} to {name}",
    "{Phrase} costs {money} for {piece} residents",
    "You have {piece} new messages about {phrase}",
    "Dear {piece}, your {phrase} ends on {date}",
    "See {url} for {phrase}, or ask at the {term}",
    "{count} people asked the {term} for {phrase}",
    "The {phrase} near {name} closes for {count} days: please use the {phrase} instead",
    "Type {code} and press {phrase} to see {piece}",
    "We moved the {phrase} from {piece} to {piece}, because the {phrase} is too small",
    "Parks {and} gardens stay open until {time}; the {phrase} does not",
    "{name} and the {term} share {count} rooms",
    "Is the {phrase} open at {time}",
    "Fill in {phrase} (form {code}) and send it to {mail}",
    "At least {share} of the {phrase} must be paid by {date} at {url}",
    "{piece} of {piece} pages are ready",
    "Nobody may park at the {phrase} without {phrase}",
    "The ferry leaves every {count} minutes, and the {phrase} waits for {piece}",
    "Set {identifier} to {count} in the {phrase}",
)
NOUNS = (
    "town library",
    "swimming hall",
    "old market",
    "waste paper",
    "parking permit",
    "bus stop",
    "north bridge",
    "water bill",
    "school office",
    "tree survey",
    "playground",
    "city museum",
    "blue bag",
    "proof of address",
    "summer course",
    "list of open places",
)
NAMES = ("Riverside Hall", "Fernwood", "Kestrel Line", "St Anne's Yard")
TERMS = ("Town Council", "help desk")
RENDERINGS = {
    "es": ("Ayuntamiento", "mesa de ayuda"),
    "fr": ("conseil municipal", "guichet"),
    "de": ("Stadtrat", "Infostelle"),
    "it": ("consiglio comunale", "sportello"),
    "pl": ("rada miasta", "punkt pomocy"),
    "ar": ("مجلس المدينة", "مكتب المساعدة"),
}
GLOSSARY = Glossary(
    (
        *(Term(name, "*") for name in NAMES),
        *(
            Term(term, locale, rendering)
            for locale, renderings in RENDERINGS.items()
            for term, rendering in zip(TERMS, renderings, strict=True)
        ),
    )
)

Maker = Callable[[Random], str]
PLACEHOLDERS = (
    "%s", "%d", "%.2f", "%%", "%@", "%(a_b)s", "%(count)d", "%(user_name)s", "%1$s", "%2$d",
    "{a_b}", "{0}", "{1}", "{}", "{total:,}", "{user.name}", "{items[0]}", "{{x}}", "{{ name }}",
    "$x", "$user_name", "${x}", "${total}",
)  # fmt: skip
URLS = (
    "https://town.example/permits",
    "https://town.example/a_b/c-d?x=1&y=2#top",
    "http://www.town.example/~parks/",
    "www.town.example/open",
    "https://town.example/search?q={a_b}",
)
MAILS = ("desk@town.example", "parks.and-trees@mail.town.example", "a_b+c@town.example")
CODES = ("`open --all`", "`{a_b}`", "`**no**`", "``a ` b``", "`https://town.example`")
DAYS = ("Monday", "Tuesday", "Saturday")
MONTHS = ("May", "June", "October")
HOURS = ("9:00", "9:30", "14:45", "08:15", "17:00", "5 pm", "10 am", "noon")


def texts(count: int, *, seed: int, markdown: bool) -> list[str]:
    """So many different texts, each one paragraph; only Markdown has markup and entities."""
    chance = Random(f"{seed} {markdown}")
    found: dict[str, None] = {}
    while len(found) < count:
        found[_text(chance, markdown=markdown)] = None
    return list(found)


def _text(chance: Random, *, markdown: bool) -> str:
    number = chance.choices((1, 2, 3), (6, 3, 1))[0]
    filled = " ".join(_Filling(chance, markdown).sentence() for _ in range(number))
    if markdown and chance.random() < 0.06:
        filled = f"**{filled}**" if "**" not in filled and "__" not in filled else filled
    return filled


class _Filling:
    """Puts something into the slots of a sentence."""

    def __init__(self, chance: Random, markdown: bool) -> None:  # noqa: FBT001 (one caller)
        self.chance, self.markdown = chance, markdown
        self.makers: dict[str, Callable[[], str]] = {
            "phrase": lambda: self.phrase(3),
            "Phrase": lambda: self.phrase(2, capital=True),
            "piece": self._piece,
            "mail": lambda: chance.choice(MAILS),
            "url": self._url,
            "code": self._code,
            "name": lambda: chance.choice(NAMES),
            "term": lambda: chance.choice(TERMS),
            "and": lambda: "&amp;" if markdown else "and",
            "identifier": lambda: chance.choice(("max_width", "a_b", "page_size_limit")),
            "time": lambda: chance.choice(HOURS),
            "day": lambda: chance.choice(DAYS),
            "date": self._date,
            "money": self._money,
            "count": self._count,
            "share": lambda: f"{chance.randint(1, 99)}%",
        }

    def sentence(self) -> str:
        """A sentence with all its slots filled, and an end."""
        pattern = self.chance.choice(SENTENCES)
        filled = re.sub(r"\{(\w+)\}", lambda found: self.makers[found[1]](), pattern)
        if self.markdown and self.chance.random() < 0.05:
            filled += self.chance.choice((" <br> again", " (\\*)", " ![a map](map_1.png)"))
        return filled + ("?" if filled.startswith("Is ") else self.chance.choice(("", ".", ".")))

    def phrase(self, depth: int, *, capital: bool = False) -> str:
        """A noun with its pieces, in markup within markup up to so deep."""
        inner = self.chance.choice(NOUNS)
        inner = inner[:1].upper() + inner[1:] if capital else inner
        if self.chance.random() < 0.25:
            inner += f" {self.makers[self.chance.choice(('piece', 'name', 'count'))]()}"
        while self.markdown and depth and self.chance.random() < 0.4:
            wrapped = self.chance.choice(WRAPS)(self.chance, inner)
            if _nests(inner, wrapped):
                inner = wrapped
            depth -= 1
        return inner

    def _piece(self) -> str:
        piece = self.chance.choice(PLACEHOLDERS)
        if self.markdown and self.chance.random() < 0.12:
            return self.chance.choice((f"**{piece}**", f"<b>{piece}</b>", f"*{piece}*"))
        return piece

    def _url(self) -> str:
        url = self.chance.choice(URLS)
        plain = not self.markdown or "{" in url or url.startswith("www")
        return url if plain or self.chance.random() < 0.7 else f"<{url}>"

    def _code(self) -> str:
        return self.chance.choice(CODES) if self.markdown else "A-12"

    def _date(self) -> str:
        day, month = self.chance.randint(1, 28), self.chance.choice(MONTHS)
        return f"{day} {month}" + self.chance.choice(("", f" {self.chance.randint(2024, 2029)}"))

    def _money(self) -> str:
        return self.chance.choice(("£12.50", "£1,500", "€3", "£0.75", "12,000 pounds"))

    def _count(self) -> str:
        return self.chance.choice((str(self.chance.randint(2, 999)), "1,500", "2,450,000", "7th"))


WRAPS: tuple[Callable[[Random, str], str], ...] = (
    lambda _, inner: f"*{inner}*",
    lambda _, inner: f"**{inner}**",
    lambda _, inner: f"~~{inner}~~",
    lambda _, inner: f"<b>{inner}</b>",
    lambda _, inner: f'<span class="x">{inner}</span>',
    lambda chance, inner: (
        f"[{inner}](https://town.example/{chance.choice(('a_b', 'c?d=1', '{0}'))})"
    ),
    lambda _, inner: f'[{inner}](/open "More")',
    lambda chance, inner: f"the {inner} {chance.choice(('list', '`now`', '&lt; 5'))}",
)


def _nests(inner: str, wrapped: str) -> bool:
    """Links hold no links, and emphasis none of its own kind."""
    if wrapped.startswith("["):
        return "](" not in inner
    return not (wrapped[0] in "*~" and wrapped[0] in inner)
