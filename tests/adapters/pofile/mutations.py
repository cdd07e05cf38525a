"""Seeded damage to PO files: what disks, editors, merges, copy and paste and enemies do to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Damage = Callable[[bytes, Random], bytes]

BYTES = (
    *(b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\t", b"\x0b", b"\x0c"),
    *(b"\x1b[2J", b"\x7f", "\u2028".encode(), "\u0085".encode(), "\u202e".encode(), b"\x1a"),
)
KEYWORDS = (
    *(b"msgid", b"msgstr", b"msgctxt", b"msgid_plural", b"msgstr[0]", b"msgstr[1]", b"msgstr[9]"),
    *(b"msgstr[-1]", b"msgstr[99999999999]", b"msgstr[", b"MSGID", b"msg", b"domain", b"msgid:"),
)
MARKS = (b"#", b"#~", b"#|", b"#~|", b"#,", b"#:", b"#.", b"#, fuzzy", b"#~ ", b"##", b"#-", b" ")
ESCAPES = (b"\\", b"\\\\", b"\\x", b"\\x41", b"\\101", b"\\q", b"\\u0041", b'\\"', b"\\\n", b"\\r")
CHARSETS = (b"rot13", b"ISO-8859-1", b"UTF-16", b"utf8", b"CHARSET", b"", b"UTF-8\\nX: charset=x")
CODECS = ("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-32", "shift_jis", "utf-7")


def mutated(raw: bytes, chance: Random) -> bytes:
    """The file with one to four damages of any kind."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        raw = chance.choice(DAMAGES)(raw, chance)
    return raw


def _span(raw: bytes, chance: Random, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(raw))
    return start, min(len(raw), start + chance.randint(1, longest))


def flip(raw: bytes, chance: Random) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def cut_off(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def cut_out(raw: bytes, chance: Random) -> bytes:
    start, end = _span(raw, chance, 200)
    return raw[:start] + raw[end:]


def repeat(raw: bytes, chance: Random) -> bytes:
    start, end = _span(raw, chance, 400)
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[start:end] + raw[at:]


def put_in(raw: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(raw))
    what = chance.choice((*BYTES, *ESCAPES, *MARKS, b'"', b"\n", b'"\n"', b"[", b"\r\n"))
    return raw[:at] + what * chance.choice((1, 1, 1, 2, 300)) + raw[at:]


def _lines(raw: bytes, chance: Random, change: Callable[[list[bytes], int, Random], None]) -> bytes:
    lines = raw.split(b"\n")
    change(lines, chance.randrange(len(lines)), chance)
    return b"\n".join(lines)


def _swap(lines: list[bytes], at: int, chance: Random) -> None:
    other = chance.choice((chance.randrange(len(lines)), min(at + 1, len(lines) - 1)))
    lines[at], lines[other] = lines[other], lines[at]


def _shuffle(lines: list[bytes], at: int, chance: Random) -> None:
    some = lines[at : at + 12]
    chance.shuffle(some)
    lines[at : at + 12] = some


def _drop(lines: list[bytes], at: int, _: Random) -> None:
    del lines[at]


def _twice(lines: list[bytes], at: int, _: Random) -> None:
    lines.insert(at, lines[at])


def _marked(lines: list[bytes], at: int, chance: Random) -> None:
    for number in range(at, min(at + chance.randint(1, 6), len(lines))):
        lines[number] = chance.choice(MARKS) + lines[number]


def _unquoted(lines: list[bytes], at: int, chance: Random) -> None:
    quote, instead = chance.choice(((b'"', b""), (b'"', b'""'), (b'"', b"'"), (b'"\\', b'\\"')))
    lines[at] = lines[at].replace(quote, instead, 1)


def _escaped(lines: list[bytes], at: int, chance: Random) -> None:
    inside = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:inside] + chance.choice(ESCAPES) + lines[at][inside:]


def _conflict(lines: list[bytes], at: int, chance: Random) -> None:
    end = min(len(lines), at + chance.randint(1, 9))
    mine = lines[at:end]
    lines[at:end] = [b"<<<<<<< HEAD", *mine, b"=======", *mine, b">>>>>>> theirs"]


def by_lines(raw: bytes, chance: Random) -> bytes:
    changes: Sequence[Callable[[list[bytes], int, Random], None]] = (
        *(_swap, _shuffle, _drop, _twice, _marked, _unquoted, _escaped, _conflict),
    )
    return _lines(raw, chance, chance.choice(changes))


def keyword(raw: bytes, chance: Random) -> bytes:
    old, new = chance.choice(KEYWORDS), chance.choice((*KEYWORDS, b""))
    parts = raw.split(old)
    at = chance.randint(1, len(parts))
    return old.join(parts[:at]) + new * (at < len(parts)) + old.join(parts[at:])


def block(raw: bytes, chance: Random) -> bytes:
    blocks = raw.split(b"\n\n")
    one = chance.choice(blocks)
    blocks.insert(chance.randint(0, len(blocks)), one)
    return b"\n\n".join(blocks)


def encoding(raw: bytes, chance: Random) -> bytes:
    if chance.random() < 0.5:
        return raw.replace(b"charset=UTF-8", b"charset=" + chance.choice(CHARSETS))
    text = raw.decode(errors="surrogateescape")
    return text.encode(chance.choice(CODECS), errors="replace")


def line_ends(raw: bytes, chance: Random) -> bytes:
    if chance.random() < 0.5:
        return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n\r")))
    lines = raw.split(b"\n")
    return b"".join(line + chance.choice((b"\n", b"\r\n", b" \n")) for line in lines)


def header(raw: bytes, chance: Random) -> bytes:
    rules = (b"nplurals=3e8; plural=n;", b"nplurals=2; plural=n/0;", b"nplurals=1; plural=0;", b"")
    old, new = chance.choice(
        (
            (b"nplurals=2; plural=(n != 1);", chance.choice(rules)),
            (b'msgid ""', b'msgid "x"'),
            (b'msgstr ""\n"Proj', b'msgstr "Proj'),
            (b'"Language: es\\n"', b'"Language: es"'),
        )
    )
    return raw.replace(old, new, 1)


DAMAGES: Sequence[Damage] = (
    *(
        flip,
        cut_off,
        cut_out,
        repeat,
        put_in,
        by_lines,
        keyword,
        block,
        encoding,
        line_ends,
        header,
    ),
    *(flip, cut_out, put_in, by_lines, by_lines, by_lines, keyword),
)
"""All kinds; those that leave much of a file sound come more often."""
