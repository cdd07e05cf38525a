"""A city's services as a project: generated notices, pages and a digest, each sentence its own."""

from __future__ import annotations

import random
from pathlib import Path

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from workflow.adapters.markdown import MarkdownFormat
from workflow.ports import CollectionSpec
from workflow.steps.project import Collection

PAIRS = ("en_es", "en_ar", "es_pt")
MORE = ("en_fr", "en_de", "en_it", "en_nl", "en_pl")
LOCALES = ("es", "ar", "pt")
FORM = "{0}: {1}"
PAGES = Collection(
    CollectionSpec("pages", "content/pages", "markdown", ("title", "body")),
    "pages",
    MarkdownFormat(),
)
COLLECTIONS = (NOTICES, PAGES, BRIEFS)

_WHO = ("The library", "The pool", "Bus line 7", "The recycling centre", "The town hall",
        "The clinic", "The market", "The tram", "The fire brigade", "The night school")  # fmt: skip
_WHAT = ("opens", "is closed", "moves", "offers advice", "takes bookings", "repairs its doors",
         "changes its hours", "needs volunteers", "waives its fees", "starts late")  # fmt: skip
_WHERE = ("at Mill Street", "near the old bridge", "in the north ward", "by the river",
          "opposite the station", "behind the museum", "at Elm Square")  # fmt: skip
_WHEN = ("on Monday", "until further notice", "every evening", "after the holidays", "from today",
         "in the morning", "at noon", "during the works")  # fmt: skip


def engine() -> FakeEngine:
    """The engine that a local run has, and that routes for the hub."""
    made = FakeEngine([package_ref(*pair.split("_")) for pair in (*PAIRS, *MORE)])
    made.form = FORM
    return made


def open_town(root: Path, *, locales: tuple[str, ...] = LOCALES) -> Place:
    """The project in a folder, pt by way of es."""
    return place(root, *locales, engine=engine(), collections=COLLECTIONS)


def build(root: Path, segments: int, *, seed: int = 1, locales: tuple[str, ...] = LOCALES) -> Place:
    """A new town with about so many segments in each locale."""
    town = open_town(root, locales=locales)
    dice = random.Random(seed)
    sentences = (_sentence(dice, number) for number in range(segments))
    left = segments
    number = 0
    while left > 0:
        number += 1
        folder = "notices" if number % 3 else "pages"
        blocks = [[next(sentences, "") for _ in range(dice.randint(1, 3))] for _ in range(3)]
        title = next(sentences, "").rstrip(".")
        left -= 1 + sum(map(len, blocks))
        body = "\n\n".join(" ".join(filter(None, block)) for block in blocks if block[0])
        head = f"---\nid: item-{number}\ntitle: {title or 'Welcome'}\n---\n\n"
        town.write(f"{folder}/item-{number:05}.md", f"{head}{body}\n")
    town.write(
        "briefs/week.txt", "\n\n".join(f"Brief {n} of the week." for n in range(1, 6)) + "\n"
    )
    return town


def _sentence(dice: random.Random, number: int) -> str:
    """One sentence that no other of the town equals; some have a link or stress."""
    who, what, where, when = map(dice.choice, (_WHO, _WHAT, _WHERE, _WHEN))
    case = f"case {number + 1}"
    if number % 11 == 0:
        case = f"**{case}**"
    elif number % 13 == 0:
        case = f"[{case}](https://town.example/{number})"
    return f"{who} {what} {where} {when}, see {case}."
