"""The demo corpus on disk, and a command for those who write it.

`python -m tools.demo_packages.corpus --check` lists what is wrong in templates and lexicons;
`--show NAME` prints three expansions of a template. Plain Python is enough.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.demo_packages.chunks import LANGUAGES, joined
from tools.demo_packages.expansion import expand
from tools.demo_packages.inventory import Inventory, read_inventory
from tools.demo_packages.lint import lint
from tools.demo_packages.mistakes import CorpusError
from tools.demo_packages.template import Template, read_templates

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Corpus:
    """All templates and lexicons, and what is wrong with them."""

    templates: tuple[Template, ...]
    inventory: Inventory
    errors: tuple[CorpusError, ...]

    def entry_count(self) -> int:
        """Count the lexicon entries."""
        return sum(len(lexicon.entries) for lexicon in self.inventory.lexicons.values())


def read_corpus(folder: Path = HERE) -> Corpus:
    """Read and lint everything under `templates/` and `lexicons/`."""
    inventory, errors = read_inventory(folder / "lexicons")
    templates: list[Template] = []
    for path in sorted((folder / "templates").glob("*.txt")):
        found, wrong = read_templates(path)
        templates += found
        errors += wrong
    errors += lint(templates, inventory)
    bad = {error.place.path.name + str(error.place.line) for error in errors if error.place}
    good = [template for template in templates if not _hit(template, bad)]
    return Corpus(tuple(good), inventory, tuple(errors))


def _hit(template: Template, bad: set[str]) -> bool:
    places = (template.place, *template.places.values())
    return any(place.path.name + str(place.line) in bad for place in places)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; exit code 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="list what is wrong")
    parser.add_argument("--show", metavar="TEMPLATE", help="print three expansions of a template")
    parser.add_argument(
        "--folder", type=Path, default=HERE, help="where templates/ and lexicons/ are"
    )
    options = parser.parse_args(arguments)
    corpus = read_corpus(options.folder)
    if options.show:
        return _show(corpus, options.show)
    return _check(corpus)


def _check(corpus: Corpus) -> int:
    for error in corpus.errors:
        print(error)
    counts = f"{len(corpus.templates)} good templates, {corpus.entry_count()} lexicon entries"
    print(f"{counts}, {len(corpus.errors)} findings")
    return 1 if corpus.errors else 0


def _show(corpus: Corpus, name: str) -> int:
    wanted = [template for template in corpus.templates if template.name == name]
    if not wanted:
        print(f"no good template is named '{name}'; see --check")
        return 1
    for seed in range(3):
        fillings = corpus.inventory.fill(wanted[0].all_slots(), Random(seed))
        for lang, sentence in expand(wanted[0], fillings).items():
            print(f"{lang}: {joined(sentence)}")
        print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

__all__ = ["LANGUAGES", "Corpus", "main", "read_corpus"]
