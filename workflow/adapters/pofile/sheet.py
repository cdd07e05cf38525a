"""A PO file in memory: its header and entries as raw blocks, and the splice that changes some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflow.adapters.pofile import codec, soundness
from workflow.adapters.pofile.block import Block
from workflow.adapters.pofile.blocks import cut
from workflow.adapters.pofile.header import check_header
from workflow.adapters.pofile.width import width_of
from workflow.errors import CatalogError, Place
from workflow.model import Message

_OF_AN_ENTRY = ("#.", "#:", "#,", "# polypress:")
_EMPTY = re.compile(r'^msgid ""\n(?:""\n)*+(?!")', re.MULTILINE)
_EMPTY_PLURAL = re.compile(r'^msgid_plural ""\n(?:""\n)*+(?!")', re.MULTILINE)


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


def read(raw: bytes, path: str) -> Sheet:
    """A PO file from its bytes.

    Raises CatalogError, with the line where there is one.
    """
    text = soundness.decoded(raw, path)
    blocks, tail = cut(text, path)
    _refuse_cut_off(tail, text.count("\n", 0, len(text) - len(tail)) + 1, path)
    header, entries = _split(blocks, path)
    messages = tuple(codec.parse(entries))
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
    soundness.check_count(len(messages), sheet.path)
    _refuse_twins(messages, sheet.path)
    known = dict(zip(sheet.messages, sheet.blocks, strict=True))
    places = {message.key: block for message, block in known.items()}
    fresh = _formatted([message for message in messages if message not in known], sheet)
    parts = [_ended(sheet.header, sheet) or _with_ends(new_header, sheet)]
    for message in messages:
        block = known.get(message)
        raw = block.raw if block else fresh[message]
        parts += [_gap(sheet, block or places.get(message.key)), _ended(raw, sheet)]
    return "".join((*parts, sheet.tail)).encode()


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
        if "msgid_plural" in block.strings and _EMPTY_PLURAL.search(block.strings):
            fix = "write the plural of the msgid there"
            place = Place(path=path, line=block.line)
            raise CatalogError("an entry with an empty msgid_plural", fix=fix, place=place)
    if header:
        soundness.check_header_size(header.raw, path)
        check_header(codec.header_text(header), path, header.line)
    return header, entries


def _refuse_cut_off(tail: str, first: int, path: str) -> None:
    """Refuse notes, references, flags or facts of an entry that does not follow."""
    for number, line in enumerate(tail.split("\n"), start=first):
        if line.startswith(_OF_AN_ENTRY):
            raise CatalogError(
                "comments of an entry that is not there; the file may be cut off",
                fix="save it again where it was edited, or take these lines out",
                place=Place(path=path, line=number),
            )


def _is_header(block: Block) -> bool:
    named = "msgctxt" in block.strings.partition("msgid ")[0]
    single = "\nmsgstr " in block.strings
    return single and not named and not block.obsolete and _has_empty_source(block)


def _has_empty_source(block: Block) -> bool:
    return 'msgid ""\n' in block.strings and bool(_EMPTY.search(block.strings))


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


def _formatted(messages: Sequence[Message], sheet: Sheet) -> dict[Message, str]:
    """The changed entries as PO text. Raises CatalogError unless each reads back as it was meant.

    Blocks join without touching each other: each begins with a line that continues none, so what
    reads back here reads back in the file.
    """
    width = width_of(sheet.blocks) if messages else 0
    texts = [codec.text_of(message, width) for message in messages]
    if _read_again("\n".join(texts), len(texts)) != tuple(messages):
        pairs = zip(messages, texts, strict=True)
        wrong = next(message for message, text in pairs if _read_again(text, 1) != (message,))
        raise CatalogError(
            "an entry would not read back as what was meant; nothing was written",
            fix="look for lone surrogates, control characters, or line breaks in its notes",
            place=Place(path=sheet.path, unit=ascii(wrong.context or wrong.source[:40])),
        )
    ends = (text.replace("\n", sheet.line_end) for text in texts)
    return dict(zip(messages, ends, strict=True))


def _read_again(text: str, count: int) -> tuple[Message, ...]:
    """What a text of new entries reads back as: nothing if any is broken."""
    try:
        blocks, tail = cut(soundness.decoded(text.encode(errors="replace"), ""), "")
        return tuple(codec.parse(blocks)) if not tail and len(blocks) == count else ()
    except (CatalogError, ValueError, OSError):
        return ()
