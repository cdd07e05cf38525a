"""Compiled catalogs: the `.mo` file that gettext libraries read at run time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polib

from workflow.adapters.pofile.places import folder_name


class MoCompiler:
    """Implements `ports.MessageCompiler`; `plural_forms` gives the Plural-Forms of a locale."""

    def __init__(self, *, plural_forms: Callable[[str], str]) -> None:
        self._plural_forms = plural_forms

    def compile(self, locale: str, texts: Sequence[tuple[str, str, str]]) -> bytes:
        """The bytes of a `.mo` file; no date, no hash table: the same texts give the same bytes."""
        catalog = polib.POFile()
        catalog.metadata = {
            "Language": folder_name(locale),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": self._plural_forms(locale),
        }
        catalog.extend(
            polib.POEntry(msgctxt=context, msgid=source, msgstr=translation)
            for context, source, translation in texts
        )
        return bytes(catalog.to_binary())
