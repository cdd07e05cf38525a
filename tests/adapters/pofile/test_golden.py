"""The bytes of a whole catalog and template, kept in git: a change of the form shows in a diff.

`POLYPRESS_GOLDEN=write` writes the files anew, for a person to look at.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workflow.adapters.pofile.store import FileCatalogStore
from workflow.catalog import approved, draft, merge, settle, template, withheld
from workflow.model import Item, Origin, Unit

GOLDEN = Path(__file__).parents[2] / "golden/catalog"
SOURCES = (
    "The pool on **Mill Road** will be closed for maintenance from Monday 5 May to Friday 9 May.",
    "Call [112](tel:112) in an emergency.",
    'Two lines:\nÄ "quoted" word and a back\\slash.',
    "Bring your library card",
    "Thank you!",
)
UNITS = tuple(
    Unit("notices", "pool-closed", "body", source, 7 + number, ("Pool closed · body",))
    for number, source in enumerate(SOURCES)
)
ITEM = Item("notices", "pool-closed", "content/notices/pool-closed.md", "", UNITS)
PIVOT = "en_es@1.0+es_pt@1.0#abcdef12"


def written(folder: Path) -> dict[str, bytes]:
    old = approved(
        Unit("notices", "pool-closed", "body", "Bring your old library card"),
        "Traga seu cartão antigo da biblioteca",
    )
    results = [
        draft(UNITS[0], "A piscina da Mill Road estará fechada …", packages=PIVOT, risk=0.314),
        approved(UNITS[1], "Ligue para o [112](tel:112) em caso de emergência."),
        withheld(UNITS[2], packages=PIVOT),
        approved(UNITS[4], "Obrigado!", kind=Origin.MEMORY),
    ]
    store = FileCatalogStore(folder, plural_forms=lambda _: "nplurals=2; plural=(n > 1);")
    by_key = {result.key: result for result in results}
    store.update("pt-BR", "notices", lambda _: settle(merge([old], [ITEM]), by_key))
    store.write_template("notices", template([ITEM]))
    catalog = folder / "locales/pt_BR/LC_MESSAGES/notices.po"
    return {path.name: path.read_bytes() for path in (catalog, folder / "locales/notices.pot")}


@pytest.mark.parametrize("name", ["notices.po", "notices.pot"])
def test_the_bytes_are_those_in_git(name: str, tmp_path: Path) -> None:
    body = written(tmp_path)[name]
    if os.environ.get("POLYPRESS_GOLDEN") == "write":
        (GOLDEN / name).write_bytes(body)
    assert body == (GOLDEN / name).read_bytes()
