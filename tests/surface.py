"""What the code offers to people, so that the documentation can be compared with it."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

import typer.main
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tests.documentation import ROOT
from workers.main import app
from workflow.errors import PolypressError
from workflow.segments.literals import _PATTERNS
from workflow.settings import Settings

SOURCES = sorted(path for name in ("workflow", "workers") for path in (ROOT / name).rglob("*.py"))
_MAKERS = {"Diagnostic", "_error", "_finding", "error", "warning"}
_ENVIRONMENT = re.compile(r"\"(POLYPRESS_[A-Z_]+)\"|environ\.setdefault\(\"([A-Z_]+)\"")


@cache
def commands() -> dict[str, Any]:
    """Every command and group of the program, by what a person types."""
    return dict(_walk("polypress", typer.main.get_command(app)))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (Typer's own type)
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from _walk(f"{name} {part}", inner)


def spellings(command: Any) -> set[str]:  # noqa: ANN401 (Typer's own type)
    """The options of a command in all spellings, and its arguments in capitals."""
    options = {
        opt for each in command.params if each.param_type_name == "option" for opt in each.opts
    }
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    return options | {each.metavar or each.name.upper() for each in arguments}


def parsed(line: str) -> str:
    """The command that a line calls; raises click's UsageError if its arguments cannot be."""
    name, command, arguments = "polypress", commands()["polypress"], shlex.split(line)[1:]
    while True:
        context = command.make_context(name, list(arguments), help_option_names=["-h", "--help"])
        if not hasattr(command, "commands"):
            return name
        rest = [*getattr(context, "_protected_args", []), *context.args]
        part, command, arguments = command.resolve_command(context, rest)
        name = f"{name} {part}"


def tables() -> dict[str, Mapping[str, FieldInfo]]:
    """The keys of each table of `polypress.toml`."""
    return {
        _title(key, field): _model(field).model_fields
        for key, field in Settings.model_fields.items()
    }


def _model(field: FieldInfo) -> type[BaseModel]:
    known = [field.annotation, *get_args(field.annotation)]
    return next(each for each in known if isinstance(each, type) and issubclass(each, BaseModel))


def _title(key: str, field: FieldInfo) -> str:
    return key if isinstance(field.annotation, type) else f"{key}.<name>"


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words that a key allows, none if it is no choice of words."""
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def variables() -> set[str]:
    """The environment variables that the code reads or sets."""
    found = (match for path in SOURCES for match in _ENVIRONMENT.findall(path.read_text("utf-8")))
    return {name for names in found for name in names if name}


def exit_codes() -> set[int]:
    """0, and that of every error."""
    return {0, *(error.exit_code for error in _errors(PolypressError))}


def _errors(root: type[PolypressError]) -> Iterator[type[PolypressError]]:
    yield root
    for each in root.__subclasses__():
        yield from _errors(each)


def checks() -> dict[str, str]:
    """Every check that a finding can name, with its severity."""
    found = dict.fromkeys(_PATTERNS, "error")
    for path in SOURCES:
        text = path.read_text("utf-8")
        rule = path.parent.name == "checks"
        for node in ast.walk(ast.parse(text)) if rule or "Diagnostic(" in text else ():
            found |= _named(node, judges=path.name == "hard.py")
    return found


def _named(node: ast.AST, *, judges: bool) -> dict[str, str]:
    """The check that a call makes a finding of, or a piece that `workflow.checks` compares."""
    match node:
        case ast.Call(func=ast.Name(id=maker), args=[ast.Constant(value=str(name)), *rest]):
            warns = maker == "warning" or any("WARNING" in ast.dump(each) for each in rest)
            return {name: "warning" if warns else "error"} if maker in _MAKERS else {}
        case ast.Yield(value=ast.Tuple(elts=[ast.Constant(value=str(name)), _])) if judges:
            return {name: "error"}
    return {}


def make_targets() -> set[str]:
    """The targets of the Makefile that a person calls."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
