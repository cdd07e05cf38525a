"""What a check looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workflow.glossary import Term
from workflow.model import Diagnostic, Markup, Severity

ONE_NUMBER = "polypress-one-number"
"""The flag of a plural form that stands for a single number: it may leave the number out."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One translation with all that a check may ask about it.

    Languages are BCP 47 tags; the markup is that of each text as its own format reads it; `plural`
    is the source's plural, `translations` then holds all forms and `nplurals` how many the locale
    has (0: unknown). `names` stay as they are in every language.
    """

    source: str
    target: str
    source_language: str
    locale: str
    markup_source: tuple[Markup, ...] = ()
    markup_target: tuple[Markup, ...] = ()
    plural: str | None = None
    translations: tuple[str, ...] = ()
    nplurals: int = 0
    fuzzy: bool = False
    terms: tuple[Term, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def language(self) -> str:
        """The language of the target without script and region."""
        return self.locale.partition("-")[0]


Rule = Callable[[Subject], Iterator[Diagnostic]]


def error(check: str, message: str) -> Diagnostic:
    """A finding that must not be published."""
    return Diagnostic(check, Severity.ERROR, message)


def warning(check: str, message: str) -> Diagnostic:
    """A finding that a person should look at."""
    return Diagnostic(check, Severity.WARNING, message)


def shown(text: str) -> str:
    """A piece of text as a message can hold it: short, on one line, nothing invisible."""
    return ascii(text[:40]) if not text.isprintable() else repr(text[:40])
