"""The one door to Redis: where it is, how to reach it, and what is wrong if it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from workers.redis_url import VARIABLE, address, shown, transport_url
from workflow.errors import OutsideError, Place

__all__ = [
    "LASTING",
    "REFUSED",
    "UNTRUSTED",
    "VARIABLE",
    "WrongKindError",
    "address",
    "answers",
    "clear",
    "client",
    "reached",
    "shown",
    "shut_down",
    "transport_url",
]

CONNECT, ANSWER = 5.0, 10.0
"""Seconds to wait for a connection and for an answer, so that nothing ever hangs on Redis."""
REFUSED = "Redis refuses this user or password"
UNTRUSTED = "the certificate of this Redis is not trusted"
LASTING = (REFUSED, UNTRUSTED)
"""What waiting does not mend."""


def client(url: str) -> redis.Redis:
    """A client that gives up after seconds and does not try again by itself."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        encoding_errors="replace",  # a byte that is no text makes no sense, but stops nobody
        socket_connect_timeout=CONNECT,
        socket_timeout=ANSWER,
        retry=Retry(NoBackoff(), 0),
    )


class WrongKindError(OutsideError):
    """Under a key of ours lies something of another kind."""


@contextmanager
def reached(url: str) -> Iterator[None]:
    """Turn what Redis refuses into OutsideError; a wrong password is said as what it is."""
    try:
        yield
    except redis.exceptions.AuthenticationError as error:
        fix = f"mend user or password in {VARIABLE}"
        raise OutsideError(REFUSED, fix=fix, place=Place(path=shown(url))) from error
    except (redis.exceptions.RedisError, OSError) as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            fix = f"name the file of its authority in {VARIABLE}: ?ssl_ca_certs=FILE"
            raise OutsideError(UNTRUSTED, fix=fix, place=Place(path=shown(url))) from error
        fix = f"start it, or mend {VARIABLE}; `polypress doctor` tells more"
        kind = WrongKindError if "WRONGTYPE" in str(error) else OutsideError
        raise kind(
            f"Redis cannot be used: {_reason(error)}", fix=fix, place=Place(path=shown(url))
        ) from error


def _reason(error: Exception) -> str:
    """What went wrong in one line; Redis' own messages hold no text of a publisher's."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def clear(client: redis.Redis, kinds: Mapping[str, str]) -> list[str]:
    """Delete what is not of the kind (as TYPE names it) that its key should be; the keys.

    Raises redis' errors.
    """
    wrong = [key for key, kind in kinds.items() if client.type(key) not in {kind, "none"}]
    for key in wrong:
        client.delete(key)
    return wrong


def answers(url: str) -> bool:
    """Whether Redis answers and has read its data. Raises OutsideError for what is `LASTING`."""
    asked = client(url)
    try:
        with reached(url):
            return bool(asked.ping())
    except OutsideError as error:
        if error.what in LASTING:
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
