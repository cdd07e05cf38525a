"""A town's notices in two languages, and everything that an editor does to their source texts.

Each sentence is written in English and Spanish with the same slots, so a person's translation of
any paragraph is at hand. Each paragraph has a number that stays, whatever is done to its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random

# Two English wordings and a Spanish one each; {n} number, {d} date, {p} person or place.
FORMS = (
    ("The pool opens at {n} on {d}.", "The pool will open at {n} on {d}.",
     "La piscina abre a las {n} el {d}."),
    ("The library lends {n} books to {p}.", "The library gives {n} books to {p}.",
     "La biblioteca presta {n} libros a {p}."),
    ("Bus {n} stops near {p} from {d}.", "Bus {n} will stop near {p} from {d}.",
     "El autobús {n} para cerca de {p} desde el {d}."),
    ("Ask {p} for form {n} before {d}.", "Please ask {p} for form {n} before {d}.",
     "Pida a {p} el formulario {n} antes del {d}."),
    ('The "open house" in room {n} begins on {d}.', 'On {d} the "open house" in room {n} begins.',
     "Las «puertas abiertas» en la sala {n} empiezan el {d}."),
    ("The market has {n} stalls - all of them near {p}.",
     "There are {n} stalls at the market - all of them near {p}.",
     "El mercado tiene {n} puestos, todos cerca de {p}."),
    ("{p} answers questions at counter {n}.", "At counter {n}, {p} answers questions.",
     "{p} responde preguntas en el mostrador {n}."),
    ("Road works near house {n} end on {d}.", "Road works near house {n} will be over on {d}.",
     "Las obras junto a la casa {n} terminan el {d}."),
)  # fmt: skip
PEOPLE = ("Nadia Ortega", "Tomás Rivera", "Greta Lind", "Olga Petrov", "Hugo Marín", "Irene Vidal")
MONTHS = (("January", "enero"), ("March", "marzo"), ("May", "mayo"), ("June", "junio"),
          ("September", "septiembre"), ("October", "octubre"))  # fmt: skip
EDITS = ("spaces", "quotes", "reworded", "number", "date", "name", "inserted", "removed", "moved",
         "renamed", "deleted", "returned")  # fmt: skip
STYLES = ("spaces", "quotes")
SENTENCES = ("reworded", "number", "date", "name")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its form, which English wording of it, and what stands in its slots."""

    form: int
    wording: int
    number: int
    day: int
    month: int
    person: int

    def text(self, language: str) -> str:
        which = 2 if language == "es" else self.wording
        name, nombre = MONTHS[self.month]
        date = f"{self.day} de {nombre}" if language == "es" else f"{self.day} {name}"
        return FORMS[self.form][which].format(n=self.number, d=date, p=PEOPLE[self.person])


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences in a style; `number` is the same for all that it ever says."""

    number: int
    sentences: tuple[Sentence, ...]
    wide: bool = False
    curly: bool = False

    @property
    def source(self) -> str:
        text = ("  " if self.wide else " ").join(one.text("en") for one in self.sentences)
        if self.curly:
            text = text.replace(' "', " “").replace('" ', "” ").replace(" - ", " – ")
        return text


@dataclass(slots=True)
class Notice:
    """An item: its id, its title and its body; `gone` while its file is deleted."""

    id: str
    title: Paragraph
    body: list[Paragraph]
    gone: bool = False


@dataclass(slots=True)
class Town:
    """All notices as files in a folder; `ever` has each source text that ever stood there."""

    folder: Path
    notices: list[Notice] = field(default_factory=list)
    ever: dict[str, Paragraph] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(200))
    _paragraphs: Iterator[int] = field(default_factory=lambda: count(1))
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def found(self, chance: Random, notices: int) -> None:
        """Write the first notices."""
        for _ in range(notices):
            body = [self.paragraph(chance) for _ in range(chance.randint(1, 4))]
            notice = Notice(f"notice-{next(self._names)}", self.paragraph(chance, 1), body)
            self.notices.append(notice)
            self.write(notice)

    def paragraph(self, chance: Random, sentences: int = 0) -> Paragraph:
        chosen = chance.sample(range(len(FORMS)), sentences or chance.randint(2, 5))
        made = tuple(
            Sentence(form, chance.randrange(2), next(self._numbers), chance.randint(1, 28),
                     chance.randrange(len(MONTHS)), chance.randrange(len(PEOPLE)))
            for form in chosen
        )  # fmt: skip
        return Paragraph(next(self._paragraphs), made)

    def write(self, notice: Notice) -> None:
        """The file of a notice as it now is; none if it is gone."""
        path = self.folder / f"{notice.id}.md"
        if notice.gone:
            path.unlink(missing_ok=True)
            return
        for one in (notice.title, *notice.body):
            self.ever[one.source] = one
        body = "\n\n".join(one.source for one in notice.body)
        path.write_text(f"---\ntitle: '{notice.title.source}'\n---\n\n{body}\n", encoding="utf-8")

    def edit(self, kind: str, chance: Random) -> None:
        """Do one thing to the sources."""
        if kind == "returned":
            self._return(chance)
            return
        notice = chance.choice([one for one in self.notices if not one.gone])
        if kind in {"renamed", "deleted"}:
            self._retire(notice, kind)
            return
        self._rewrite(notice, kind, chance)
        self.write(notice)

    def change(
        self, kind: str, chance: Random, among: Collection[int]
    ) -> tuple[Paragraph, Paragraph] | None:
        """Change one of these paragraphs (by number): what it was and is; None without any."""
        found = [
            (notice, at)
            for notice in self.notices
            for at, one in enumerate(notice.body)
            if one.number in among and not notice.gone
        ]
        if not found:
            return None
        notice, at = chance.choice(found)
        old = notice.body[at]
        notice.body[at] = self._changed(old, kind, chance)
        self.write(notice)
        return old, notice.body[at]

    def _return(self, chance: Random) -> None:
        gone = [one for one in self.notices if one.gone]
        if gone:
            notice = chance.choice(gone)
            notice.gone = False
            self.write(notice)

    def _retire(self, notice: Notice, kind: str) -> None:
        if kind == "deleted" and sum(not one.gone for one in self.notices) <= 5:
            return
        (self.folder / f"{notice.id}.md").unlink()
        notice.gone = kind == "deleted"
        if kind == "renamed":
            notice.id = f"notice-{next(self._names)}"
            self.write(notice)

    def _rewrite(self, notice: Notice, kind: str, chance: Random) -> None:
        at = chance.randrange(len(notice.body))
        old = notice.body[at]
        if kind == "inserted" and len(notice.body) < 6:
            notice.body.insert(at, self.paragraph(chance))
        elif kind == "removed" and len(notice.body) > 1:
            del notice.body[at]
        elif kind == "moved":
            notice.body.insert(chance.randrange(len(notice.body)), notice.body.pop(at))
        elif kind in {*STYLES, *SENTENCES}:
            notice.body[at] = self._changed(old, kind, chance)

    def _changed(self, old: Paragraph, kind: str, chance: Random) -> Paragraph:
        if kind == "spaces":
            return replace(old, wide=not old.wide)
        if kind == "quotes":
            return replace(old, curly=not old.curly)
        at = chance.choice([at for at, one in enumerate(old.sentences) if _has(one, kind)] or [0])
        sentence = old.sentences[at]
        new = {
            "reworded": replace(sentence, wording=1 - sentence.wording),
            "number": replace(sentence, number=next(self._numbers)),
            "date": replace(sentence, day=sentence.day % 28 + 1),
            "name": replace(sentence, person=(sentence.person + 1) % len(PEOPLE)),
        }[kind]
        return replace(old, sentences=(*old.sentences[:at], new, *old.sentences[at + 1 :]))


def _has(sentence: Sentence, kind: str) -> bool:
    slot = {"date": "{d}", "name": "{p}"}.get(kind, "")
    return slot in FORMS[sentence.form][0]
