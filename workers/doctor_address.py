"""What the address of a Redis tells `polypress doctor`: who may use it, who may read along."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from workers import broker, redis_url
from workers.findings import Finding, warning

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def protected(url: str) -> Iterator[Finding]:
    """Whether anybody who reaches it may use it."""
    host = redis_url.host_of(url)
    if host and host not in LOOPBACK and not redis_url.has_password(url):
        yield warning(
            "Redis password",
            "none, and it is not on this machine alone",
            f"set one there, and in {broker.VARIABLE}: who reaches it can read texts",
        )


def encrypted(url: str) -> Iterator[Finding]:
    """Whether others on the way could read along."""
    if not redis_url.is_encrypted(url) and is_public(redis_url.host_of(url)):
        yield warning(
            "Redis encryption",
            "none, and its address is public",
            f"give it TLS, and write rediss:// in {broker.VARIABLE}",
        )


def is_public(host: str) -> bool:
    """Whether one of a host's addresses is one of the internet's; False if it has none."""
    try:
        found = socket.getaddrinfo(host, None) if host else []
    except (OSError, UnicodeError):
        return False
    numbers = [str(one[4][0]).partition("%")[0] for one in found]
    return any(ip_address(number).is_global for number in numbers)
