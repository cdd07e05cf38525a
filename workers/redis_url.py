"""The address of a Redis: read and checked once, shown without secrets, and as Celery takes it.

`redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]`, `rediss://…` with TLS, or `unix://[…@]/PATH?db=N`.
TLS always checks the server's certificate and name, unless the address says otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from workflow.errors import Place, SettingsError

VARIABLE = "POLYPRESS_REDIS_URL"
FORM = "write redis://[:PASSWORD@]HOST:PORT/NUMBER, or rediss:// for TLS"
ESCAPE = "in a password, write / ? # @ : and % as %2F %3F %23 %40 %3A %25"
TLS_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
TLS = {
    "ssl_cert_reqs": ("required", "optional", "none"),
    "ssl_check_hostname": ("true", "false"),
    **dict.fromkeys(TLS_FILES, ()),
}
"""The options of `rediss://`, each with the values that it may have (none named: a file)."""
OPTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "redis": {},
    "rediss": TLS,
    "unix": {"db": ()},
}


def address(environment: Mapping[str, str] | None = None) -> str | None:
    """The URL in `POLYPRESS_REDIS_URL`, None if there is none. Raises SettingsError."""
    url = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not url:
        return None
    wrong = _wrong(url)
    if wrong:
        what, fix = wrong
        raise SettingsError(what, fix=fix, place=Place(key=VARIABLE))
    return url


def shown(url: str) -> str:
    """An address without its user and password and options, as messages may show it."""
    parts = _parts(url)
    if parts is None:
        return f"{url.partition(':')[0]}://…"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def transport_url(url: str) -> str:
    """The same address as Celery's transport (kombu 5.7) takes it.

    kombu checks no certificate unless it is told to, and has its own form for a socket in the
    file system.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        number = options.get("db", "0")
        return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={number}"
    if parts.scheme == "rediss":
        options = {"ssl_cert_reqs": "required"} | options
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(options), ""))


def host_of(url: str) -> str:
    """The name or number of the machine, "" for a socket in the file system."""
    return urlsplit(url).hostname or ""


def has_password(url: str) -> bool:
    """Whether the address holds one."""
    return bool(urlsplit(url).password)


def is_encrypted(url: str) -> bool:
    """Whether nobody on the way can read along."""
    return urlsplit(url).scheme == "rediss"


def _wrong(url: str) -> tuple[str, str] | None:
    """What is wrong with an address, and what to do; shows nothing that may be a secret."""
    if url.partition("://")[0] not in OPTIONS:
        return "this is no address of a Redis", FORM
    parts = _parts(url)
    if parts is None:
        return "this address cannot be read", f"{FORM}; {ESCAPE}"
    number = unquote(parts.path).removeprefix("/") or "0"
    if parts.scheme != "unix" and not number.isdecimal():
        return "the part after the host is no number of a database", FORM
    allowed = OPTIONS[parts.scheme]
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        if name not in allowed:
            names = ", ".join(allowed) or "none"
            return f"it has an option that is not known; known for {parts.scheme}: {names}", FORM
        wrong = _wrong_option(name, text, allowed[name])
        if wrong:
            return f"{name}: {wrong}", "see docs/operators.md"
    return None


def _wrong_option(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if allowed and text not in allowed:
        return f"is one of {', '.join(allowed)}"
    if name in TLS_FILES and not Path(text).is_file():
        return "there is no such file"
    if name == "db" and not text.isdecimal():
        return "is no number"
    return ""


def _parts(url: str) -> SplitResult | None:
    """The parts of an address, None if a special character in a password cuts it wrongly."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    torn = parts.fragment or "@" in parts.path + parts.query or parts.netloc.count("@") > 1
    return None if torn else parts
