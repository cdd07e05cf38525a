"""Ways to write the tokens of a segment: a package may keep `{1}` where it loses `⟦1⟧`.

Everywhere but on the way to an engine a token is `⟦1⟧` … `⟦9⟧` (the canonical text). A form writes
these tokens otherwise for one package, and reads that package's answer back.

>>> form = FORMS["braces"]
>>> form.sent("Call ⟦1⟧ now.")
'Call {1} now.'
>>> form.received("Llame { 1 } ahora.", (0, 1, 1, 1, 2))
('Llame ⟦1⟧ ahora.', (0, 1, 2))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from workflow.segments.tokens import TOKEN

Alignment = tuple[int, ...]
"""For each blank-separated word of an answer the number of the source word, -1 for none."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class TokenForm:
    """One way to write tokens, one to one: what was sent and is not touched comes back the same.

    Token n is `opening`, n, `closing`, without blanks, so no text gets more or fewer words by it.
    `pattern` finds a token in an answer, whatever an engine did to its blanks, case or width; its
    one group is the number. `strays` are signs that a text of this form has in tokens only: any
    other one in an answer is left over from a token.
    """

    name: str
    opening: str
    closing: str
    pattern: re.Pattern[str]
    strays: str = ""

    def fits(self, text: str) -> bool:
        """Whether a canonical text can be sent so: nothing else in it would be read as a token."""
        bare = TOKEN.sub(" ", text)
        return self._canonical(self.sent(text)) == text and self._canonical(bare) == bare

    def sent(self, text: str) -> str:
        """A canonical text in this form, with the same number of blank-separated words."""
        return TOKEN.sub(lambda found: f"{self.opening}{found[1]}{self.closing}", text)

    def received(
        self, answer: str, alignment: Sequence[int] | None = None
    ) -> tuple[str, Alignment | None]:
        """An engine's answer as canonical text, and its alignment by the words of that text.

        A token that came back in several words is one word then, with the first source word that
        is known for any of them. What is left over of a damaged token becomes a lone `⟦` or `⟧`,
        which no check lets pass. The alignment is None if it is not one of this answer's words.
        """
        tokens = list(self.pattern.finditer(answer))
        return self._canonical(answer), _by_words(answer, tokens, alignment)

    def _canonical(self, answer: str) -> str:
        parts = self.pattern.split(answer)
        words, numbers = parts[::2], [f"⟦{int(number)}⟧" for number in parts[1::2]]
        marked = [word.translate(self._leftovers) for word in words]
        return "".join(f"{word}{token}" for word, token in zip(marked, [*numbers, ""], strict=True))

    @property
    def _leftovers(self) -> dict[int, str]:
        return {ord(sign): "⟦⟧"[at % 2] for at, sign in enumerate(self.strays)}


def _by_words(
    answer: str, tokens: Sequence[re.Match[str]], alignment: Sequence[int] | None
) -> Alignment | None:
    """The alignment with the words of one token made one; blanks vanish in tokens only."""
    starts = [found.start() for found in _WORD.finditer(answer)]
    if alignment is None or len(alignment) != len(starts):
        return None
    numbers = _joined_words(starts, tokens)
    pairs = zip(numbers, alignment, strict=True)
    return tuple(
        next((source for _, source in group if source >= 0), -1)
        for _, group in groupby(pairs, key=lambda pair: pair[0])
    )


def _joined_words(starts: Sequence[int], tokens: Sequence[re.Match[str]]) -> Iterator[int]:
    """For each word of an answer the number of the canonical word that it is part of."""
    insides = [range(token.start() + 1, token.end()) for token in tokens]
    number = -1
    for start in starts:
        number += not any(start in inside for inside in insides)
        yield number


def _form(name: str, opening: str, closing: str, pattern: str, strays: str = "") -> TokenForm:
    return TokenForm(name, opening, closing, re.compile(pattern), strays)


_ANY = (
    TokenForm("brackets", "⟦", "⟧", TOKEN),
    _form("braces", "{", "}", r"[{\uff5b]\s*(\d{1,3})\s*[}\uff5d]", "{}\uff5b\uff5d"),
    _form(
        "angles",
        "<",
        ">",
        r"[<\uff1c\u2039\u3008\u300a]\s*(\d{1,3})\s*[>\uff1e\u203a\u3009\u300b]",
        "<>\uff1c\uff1e",
    ),
    _form("square", "[", "]", r"[\[\uff3b\u3010]\s*(\d{1,3})\s*[\]\uff3d\u3011]", "[]\uff3b\uff3d"),
    _form("percent", "%", "", r"[%\u066a\uff05]\s*([1-9])(?!\d)"),
    _form("letters", "X", "X", r"[Xx\u0425\u0445]\s*([1-9])\s*[Xx\u0425\u0445]"),
    _form("number", "900", "", r"(?<!\d)9[.,\s]?00([1-9])(?!\d)"),
)

FORMS: Mapping[str, TokenForm] = MappingProxyType({form.name: form for form in _ANY})
"""All forms by name, the canonical one first; a package's traits name those that it keeps.

Braces, angles, square brackets and percent signs stand in the interfaces and web pages that public
corpora hold, so ordinary packages have seen them; letters and a number are what any package copies.
Full-width and other brackets are how packages for Chinese and Arabic write them.
"""
