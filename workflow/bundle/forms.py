"""The form of all files of a bundle: JSON that repeats, and readers that trust nothing.

An object is any file named by its SHA-256. An item's object holds its text and the labels of its
units; shards list the items of one collection; a manifest lists the shards and what a site wants to
know of the locale; the release names one manifest a locale and is the only file that changes.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from workflow.errors import BundleError, PolypressError
from workflow.locales import canonical

SCHEMA = 1
AGAIN = "publish again"
NOT_THIS = "do not use this bundle; publish it again from its project"
Kind = TypeVar("Kind")

_IN_A_PAGE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Signs that end a `<script>` or a line of one; JSON has them in texts alone, so they can be
written as escapes wherever they stand."""


def encoded(value: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """JSON with sorted keys and no spaces: the same value gives the same bytes everywhere.

    It can stand in a `<script>` of a page as it is.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.translate(_IN_A_PAGE).encode() + b"\n"


def decoded(body: bytes, *, what: str, fix: str = AGAIN) -> dict[str, Any]:
    """A JSON object of this schema. Raises BundleError for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{what} is not JSON: {error}", fix=fix) from None
    if not isinstance(value, dict) or type(value.get("schema")) is not int:
        raise BundleError(f"{what} is none of Polypress' files", fix=fix)
    if value["schema"] != SCHEMA:
        fix = "update Polypress" if value["schema"] > SCHEMA else fix
        raise BundleError(f"{what} is of schema {value['schema']}, not {SCHEMA}", fix=fix)
    return value


def parsed(kind: type[Kind], body: bytes, *, what: str, fix: str = NOT_THIS) -> Kind:
    """A dataclass from JSON whose every value was checked; keys that it lacks are passed over.

    Raises BundleError.
    """
    decoded(body, what=what)
    try:
        value: Kind = _adapter(kind).validate_json(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:40] for part in first["loc"])
        raise BundleError(f"{what} is not in its form: {place}: {first['msg']}", fix=fix) from None
    return value


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
"""One for each dataclass that was read: making one takes about as long as reading a hundred."""


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _tag(value: str) -> str:
    try:
        known = canonical(value)
    except PolypressError as error:
        raise ValueError(error.what) from None
    if known != value:
        raise ValueError(f"not written as {known}")
    return value


def inside(value: str) -> str:
    """A path that stays inside; a bundle from elsewhere is not trusted with that.

    Raises ValueError.
    """
    path = PurePosixPath(value)
    outside = path.is_absolute() or ".." in path.parts or "\\" in value
    if outside or not path.parts or not value.isprintable() or str(path) != value:
        raise ValueError("the path is not inside the bundle")
    return value


Digest = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
Tag = Annotated[str, Field(max_length=60), AfterValidator(_tag)]
ItemId = Annotated[str, Field(pattern=r"\A[a-z0-9_][a-z0-9._-]{0,119}\z")]
Name = Annotated[str, Field(pattern=r"\A[a-z0-9][a-z0-9_-]{0,59}\z")]
FileName = Annotated[str, Field(pattern=r"\A[a-z][a-z0-9_-]{0,39}\.[a-z]{1,10}\z")]
Inside = Annotated[str, Field(max_length=1000), AfterValidator(inside)]
Moment = Annotated[str, Field(pattern=r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\z")]
Tombstone = Annotated[
    str, Field(pattern=r"\A[a-z0-9][a-z0-9_-]{0,59}:[a-z0-9_][a-z0-9._-]{0,119}\z")
]
"""`<collection>:<item>`."""
