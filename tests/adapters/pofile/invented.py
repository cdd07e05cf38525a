"""Invented PO entries from a seed, written as PO text by rules of their own, not by our codec.

Strings hold escapes, placeholders and many scripts, and are cut anywhere; entries have contexts,
plurals, comments of every kind, previous msgids, and may be obsolete.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

HEAD = (
    "# City notices.\n"
    'msgid ""\nmsgstr ""\n"Project-Id-Version: City notices\\n"\n"Language: es\\n"\n'
    '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)
WORDS = (
    "the library opens at nine on Monday pool closed until further notice please bring your card "
    "La biblioteca abre los lunes plaza municipal año según Straße größer Öffnungszeiten "
    "déjà fermée œuvre مغلقة حتى إشعار المكتبة 図書館は月曜日 休館します библиотека закрыта सूचना"
)
ODD = (
    *('"', "\\", "\n", "\t", "\r", "\b", "\f", "\v", "\\n", '\\"', "%s", "%(name)s", "{count}"),
    *("<b>", "</b>", "&amp;", "$1", "#~ msgid", 'msgstr "', "#, fuzzy", "\u00a0", "\u2028"),
    *("\u0085", "\u200f", "\U0001f6a7", "e\u0301", "—", "  ", "[link](/a_b)", "5,00 €", "/etc/x"),
)  # fmt: skip
_ESCAPES = {
    **dict(zip("\n\t\r\b\f\v", ("\\n", "\\t", "\\r", "\\b", "\\f", "\\v"), strict=True)),
    **{char: f"\\{char}" for char in '"\\'},
}


def catalog(seed: int, entries: int) -> str:
    """A PO file with a header and so many entries, those that are obsolete at its end."""
    chance = Random(seed)
    made = [_entry(chance, number) for number in range(entries)]
    active = [text for text, obsolete in made if not obsolete]
    obsolete = [text for text, obsolete in made if obsolete]
    return "\n".join([HEAD, *active, *obsolete])


def _entry(chance: Random, number: int) -> tuple[str, bool]:
    obsolete = chance.random() < 0.1
    fuzzy = chance.random() < 0.3
    lines = [*_comments(chance, fuzzy=fuzzy, obsolete=obsolete)]
    source = f"{number} {_text(chance)}"
    end = "\n" if source.endswith("\n") else ""
    plural = chance.random() < 0.2
    if fuzzy and chance.random() < 0.5:
        mark = "#~| " if obsolete else "#| "
        lines += [mark + line for line in _string(chance, "msgid", _text(chance) + "x")]
    strings = [*_string(chance, "msgctxt", f"pool{number % 7}#body")] * (number % 3 > 0)
    strings += _string(chance, "msgid", source)
    if plural:
        strings += _string(chance, "msgid_plural", _text(chance).strip("\n") + end)
    for word in ("msgstr[0]", "msgstr[1]") if plural else ("msgstr",):
        text = _text(chance).strip("\n") + end if chance.random() < 0.8 else ""
        strings += _string(chance, word, text)
    lines += [("#~ " if obsolete else "") + line for line in strings]
    return "".join(f"{line}\n" for line in lines), obsolete


def _comments(chance: Random, *, fuzzy: bool, obsolete: bool) -> Iterator[str]:
    if chance.random() < 0.4:
        yield from (f"# {_plain(chance)}" for _ in range(chance.randint(1, 3)))
    if chance.random() < 0.3 and not obsolete:
        yield f"#. {_plain(chance)}"
    if chance.random() < 0.5 and not obsolete:
        yield f"#: content/notices/n{chance.randint(1, 99)}.md content/b.md:{chance.randint(1, 9)}"
    flags = ["fuzzy"] * fuzzy + ["no-wrap"] * (chance.random() < 0.1)
    if flags:
        yield "#, " + ", ".join(flags)


def _plain(chance: Random) -> str:
    return " ".join(chance.choices(WORDS.split(), k=chance.randint(1, 14)))


def _text(chance: Random) -> str:
    pieces = [
        chance.choice(ODD) if chance.random() < 0.25 else chance.choice(WORDS.split())
        for _ in range(chance.randint(1, 30))
    ]
    return "".join(f"{piece} " if chance.random() < 0.8 else piece for piece in pieces).lstrip("\n")


def _string(chance: Random, word: str, text: str) -> list[str]:
    """A keyword and its string, on one line or cut where chance wants it."""
    atoms = [_ESCAPES.get(char, char) for char in text]
    if chance.random() < 0.5:
        return [f'{word} "{"".join(atoms)}"']
    lines, at = [f'{word} ""'], 0
    while at < len(atoms):
        size = chance.randint(1, 70)
        lines.append(f'"{"".join(atoms[at : at + size])}"')
        at += size
    return lines
