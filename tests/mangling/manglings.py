"""What packages do to an answer, each as a function of its words, of chance, and of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

TOKEN = re.compile(r"⟦\d+⟧|\{\d+\}|<\d+>|\[\d+\]|%\d(?!\d)|X\dX|(?<!\d)900\d(?!\d)")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

Words = list[tuple[str, int]]
"""The words of an answer, each with the number of its source word, -1 for none."""
Mangling = Callable[[Words, Random, str], Words]


def _at_tokens(words: Words) -> list[int]:
    return [at for at, (word, _) in enumerate(words) if TOKEN.search(word)]


def _token(change: Callable[[str, Random], str]) -> Mangling:
    """Does something to one token, if there is one."""

    def mangle(words: Words, chance: Random, _: str) -> Words:
        places = _at_tokens(words)
        if places:
            at = chance.choice(places)
            word, link = words[at]
            words[at] = (TOKEN.sub(lambda found: change(found[0], chance), word, count=1), link)
        return [pair for pair in words if pair[0]]

    return mangle


def _number(change: Callable[[str, Random], str]) -> Mangling:
    """Does something to one number."""

    def mangle(words: Words, chance: Random, _: str) -> Words:
        places = [at for at, (word, _) in enumerate(words)
                  if NUMBER.search(TOKEN.sub(" ", word))]  # fmt: skip
        if places:
            at = chance.choice(places)
            word, link = words[at]
            words[at] = (NUMBER.sub(lambda found: change(found[0], chance), word, count=1), link)
        return [pair for pair in words if pair[0]]

    return mangle


def _blanks(token: str, chance: Random) -> str:
    return re.sub(r"(\d+)", chance.choice((r" \1 ", r" \1", r"\1 ", " \\1\u00a0")), token)


def _renamed(token: str, chance: Random) -> str:
    number = chance.choice(("0", "1", "2", "7", "12", "٣", "one", ""))
    return re.sub(r"\d", number, token, count=1)


def _halved(token: str, chance: Random) -> str:
    return chance.choice((token[:-1], token[1:], token[:1], token[-1:]))


def _wide(token: str, chance: Random) -> str:
    kinds = (
        ("{}<>[]", "\uff5b\uff5d\uff1c\uff1e\uff3b\uff3d"),
        ("⟦⟧{}", "[]()"),
        ("⟦⟧{}", "「」“”"),
    )
    return token.translate(str.maketrans(*chance.choice(kinds)))


def _cased(token: str, _: Random) -> str:
    return token.swapcase()


def _other_number(number: str, chance: Random) -> str:
    """Another value, or the same one written otherwise."""
    at = chance.randrange(len(number))
    changed = number[:at] + str(chance.randint(0, 9)) + number[at + 1 :]
    return chance.choice((
        changed, number + "0", number[1:], number.replace(".", ""), number.replace(",", "."),
        number.replace(":", "h"), number.replace(":00", ""), number.translate(DIGITS), "12",
        f"{number}:00", f"{number},5", _half_a_day_on(number),
    ))  # fmt: skip


def _half_a_day_on(number: str) -> str:
    return str((int(number) + 12) % 24) if number.isdecimal() and len(number) < 3 else number


def _swapped(words: Words, chance: Random, _: str) -> Words:
    places = _at_tokens(words)
    if len(places) > 1:
        one, other = chance.sample(places, 2)
        words[one], words[other] = (
            (words[other][0], words[one][1]),
            (words[one][0], words[other][1]),
        )
    return words


def _looped(words: Words, chance: Random, _: str) -> Words:
    start = chance.randrange(len(words)) if words else 0
    part = words[start : start + chance.randint(1, 4)]
    return words[:start] + part * chance.randint(4, 30) + words[start:]


def _emptied(_words: Words, chance: Random, _text: str) -> Words:
    return chance.choice(([], [(" ", -1)], [("\u00a0", -1)]))


def _truncated(words: Words, chance: Random, _: str) -> Words:
    return words[: chance.randrange(len(words) + 1)]


def _reordered(words: Words, chance: Random, _: str) -> Words:
    chance.shuffle(words)
    return words


def _glued(words: Words, chance: Random, _: str) -> Words:
    """Words without the blank before or after a token."""
    for at in _at_tokens(words):
        for other in (at - 1, at + 1):
            if 0 <= other < len(words) and chance.random() < 0.5:
                pair = sorted((at, other))
                words[at] = ("".join(words[one][0] for one in pair), words[at][1])
                words[other] = ("", -1)
    return [pair for pair in words if pair[0]]


def _shouted(words: Words, chance: Random, _: str) -> Words:
    change = chance.choice((str.upper, str.lower, str.title, str.swapcase))
    return [(change(word), link) for word, link in words]


def _copied(_words: Words, _chance: Random, text: str) -> Words:
    return [(word, at) for at, word in enumerate(text.split())]


def _inserted(signs: tuple[str, ...]) -> Mangling:
    """Something of these as a word of its own, within a word, or round one."""

    def mangle(words: Words, chance: Random, _: str) -> Words:
        sign, at = chance.choice(signs), chance.randrange(len(words) + 1)
        way = chance.choice(("alone", "before", "after", "round")) if words else "alone"
        if way == "alone":
            return [*words[:at], (sign, -1), *words[at:]]
        at = min(at, len(words) - 1)
        word, link = words[at]
        glued = {"before": sign + word, "after": word + sign, "round": sign + word + sign}[way]
        return [*words[:at], (glued, link), *words[at + 1 :]]

    return mangle


def _endless(words: Words, chance: Random, _: str) -> Words:
    """Text that goes on and on, without saying the same again."""
    if chance.random() < 0.3:
        return [*words, ("la" * 3000, -1)]
    letters = "aeioulmnrst"
    more = ("".join(chance.choices(letters, k=9)) for _ in range(6 * len(words) + 30))
    return [*words, *((word, -1) for word in more)]


INVENTED = (
    "⟦7⟧", "⟦1⟧", "⟦x⟧", "{7}", "{1}", "{name}", "%s", "%(count)d", "%1", "$x", "${x}", "{{x}}",
    "X1X", "https://made.example", "made@up.example", "www.made.example", "a_b", "7", "9:00", "900",
)  # fmt: skip
MARKS = (
    "*", "**", "_", "~~", "`", "<b>", "</b>", "<br>", "<!-- -->", "[x](y)", "![x](y)", "[", "](",
    "<", "&lt;", "&amp;", "&#39;", "&copy;", "\\", "\\*", "{", "}}", "{%", "<unk>", "▁", "</s>",
)  # fmt: skip
CONTROLS = (
    "\0", "\a", "\x1b[31m", "\r", "\n", "\n\n", "\t", "\x7f", "\u0085", "\u2028", "\u2029",
    "\u202e", "\u2067", "\u202c", "\u200b", "\ufeff", "\ufffd", "\ue000", "\U000e0041",
    "\ufffe", "\u2047",
)  # fmt: skip
MANGLINGS: dict[str, Mangling] = {
    "token dropped": _token(lambda _, __: ""),
    "token with blanks": _token(_blanks),
    "token renamed": _token(_renamed),
    "token doubled": _token(lambda token, chance: token + chance.choice(("", " ")) + token),
    "token halved": _token(_halved),
    "token in other brackets": _token(_wide),
    "token in other case": _token(_cased),
    "tokens swapped": _swapped,
    "words glued to tokens": _glued,
    "number changed": _number(_other_number),
    "number dropped": _number(lambda _, __: ""),
    "number doubled": _number(lambda number, _: f"{number} {number}"),
    "looped": _looped,
    "empty": _emptied,
    "truncated": _truncated,
    "reordered": _reordered,
    "other case": _shouted,
    "source copied": _copied,
    "placeholder invented": _inserted(INVENTED),
    "markup invented": _inserted(MARKS),
    "control characters": _inserted(CONTROLS),
    "endless": _endless,
}
NAMES = tuple(MANGLINGS)
