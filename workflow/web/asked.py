"""A request as the views see it: a method, names from the path, and the few headers that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import Scope

HEADERS = frozenset(
    {b"accept-encoding", b"accept-language", b"if-none-match", b"if-range", b"range"}
)
"""All others are never read, so no answer can depend on them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `names` are those that the route found in the path."""

    method: str
    path: str
    names: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[bytes, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """What a server says of a request."""
        headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            if name in HEADERS:
                text = value.decode("latin-1")
                headers[name] = f"{headers[name]}, {text}" if name in headers else text
        return cls(scope["method"], scope["path"], scope.get("path_params", {}), headers)

    def header(self, name: bytes) -> str:
        """A header's value; several lines of it are one list; empty if there is none."""
        return self.headers.get(name, "")
