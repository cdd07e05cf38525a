"""The rules of the house that no linter knows, as findings over a syntax tree or a file's bytes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

LONGEST_FUNCTION = 40
LONGEST_MODULE = 260
VAGUE_NAMES = {"utils", "helpers", "manager", "common", "data", "process"}

FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill"}
FORBIDDEN_NAMES = {"eval", "exec", "compile"}
FORBIDDEN_ATTRIBUTES = {
    "extractall": "unpack member by member, each path checked",
    "save": "write with workflow.adapters.files, which a crash cannot halve",
    "save_as_pofile": "write with workflow.adapters.files, which a crash cannot halve",
    "mktemp": "use tempfile.mkstemp",
    "system": "use subprocess with a list",
}
PATH_NAMES = re.compile(r"path|folder|file|root", re.IGNORECASE)


def dangers(tree: ast.AST) -> Iterator[str]:
    """What a program must not do with input that it does not trust (fault row S9)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node)
        elif isinstance(node, ast.Call):
            yield from (f"line {node.lineno}: {what}" for what in _call(node))


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    for name in names:
        if name.partition(".")[0] in FORBIDDEN_MODULES:
            yield f"line {node.lineno}: imports {name}, which runs what it reads"


def _call(node: ast.Call) -> Iterator[str]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in FORBIDDEN_NAMES:
        yield f"calls {function.id}"
    for keyword in node.keywords:
        if keyword.arg == "shell" and getattr(keyword.value, "value", True) is not False:
            yield "runs a shell"
    if isinstance(function, ast.Attribute):
        yield from _method(function.attr, ast.unparse(function.value))


def _method(name: str, of: str) -> Iterator[str]:
    if name in FORBIDDEN_ATTRIBUTES and of != "platform":
        yield f"calls {of}.{name}: {FORBIDDEN_ATTRIBUTES[name]}"
    if of == "yaml" and (name.startswith(("load", "full_load", "unsafe_load"))):
        yield f"calls yaml.{name}: use yaml.compose, or a safe loader behind a check"
    if name == "startswith" and PATH_NAMES.search(of):
        yield f"compares a path by {of}.startswith: use Path.is_relative_to"


def sizes(tree: ast.Module, lines: int) -> Iterator[str]:
    """Functions and a module that are longer than one can hold in mind."""
    if lines > LONGEST_MODULE:
        yield f"{lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} has {length} lines"


def vague(path: PurePath) -> bool:
    """Whether a module or folder is named for nothing in particular."""
    return bool(VAGUE_NAMES & {part.removesuffix(".py") for part in path.parts})


def _joined(*halves: str) -> str:
    """A word in two halves, so that the file that looks for it does not hold it."""
    return re.escape("".join(halves))


REGISTRIES = [
    _joined(*halves)
    for halves in (
        ("py", "pi.org"),
        ("pythonho", "sted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("crates", ".io"),
        ("conda", ".anaconda"),
        ("--index", "-url "),
        ("--index", "-url="),
        ("extra-index", "-url"),
    )
]
FOLDERS = "|".join(_joined(*halves) for halves in (("ho", "me"), ("ro", "ot"), ("Us", "ers")))
WORK = _joined("/wo", "rk/")
PLACES = re.compile(
    rf"(?P<registry>{'|'.join(REGISTRIES)})"
    rf"|(?<![\w.~*/}}-])(?P<folder>/(?:{FOLDERS})/[\w.]|{WORK}\w)".encode()
)


def places(body: bytes) -> Iterator[str]:
    """Addresses of package registries, and absolute paths of one machine, with their lines."""
    for found in PLACES.finditer(body):
        line = body.count(b"\n", 0, found.start()) + 1
        yield f"line {line}: {found[0].decode(errors='replace')}"
