"""The documentation as the tests see it: sections, tables, blocks of code, links and paths."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = tuple(sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]))
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_CELLS = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: the page it stands on, its language and its text."""

    page: str
    language: str
    text: str


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", text_of(page))


def blocks(page: Path, language: str) -> list[Block]:
    return [
        Block(name_of(page), found["language"], textwrap.dedent(found["body"]))
        for found in _FENCE.finditer(text_of(page))
        if found["language"] == language
    ]


def all_blocks(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page, language)]


def section(page: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    marks = heading.partition(" ")[0]
    shape = rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{len(marks)}}} |\Z)"
    found = re.search(shape, prose(page), re.MULTILINE | re.DOTALL)
    assert found, f"{name_of(page)} has no heading {heading!r}"
    return found[1]


def headings(page: Path, marks: str) -> list[str]:
    return re.findall(rf"^{marks} (.+)$", prose(page), re.MULTILINE)


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row but the headers and the lines under them."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        rule_below = number + 1 < len(lines) and lines[number + 1].startswith("|---")
        if line.startswith("|") and not line.startswith("|---") and not rule_below:
            yield [cell.strip() for cell in _CELLS.split(line)[1:-1]]


def codes(text: str) -> list[str]:
    """What stands between backticks."""
    return _CODE.findall(text)


def first_codes(text: str) -> list[str]:
    """What stands between backticks in the first cells of a text's tables."""
    return [code for row in rows(text) for code in codes(row[0])]


def links(page: Path) -> list[str]:
    return _LINK.findall(_CODE.sub("", prose(page)))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub and others give to headings."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def paths(page: Path) -> list[str]:
    """What looks like a path in this repository, in prose."""
    tops = "workflow|workers|docs|tools|tests|benchmarks|content|locales"
    shape = re.compile(rf"(?:{tops})/[\w./-]*")
    return [code for code in codes(prose(page)) if shape.fullmatch(code)]
