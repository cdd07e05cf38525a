"""Timing: when an item may be seen, as its front matter says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflow.model import COMES, GOES, Item

_SECOND = timedelta(seconds=1)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?(?:Z|[+-]\d\d:\d\d))?)?", re.ASCII
)
"""The forms of ISO 8601 that can be read but in one way; Python knows many more."""


class Absence(StrEnum):
    """Why an item is left out."""

    WITHDRAWN = "withdrawn"
    EMBARGO = "embargo"
    EXPIRED = "expired"
    MISTAKE = "mistake"
    POLICY = "policy"
    GONE = "gone"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Life:
    """When an item comes and goes, in UTC and whole seconds; empty: always there, for ever.

    `mistake` says what is wrong with the times, and `key` with which; the item is then held back.
    """

    since: str = ""
    until: str = ""
    mistake: str = ""
    key: str = ""

    @property
    def moments(self) -> tuple[str, ...]:
        """When the item comes or goes; never, while there is a mistake."""
        return tuple(filter(None, (self.since, self.until)))

    def absence(self, at: str) -> tuple[Absence | None, str]:
        """Why the item is not there at a time (as `moment` writes it), and that in words."""
        if self.mistake:
            return Absence.MISTAKE, self.mistake
        if self.since > at:
            return Absence.EMBARGO, f"comes out at {self.since}"
        if self.until and self.until <= at:
            return Absence.EXPIRED, f"expired at {self.until}"
        return None, ""


def zone_of(name: str) -> tzinfo:
    """The time zone of an IANA name, as the settings have checked it."""
    return UTC if name == "UTC" else ZoneInfo(name)


def life_of(item: Item, zone: tzinfo) -> Life:
    """When an item comes and goes; a time without distance from UTC is that of the zone.

    What expires at a time is gone at that time.
    """
    told = dict(item.meta)
    since, until = (_read(told, key, zone) for key in (COMES, GOES))
    for key, one in ((COMES, since), (GOES, until)):
        if one is None:
            return Life(mistake=f"{told[key][:60]!r} is no date and no time", key=key)
    if since and until and until <= since:
        return Life(mistake="it expires before it comes out", key=GOES)
    return Life(since or "", until or "")


def _read(told: Mapping[str, str], key: str, zone: tzinfo) -> str | None:
    """A moment, empty if the key is not there, None for what is no time."""
    if key not in told:
        return ""
    try:
        return moment(told[key], zone)
    except (ValueError, OverflowError):
        return None


def moment(text: str, zone: tzinfo) -> str:
    """A date or time (ISO 8601) in UTC and whole seconds. Raises ValueError or OverflowError.

    A date is the start of its day. Parts of a second count as the next second: all other times are
    whole seconds. Of an hour that a clock repeats it is the first one.
    """
    if not _TIME.fullmatch(text.strip()):
        raise ValueError(text)
    time = datetime.fromisoformat(text.strip())
    time = (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    whole = time.replace(microsecond=0)
    return (whole if whole == time else whole + _SECOND).isoformat()
