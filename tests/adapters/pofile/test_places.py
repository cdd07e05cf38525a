"""Names of locales and domains on disk, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.adapters.pofile.places import catalog_path, folder_name, lock_path, template_path
from workflow.errors import LocaleError, SettingsError

NAMES = {
    "es": "es",
    "pt-BR": "pt_BR",
    "pt-br": "pt_BR",
    "zh-Hant-TW": "zh_Hant_TW",
    "zh-hant": "zh_Hant",
    "es-419": "es_419",
    "ca-valencia": "ca_valencia",
    "fil": "fil",
}
BAD_LOCALES = [
    "", ".", "..", "../es", "es/..", "/etc", "es\n", "es\0", "e", "pt_BR", "es-", "-es", "C:es",
    "es-ES.UTF-8", "espa\u00f1ol", "x-private", "en-\u0130", "es --", "a" * 300, "es\\..", "~root",
]  # fmt: skip
BAD_DOMAINS = [
    "", ".", "..", "../x", "a/b", "/x", "a\\b", "a\nb", "a\0", ".hidden", "a..b", "a" * 80,
    "caf\u00e9", "a b", "*", "-x", "x.",
]  # fmt: skip


@pytest.mark.parametrize(("tag", "name"), NAMES.items())
def test_a_tag_has_its_usual_name_on_disk(tag: str, name: str) -> None:
    assert folder_name(tag) == name


@pytest.mark.parametrize("tag", BAD_LOCALES)
def test_what_is_no_plain_tag_is_refused(tag: str) -> None:
    with pytest.raises(LocaleError):
        catalog_path(Path("p"), tag, "notices")


@pytest.mark.parametrize("domain", BAD_DOMAINS)
def test_what_is_no_plain_domain_is_refused(domain: str) -> None:
    for find in (
        lambda: catalog_path(Path("p"), "es", domain),
        lambda: template_path(Path("p"), domain),
    ):
        with pytest.raises(SettingsError):
            find()


def test_paths_lie_where_gettext_looks() -> None:
    assert catalog_path(Path("p"), "pt-BR", "ui") == Path("p/locales/pt_BR/LC_MESSAGES/ui.po")
    assert template_path(Path("p"), "ui") == Path("p/locales/ui.pot")
    assert lock_path(Path("p"), "pt-BR", "ui").parent == Path("p/var/locks")
