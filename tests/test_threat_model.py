"""Every claim of the threat model names tests, and these tests are there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.documentation import DOCS, ROOT, codes, prose, rows, section

PAGE = DOCS / "threat-model.md"
_TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
NAMED = sorted({code for code in codes(prose(PAGE)) if "::" in code})


@pytest.mark.parametrize("code", NAMED)
def test_a_test_that_is_named_is_there(code: str) -> None:
    named = _TEST.fullmatch(code)
    assert named, code
    module = ast.parse((ROOT / named[1]).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert named[2] in {one.name for one in module.body if isinstance(one, functions)}


def test_every_claim_names_a_test() -> None:
    claims = list(rows(section(PAGE, "## What we claim")))
    assert len(claims) > 20
    for claim, tests in claims:
        assert any(code in NAMED for code in codes(tests)), claim
