"""The release: the signed pointer to one manifest a locale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field

from workflow.bundle.forms import SCHEMA, Digest, Moment, Tag, Tombstone, decoded, encoded, parsed
from workflow.errors import BundleError

RELEASE = "release.json"
_MOVE = "move release.json away and publish again: serial numbers go on from releases/"

MOST_SERIAL = 10**15 - 1
"""So many releases: more digits have no place in addresses and in names of trees."""
PublicKey = Annotated[str, Field(pattern=r"\Aed25519:[A-Za-z0-9+/]{43}=\z")]
Signature = Annotated[str, Field(pattern=r"\A[A-Za-z0-9+/]{86}==\z")]


@dataclass(frozen=True, slots=True)
class Release:
    """What a `release.json` says; serial 0 is the state before the first release.

    `manifests` maps locales to the digests of their manifests. `withdrawn` are items that must not
    be shown any more, as `<collection>:<item>`. `keys` are the public keys that a site shall trust
    from here on, `signatures` (by public key) are over `payload()`.
    """

    serial: Annotated[int, Field(ge=0, le=MOST_SERIAL)] = 0
    released: Moment = "1970-01-01T00:00:00+00:00"
    kind: Literal["publish", "rollback", "withdraw"] = "publish"
    project: str = ""
    source: Tag = "en"
    manifests: Mapping[Tag, Digest] = field(default_factory=dict)
    withdrawn: tuple[Tombstone, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    signatures: Mapping[PublicKey, Signature] = field(default_factory=dict)

    def payload(self) -> bytes:
        """What is signed: the bytes of the release without its signatures."""
        value = asdict(self)
        del value["signatures"]
        return encoded({"schema": SCHEMA, **value})

    def to_bytes(self) -> bytes:
        """The bytes of `release.json`."""
        return encoded({"schema": SCHEMA, **asdict(self)})

    def signed(self, signatures: Mapping[str, str]) -> Release:
        """The same release with its signatures."""
        return replace(self, signatures=dict(signatures))

    @classmethod
    def parse(cls, body: bytes) -> Release:
        """A `release.json` read back. Raises BundleError, also for any but the canonical bytes."""
        value = decoded(body, what=RELEASE, fix=_MOVE)
        release = parsed(cls, body, what=RELEASE, fix=_MOVE)
        if encoded(value) != body:
            raise BundleError(f"{RELEASE} is not written as Polypress writes it", fix=_MOVE)
        return release

    @classmethod
    def live(cls, body: bytes | None) -> Release:
        """The live release, None standing for no file. Raises BundleError if it is damaged."""
        return cls() if body is None else cls.parse(body)


def payload_of(body: bytes) -> bytes:
    """What the signatures of a `release.json` are over, with keys that are not known here.

    Raises BundleError.
    """
    value = decoded(body, what=RELEASE, fix=_MOVE)
    value.pop("signatures", None)
    return encoded(value)
