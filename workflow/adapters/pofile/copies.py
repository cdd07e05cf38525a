"""Copies of catalogs for translators: a small PO file that knows what it was made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workflow.adapters.pofile import blocks, codec, places, sheet
from workflow.adapters.pofile.header import new_header
from workflow.model import Message
from workflow.ports.review import Copy

BASE = "X-Polypress-Base"
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]*([^\n]{0,200})$", re.MULTILINE)


class PoCopies:
    """Implements `ports.CatalogCopies`; `plural_forms` gives the Plural-Forms of a locale."""

    def __init__(self, *, name: str, plural_forms: Callable[[str], str]) -> None:
        self._name = name
        self._plural_forms = plural_forms

    def write(self, locale: str, messages: Sequence[Message], *, mark: str) -> bytes:
        """The bytes of a PO file with these entries, its base named in the header."""
        name = places.folder_name(locale)
        header = new_header(self._name, name, self._plural_forms(locale))
        based = f'{header}"{BASE}: {mark}\\n"\n'
        body = sheet.splice(sheet.Sheet(path="copy"), messages, new_header=based)
        return body if body is not None else based.encode()

    def read(self, raw: bytes, path: str) -> Copy:
        """A copy that came back, whatever tool saved it. Raises CatalogError with the line."""
        found = sheet.read(raw, path)
        fields = dict(_FIELD.findall(_header_text(found)))
        return Copy(
            locale=fields.get("Language", "").strip().replace("_", "-"),
            mark=fields.get(BASE, "").strip(),
            messages=found.messages,
        )

    def spliced(self, raw: bytes, messages: Sequence[Message], path: str) -> bytes:
        """The file with these entries instead of its own; the others keep their bytes.

        Raises CatalogError.
        """
        return sheet.splice(sheet.read(raw, path), messages, new_header="") or raw


def _header_text(found: sheet.Sheet) -> str:
    """The header's fields, one a line; empty if the file has no header."""
    return codec.header_text(blocks.cut(found.header, found.path)[0][0]) if found.header else ""
