"""A PO file in memory: its header and entries as raw blocks, and the splice that changes some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.adapters.pofile import codec, soundness
from workflow.adapters.pofile.blocks import Block, cut
from workflow.adapters.pofile.header import check_header
from workflow.errors import CatalogError, Place
from workflow.model import Message


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sound PO file: `header` is its raw text (empty if it has none), `blocks` its entries.

    `tail` is what follows the last entry; `line_end` is what its lines end with.
    """

    path: str
    header: str = ""
    blocks: tuple[Block, ...] = ()
    messages: tuple[Message, ...] = ()
    tail: str = ""
    line_end: str = "\n"


def read(raw: bytes, path: str, *, known: Mapping[str, Message] | None = None) -> Sheet:
    """A PO file from its bytes; `known` saves parsing raw blocks whose entries are known.

    Raises CatalogError, with the line where there is one.
    """
    blocks, tail = cut(soundness.decoded(raw, path), path)
    soundness.check_count(blocks, path)
    header, entries = _split(blocks, path)
    messages = _parsed(entries, known or {})
    soundness.check_unique(
        ((message, block.line) for message, block in zip(messages, entries, strict=True)), path
    )
    first_line = raw[: raw.find(b"\n") + 1]
    return Sheet(
        path=path,
        header=header.before + header.raw if header else "",
        blocks=entries,
        messages=messages,
        tail=tail,
        line_end="\r\n" if first_line.endswith(b"\r\n") else "\n",
    )


def splice(sheet: Sheet, messages: Sequence[Message], *, new_header: str) -> bytes | None:
    """The file's bytes with these entries, None if nothing changed; the rest keeps its bytes.

    `new_header` (PO text) is for a file that has none. Raises CatalogError if two entries have
    one context and msgid, or if what was written would not read back as what was meant.
    """
    if tuple(messages) == sheet.messages:
        return None
    _refuse_twins(messages, sheet.path)
    known = dict(zip(sheet.messages, sheet.blocks, strict=True))
    places = {message.key: block for message, block in known.items()}
    parts = [_ended(sheet.header, sheet) or _with_ends(new_header, sheet)]
    for message in messages:
        block = known.get(message)
        raw = block.raw if block else _with_ends(codec.text_of(message), sheet)
        parts += [_gap(sheet, block or places.get(message.key)), _ended(raw, sheet)]
    body = _encoded("".join(parts) + sheet.tail, sheet.path)
    _compare(body, sheet, messages)
    return body


def _split(blocks: tuple[Block, ...], path: str) -> tuple[Block | None, tuple[Block, ...]]:
    """The header, if the file has one, and the other blocks; no other msgid may be empty."""
    header = blocks[0] if blocks and _is_header(blocks[0]) else None
    entries = blocks[1:] if header else blocks
    for block in entries:
        if _has_empty_source(block):
            raise CatalogError(
                "an entry with an empty msgid that is not the header of the file",
                fix="take the entry out; the header is the first entry",
                place=Place(path=path, line=block.line),
            )
    if header:
        check_header(codec.header_text(header), path, header.line)
    return header, entries


def _is_header(block: Block) -> bool:
    named = any(line.startswith("msgctxt") for line in block.strings)
    return not named and not block.obsolete and _has_empty_source(block)


def _has_empty_source(block: Block) -> bool:
    lines = [line for line in block.strings if not line.startswith("#|")]
    at = next(n for n, line in enumerate(lines) if line.startswith("msgid "))
    rest = lines[at + 1 :]
    folded = next((n for n, line in enumerate(rest) if line[0] != '"'), len(rest))
    return lines[at] == 'msgid ""' and all(line == '""' for line in rest[:folded])


def _parsed(blocks: Sequence[Block], known: Mapping[str, Message]) -> tuple[Message, ...]:
    """The entries of the blocks; polib sees only those whose raw text is not known."""
    unknown = [block for block in blocks if block.raw not in known]
    fresh = iter(codec.parse(unknown))
    return tuple(known.get(block.raw) or next(fresh) for block in blocks)


def _refuse_twins(messages: Iterable[Message], path: str) -> None:
    seen: set[tuple[str | None, str]] = set()
    for message in messages:
        if message.key in seen:
            raise CatalogError(
                f"two entries would have the context {message.context!r} and one msgid",
                fix="merge the catalog first; gettext refuses such a file",
                place=Place(path=path),
            )
        seen.add(message.key)


def _gap(sheet: Sheet, block: Block | None) -> str:
    """What stands above an entry: what stood there before, else one blank line."""
    first = not sheet.header and block is not None and block is sheet.blocks[0]
    return sheet.line_end if block is None or first else block.before


def _ended(raw: str, sheet: Sheet) -> str:
    return raw if not raw or raw.endswith("\n") else raw + sheet.line_end


def _with_ends(text: str, sheet: Sheet) -> str:
    return text.replace("\n", sheet.line_end)


def _encoded(text: str, path: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise CatalogError(
            f"a text that UTF-8 cannot carry would go to line {line}",
            fix="look for a lone surrogate in the source or the translation",
            place=Place(path=path),
        ) from None


def _compare(body: bytes, sheet: Sheet, messages: Sequence[Message]) -> None:
    """Raise CatalogError if the bytes do not read back as the entries."""
    known = {block.raw: entry for entry, block in zip(sheet.messages, sheet.blocks, strict=True)}
    again = read(body, sheet.path, known=known).messages
    if again == tuple(messages):
        return
    pairs = zip(again, messages, strict=False)
    wrong = next((meant for got, meant in pairs if got != meant), None)
    raise CatalogError(
        "an entry would not read back as what was meant; nothing was written",
        fix="look for line breaks in its notes, flags or references",
        place=Place(path=sheet.path, unit=wrong.context or "" if wrong else ""),
    )
