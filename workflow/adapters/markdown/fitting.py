"""Makes a translation fit its block: nothing in it can start another block or end its own."""

from __future__ import annotations

import re

from workflow.adapters.markdown.blocks import block_tokens
from workflow.adapters.markdown.cells import escaped
from workflow.adapters.markdown.folding import hard_break, hard_lines

_NEVER_A_MARK = re.compile(r"[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,9}(?=[.)])")
_DELIMITER_ROW = re.compile(r"[|:-][-:| \t]*")
_CLOSING_HASHES = re.compile(r"(?<=[ \t])(#+)$|^(#+)$")


def fitted(kind: str, source: str, text: str) -> list[str]:
    """The lines that stand in the file, each but the last with its break mark.

    `kind` is that of the block (see `blocks.Block`); only paragraphs and underlined headings can
    have more than one line.
    """
    lines = hard_lines(text, source)
    if kind in {"cell", "first-cell", "heading"}:
        return [_on_one_line(kind, " ".join(lines))]
    safe = [_unmarked(line, first=number == 0) for number, line in enumerate(lines)]
    mark = hard_break(source) or "  "
    return [*(f"{line}{mark}" for line in safe[:-1]), safe[-1]]


def _on_one_line(kind: str, text: str) -> str:
    if kind == "heading":
        return _CLOSING_HASHES.sub(lambda found: f"\\{found[0]}", text)
    return escaped(_unmarked(text, first=True) if kind == "first-cell" else text)


def _unmarked(line: str, *, first: bool) -> str:
    """The line with a backslash where Markdown would see a list, a heading, a rule …"""
    if _NEVER_A_MARK.match(line) or _stays_text(line, first=first):
        return line
    ordinal = _ORDINAL.match(line)
    cut = ordinal.end() if ordinal else 0
    return f"{line[:cut]}\\{line[cut:]}"


def _stays_text(line: str, *, first: bool) -> bool:
    if not first and _DELIMITER_ROW.fullmatch(line):
        return False
    tokens = block_tokens(line if first else f"x\n{line}")
    return len(tokens) == 3 and tokens[1].content == (line if first else f"x\n{line}")  # noqa: PLR2004 - opened, its text, closed
