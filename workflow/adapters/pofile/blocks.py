"""Cutting a PO file into raw blocks, one per entry, so that untouched entries keep their bytes.

The grammar is gettext's, kept strict: one string a line, comments only before an entry. Entries in
the usual form are found by one pattern; all others, and all errors, line by line.
"""

from __future__ import annotations

import re

from workflow.adapters.pofile.block import Block
from workflow.adapters.pofile.irregular import next_block

_END = r"\r?\n"
_TEXT = rf'"[^"\\\n]*+(?:\\["\\bfnrtv][^"\\\n]*+)*+"{_END}'
_TEXTS = rf"{_TEXT}(?:{_TEXT})*+"
_OLD = rf"{_TEXT}(?:\#\|\ {_TEXT})*+"
_PREVIOUS = rf"(?:(?:\#\|\ msgctxt\ {_OLD})?+\#\|\ msgid\ {_OLD})?+"
_USUAL = re.compile(
    rf"""
    (?P<before>(?:{_END})*+)
    (?P<comments>(?:\#(?![~|])[^\n]*+\n)*+)
    (?P<strings>{_PREVIOUS}(?:msgctxt\ {_TEXTS})?+msgid\ {_TEXTS}msgstr\ {_TEXTS})
    (?!\s*+(?:"|msgstr))
    """,
    re.VERBOSE,
)


def cut(text: str, path: str) -> tuple[tuple[Block, ...], str]:
    """The blocks of a PO file, and what is left behind the last one (blank lines and comments).

    Raises CatalogError with path and line for anything that is not an entry of a PO file.
    """
    blocks: list[Block] = []
    at, line = 0, 1
    while at < len(text):
        found = _USUAL.match(text, at)
        block = _usual(found, line) if found else next_block(text, at, line, path)
        if block is None:
            break
        blocks.append(block)
        size = len(block.before) + len(block.raw)
        line = block.line + block.raw.count("\n")
        at += size
    return tuple(blocks), text[at:]


def _usual(found: re.Match[str], line: int) -> Block:
    before, comments, strings = found["before"], found["comments"], found["strings"]
    return Block(
        before=before,
        raw=comments + strings,
        line=line + before.count("\n"),
        strings=strings.replace("\r\n", "\n"),
        comments=tuple(comments.replace("\r\n", "\n").split("\n")[:-1]) if comments else (),
    )
