"""A text as a YAML scalar that means the same in YAML 1.1 and 1.2."""

from __future__ import annotations

import json
import re

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_RESERVED = re.compile(r"(?i)y|yes|n|no|true|false|on|off|null")
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()/'\u2019-]*[\w.)])?")


def scalar(text: str, *, plain: bool) -> str:
    """The text in double quotes; without any if `plain` and nothing in it could be misread."""
    if plain and _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
