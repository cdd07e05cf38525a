"""The header of a PO file: made once, checked whenever it is read, and otherwise left alone."""

from __future__ import annotations

import re

from workflow.adapters.pofile import codec
from workflow.errors import CatalogError, Place
from workflow.model import Message

_CHARSET = re.compile(r"charset=([^\s;]*)")
_PLURALS = re.compile(r"nplurals=([0-9]{1,9});plural=([n0-9?:()<>=!&|%+*/-]{1,400});?")
_UTF8 = {"utf-8", "utf8"}
_MOST_FORMS = 6  # CLDR knows no language with more
_DEEPEST = 20  # parentheses and conditions; the worst real formula has 5
_NEVER = "1970-01-01 00:00+0000"  # Babel reads no catalog with an empty date, msgfmt wants one
_NOT_YET = "YEAR-MO-DA HO:MI+ZONE"  # what gettext's own templates say
_MENDED = "open the file in a PO editor, or take the line from another catalog of this language"


def new_header(name: str, locale: str, plural_forms: str) -> str:
    """The header entry of a new file as PO text; it holds no date of today: same input, same bytes.

    `locale` is in the form of the disk (`pt_BR`), empty for a template, as is `plural_forms`.
    """
    fields = [
        ("Project-Id-Version", name),
        ("PO-Revision-Date", _NEVER if locale else _NOT_YET),
        ("Last-Translator", ""),
        ("Language-Team", ""),
        ("Language", locale),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", plural_forms.rstrip("; ") + ";" if plural_forms else ""),
        ("X-Generator", "Polypress"),
    ]
    kept = [(key, value) for key, value in fields if value or key != "Plural-Forms"]
    text = "".join(f"{key}: {' '.join(value.split())}".rstrip() + "\n" for key, value in kept)
    return codec.text_of(Message(context=None, source="", translations=(text,)))


def check_header(text: str, path: str, line: int) -> None:
    """Refuse a header that would make other tools misread the file or choke on it.

    Raises CatalogError unless the charset is UTF-8 and the plural rule is small and plain.
    """
    place = Place(path=path, line=line)
    charsets = _CHARSET.findall(text)
    if not charsets or any(name.lower() not in _UTF8 for name in charsets):
        said = f"charset {', '.join(charsets)[:40]!r}" if charsets else "no charset"
        fix = "save it as UTF-8, with `Content-Type: text/plain; charset=UTF-8` in its header"
        raise CatalogError(f"the header names {said}", fix=fix, place=place)
    rules = re.findall(r"^Plural-Forms:(.*)$", text, re.MULTILINE | re.IGNORECASE)
    if len(rules) > 1 or any(not _harmless("".join(rule.split())) for rule in rules):
        raise CatalogError("the header's plural rule is not sound", fix=_MENDED, place=place)


def _harmless(rule: str) -> bool:
    found = _PLURALS.fullmatch(rule)
    if not found:
        return not rule or rule == "nplurals=INTEGER;plural=EXPRESSION;"
    depth = deepest = 0
    for char in found[2]:
        depth += {"(": 1, ")": -1}.get(char, 0)
        deepest = max(deepest, depth)
        if depth < 0:
            return False
    small = 1 <= int(found[1]) <= _MOST_FORMS and found[2].count("?") <= _DEEPEST
    return small and depth == 0 and deepest <= _DEEPEST
