"""The revision of an entry: what somebody names who changes a text that they were shown."""

from __future__ import annotations

import hashlib

from workflow.model import Message

DIGITS = 8


def revision(message: Message) -> str:
    """8 hex digits of a SHA-256 over the msgstr (all forms) and the flags.

    Comments are no part of it: a note that is added to an entry takes no approval back.
    """
    told = repr((message.translations, sorted(message.flags)))
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:DIGITS]
