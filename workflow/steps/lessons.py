"""Lessons: what the memory learns from a catalog, unit by unit and sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workflow import catalog
from workflow.changes import sentence_pairs
from workflow.memory import Lesson
from workflow.model import Message, Review
from workflow.segments import Segmented, segmented
from workflow.steps.project import Collection, Project

AT_ONCE = 500
"""Lessons whose sentences are paired with what the memory knows by then."""


def teach(
    project: Project, collection: Collection, locale: str, messages: Sequence[Message]
) -> None:
    """Let the memory learn what people approved in a catalog, and forget what they took back.

    Sentences are paired only of the texts that it does not hold yet.
    """
    news = project.memory.news(locale, collection.name, tuple(_lessons(collection, messages)))
    if news:
        _Teaching(project, collection, locale).all(news)


def _lessons(collection: Collection, messages: Sequence[Message]) -> Iterator[Lesson]:
    """An approved text is learned, be it obsolete; one that is not approved, or emptied, is none.

    A catalog without any text was lost, not emptied by a person: it says nothing.
    """
    if not any(any(message.translations) for message in messages):
        return
    for message in messages:
        if catalog.item_of(message) is not None:
            approved = catalog.facts_of(message).review is Review.APPROVED
            text = message.translation if approved else None
            yield Lesson(f"{collection.name}:{message.context}", message.source, text)


class _Teaching:
    """One catalog's lessons on their way into the memory."""

    def __init__(self, project: Project, collection: Collection, locale: str) -> None:
        self.project = project
        self.collection = collection
        self.locale = locale

    def all(self, lessons: Sequence[Lesson]) -> None:
        """First what is one sentence or whole: it helps to pair the sentences of the others."""
        memory, several = self.project.memory, []
        plain = []
        for lesson in lessons:
            source, target = self.cut(lesson)
            if len(source.segments) == len(target.segments) == 1:
                pair = (source.segments[0].source, target.segments[0].source)
                plain.append(replace(lesson, pairs=(pair,)))
            elif source.segments and target.segments:
                several.append(lesson)
            else:
                plain.append(lesson)
        memory.learn(self.locale, plain)
        for start in range(0, len(several), AT_ONCE):
            memory.learn(self.locale, self.paired(several[start : start + AT_ONCE]))

    def cut(self, lesson: Lesson) -> tuple[Segmented, Segmented]:
        """Both texts in sentences, without the glossary, so that they are the same tomorrow."""
        form = self.collection.format
        texts = ((lesson.source, self.project.source), (lesson.target or "", self.locale))
        source, target = (segmented(text, form.markup(text), language=tag) for text, tag in texts)
        return source, target

    def paired(self, lessons: Sequence[Lesson]) -> Iterator[Lesson]:
        """The lessons with the sentences whose translation is certain."""
        cuts = [self.cut(lesson) for lesson in lessons]
        sentences = {one.source for source, _ in cuts for one in source.segments}
        known = self.project.memory.targets(self.locale, sentences)
        names = self.project.names(self.locale)
        for lesson, (source, target) in zip(lessons, cuts, strict=True):
            found = sentence_pairs(
                source,
                target,
                language=self.project.source,
                locale=self.locale,
                names=names,
                known=lambda text: known.get(text, frozenset()),
            )
            pairs = tuple(
                (source.segments[was].source, target.segments[now].source)
                for was, now in found or ()
            )
            yield replace(lesson, pairs=pairs)
