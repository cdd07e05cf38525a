"""What has an ETag: sent whole, in part, compressed, or not at all because the client has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from workflow.web import answers
from workflow.web.answers import Answer, Part, RefusedError
from workflow.web.asked import Asked
from workflow.web.conditions import fresh, held, span
from workflow.web.folder import PublicFolder
from workflow.web.weights import FORMS, suffixes

CODINGS = {suffix: coding for coding, suffix in FORMS.items()}


class Forms(Protocol):
    """One text in its plain form (suffix "") and compressed ones, told apart by suffixes."""

    def there(self) -> bool:
        """Whether the plain form is there; nothing is opened."""
        ...

    def form(self, suffix: str) -> Part | bytes | None:
        """The bytes of a form, None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class OnDisk:
    """An object of the public folder; large ones are read while they are sent."""

    folder: PublicFolder
    digest: str

    def there(self) -> bool:
        """Whether the object is there."""
        return self.folder.has(self.digest)

    def form(self, suffix: str) -> Part | bytes | None:
        """The object, or what lies compressed beside it."""
        opened = self.folder.open(self.digest, suffix)
        if opened is None:
            return None
        part = Part(opened[0], range(opened[1]))
        return part if opened[1] > answers.CHUNK else _read(part)


def _read(part: Part) -> bytes:
    try:
        return b"".join(part.chunks())
    finally:
        part.close()


@dataclass(frozen=True, slots=True)
class InMemory:
    """A text that was made here, or read whole."""

    bodies: Mapping[str, bytes]

    def there(self) -> bool:
        """Always."""
        return True

    def form(self, suffix: str) -> Part | bytes | None:
        """The bytes of a form."""
        return self.bodies.get(suffix)

    @property
    def size(self) -> int:
        """Bytes of all forms."""
        return sum(map(len, self.bodies.values()))


@dataclass(frozen=True, slots=True)
class Thing:
    """A text with what is said of it. `digest` is the SHA-256 of the plain form, and its ETag.

    `compressed` says whether there may be other forms; `more` are headers besides the usual ones.
    """

    digest: str
    forms: Forms
    kind: str = answers.JSON
    cache: str = answers.ASK_AGAIN
    compressed: bool = False
    more: Mapping[str, str] = field(default_factory=dict)

    def tag(self, suffix: str) -> str:
        """The ETag of a form: other bytes have another one (RFC 9110, section 8.8.3.3)."""
        return f'"{self.digest}-{suffix[1:]}"' if suffix else f'"{self.digest}"'

    def headers(self) -> dict[str, str]:
        """What stands over all forms of it."""
        vary = {"vary": "Accept-Encoding"} if self.compressed else {}
        return {"cache-control": self.cache, **vary, **self.more}

    def wanted(self, asked: Asked) -> Sequence[str]:
        """The forms that a client takes, the best first, the plain one last."""
        return suffixes(asked.header(b"accept-encoding")) if self.compressed else ("",)


def answered(asked: Asked, thing: Thing) -> Answer:
    """What a GET or HEAD of a thing gets. Raises RefusedError if it is not there (any more)."""
    if answer := unchanged(asked, thing):
        return answer
    for suffix in thing.wanted(asked):
        body = thing.forms.form(suffix)
        if body is not None:
            told = {"etag": thing.tag(suffix), "content-type": thing.kind, **thing.headers()}
            if suffix:
                told["content-encoding"] = CODINGS[suffix]
            return _sent(asked, told, body)
    raise answers.missing()


def unchanged(asked: Asked, thing: Thing) -> Answer | None:
    """A 304 if the client holds a form of the thing, else None; nothing is opened.

    Raises RefusedError if it holds one that is not there any more.
    """
    header = asked.header(b"if-none-match")
    if not header:
        return None
    *wanted, plain = thing.wanted(asked)
    forms = dict.fromkeys((*wanted, *CODINGS, plain)) if thing.compressed else (plain,)
    has = held(header, [thing.tag(suffix) for suffix in forms])
    if not has:
        return None
    if not thing.forms.there():
        raise answers.missing()
    return Answer(304, {"etag": has, **thing.headers()})


def _sent(asked: Asked, headers: dict[str, str], body: Part | bytes) -> Answer:
    """All of a form, or the part that is asked for."""
    headers["accept-ranges"] = "bytes"
    whole = range(len(body)) if isinstance(body, bytes) else body.span
    part = None
    if asked.method == "GET" and fresh(asked.header(b"if-range"), headers["etag"]):
        part = span(asked.header(b"range"), len(whole))
    if part is None:
        return Answer(200, headers, body)
    if not part:
        if isinstance(body, Part):
            body.close()
        where = {"content-range": f"bytes */{len(whole)}"}
        fix = "ask for bytes that there are, or for all of them"
        raise RefusedError(416, "the range lies behind the end", fix, where)
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(whole)}"
    cut = body[part.start : part.stop] if isinstance(body, bytes) else Part(body.handle, part)
    return Answer(206, headers, cut)
