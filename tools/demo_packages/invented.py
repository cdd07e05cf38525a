"""Makes up names of streets, places and people, so that the model learns to carry over any name."""

from __future__ import annotations

from random import Random

from tools.demo_packages.chunks import Chunk
from tools.demo_packages.filling import EntryFilling, Filling
from tools.demo_packages.inventory import Inventory
from tools.demo_packages.lexicon import Entry

SHARE = 0.15
SYLLABLES = (
    "ba با be بي bo بو ca كا co كو da دا de دي do دو fa فا fer فر ga غا go غو "
    "ha ها ho هو ka كا ko كو "  # noqa: RUF001 - Arabic letters are meant
    "la لا le لي lo لو ma ما me مي mo مو na نا ne ني no نو pa با pe بي po بو ra را re ري ro رو "
    "sa سا se سي so سو ta تا te تي to تو va فا ve في vi في wa وا wi وي ya يا zo زو ri ري li لي "
    "mi مي ni ني ti تي si سي bi بي di دي ki كي hi هي ru رو lu لو mu مو tu تو su سو bu بو du دو "
    "al ال an ان ar ار el يل en ين er ير in ين on ون or ور os وس us وس as اس is يس ton تون ler لر "
    "man مان den دن ford فورد berg برغ stein شتاين son سون well ويل dal دال lin لين mar مار"
)
STARTING_VOWEL = {"a": "أ", "e": "إ", "i": "إ", "o": "أو", "u": "أو"}
LATIN, ARABIC = SYLLABLES.split()[::2], SYLLABLES.split()[1::2]

Kind = tuple[str, str, str, str, str, str, str]
KINDS: dict[str, tuple[Kind, ...]] = {
    "street": (
        ("Street", "calle", "fs", "rua", "fs", "شارع", "m"),
        ("Road", "carretera", "fs", "estrada", "fs", "طريق", "m"),
        ("Avenue", "avenida", "fs", "avenida", "fs", "جادة", "f"),
        ("Square", "plaza", "fs", "praça", "fs", "ساحة", "f"),
        ("Bridge", "puente", "ms", "ponte", "fs", "جسر", "m"),
        ("Lane", "callejón", "ms", "travessa", "fs", "زقاق", "m"),
    ),
    "facility": (
        ("Library", "Biblioteca", "fs", "Biblioteca", "fs", "مكتبة", "f"),
        ("Museum", "Museo", "ms", "Museu", "ms", "متحف", "m"),
        ("Park", "Parque", "ms", "Parque", "ms", "حديقة", "f"),
        ("Theatre", "Teatro", "ms", "Teatro", "ms", "مسرح", "m"),
        ("Station", "Estación", "fs", "Estação", "fs", "محطة", "f"),
        ("Stadium", "Estadio", "ms", "Estádio", "ms", "ملعب", "m"),
    ),
    "school": (
        ("Primary School", "Escuela Primaria", "fs", "Escola Primária", "fs", "مدرسة", "f"),
        ("School", "Colegio", "ms", "Colégio", "ms", "مدرسة", "f"),
    ),
    "district": (("district", "barrio", "ms", "bairro", "ms", "حي", "m"),),
}  # fmt: skip


def with_invented(
    fillings: dict[str, Filling], inventory: Inventory, rng: Random
) -> dict[str, Filling]:
    """Put a made-up name into some of the slots that hold names."""
    return {slot: _maybe(slot, filling, inventory, rng) for slot, filling in fillings.items()}


def _maybe(slot: str, filling: Filling, inventory: Inventory, rng: Random) -> Filling:
    base = inventory.base(slot)
    if base == "person" and rng.random() < 2 * SHARE:
        return EntryFilling(person(name(rng), name(rng), inventory))
    if base in KINDS and rng.random() < SHARE:
        kind = rng.choice(KINDS[base])
        return EntryFilling(place(base, kind, name(rng), inventory))
    return filling


def name(rng: Random) -> tuple[str, str]:
    """Make up a name, in Latin and in Arabic letters."""
    chosen = [rng.randrange(len(LATIN)) for _ in range(rng.randint(2, 3))]
    arabic = "".join(ARABIC[index] for index in chosen)
    first = LATIN[chosen[0]][0]
    if first in STARTING_VOWEL:
        arabic = STARTING_VOWEL[first] + arabic[1:]
    return "".join(LATIN[index] for index in chosen).capitalize(), arabic


def person(given: tuple[str, str], family: tuple[str, str], inventory: Inventory) -> Entry:
    """Make the entry of a person from two names, each in Latin and in Arabic letters."""
    latin, arabic = (
        (Chunk(given[side], frozenset({".a"})), Chunk(" "), Chunk(family[side], frozenset({".b"})))
        for side in (0, 1)
    )
    sample = inventory.lexicons["person"].entries[0]
    names = {"en": latin, "es": latin, "pt": latin, "ar": arabic}
    codes = {"en": "s", "es": "ms", "pt": "ms", "ar": "m"}
    return Entry(names, codes, sample.articles)


def place(base: str, kind: Kind, spelled: tuple[str, str], inventory: Inventory) -> Entry:
    """Make the entry of a place of some kind with a name in Latin and in Arabic letters."""
    en, es, es_code, pt, pt_code, ar, ar_code = kind
    latin, arabic = spelled
    names = {
        "en": _two((latin, ".a"), (en, ".b")), "es": _two((es, ".b"), (latin, ".a")),
        "pt": _two((pt, ".b"), (latin, ".a")), "ar": _two((ar, ".b"), (arabic, ".a")),
    }  # fmt: skip
    codes = {"en": "s", "es": es_code, "pt": pt_code, "ar": ar_code}
    return Entry(names, codes, inventory.lexicons[base].entries[0].articles)


def _two(first: tuple[str, str], second: tuple[str, str]) -> tuple[Chunk, ...]:
    return (
        Chunk(first[0], frozenset({first[1]})),
        Chunk(" "),
        Chunk(second[0], frozenset({second[1]})),
    )
