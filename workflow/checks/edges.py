"""Blanks and line breaks at the edges of a text, which programs join to other texts."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.checks.subject import Subject, warning
from workflow.model import Diagnostic

CHECKS = {
    "edge-space": "White space at the start or the end is lost, new or changed.",
    "line-breaks": "The translation has another number of lines.",
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare what stands before the first and behind the last word."""
    source, target = subject.source, subject.target
    if not source.strip() or not target.strip():
        return
    if _start(source) != _start(target):
        yield warning("edge-space", "the white space at the start differs from the source's")
    if _end(source) != _end(target):
        yield warning("edge-space", "the white space at the end differs from the source's")
    here, there = source.strip().count("\n"), target.strip().count("\n")
    if here != there:
        yield warning("line-breaks", f"{there} line breaks, in the source {here}")


def _start(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _end(text: str) -> str:
    return text[len(text.rstrip()) :]
