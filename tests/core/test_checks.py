from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.adapters.markdown import MarkdownFormat
from workflow.checks import hard_findings

markup = MarkdownFormat().markup


def checks(source: str, target: str) -> list[str]:
    found = hard_findings(source, target, markup(source), markup(target))
    return [finding.check for finding in found]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Call **112** now", "Llame **ya** al 112"),
        ("Call __112__ now", "Llame **ya** al 112"),
        ('See [page](http://x.y "Title")', 'Vea la [página](http://x.y "Título")'),
        ("![a map](map.png)", "![un mapa](map.png)"),
        ("Fish &amp; chips \\*", "Pescado y patatas *"),
        ("Hello %s, {name}", "{name}, hola %s"),
        ("a  \nb", "x\\\ny"),
        ("", ""),
        ("no no no no no no", "no no no no no no"),
        ("-----------------", "-----------------"),
    ],
)
def test_a_faithful_translation_has_no_findings(source: str, target: str) -> None:
    assert checks(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("Text", " ", ["empty"]),
        ("Hello %s", "Hola", ["placeholder"]),
        ("Hello {name}", "Hola {nombre}", ["placeholder", "placeholder"]),
        ("Hello %s", "Hola %s %s", ["placeholder"]),
        ("See https://a.example/b", "Vea https://a.example/c", ["url", "url"]),
        ("Mail a@b.example", "Correo", ["email"]),
        ("Call **112**", "Llame al 112", ["markup"]),
        ("Call 112", "Llame al *112*", ["markup"]),
        ("See [page](http://x.y)", "Vea [página](http://x.z)", ["link", "link"]),
        ("See [page](http://x.y)", "Vea página", ["link", "markup"]),
        ("See [page][r]", "Vea [página][s]", ["link", "link"]),
        ("Run `ls`", "Ejecute `lista`", ["code", "code"]),
        ("![a](b.png)", "![a](c.png)", ["image", "image"]),
        ("Text", "<script>Texto</script>", ["markup", "markup", "html"]),
        ("Open <b>today</b>", "Abierto <b>hoy", ["markup"]),
        ("Open <b>today</b>", "Abierto</b> <b>hoy", ["markup"]),
        ("<i>Open <b>today</b></i>", "<i>Abierto</i> <b>hoy</b>", ["markup"]),
        ("a  \nb", "x y", ["line-break"]),
        ("Open today", "abierto " * 5, ["loop"]),
        ("Open at 10", "hoy se abre " * 5 + "a las 10", ["loop"]),
        ("Open today", "Hoy, hoy. hoy; hoy está abierto", ["loop"]),
        ("Open **today**", "Abierto hoy **hoy hoy** hoy", ["loop"]),
        ("No, no, no, no!", "¡No, no, no, no!", []),
        ("Open today", "hahahahahahahahahahaha", ["loop"]),
        ("No token", "Sin ⟦1⟧", ["token", "number"]),
    ],
)
def test_what_is_broken_is_found(source: str, target: str, found: list[str]) -> None:
    assert checks(source, target) == found


@given(st.text(max_size=60))
def test_a_text_is_a_sound_translation_of_itself(text: str) -> None:
    assert checks(text, text) == []
