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
        """The bytes of a `.mo` file; no date, no hash table: the same texts give the same bytes.

        Two items of different collections may have one context and source; the first text is kept,
        since readers search the file and expect each key once.
        """
        unique = {(context, source): text for context, source, text in reversed(texts)}
        catalog = polib.POFile()
        catalog.metadata = {
            "Language": folder_name(locale),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": self._plural_forms(locale),
        }
        catalog.extend(
            polib.POEntry(msgctxt=context, msgid=source, msgstr=text)
            for (context, source), text in unique.items()
        )
        return bytes(catalog.to_binary())
