from __future__ import annotations

import importlib
import json
import re
import tomllib
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from tests import surface
from tests.documentation import (
    DOCS,
    PAGES,
    ROOT,
    Block,
    all_blocks,
    anchors,
    codes,
    first_codes,
    headings,
    links,
    name_of,
    paths,
    prose,
    rows,
    section,
    text_of,
)
from workflow.policy import KEYS as POLICY_KEYS
from workflow.settings import FILE_NAME, Settings, parse
from workflow.settings.publishing import NotesTable, RuleTable
from workflow.steps.settle import Rung

COMMANDS, SETTINGS = DOCS / "commands.md", DOCS / "settings.md"
PROGRAMS = {"polypress", ".venv/bin/polypress"}
LINES = [
    line
    for block in all_blocks("sh")
    for line in block.text.splitlines()
    if line.partition(" ")[0] in PROGRAMS
]
KEYS = [
    (table, key, field)
    for table, fields in surface.tables().items()
    for key, field in fields.items()
]


def test_every_command_has_a_section_and_every_section_is_a_command() -> None:
    documented = {title.strip("`") for title in headings(COMMANDS, "##")} - {"Exit codes"}
    assert documented == set(surface.commands())


@pytest.mark.parametrize("name", surface.commands())
def test_a_section_names_the_options_and_arguments_of_its_command(name: str) -> None:
    text, *_ = re.split(r"\| (?:column|state) \|", section(COMMANDS, f"## `{name}`"))
    assert set(first_codes(text)) == surface.spellings(surface.commands()[name])


def test_every_command_shows_an_example_and_says_its_exit_codes() -> None:
    shown = {surface.parsed(line) for line in LINES}
    for name, command in surface.commands().items():
        if not hasattr(command, "commands"):
            assert name in shown
            _, said, listed = section(COMMANDS, f"## `{name}`").partition("Exit codes: ")
            assert said, name
            assert {int(code) for code in re.findall(r"\b\d\b", listed)} <= surface.exit_codes()


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    table = rows(section(COMMANDS, "## Exit codes"))
    assert {int(row[0]) for row in table} == surface.exit_codes()


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_in_the_docs_can_be_called(line: str) -> None:
    assert surface.parsed(line) in surface.commands()


def rows_by_key(heading: str) -> dict[str, list[str]]:
    return {codes(row[0])[0]: row for row in rows(section(SETTINGS, heading))}


@pytest.mark.parametrize("table", surface.tables())
def test_every_table_of_the_settings_has_its_keys(table: str) -> None:
    assert set(rows_by_key(f"## `[{table}]`")) == set(surface.tables()[table])


@pytest.mark.parametrize(("table", "key", "field"), KEYS)
def test_a_key_is_described_as_it_is(table: str, key: str, field: FieldInfo) -> None:
    _, _, default, allowed, example = rows_by_key(f"## `[{table}]`")[key]
    if field.is_required():
        assert default == "required"
    elif field.default is not None:
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        assert default == f"`{json.dumps(value)}`"
    assert set(surface.choices(field)) <= set(codes(allowed))
    assert loaded(f"[{table.replace('<name>', 'a')}]\n{key} = {codes(example)[0]}\n")


def test_rules_and_notes_of_publishing_have_their_keys() -> None:
    rules = rows_by_key("## `[[publish.rules]]`")
    assert set(rules) == set(RuleTable.model_fields)
    assert set(rows_by_key("## `[publish.notes.<locale>]`")) == set(NotesTable.model_fields)
    for key, (_, _, _, allowed, example) in rules.items():
        [kind, _] = get_args(RuleTable.model_fields[key].annotation)
        assert set(get_args(kind) if get_origin(kind) is Literal else ()) <= set(codes(allowed))
        more = "" if key in POLICY_KEYS else "\natomic = true"
        assert loaded(f"[[publish.rules]]\n{key} = {codes(example)[0]}{more}\n")


def loaded(text: str) -> Settings:
    """The settings that a piece of TOML gives; what it lacks for a whole file is put under it."""
    given = tomllib.loads(text)
    collection = {"path": "content", "format": "markdown"}
    collections = given.get("collections", {"a": {}})
    project = {"name": "A", "source": "en", "locales": ["pt"]}
    whole = given | {
        "project": project | given.get("project", {}),
        "collections": {name: collection | table for name, table in collections.items()},
    }
    return Settings.model_validate(whole)


@pytest.mark.parametrize("block", all_blocks("toml"), ids=lambda block: block.page)
def test_every_toml_example_is_accepted(block: Block) -> None:
    if "[project]" in block.text:
        assert parse(block.text.encode(), Path(FILE_NAME), {})
    assert loaded(block.text)


def test_every_environment_variable_is_described_and_none_else() -> None:
    table = section(SETTINGS, "## Environment")
    assert {codes(row[0])[0] for row in rows(table)} == surface.variables()


def test_every_check_is_described_with_its_severity() -> None:
    table = rows(prose(DOCS / "checks.md"))
    assert {codes(row[0])[0]: row[1] for row in table} == surface.checks()


def test_every_rung_of_the_ladder_is_described_in_its_order() -> None:
    table = rows(section(DOCS / "translation.md", "## The ladder"))
    assert [row[0] for row in table] == list(Rung)


def named_in_code() -> set[str]:
    shape = re.compile(r"(?:workflow|workers)(?:\.\w+)+")
    return {code for page in PAGES for code in codes(prose(page)) if shape.fullmatch(code)}


@pytest.mark.parametrize("name", sorted(named_in_code()))
def test_what_the_docs_name_in_the_code_is_there(name: str) -> None:
    try:
        assert importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, part = name.rpartition(".")
        assert hasattr(importlib.import_module(module), part)


def test_every_word_has_a_sentence_and_a_place_in_the_code() -> None:
    for word, meaning, place in rows(text_of(DOCS / "words.md")):
        assert word
        assert meaning.endswith(".")
        assert set(codes(place)) <= named_in_code()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        if "://" not in link:
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link
    for path in paths(page):
        assert (ROOT / path).exists(), path


def test_every_page_is_reached_from_the_map() -> None:
    reached = {(DOCS / link.partition("#")[0]).resolve() for link in links(DOCS / "index.md")}
    missing = {name_of(page) for page in PAGES if page not in reached}
    assert missing == {"README.md", "docs/index.md"}


def test_make_targets_in_the_docs_are_there() -> None:
    text = "\n".join(text_of(page) for page in PAGES)
    named = set(re.findall(r"(?:`|^ *)make ([a-z-]+)", text, re.MULTILINE))
    assert {"demo", "test"} <= named <= surface.make_targets()


@pytest.mark.parametrize("page", sorted((DOCS / "adr").iterdir()), ids=name_of)
def test_a_decision_has_a_number_context_decision_and_consequences(page: Path) -> None:
    assert text_of(page).startswith(f"# {int(page.name[:4])}. ")
    assert headings(page, "##") == ["Context", "Decision", "Consequences"]
