"""Bad files (fault row F2) as tables: those that are refused, and those that are read."""

from __future__ import annotations

import codecs

HEAD = (
    b'msgid ""\nmsgstr ""\n"Language: es\\n"\n"MIME-Version: 1.0\\n"\n'
    b'"Content-Type: text/plain; charset=UTF-8\\n"\n'
    b'"Content-Transfer-Encoding: 8bit\\n"\n'
    b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
ONE = b'msgctxt "a#body"\nmsgid "one"\nmsgstr "uno"\n'
TWO = b'\nmsgctxt "a#body"\nmsgid "two"\nmsgstr "dos"\n'


def head(old: bytes, new: bytes) -> bytes:
    assert old in HEAD
    return HEAD.replace(old, new) + ONE


def plural(rule: bytes) -> bytes:
    return head(b"nplurals=2; plural=(n != 1);", rule)


REFUSED: dict[str, tuple[bytes, str, int]] = {
    # name: (bytes, a word of the message, line or 0)
    "UTF-16 with mark": ((HEAD + ONE).decode().encode("utf-16"), "UTF-16", 0),
    "UTF-16 big endian": (codecs.BOM_UTF16_BE + HEAD.decode().encode("utf-16-be"), "UTF-16", 0),
    "UTF-16 without mark": ((HEAD + ONE).decode().encode("utf-16-le"), "NUL", 1),
    "UTF-32": ((HEAD + ONE).decode().encode("utf-32"), "UTF-16", 0),
    "latin-1 bytes": (HEAD + ONE.replace(b"uno", b"ma\xf1ana"), "UTF-8", 11),
    "lone surrogate": (HEAD + ONE.replace(b"uno", b"\xed\xa0\x80"), "UTF-8", 11),
    "overlong encoding": (HEAD + ONE.replace(b"uno", b"\xc0\xaf"), "UTF-8", 11),
    "cut inside a character": (HEAD + ONE.replace(b"uno", b"ma\xc3"), "UTF-8", 11),
    "NUL in a string": (HEAD + ONE.replace(b"uno", b"u\0o"), "NUL", 11),
    "separator of contexts": (HEAD + ONE.replace(b"uno", b"u\4o"), "byte 4", 11),
    "all NUL": (b"\0" * 4096, "NUL", 1),
    "empty file": (b"", "empty", 0),
    "only blank lines": (b"\n\n \n", "empty", 0),
    "only a byte order mark": (codecs.BOM_UTF8, "empty", 0),
    "charset rot13": (head(b"UTF-8", b"rot13"), "rot13", 1),
    "charset latin-1": (head(b"UTF-8", b"ISO-8859-1"), "ISO-8859-1", 1),
    "charset placeholder": (head(b"UTF-8", b"CHARSET"), "CHARSET", 1),
    "charset missing": (head(b"; charset=UTF-8", b""), "no charset", 1),
    "charset in capitals, which gettext does not see": (
        head(b"charset", b"Charset"),
        "no charset",
        1,
    ),
    "header with a plural": (
        HEAD.replace(b"msgstr", b'msgid_plural "x"\nmsgstr[0]') + ONE,
        "empty msgid",
        1,
    ),
    "charset named twice": (head(b"UTF-8", b"UTF-8; charset=rot13"), "charset", 1),
    "nplurals of 300 million": (plural(b"nplurals=300000000; plural=n;"), "plural rule", 1),
    "nplurals as 3e8": (plural(b"nplurals=3e8; plural=n;"), "plural rule", 1),
    "nplurals 0": (plural(b"nplurals=0; plural=0;"), "plural rule", 1),
    "nplurals with 4000 digits": (plural(b"nplurals=" + b"9" * 4000 + b"; plural=n;"), "rule", 1),
    "plural rule that calls": (plural(b"nplurals=2; plural=__import__('os');"), "rule", 1),
    "plural rule too deep": (
        plural(b"nplurals=2; plural=" + b"(" * 150 + b"n" + b")" * 150 + b";"),
        "rule",
        1,
    ),
    "plural rule not closed": (plural(b"nplurals=2; plural=((n);"), "rule", 1),
    "plural rule of a megabyte": (
        plural(b"nplurals=2; plural=" + b'n+"\n"' * 100_000 + b"n;"),
        "header of more",
        1,
    ),
    "two plural rules": (
        head(b'"Language: es\\n"', b'"Plural-Forms: nplurals=1; plural=0;\\n"'),
        "rule",
        1,
    ),
    "second header": (HEAD + HEAD + ONE, "empty msgid", 9),
    "header not first": (ONE + b"\n" + HEAD, "empty msgid", 5),
    "empty msgid with a context": (HEAD + b'msgctxt "x"\nmsgid ""\nmsgstr "y"\n', "empty msgid", 9),
    "duplicate entry": (HEAD + ONE + b"\n" + ONE, "line 9 once more", 13),
    "duplicate obsolete entry": (HEAD + b'#~ msgid "a"\n#~ msgstr "b"\n\n' * 2, "once more", 12),
    "unterminated string": (HEAD + ONE.replace(b'uno"', b"uno"), "closing quote", 11),
    "string ended by a backslash": (HEAD + ONE.replace(b'uno"', b'uno\\"'), "not PO syntax", 11),
    "bare quote inside": (HEAD + ONE.replace(b"uno", b'u"n"o'), "not PO syntax", 11),
    "quote after an escaped backslash": (HEAD + ONE.replace(b"uno", b'u\\\\"n"o'), "PO syntax", 11),
    "unknown escape": (HEAD + ONE.replace(b"uno", b"u\\qno"), "not PO syntax", 11),
    "numeric escape": (HEAD + ONE.replace(b"uno", b"\\x41"), "escape", 11),
    "cut off after msgid": (HEAD + ONE + TWO.partition(b"msgstr")[0], "not whole", 13),
    "cut off in a word": (HEAD + ONE + b'\nmsgctxt "a#body"\nmsg', "not PO syntax", 14),
    "cut off in a string": (HEAD + ONE[:-4], "closing quote", 11),
    "cut off in comments": (HEAD + ONE + b"\n# a\n#: content/pool.md\n#, fu", "not there", 14),
    "cut off behind facts": (HEAD + ONE + b"\n# polypress: mach", "cut off", 13),
    "entry without msgid": (HEAD + b'msgstr "x"\n', "no msgid", 9),
    "msgstr twice": (HEAD + ONE + b'msgstr "x"\n', "no msgid", 12),
    "msgid twice": (HEAD + b'msgid "a"\nmsgid "b"\nmsgstr "c"\n', "not whole", 9),
    "string before any word": (b'"x"\n' + HEAD + ONE, "not whole", 1),
    "half obsolete entry": (HEAD + b'#~ msgid "a"\nmsgstr "b"\n', "not whole", 9),
    "plural form 1 without 0": (
        HEAD + b'msgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\n',
        "not whole",
        9,
    ),
    "empty plural": (
        HEAD + b'msgid "a"\nmsgid_plural ""\n""\nmsgstr[0] "c"\n',
        "empty msgid_plural",
        9,
    ),
    "plural form 99": (HEAD + b'msgid "a"\nmsgid_plural "b"\nmsgstr[99] "c"\n', "PO syntax", 11),
    "conflict of git": (
        HEAD + b"<<<<<<< HEAD\n" + ONE + b"=======\n" + TWO + b">>>>>>> theirs\n",
        "conflict",
        9,
    ),
    "conflict inside an entry": (
        HEAD + ONE.replace(b"msgstr", b"<<<<<<< HEAD\nmsgstr"),
        "conflict",
        11,
    ),
    "comment inside an entry": (HEAD + ONE.replace(b"msgstr", b"# hm\nmsgstr"), "comment", 11),
    "comment after a previous msgid": (
        HEAD + b'#| msgid "on"\n#, fuzzy\n' + ONE,
        "comment",
        10,
    ),
    "previous string without a word": (HEAD + b'#| "on"\n' + ONE, "not whole", 9),
    "previous string inside another": (
        HEAD + ONE.replace(b"msgstr", b'#| "two"\nmsgstr'),
        "not whole",
        9,
    ),
    "previous msgid twice": (HEAD + b'#| msgid "on"\n' * 2 + ONE, "not whole", 9),
    "previous context alone": (HEAD + b'#| msgctxt "b#body"\n' + ONE, "not whole", 9),
    "obsolete previous msgid of an active entry": (
        HEAD + b'#~| msgid "on"\n' + ONE,
        "not whole",
        9,
    ),
    "line of a megabyte": (HEAD + ONE.replace(b"uno", b"u" * 1_000_000), "a line of more", 11),
    "a million entries": (
        HEAD + b"".join(b'msgid "%d"\nmsgstr ""\n' % n for n in range(1_000_000)),
        "entries",
        0,
    ),
    "old Mac line ends": ((HEAD + ONE).replace(b"\n", b"\r"), "not PO syntax", 1),
    "a web page": (b"<!DOCTYPE html>\n<html></html>\n", "not PO syntax", 1),
    "a compiled catalog": (b"\xde\x12\x04\x95\0\0\0\0", "NUL", 1),
    "a shell script": (b"#!/bin/sh\nrm -rf x\n", "not PO syntax", 2),
    "a path": (b"/etc/passwd", "not PO syntax", 1),
}

READ: dict[str, tuple[bytes, int]] = {
    # name: (bytes, entries); the next write mends what gettext would refuse
    "byte order mark": (codecs.BOM_UTF8 + HEAD + ONE, 1),
    "CRLF": ((HEAD + ONE + TWO).replace(b"\n", b"\r\n"), 2),
    "mixed line ends": (HEAD + ONE.replace(b"\n", b"\r\n") + TWO, 2),
    "no header": (ONE, 1),
    "no plural rule": (head(b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n', b""), 1),
    "charset in capitals without dash": (head(b"UTF-8", b"UTF8"), 1),
    "fuzzy header": (b"#, fuzzy\n" + HEAD + ONE, 1),
    "active and obsolete twin": (HEAD + ONE + b"\n#~ " + ONE.replace(b"\n", b"\n#~ ", 2), 2),
    "no last line end": ((HEAD + ONE).rstrip(b"\n"), 1),
    "no blank lines": (HEAD + ONE + TWO.lstrip(b"\n"), 2),
    "blank line inside an entry": (HEAD + ONE.replace(b"msgstr", b"\n\nmsgstr"), 1),
    "blank line inside a string": (HEAD + ONE + b'\n"x"\n', 1),
    "spaces and tabs around": (HEAD + ONE.replace(b'msgid "one"', b'  msgid\t"one"  '), 1),
    "blanks behind comments": (HEAD + b"# ask Ana \n#. a note\t \n#, fuzzy \n" + ONE, 1),
    "folded previous msgid": (
        HEAD + b'#, fuzzy\n#| msgctxt "b"\n#| msgid ""\n#| "one "\n#| "more"\n' + ONE,
        1,
    ),
    "control characters": (HEAD + ONE.replace(b"uno", b"u\x01\x1b\x7f"), 1),
    "line separators of Unicode": (HEAD + ONE.replace(b"uno", "u\u2028\u0085o".encode()), 1),
    "flag with odd text": (HEAD + b"#, fuzzy, \\n msgid\n" + ONE, 1),
    "header lines after the blank one": (
        head(b'"Language: es\\n"', b'"Language: es\\n"\n"X-A: b\\n"\n"\\n"\n"Set-Cookie: c\\n"'),
        1,
    ),
    "header that talks of msgstr": (head(b"es\\n", b"es\\nX-Note: the msgstr of all\\n"), 1),
    "comment at the end": (HEAD + ONE + b"\n# the end\n", 1),
    "previous msgid of an obsolete entry": (
        HEAD + b'#, fuzzy\n#~| msgid "o"\n#~ msgid "one"\n#~ msgstr "uno"\n',
        1,
    ),
    "a text that is a path": (HEAD + ONE.replace(b"uno", b"/etc/passwd"), 1),
    "plural entry": (HEAD + b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', 1),
    "entry without context": (HEAD + b'msgid "a"\nmsgstr "b"\n', 1),
    "only a header": (HEAD, 0),
}
