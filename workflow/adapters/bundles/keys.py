"""The keys that sign releases: the one door to cryptography (Ed25519, RFC 8032).

A signature by Ed25519 follows from key and text alone, so the same release has the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shlex
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.adapters.files import sync_folder
from workflow.errors import OutsideError, Place, SettingsError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCHEME = "ed25519:"
SUFFIX, RETIRED = ".pem", ".retired"
KEY_BYTES, SIGNATURE_BYTES = 32, 64
LARGEST = 10_000
"""Bytes; a PEM file with one such key has some 120."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_OPEN_TO_ALL = stat.S_IRWXO | stat.S_IWGRP


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key of the folder: its name, what sites know it by, and whether it still signs."""

    name: str
    public: str
    signs: bool = True


class KeyFolder:
    """Implements `ports.bundles.Keys` over `<folder>/<name>.pem`, each an Ed25519 key in PKCS 8.

    A key that everybody on the machine can read, or others can write, is refused and not warned
    of: whoever reads it can speak for the publisher, and nobody reads the warnings of a hub. The
    group may read it, which is how mounted secrets come to a service.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def public(self) -> tuple[str, ...]:
        """The public keys of all that sign, sorted. Raises SettingsError or OutsideError."""
        return tuple(sorted({_public(_private(path)) for path in self._paths(SUFFIX)}))

    def sign(self, payload: bytes) -> Mapping[str, str]:
        """A signature by each key, by public key. Raises SettingsError or OutsideError."""
        keys = [_private(path) for path in self._paths(SUFFIX)]
        return dict(sorted((_public(key), _text(key.sign(payload))) for key in keys))

    def named(self) -> tuple[NamedKey, ...]:
        """All keys by name, those that were retired last. Raises SettingsError or OutsideError."""
        return tuple(
            NamedKey(path.name.removesuffix(suffix), _public(_private(path)), suffix == SUFFIX)
            for suffix in (SUFFIX, SUFFIX + RETIRED)
            for path in self._paths(suffix)
        )

    def new(self, name: str) -> NamedKey:
        """Make a key. Raises UsageError for a name that is taken or cannot be, OutsideError."""
        if not _NAME.fullmatch(name):
            fix = "take small letters, digits, - and _, 60 at most"
            raise UsageError(f"{name[:60]!r} is no name for a key", fix=fix)
        path = self.folder / f"{name}{SUFFIX}"
        if self.retired(name).exists():
            raise _taken(self.retired(name))
        key = _generated()
        _written(path, _pem(key))
        return NamedKey(name, _public(key))

    def signing(self, name: str) -> NamedKey:
        """A key that signs. Raises UsageError if there is none of that name."""
        return NamedKey(name, _public(_private(self._signing(name))))

    def retire(self, name: str) -> NamedKey:
        """Let a key sign no more; its file is renamed. Raises UsageError, OutsideError."""
        path, public = self._signing(name), self.signing(name).public
        if self.retired(name).exists():
            raise _taken(self.retired(name))
        with _outside(path, "rename"):
            path.rename(self.retired(name))
        return NamedKey(name, public, signs=False)

    def _signing(self, name: str) -> Path:
        known = {path.name.removesuffix(SUFFIX): path for path in self._paths(SUFFIX)}
        if name not in known:
            fix = f"keys that sign: {', '.join(known) or 'none'}"
            raise UsageError(f"there is no key {name[:60]!r}", fix=fix)
        return known[name]

    def retired(self, name: str) -> Path:
        """Where a key lies that was retired."""
        return self.folder / f"{name}{SUFFIX}{RETIRED}"

    def _paths(self, suffix: str) -> list[Path]:
        try:
            names = [path.name for path in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused(self.folder, f"cannot read: {error.strerror}") from None
        found = [name for name in names if name.endswith(suffix) and not name.startswith(".")]
        return [self.folder / name for name in sorted(found)]


class Ed25519:
    """Implements `ports.bundles.Signatures`."""

    def verify(self, key: str, payload: bytes, signature: str) -> bool:
        """Whether the owner of a public key signed these bytes; False for whatever is no key."""
        from cryptography.exceptions import (  # noqa: PLC0415 - see _loaded
            InvalidSignature,
            UnsupportedAlgorithm,
        )
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see _loaded
            Ed25519PublicKey,
        )

        known, said = _bytes(key, KEY_BYTES, scheme=SCHEME), _bytes(signature, SIGNATURE_BYTES)
        if known is None or said is None:
            return False
        with suppress(InvalidSignature, UnsupportedAlgorithm, ValueError):
            Ed25519PublicKey.from_public_bytes(known).verify(said, payload)
            return True
        return False


def _loaded(pem: bytes) -> Ed25519PrivateKey | None:
    """The key in a PEM file, None for anything else.

    cryptography is imported where it is used: it takes 50 ms, and most commands sign nothing.
    What it says of a file it cannot read is not passed on: it may quote the file.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see above
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - see above
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def _private(path: Path) -> Ed25519PrivateKey:
    key = _loaded(_body(path))
    if key is None:
        raise _refused(path, "this is no Ed25519 key in PEM form without a passphrase")
    return key


def _body(path: Path) -> bytes:
    """The bytes of a key file that only its owner (and group) can read; no pipe is waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise _refused(path, f"cannot read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise _refused(path, "this is no plain file")
        if mode & _OPEN_TO_ALL:
            fix = f"chmod 600 {shlex.quote(str(path))}, and replace it if somebody may have read it"
            raise _refused(path, "others can read this private key or write it", fix)
        return file.read(LARGEST)


def _refused(path: Path, what: str, fix: str = "") -> SettingsError:
    fix = fix or "mend it or move it away; `polypress keys new` makes a key"
    return SettingsError(what, fix=fix, place=Place(path=str(path)))


def _taken(path: Path) -> UsageError:
    fix = "choose another name; keys are never overwritten"
    return UsageError("there is such a key already", fix=fix, place=Place(path=str(path)))


def _written(path: Path, body: bytes) -> None:
    """Write a new file that only its owner can read; one that is there already is left alone."""
    with _outside(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(handle)
            os.link(beside, path)  # unlike a rename, this fails if the name is taken
        finally:
            Path(beside).unlink()
        sync_folder(path.parent)


@contextmanager
def _outside(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        fix = "free some space or mend the permissions, then run the command again"
        place = Place(path=str(path))
        raise OutsideError(f"cannot {what}: {error.strerror}", fix=fix, place=place) from None


def _generated() -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see _loaded
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.generate()


def _pem(key: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - see _loaded
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(key: Ed25519PrivateKey) -> str:
    return SCHEME + _text(key.public_key().public_bytes_raw())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str, length: int, *, scheme: str = "") -> bytes | None:
    """The bytes in base64 (RFC 4648, its one canonical form), None if they are not so many."""
    body = text.removeprefix(scheme)
    try:
        raw = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    canonical = text == scheme + _text(raw)
    return raw if canonical and len(raw) == length else None
