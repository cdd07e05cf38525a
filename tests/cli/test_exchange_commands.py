"""`polypress export`, `import` and `merge-driver`, and a real git that calls the last one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program

FRENCH = b'msgid ""\nmsgstr "Language: fr\\nContent-Type: text/plain; charset=UTF-8\\n"\n'
POLYPRESS = Path(sys.executable).parent / "polypress"


@pytest.fixture
def out(polypress: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translator's folder with an exported `es.po`."""
    folder = tmp_path_factory.mktemp("translator")
    polypress("translate")
    assert polypress("export", "--locale", "es", "--output", str(folder)).code == 0
    return folder


def approve(path: Path, draft: str, text: str) -> None:
    """What a translator does in a text editor: another text, and the mark off."""
    before, entry, after = _split(path.read_text("utf-8"), draft)
    entry = entry.replace("#, fuzzy\n", "").replace(f'"{draft}"', f'"{text}"')
    path.write_text(before + entry + after, "utf-8")


def _split(text: str, draft: str) -> tuple[str, str, str]:
    at = text.index(f'msgstr "{draft}"')
    start = text.rindex("\n\n", 0, at) + 2
    end = text.find("\n\n", at)
    end = len(text) if end < 0 else end
    return text[:start], text[start:end], text[end:]


def test_export_writes_what_needs_a_person_and_names_its_base(out: Path) -> None:
    text = (out / "es.po").read_text("utf-8")
    assert text.count('msgctxt "pool#') == 2
    assert "X-Polypress-Base: " in text
    assert '"Language: es\\n"' in text


def test_a_copy_that_comes_back_is_merged(polypress: Program, out: Path) -> None:
    approve(out / "es.po", "es: The pool opens", "La piscina abre")
    ran = polypress("import", str(out / "es.po"))
    assert (ran.code, ran.err) == (0, "")
    assert "1 texts taken for es, merged against its base" in ran.out
    assert 'msgstr "La piscina abre"' in polypress.catalog().read_text("utf-8")


def test_json_of_export_and_import(polypress: Program, out: Path) -> None:
    file = str(out / "es.po")
    told = polypress("export", "--output", str(out), "--force", "--top", "1", "--json").json
    assert told["units"] == {"es": 1, "ar": 1}
    told = polypress("import", file, "--json").json
    assert set(told) == {"ingested", "files"}
    assert set(told["files"][file]) == {
        "locale", "based", "taken", "stale", "conflicts", "retired", "strange", "written",
        "failures",
    }  # fmt: skip


def test_a_file_that_is_there_is_not_replaced_unless_asked(polypress: Program, out: Path) -> None:
    ran = polypress("export", "--locale", "es", "--output", str(out))
    assert ran.code == 2
    assert "--force" in ran.err
    assert polypress("export", "--locale", "es", "--output", str(out), "--force").code == 0


def test_export_of_an_item_holds_reviewed_units_too(polypress: Program, out: Path) -> None:
    approve(polypress.catalog(), "es: The pool opens", "La piscina abre")
    polypress("export", "-l", "es", "-o", str(out), "--force")
    assert (out / "es.po").read_text("utf-8").count("msgctxt") == 1
    polypress("export", "-l", "es", "-o", str(out), "--force", "--item", "pool")
    assert (out / "es.po").read_text("utf-8").count("msgctxt") == 2


def test_conflicts_are_told_and_counted(polypress: Program, out: Path) -> None:
    approve(out / "es.po", "es: The pool opens", "Abre la piscina")
    approve(polypress.catalog(), "es: The pool opens", "La piscina abre")
    ran = polypress("import", str(out / "es.po"))
    assert "pool#title: both texts are kept" in ran.out
    assert polypress("status", "--json").json["locales"][0]["conflicts"] == 1


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (
            b'msgid ""\nmsgstr "Language: fr\\nContent-Type: text/plain; charset=UTF-8\\n"\n',
            2,
            "fr",
        ),
        (b'msgid "a"\nmsgstr "b"\n', 2, "--locale"),
        (b"<<<<<<< ours\n", 1, "conflict that git left"),
        (b"", 1, "empty"),
    ],
)
def test_a_copy_that_cannot_be_is_told(
    polypress: Program, tmp_path: Path, body: bytes, code: int, said: str
) -> None:
    path = tmp_path / "copy.po"
    path.write_bytes(body)
    ran = polypress("import", str(path))
    assert ran.code == code
    assert said in ran.err


def test_a_copy_that_is_not_there_is_5(polypress: Program, tmp_path: Path) -> None:
    assert polypress("import", str(tmp_path / "none.po")).code == 5


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = [
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.org",
        "-c",
        "init.defaultBranch=main",
    ]
    return subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={**os.environ, **quiet},
        check=False,
        capture_output=True,
        text=True,
    )


def test_git_merges_two_branches_of_a_catalog_entry_by_entry(polypress: Program) -> None:
    polypress("translate")
    root, catalog = polypress.root, polypress.catalog()
    (root / ".gitattributes").write_text("*.po merge=polypress\n")
    git(root, "init", "-q")
    driver = f"{POLYPRESS} merge-driver %O %A %B %P"
    git(root, "config", "merge.polypress.driver", driver)
    git(root, "add", ".gitattributes", "locales")
    git(root, "commit", "-qm", "drafts")
    git(root, "checkout", "-qb", "bea")
    approve(catalog, "es: The pool opens", "La piscina abre")
    git(root, "commit", "-qam", "bea")
    git(root, "checkout", "-q", "main")
    approve(catalog, "es: Bring a towel.", "Traiga una toalla.")
    git(root, "commit", "-qam", "ana")
    merged = git(root, "merge", "-q", "-m", "both", "bea")
    assert merged.returncode == 0, merged.stderr
    text = catalog.read_text("utf-8")
    assert 'msgstr "La piscina abre"' in text
    assert 'msgstr "Traiga una toalla."' in text
    assert "#, fuzzy" not in text


def test_the_driver_leaves_a_broken_side_to_git(polypress: Program, tmp_path: Path) -> None:
    polypress("translate")
    good = polypress.catalog().read_bytes()
    sides = [tmp_path / name for name in ("base.po", "ours.po", "theirs.po")]
    for path in sides:
        path.write_bytes(good)
    sides[2].write_bytes(good + b'msgid "x\n')
    ran = polypress("merge-driver", *map(str, sides), "locales/es.po")
    assert ran.code == 1
    assert "locales/es.po:" in ran.err
    assert sides[1].read_bytes() == good
