"""Row Q1: whatever an engine does to placeholders and markup, no catalog shows it."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tests.mangling import generated, manglings
from tests.mangling.checker import Expected, entry_faults, faults
from tests.mangling.play import LOCALES, play
from workflow.steps.settle import Rung

STRINGS = 170
MARKDOWN = Expected(markdown=True, names=("Riverside Hall",), terms={"help desk": "mesa de ayuda"})
PLAIN = Expected(markdown=False)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_an_engine_mangles_is_in_no_catalog(tmp_path: Path, locale: str) -> None:
    played = play(tmp_path, locale, strings=STRINGS, seed=1)
    assert played.wrong == []
    assert played.texts > 0.75 * STRINGS
    assert set(played.manglings) == {*manglings.NAMES, "alignment"}
    assert {Rung.FIRST, Rung.LATER, Rung.REPAIRED} < set(played.rungs)


def test_a_run_is_the_same_each_time(tmp_path: Path) -> None:
    one, other = (play(tmp_path / name, "es", strings=20, seed=7) for name in ("one", "other"))
    assert one == other


def test_every_style_of_placeholder_and_markup_is_among_the_strings() -> None:
    text = "\n".join(generated.texts(2000, seed=1, markdown=True))
    wanted = (*generated.PLACEHOLDERS, *generated.URLS, *generated.MAILS, *generated.CODES)
    marks = ("<b>", "&amp;", "&lt;", "***", "**[", "[*", "[<b>", "~~", '](/open "More")')
    assert [one for one in (*wanted, *marks, *generated.NAMES) if one not in text] == []
    plain = "".join(generated.texts(500, seed=1, markdown=False))
    assert [sign for sign in ("**", "<", "`", "&amp;") if sign in plain] == []


# The checker itself, with damage planted.

RIGHT = (
    ("Call {phone} or **{0}**.", "Llame a **{0}** o {phone}."),
    ("Open at 9:00 for 1,500 days.", "Abierto a las 9 durante 1.500 días."),
    ("Open at 5 pm.", "Abierto a las 17:00."),
    ("Open at 5 pm.", "مفتوح الساعة 5:00 مساء"),
    ("See [the *list*](/a) at Riverside Hall.", "Riverside Hall: vea la [*lista*](/a)."),
    ("The help desk is shut.", "La mesa de ayuda está cerrada."),
    ("No, no, no, no!", "¡No, no, no, no!"),
)
BROKEN = (
    ("Call {phone}.", "Llame.", "placeholder"),
    ("Call {phone}.", "Llame a {phone} y {phone}.", "placeholder"),
    ("Call {phone}.", "Llame a {teléfono}.", "format"),
    ("Call {phone}.", "Llame a { phone }.", "placeholder"),
    ("%(a_b)s of %1$s", "%(a_b)s de % 1$s", "placeholder"),
    ("Hello %s", "Hola%s", "glued"),
    ("Hello $x", "Hola ${x}", "placeholder"),
    ("See www.town.example/a", "Vea www.town.example/b", "address"),
    ("Mail a@b.example", "Correo a@c.example", "e-mail"),
    ("Set a_b", "Ponga ab", "identifier"),
    ("A &amp; B", "A y B", "entity"),
    ("A and B", "A &lt; B", "entity"),
    ("<b>Open</b> now", "<b>Abierto ahora", "tag"),
    ("<b>Open</b> now", "</b>Abierto<b> ahora", "tag"),
    ("Open **now**", "Abierto ahora", "markup"),
    ("Open **now**", "Abierto *ahora*", "markup"),
    ("**Open *the* door**", "**Abra** *la* puerta", "markup"),
    ("Open [now](/a)", "Abierto [ahora](/b)", "markup"),
    ("Open `now`", "Abierto `ahora`", "markup"),
    ("Open now", "Abierto **ahora", "sign"),
    ("Open now", "Abierto ⟦1⟧ ahora", "character"),
    ("Open now", "Abierto\a ahora", "character"),
    ("Open now", "Abierto\u202e ahora", "character"),
    ("Open now", "Abierto\u2067 ahora", "direction"),
    ("Open \u2067now\u2069", "Abierto \u2067ahora", "direction"),
    ("Open at 9:30", "Abierto a las 9:40", "number"),
    ("Open at 9:30", "Abierto", "number"),
    ("It costs £12.50", "Cuesta 1250 libras", "number"),
    ("In 3 days", "En 3 días, a las 12", "number"),
    ("At Riverside Hall", "En la Sala Riverside", "name"),
    ("At the help desk", "En el mostrador", "term"),
    ("Open now", "hoy, hoy, hoy y hoy hoy hoy hoy", "repeated"),
    ("Open now", "abierto " + "y más " * 2 + "x" * 200, "length"),
    ("The bridge is closed today", "The bridge is closed today", "copy"),
    ("Open now", " ", "empty"),
)


@pytest.mark.parametrize(("source", "target"), RIGHT)
def test_the_checker_lets_pass_what_kept_all(source: str, target: str) -> None:
    assert faults(source, target, MARKDOWN) == []


@pytest.mark.parametrize(("source", "target", "rule"), BROKEN)
def test_the_checker_finds_planted_damage(source: str, target: str, rule: str) -> None:
    assert rule in {line.partition(":")[0] for line in faults(source, target, MARKDOWN)}


def test_marks_are_text_where_the_format_has_none() -> None:
    assert faults("Open **now**", "Abierto ahora", PLAIN) == []
    assert faults("Open now", "Abierto **ahora**", PLAIN) == ["sign: *"]


@pytest.mark.parametrize(
    ("text", "comment", "flags", "wrong"),
    [
        ("Abierto", "polypress: machine a b c", ["fuzzy"], []),
        ("", "polypress: withheld a b c", ["fuzzy"], []),
        ("Abierto", "polypress: machine a b c", [], ["flag: a machine's text is no draft"]),
        ("Abierto", "", ["fuzzy"], ["comment: it does not say machine"]),
        ("", "", [], ["comment: it does not say withheld"]),
    ],
)
def test_an_entry_is_a_draft_or_withheld(
    text: str, comment: str, flags: list[str], wrong: list[str]
) -> None:
    entry = polib.POEntry(msgid="Open", msgstr=text, tcomment=comment, flags=flags)
    assert list(entry_faults(entry, MARKDOWN)) == wrong
