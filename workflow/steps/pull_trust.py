"""Which release a site takes: signed by a key that it trusts, and never an older one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.bundle import RELEASE, Release, decoded, payload_of
from workflow.errors import BundleError, UsageError
from workflow.model import digest_of
from workflow.ports import Signatures
from workflow.ports.pulling import LastPull

STAYS = "the last good release stays"


@dataclass(frozen=True, slots=True)
class Trust:
    """What a person says of keys at a pull: those that are given, or that there are none."""

    given: tuple[str, ...] = ()
    unsigned: bool = False

    def refuse_if_none(self, last: LastPull) -> None:
        """Raises UsageError if it is not said whom to trust."""
        if not (self.unsigned or self._trusted(last)):
            raise UsageError(
                "it is not said whose releases are trusted",
                fix="give the publisher's key with --key: `polypress keys list` shows it there;"
                " or take releases that nobody signed with --unsigned",
            )

    def accepted(self, body: bytes, last: LastPull, signatures: Signatures) -> Release:
        """The release in these bytes, if it is signed and not behind the last good one.

        Raises BundleError. The very bytes of the last good release are not asked for a signature
        again: it may have been the one in which its key was retired.
        """
        release = _parsed(body)
        if not (last.keys and digest_of(body) == last.release):
            self._check_signature(release, body, last, signatures)
        _check_serial(release, body, last)
        return release

    def remembered(
        self, release: Release, body: bytes, last: LastPull, signatures: Signatures
    ) -> tuple[str, ...]:
        """The keys given until now that have had their effect, with this accepted release.

        One that was given before the publisher signs with it has not: it is not used up by a
        release that knows nothing of it.
        """
        payload = payload_of(body)
        used = [
            key
            for key in self.given
            if not last.keys
            or key in release.keys
            or _is_signed(release, payload, (key,), signatures)
        ]
        return tuple(dict.fromkeys((*last.given, *used)))

    def _trusted(self, last: LastPull) -> tuple[str, ...]:
        """Those that the last good release named, and any that is given and has had no effect yet.

        A key that has had it counts no more by itself: it may stand in a script, and a release may
        have retired it since.
        """
        if not last.keys:
            return self.given
        return (*last.keys, *(key for key in self.given if key not in last.given))

    def _check_signature(
        self, release: Release, body: bytes, last: LastPull, signatures: Signatures
    ) -> None:
        trusted = self._trusted(last)
        if not trusted:
            _check_unsigned(release)
        elif not _is_signed(release, payload_of(body), trusted, signatures):
            raise _refused(*_why(release, last))
        elif not release.keys:
            fix = "ask the publisher to publish again"
            raise _refused("it is signed, and names no key for the next one", fix)


def _parsed(body: bytes) -> Release:
    """What somebody shows as a release. Raises BundleError, with what a site can do about it."""
    fix = f"check the address, and ask the publisher: {STAYS}"
    decoded(body, what=RELEASE, fix=fix)
    try:
        return Release.parse(body)
    except BundleError as error:
        raise BundleError(error.what, fix=fix) from None


def _check_unsigned(release: Release) -> None:
    if release.keys or release.signatures:
        fix = "give the publisher's key with --key instead of --unsigned"
        raise _refused("it is signed, and no key was given to check it by", fix)


def _is_signed(
    release: Release, payload: bytes, trusted: Sequence[str], signatures: Signatures
) -> bool:
    found = release.signatures
    return any(key in found and signatures.verify(key, payload, found[key]) for key in trusted)


def _why(release: Release, last: LastPull) -> tuple[str, str]:
    """What is wrong with a release that no trusted key signed, and what to do."""
    if not release.signatures:
        what = "it is not signed" + (", as it was before" if last.keys else "")
        return what, "ask the publisher to sign it: `polypress keys new`, then publish"
    return (
        "no key that is trusted here signed it as it is",
        f"if the publisher has new keys, give one of them with --key; else it was changed: {STAYS}",
    )


def _check_serial(release: Release, body: bytes, last: LastPull) -> None:
    if release.serial < max(1, last.serial):
        what = f"its serial is {release.serial}, and {last.serial} was here already"
        raise _refused(what, f"an old release is shown once more: {STAYS}; tell the publisher")
    if release.serial == last.serial and not _is_the_same(body, last):
        what = f"it is another release than the one of serial {last.serial} that was here"
        raise _refused(what, f"two releases have one number: {STAYS}; tell the publisher")


def _is_the_same(body: bytes, last: LastPull) -> bool:
    """Whether this says what the last good release did.

    Signatures may be added or taken away by whoever passes it on: they are over what it says.
    """
    return digest_of(body) == last.release or digest_of(payload_of(body)) == last.payload


def _refused(what: str, fix: str) -> BundleError:
    return BundleError(f"{RELEASE} is refused: {what}", fix=fix)
