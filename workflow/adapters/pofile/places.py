"""Where catalogs lie: locale tags and domain names to paths, refusing what could lead elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from workflow.errors import LocaleError, SettingsError

_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-(?P<script>[A-Za-z]{4}))?"
    r"(?:-(?P<region>[A-Za-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*)"
)
_DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,32}){0,3}")


def folder_name(locale: str) -> str:
    """The name of a BCP 47 tag on disk: `pt-BR` is `pt_BR`, `zh-Hant-TW` is `zh_Hant_TW`.

    Raises LocaleError for anything but a plain tag of language, script, region and variants.
    """
    found = _TAG.fullmatch(locale)
    if not found:
        fix = "use a plain BCP 47 tag such as pt-BR or zh-Hant"
        raise LocaleError(f"{locale[:40]!r} is not a locale", fix=fix)
    language, script, region = found["language"], found["script"] or "", found["region"] or ""
    variants = found["variants"].lower().split("-")
    parts = [language.lower(), script.title(), region.upper(), *variants]
    return "_".join(filter(None, parts))


def checked_domain(domain: str) -> str:
    """The gettext domain as it is. Raises SettingsError unless it is a plain file name."""
    if not _DOMAIN.fullmatch(domain):
        fix = "use letters, digits, `-` and `_`"
        raise SettingsError(f"{domain[:40]!r} is not a gettext domain", fix=fix)
    return domain


def catalog_path(project: Path, locale: str, domain: str) -> Path:
    """`<project>/locales/<locale>/LC_MESSAGES/<domain>.po`."""
    folder = project / "locales" / folder_name(locale) / "LC_MESSAGES"
    return folder / f"{checked_domain(domain)}.po"


def template_path(project: Path, domain: str) -> Path:
    """`<project>/locales/<domain>.pot`."""
    return project / "locales" / f"{checked_domain(domain)}.pot"


def lock_path(project: Path, locale: str, domain: str) -> Path:
    """`<project>/var/locks/<locale>.<domain>.po.lock`; `locale` is empty for a template."""
    name = folder_name(locale) if locale else "template"
    return project / "var" / "locks" / f"{name}.{checked_domain(domain)}.lock"
