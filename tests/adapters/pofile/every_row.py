"""A catalog with one entry for each row of the table of facts, for the tools to be let loose on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from workflow.adapters.pofile import header, sheet
from workflow.catalog import approved, draft, facts_of, withheld
from workflow.catalog.facts import FactsComment
from workflow.model import Facts, Freshness, Message, Origin, Review, Unit, hash8

PLURALS = "nplurals=2; plural=(n != 1);"
PIVOT = "en_es@1.0+es_pt@1.0#abcdef12"
FUZZY = frozenset({"fuzzy"})
ASIDE = (
    "previous: La piscina de la calle Mayor está cerrada por obras desde el lunes cinco de mayo",
    "memory: 87 % notices:baths#body@0123456789 [-baths-] {+pool+} “Los baños están cerrados”",
    "check: numbers: the source has 5, the translation has 6",
    "conflict: La piscina permanece cerrada hasta nuevo aviso",
    "Ask Ana about the name of the street",
)
"""Our comment lines beside the facts, and one of a person's; two are longer than 80 columns."""


def unit(source: str) -> Unit:
    return Unit("notices", "pool", "body", source, notes=("The pool is closed · body",))


def _moved(source: str, old: str, text: str, kind: Origin) -> Message:
    """A draft of `old` that stands under a reworded msgid."""
    made = draft(unit(old), text, kind=kind, packages=PIVOT, risk=0.4)
    return replace(made, source=source)


def _retyped(message: Message, text: str) -> Message:
    return replace(message, translations=(text,))


def _needs_work(source: str, text: str) -> Message:
    said = FactsComment("needs-work", hash8(source), hash8(text), PIVOT)
    return replace(approved(unit(source), text), comments=(str(said),), flags=FUZZY)


def _fuzzy(source: str, text: str, previous: str | None = None) -> Message:
    return replace(approved(unit(source), text), flags=FUZZY, previous_source=previous)


def _gone(message: Message) -> Message:
    return replace(message, obsolete=True, notes=(), references=())


def _entries() -> dict[str, Message]:
    letter = "The city library lends bicycles, tools and board games to everyone who lives here."
    return {
        "person's": approved(unit("The library opens at nine."), "La biblioteca abre a las nueve."),
        "approved draft": approved(
            unit("Take a seat."), "Tome asiento.", kind=Origin.MACHINE, packages=PIVOT, risk=0.12
        ),
        "machine": draft(unit("The bus is late."), "El autobús llega tarde.", packages=PIVOT,
                         risk=0.31),
        "memory": draft(unit("Thank you!"), "¡Gracias!", kind=Origin.MEMORY),
        "mixed": draft(unit(letter), "La biblioteca presta bicicletas, herramientas y juegos de "
                       "mesa a todos los vecinos.", kind=Origin.MIXED, packages=PIVOT, risk=1.0),
        "stale draft": _moved("The market is open on Friday.", "The market is open on Monday.",
                              "El mercado abre el lunes.", Origin.MACHINE),
        "at work": _retyped(draft(unit("Bring a towel."), "Traiga toalla.", packages=PIVOT),
                            "Traiga una toalla."),
        "at work, stale": _retyped(_moved("Bring two towels.", "Bring one towel.", "Traiga una.",
                                          Origin.MACHINE), "Traiga dos."),
        "doubted": _needs_work("The gate is locked.", "La puerta está cerrada."),
        "person's, stale": _fuzzy("Call the office on Tuesday.", "Llame a la oficina el lunes.",
                                  "Call the office on Monday."),
        "person's, doubted": _fuzzy("Mind the step.", "Cuidado con el escalón."),
        "withheld": withheld(unit("Line 7 ends at the [old port](/port)."), packages=PIVOT),
        "empty": Message("pool#body", "The lift is out of order."),
        "with asides": replace(
            made := draft(unit("The pool on Mill Road is closed."), "La piscina está cerrada.",
                          packages=PIVOT, risk=0.5), comments=(*ASIDE, *made.comments)),
        "plural": Message(None, "%d seat", ("%d asiento", "%d asientos"), plural="%d seats",
                          flags=frozenset({"c-format"})),
        "obsolete": _gone(approved(unit("The kiosk is closed."), "El quiosco está cerrado.")),
        "obsolete draft": _gone(draft(unit("The kiosk is open."), "El quiosco está abierto.",
                                      packages=PIVOT)),
    }  # fmt: skip


def _placed(message: Message) -> Message:
    ours = message.context is not None and not message.obsolete
    return replace(message, references=("content/notices/pool.md",)) if ours else message


ENTRIES: Mapping[str, Message] = {name: _placed(one) for name, one in _entries().items()}

_DRAFT = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, PIVOT)
_DOUBTED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.NEEDS_WORK)
_APPROVED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)

MEANT: Mapping[str, Facts] = {
    "person's": _APPROVED,
    "approved draft": replace(_DRAFT, review=Review.APPROVED, risk=0.12),
    "machine": replace(_DRAFT, risk=0.31),
    "memory": Facts(Origin.MEMORY, Freshness.CURRENT, Review.NONE),
    "mixed": Facts(Origin.MIXED, Freshness.CURRENT, Review.NONE, PIVOT, 1.0),
    "stale draft": replace(_DRAFT, freshness=Freshness.STALE, risk=0.4),
    "at work": _DOUBTED,
    "at work, stale": replace(_DOUBTED, freshness=Freshness.STALE),
    "doubted": replace(_DRAFT, review=Review.NEEDS_WORK),
    "person's, stale": Facts(Origin.HUMAN, Freshness.STALE, Review.NONE),
    "person's, doubted": _DOUBTED,
    "withheld": Facts(Origin.NONE, Freshness.MISSING, Review.NONE, PIVOT, withheld=True),
    "empty": Facts(Origin.NONE, Freshness.MISSING, Review.NONE),
    "with asides": replace(_DRAFT, risk=0.5),
    "plural": _APPROVED,
    "obsolete": _APPROVED,
    "obsolete draft": _DRAFT,
}
"""What the design's table says of each entry, written by hand."""


def body() -> bytes:
    """The catalog as we write it."""
    made = sheet.splice(
        sheet.Sheet(path="notices.po"),
        tuple(ENTRIES.values()),
        new_header=header.new_header("City notices", "es", PLURALS),
    )
    assert made
    return made


def read(raw: bytes) -> tuple[Message, ...]:
    return sheet.read(raw, "notices.po").messages


def told(raw: bytes) -> dict[str, Facts]:
    """The facts by name of the entry, of those that are there."""
    names = {message.key: name for name, message in ENTRIES.items()}
    return {names[m.key]: facts_of(m) for m in read(raw) if m.key in names}


def asides(raw: bytes, name: str = "with asides") -> tuple[str, ...]:
    """The comment lines of an entry without its facts."""
    [found] = [m for m in read(raw) if m.key == ENTRIES[name].key]
    return tuple(line for line in found.comments if not line.startswith("polypress:"))


def without(*names: str) -> dict[str, Facts]:
    """What is meant, but for these entries."""
    return {name: facts for name, facts in MEANT.items() if name not in names}


def ran(*command: object, raw: bytes | None = None) -> bytes:
    """What a program makes of a catalog on its standard input, or of the files it is given."""
    done = subprocess.run([*map(str, command)], check=False, capture_output=True, input=raw)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def template(folder: Path, messages: Iterable[Message]) -> Path:
    """A template of these entries for `msgmerge`."""
    bare = [
        Message(m.context, m.source, ("", "") if m.plural else ("",), plural=m.plural)
        for m in messages
    ]
    blank = sheet.Sheet(path="notices.pot")
    made = sheet.splice(blank, bare, new_header=header.new_header("City notices", "", ""))
    path = folder / "notices.pot"
    path.write_bytes(made or b"")
    return path
