"""What of a text is style alone: blanks, and how quotation marks, dashes and dots are drawn."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_DOUBLE = re.compile('[“”„‟«»″〝〞「」『』《》]|``|"')
_SINGLE = re.compile("[\u2018’\u201a\u201b\u2039\u203a\u2032`\u00b4']")
_QUOTED = re.compile(r"(?<![\w'])'([^'\n]{1,400})'(?![\w'])")
_INNER = re.compile(r'" ?([^"\n]{0,400}?) ?"')
_INCHES = re.compile(r"(?<=\d)[\"'\u2032″](?!\w)")
_DASH = re.compile(r" ?[–—―\u2012\u2212] ?| -{1,3} |(?<=\d) ?- ?(?=\d)")
_BEFORE_SIGN = re.compile(r" (?=[:;!?%»”。、\uff0c])")
_BLANKS = re.compile(r"\s+")


def plain_style(text: str) -> str:
    """The text with one kind of blank, quotation mark and dash: equal for texts of one wording.

    Two texts that differ in anything else differ in this form, too. Hyphens within words stay, and
    so do the marks of feet and inches behind a number.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    text = _BLANKS.sub(" ", text).strip().replace("...", "…")
    text = _INCHES.sub(lambda found: f"\0{ord(found[0]):x}\0", text)
    text = _SINGLE.sub("'", _DOUBLE.sub('"', text))
    text = _QUOTED.sub(r'"\1"', text)
    text = _DASH.sub(" – ", text)
    text = _INNER.sub(r'"\1"', text)
    return _BLANKS.sub(" ", _BEFORE_SIGN.sub("", text)).strip()
