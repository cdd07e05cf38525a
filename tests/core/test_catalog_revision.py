from __future__ import annotations

import re
from dataclasses import replace

from workflow.catalog.revision import revision
from workflow.model import Message

SHOWN = Message("pool#body", "Closed today.", ("Cerrado hoy.",), flags=frozenset({"fuzzy"}))


def test_a_revision_is_eight_hex_digits_and_the_same_whenever_it_is_asked() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}", revision(SHOWN))
    assert revision(SHOWN) == revision(replace(SHOWN))
    flags = {"fuzzy", "c-format", "no-wrap"}
    turned = frozenset(sorted(flags, reverse=True))
    assert revision(replace(SHOWN, flags=turned)) == revision(
        replace(SHOWN, flags=frozenset(flags))
    )


def test_another_text_another_form_or_another_flag_is_another_revision() -> None:
    others = [
        replace(SHOWN, translations=("Cerrado mañana.",)),
        replace(SHOWN, translations=("Cerrado", "hoy.")),
        replace(SHOWN, flags=frozenset()),
        replace(SHOWN, flags=SHOWN.flags | {"c-format"}),
    ]
    assert len({revision(one) for one in (SHOWN, *others)}) == 5


def test_a_note_that_is_added_leaves_the_revision() -> None:
    assert revision(replace(SHOWN, comments=("check: too long",))) == revision(SHOWN)


def test_a_text_that_no_encoding_can_hold_has_a_revision() -> None:
    assert revision(replace(SHOWN, translations=("\ud800",)))
