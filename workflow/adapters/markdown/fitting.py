"""Makes a translation fit its block: nothing in it can start another block or end its own."""

from __future__ import annotations

import re

from workflow.adapters.markdown.blocks import block_tokens
from workflow.adapters.markdown.cells import escaped
from workflow.adapters.markdown.folding import hard_lines

_NEVER_A_MARK = re.compile(r"[^\W\d_]")
OPENED = "paragraph_open"
_ORDINAL = re.compile(r"\d{1,9}(?=[.)])")
_CLOSING_HASHES = re.compile(r"(?<=[ \t])(#+)$|^(#+)$")


def fitted(kind: str, source: str, text: str) -> list[str]:
    """The lines that stand in the file, each but the last with its break mark.

    `kind` is that of the block (see `blocks.Block`); only paragraphs and underlined headings can
    have more than one line.
    """
    lines = hard_lines(text, source)
    if kind in {"cell", "first-cell", "heading"}:
        return [_on_one_line(kind, " ".join(line for line, _ in lines))]
    fitting: list[str] = []
    for line, mark in lines:
        fitting.append(_unmarked(line, before=fitting[-1] if fitting else "") + mark)
    return fitting


def _on_one_line(kind: str, text: str) -> str:
    if kind == "heading":
        return _CLOSING_HASHES.sub(lambda found: f"\\{found[0]}", text)
    return escaped(_unmarked(text) if kind == "first-cell" else text)


def _unmarked(line: str, *, before: str = "") -> str:
    """The line with a backslash where Markdown would see a list, a heading or a rule."""
    if _NEVER_A_MARK.match(line) or _stays_text(line, before):
        return line
    ordinal = _ORDINAL.match(line)
    cut = ordinal.end() if ordinal else 0
    return f"{line[:cut]}\\{line[cut:]}"


def _stays_text(line: str, before: str) -> bool:
    """Whether the line, under the one before it, is nothing but one paragraph's text."""
    text = f"{before}\n{line}".strip()
    tokens = block_tokens(text)
    return [token.content for token in tokens] == ["", text, ""] and tokens[0].type == OPENED
