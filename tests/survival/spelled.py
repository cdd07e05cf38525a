"""Numbers that English writes as words, and a translation may write in digits."""

from __future__ import annotations

import re

FROM_ZERO = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth",
)
MONTHS = "- january february march april may june july august september october november december"
OTHERS = {
    "sixteen": "16",
    "seventeen": "17",
    "eighteen": "18",
    "nineteen": "19",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
    "dozen": "12",
    "noon": "12",
    "once": "1",
    "twice": "2",
}
VALUES = OTHERS | {
    word: str(value) for words in FROM_ZERO for value, word in enumerate(words.split())
}


def spelled(english: str, target: str) -> list[str]:
    """The values of number words, and of months where the target (in ASCII digits) has dates so."""
    words = re.findall(r"[a-z]+", english.lower())
    months = {word: str(value) for value, word in enumerate(MONTHS.split())}
    dated = [months[word] for word in words if word in months]
    return [VALUES[word] for word in words if word in VALUES] + [
        value for value in dated if re.search(rf"\d[./-]0?{value}(?!\d)", target)
    ]
