"""The one door to Redis: where it is, how to reach it, and what is wrong if it cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from workflow.errors import OutsideError, Place, SettingsError

VARIABLE = "POLYPRESS_REDIS_URL"
CONNECT, ANSWER = 5.0, 10.0
"""Seconds to wait for a connection and for an answer, so that nothing ever hangs on Redis."""
REFUSED = "Redis refuses this user or password"
SCHEMES = ("redis", "rediss", "unix")


def address(environment: Mapping[str, str] | None = None) -> str | None:
    """The URL in `POLYPRESS_REDIS_URL`, None if there is none. Raises SettingsError."""
    url = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if url and urlsplit(url).scheme not in SCHEMES:
        fix = "write redis://[:PASSWORD@]HOST:PORT/NUMBER, or rediss:// for TLS"
        raise SettingsError("this is no address of a Redis", fix=fix, place=Place(key=VARIABLE))
    return url or None


def shown(url: str) -> str:
    """An address without its user and password and options, as messages may show it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def client(url: str) -> redis.Redis:
    """A client that gives up after seconds and does not try again by itself."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=CONNECT,
        socket_timeout=ANSWER,
        retry=Retry(NoBackoff(), 0),
    )


@contextmanager
def reached(url: str) -> Iterator[None]:
    """Turn what Redis refuses into OutsideError; a wrong password is said as what it is."""
    try:
        yield
    except redis.exceptions.AuthenticationError as error:
        fix = f"mend user or password in {VARIABLE}"
        raise OutsideError(REFUSED, fix=fix, place=Place(path=shown(url))) from error
    except (redis.exceptions.RedisError, OSError) as error:
        fix = f"start it, or mend {VARIABLE}; `polypress doctor` tells more"
        raise OutsideError(
            f"Redis cannot be used: {_reason(error)}", fix=fix, place=Place(path=shown(url))
        ) from error


def _reason(error: Exception) -> str:
    """What went wrong in one line; Redis' own messages hold no text of a publisher's."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def check(url: str) -> None:
    """Say at once what waiting cannot mend. Raises OutsideError for a wrong password."""
    answers(url)


def answers(url: str) -> bool:
    """Whether Redis answers and has read its data. Raises OutsideError for a wrong password."""
    asked = client(url)
    try:
        with reached(url):
            return bool(asked.ping())
    except OutsideError as error:
        if error.what == REFUSED:
            raise
        return False
    finally:
        asked.close()


def shut_down(url: str) -> None:
    """Ask a Redis to write its data and end; that it is gone already is no error."""
    asked = client(url)
    try:
        with suppress(redis.exceptions.RedisError, OSError):
            asked.shutdown()
    finally:
        asked.close()
