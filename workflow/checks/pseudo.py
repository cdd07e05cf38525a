"""Pseudo text that stands as a translation: somebody took it for one, or edited half of it."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.checks.subject import Subject, error
from workflow.model import Diagnostic
from workflow.pseudo import CLOSING, OPENING

CHECKS = {"pseudo": "The text is pseudo text, or a part of it."}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Its frame is a sign that hardly a language writes; one sign is enough, the other may be gone.

    Nothing else is looked at: the facts of an entry may be lost, and the letters be edited.
    """
    for sign in (OPENING, CLOSING):
        if sign in subject.target and sign not in subject.source:
            yield error("pseudo", f"{sign} marks text that is there to try a site out")
            return
