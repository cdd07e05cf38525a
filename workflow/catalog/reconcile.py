"""Reading a catalog back: what people did since we last saw it, and what a stale save undid.

An editor that loaded the file long ago saves all of it: its own edits, and for every other entry
whatever stood there then. So an entry that differs from its base is an edit, unless it holds what
the entry held before the base, or lacks what was there. What proves that a copy is young enough:
it holds an entry in a state that came to stand only after the base of the entry in question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.catalog.aside import as_conflict, as_previous, with_block, with_lines
from workflow.catalog.facts import comment_of, persons_comments, safe_hash8, text_of
from workflow.catalog.merge import written_by_a_person
from workflow.catalog.state import Key, Version, state_of
from workflow.catalog.threeway import is_ours
from workflow.model import Message


@dataclass(frozen=True, slots=True)
class Past:
    """What an entry was: its base, the versions before it, and those we meant to write after it.

    `leaving` says that we meant to take it out.
    """

    base: Version
    before: tuple[Version, ...] = ()
    meant: tuple[Version, ...] = ()
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The entries as they count, with the keys of those where two texts are kept."""

    messages: tuple[Message, ...]
    conflicts: tuple[Key, ...] = ()
    restored: tuple[Key, ...] = ()


def reconciled(
    messages: Sequence[Message], pasts: Mapping[Key, Past], *, newest: int
) -> Reconciled:
    """The catalog as read, with stale saves undone.

    `pasts` maps the keys of all entries that differ from their base, or are missing, to what they
    were. `newest` is the latest generation of which an entry stands as its base says.
    """
    if not pasts:
        return Reconciled(tuple(messages))
    return _Reading(messages, pasts, newest).result()


@dataclass(slots=True)
class _Reading:
    messages: Sequence[Message]
    pasts: Mapping[Key, Past]
    newest: int
    here: frozenset[Key] = field(init=False)
    overrun: set[Key] = field(init=False)
    undone: frozenset[Key] = field(init=False)
    stale: bool = field(init=False)
    conflicts: list[Key] = field(default_factory=list)
    restored: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = frozenset(message.key for message in self.messages)
        missing = {key for key, past in self.pasts.items() if self._is_missing(key, past)}
        reverted = {message.key for message in self.messages if self._is_reverted(message)}
        self.overrun = {message.key for message in self.messages if self._is_overrun(message)}
        self.undone = frozenset(missing | reverted | self.overrun)
        unseen = [key for key in self.undone if not self._saw(key)]
        sure = missing | self.overrun
        self.stale = len(unseen) > 1 or any(key in sure for key in unseen)

    def result(self) -> Reconciled:
        read = [self._read(message) for message in self.messages]
        lost = [
            past for key, past in self.pasts.items() if key not in self.here and not past.leaving
        ]
        back = [past.base.message for past in lost if _worth_keeping(past.base.message)]
        self.restored += [message.key for message in back]
        return Reconciled(tuple(_in_place(read, back)), tuple(self.conflicts), tuple(self.restored))

    def _is_missing(self, key: Key, past: Past) -> bool:
        return key not in self.here and not past.leaving and not past.base.message.obsolete

    def _is_reverted(self, message: Message) -> bool:
        """Whether an entry holds the text of a version before its base."""
        past = self.pasts.get(message.key)
        if past is None or not any(message.translations) or _is_meant(past, message):
            return False
        base = past.base.message
        texts = {one.message.translations for one in past.before}
        return message.translations != base.translations and message.translations in texts

    def _is_overrun(self, message: Message) -> bool:
        """Whether a draft of ours stands where a person had written: nobody does that."""
        past = self.pasts.get(message.key)
        if past is None or not any(message.translations) or _is_meant(past, message):
            return False
        changed = message.translations != past.base.message.translations
        return changed and is_ours(message) and not is_ours(past.base.message)

    def _saw(self, key: Key) -> bool:
        """Whether this copy of the file was loaded after the entry's base stood there.

        It holds something newer, and no other entry tells against it: after the history was lost,
        an old copy may hold what only seems to be new.
        """
        if len(self.undone) > (key in self.undone) or key in self.overrun:
            return False
        return self.newest > self.pasts[key].base.generation

    def _read(self, message: Message) -> Message:
        past = self.pasts.get(message.key)
        if past is None or self._saw(message.key) or _is_meant(past, message):
            return message
        if message.translations == past.base.message.translations:
            return self._same_text(message, past)
        return self._with_unseen_lines(self._other_text(message, past), message, past)

    def _same_text(self, message: Message, past: Past) -> Message:
        """Only marks or comments differ: a person's doing, unless the whole copy is stale."""
        base = past.base.message
        if not self.stale:  # one sign of age is too little for marks, but no comment may go for it
            return with_lines(message, persons_comments(base)) if self.undone else message
        flags = base.flags if _was_so(past, message) else message.flags
        both = with_lines(message, persons_comments(base))
        return replace(both, flags=flags)

    def _other_text(self, message: Message, past: Past) -> Message:
        base = past.base.message
        if not any(message.translations):
            return self._emptied(message, past)
        if _is_our_own(message, past):
            return self._back(message, past)
        if is_ours(base):
            return message if is_ours(message) else self._beside_ours(message, base)
        if _was_so(past, message):
            return self._conflict(base, message)  # an older text of a person's: the newer stands
        if self.stale:
            return self._conflict(message, base)
        return with_block(message, as_previous_of(base))

    def _with_unseen_lines(self, found: Message, message: Message, past: Past) -> Message:
        """With the base's comments, unless this copy had them and somebody took them out."""
        lines = persons_comments(message)
        if self.stale or any(lines == persons_comments(one.message) for one in past.before):
            return with_lines(found, persons_comments(past.base.message))
        return found

    def _emptied(self, message: Message, past: Past) -> Message:
        base = past.base.message
        if self.stale:
            return self._back(message, past)
        if not written_by_a_person(base) or not any(base.translations):
            return message
        return with_block(message, as_previous_of(base))

    def _back(self, message: Message, past: Past) -> Message:
        """The base again, with the comments that somebody may just have added to the old copy."""
        self.restored.append(message.key)
        old = {line for one in past.before for line in one.message.comments}
        new = [line for line in persons_comments(message) if line not in old]
        return with_lines(past.base.message, new)

    def _beside_ours(self, message: Message, base: Message) -> Message:
        """A person's text over our draft; over another draft than they saw, both are kept."""
        said = comment_of(message)
        seen = said is None or said.text_hash == safe_hash8(text_of(base))
        if seen or not any(base.translations):
            return message
        return self._conflict(message, base)

    def _conflict(self, stands: Message, aside: Message) -> Message:
        self.conflicts.append(stands.key)
        return with_block(
            with_lines(stands, persons_comments(aside)), as_conflict(aside.translations)
        )


def as_previous_of(message: Message) -> tuple[str, ...]:
    """All forms of an entry's text as `previous:` lines."""
    return tuple(line for text in message.translations for line in as_previous(text))


def _is_meant(past: Past, message: Message) -> bool:
    """Whether we wrote just this and were killed before we could say so."""
    return state_of(message) in {state_of(one.message) for one in past.meant}


def _is_our_own(message: Message, past: Past) -> bool:
    """Whether a text is an untouched one of ours: by its own facts, or because it was one once."""
    if not is_ours(message):
        return False
    said = comment_of(message)
    known = said is not None and said.text_hash == safe_hash8(text_of(message))
    unknown_and_ours = not _was_so(past, message) and is_ours(past.base.message)
    return known and not unknown_and_ours


def _was_so(past: Past, message: Message) -> bool:
    """Whether the entry held this text with this mark before its base."""
    return any(
        (one.message.translations, one.message.fuzzy) == (message.translations, message.fuzzy)
        for one in past.before
    )


def _worth_keeping(message: Message) -> bool:
    return not message.obsolete or written_by_a_person(message)


def _in_place(read: Sequence[Message], back: Iterable[Message]) -> list[Message]:
    """Active entries before the obsolete ones; what is back stands at the end of its kind."""
    back = list(back)
    active = [message for message in read if not message.obsolete]
    obsolete = [message for message in read if message.obsolete]
    if not back:
        return list(read)
    return [
        *active,
        *(message for message in back if not message.obsolete),
        *obsolete,
        *(message for message in back if message.obsolete),
    ]
