"""Keyring: when a key may stop to sign, so that the sites follow."""

from __future__ import annotations

from workflow.bundle import Release
from workflow.errors import UsageError


def refuse_early(
    name: str, public: str, others: tuple[str, ...], live: Release, *, now: bool
) -> None:
    """Refuse to retire a key that the sites still need; `others` are the keys that then sign.

    A site learns of a key by a release that it trusts. With `now` that counts for nothing, as when
    somebody else has the key: sites are then told of the new one by hand. Raises UsageError.
    """
    if public not in live.keys:
        return
    if not others:
        fix = "make another one with `polypress keys new`, and publish, before"
        raise UsageError(f"{name} is the only key, and sites expect signatures", fix=fix)
    if not now and not set(others) & set(live.keys):
        fix = (
            "publish, wait until all sites have pulled, then retire it; or --now, if it was stolen"
        )
        raise UsageError("no release has told the sites of another key yet", fix=fix)
