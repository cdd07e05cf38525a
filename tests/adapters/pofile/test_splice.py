"""Only what changed is written anew; everything else keeps its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import CatalogError
from workflow.model import Message

POEDIT = """\
# Ana Ruiz <ana@example.org>, 2026.
msgid ""
msgstr ""
"Project-Id-Version: town\\n"
"PO-Revision-Date: 2026-01-02 10:00+0100\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Generator: Poedit 3.4\\n"
"X-Poedit-Basepath: ../../..\\n"

# -- titles --

#. A note
#: content/a.md content/b.md
#, no-wrap
msgctxt "a#title"
msgid "A long line that Poedit has not folded because somebody told it not to fold any line"
msgstr "Una línea larga que Poedit no ha doblado porque alguien le ha dicho que no doble nada"
#:content/a.md
msgctxt   "a#body"
msgid "Two"
msgstr ""


msgctxt "b#body"
msgid "Three"
msgstr "Tres\\u2028\u2028"

#~ msgctxt "c#body"
#~ msgid "Gone"
#~ msgstr "Ido"
# the end""".replace("\\u2028", "")

FUZZY = frozenset({"fuzzy"})
Edit = Callable[[tuple[Message, ...]], list[Message]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "locales/es/LC_MESSAGES/notices.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(POEDIT.encode())
    return path


@pytest.fixture
def store(tmp_path: Path) -> FileCatalogStore:
    return FileCatalogStore(tmp_path, plural_forms=lambda _: "nplurals=2; plural=(n != 1)")


def filled(source: str, text: str) -> Edit:
    def change(messages: tuple[Message, ...]) -> list[Message]:
        return [
            replace(m, translations=(text,), flags=FUZZY) if m.source == source else m
            for m in messages
        ]

    return change


def test_one_changed_entry_changes_no_other_byte(path: Path, store: FileCatalogStore) -> None:
    assert store.update("es", "notices", filled("Two", "Dos"))
    changed = '#: content/a.md\n#, fuzzy\nmsgctxt "a#body"\nmsgid "Two"\nmsgstr "Dos"\n'
    old = '#:content/a.md\nmsgctxt   "a#body"\nmsgid "Two"\nmsgstr ""\n'
    assert path.read_bytes().decode() == POEDIT.replace(old, changed)


def test_a_file_with_crlf_keeps_it(path: Path, store: FileCatalogStore) -> None:
    path.write_bytes(POEDIT.replace("\n", "\r\n").encode())
    store.update("es", "notices", filled("Two", "Dos\nmás"))
    body = path.read_bytes()
    assert body.count(b"\r\n") == body.count(b"\n")
    assert b'msgstr ""\r\n"Dos\\n"\r\n' in body
    assert store.read("es", "notices")[1].translation == "Dos\nmás"


def test_taking_out_and_moving_keeps_the_bytes_of_each_block(
    path: Path, store: FileCatalogStore
) -> None:
    store.update("es", "notices", lambda messages: [messages[2], messages[0]])
    text = path.read_text()
    assert text.index('msgid "Three"') < text.index("# -- titles --")
    assert "#. A note\n#: content/a.md content/b.md\n#, no-wrap\n" in text
    assert text.startswith(POEDIT.partition("\n# -- titles")[0])


def test_a_new_entry_stands_between_blank_lines(path: Path, store: FileCatalogStore) -> None:
    new = Message("b#body", "New")
    store.update("es", "notices", lambda messages: [*messages[:3], new, *messages[3:]])
    assert '\n\nmsgctxt "b#body"\nmsgid "New"\nmsgstr ""\n\n#~ msgctxt' in path.read_text()


def test_a_missing_header_and_a_byte_order_mark_are_mended_by_the_next_write(
    path: Path, store: FileCatalogStore
) -> None:
    path.write_bytes(b'\xef\xbb\xbfmsgid "Two"\nmsgstr ""\n')
    store.update("es", "notices", filled("Two", "D\u00f3s"))
    text = path.read_bytes().decode()
    assert text.startswith('msgid ""\nmsgstr ""\n"Project-Id-Version: Polypress\\n"\n')
    assert '8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n' in text
    assert text.endswith('\n\n#, fuzzy\nmsgid "Two"\nmsgstr "D\u00f3s"\n')


def test_a_new_file_has_the_same_bytes_every_time(path: Path, store: FileCatalogStore) -> None:
    bodies = []
    for _ in range(2):
        path.unlink()
        store.update("es", "notices", lambda _: [Message("a#b", "x")])
        bodies.append(path.read_bytes())
    assert bodies[0] == bodies[1]
    assert b"-Date: 2" not in bodies[0]
    assert b'"Language: es\\n"' in bodies[0]


def test_previous_msgid_of_an_obsolete_entry_survives(path: Path, store: FileCatalogStore) -> None:
    path.write_text(POEDIT.replace('#~ msgctxt "c', '#, fuzzy\n#~| msgid "Went"\n#~ msgctxt "c'))
    store.update("es", "notices", filled("Gone", "Idos"))
    assert '#, fuzzy\n#~| msgid "Went"\n#~ msgctxt "c#body"' in path.read_text()
    assert store.read("es", "notices")[3].previous_source == "Went"


UNSOUND = {
    "surrogate": Message("a#b", "x", ("\ud800",)),
    "surrogate in the source": Message("a#b", "\udfff"),
    "flag with a line break": Message("a#b", "x", flags=frozenset({'fuzzy\nmsgid "y"'})),
    "note with a line break": Message("a#b", "x", notes=('n\nmsgid "y"',)),
    "comment with a line break": Message("a#b", "x", comments=("c\nmsgstr",)),
    "reference with a line break": Message("a#b", "x", references=("a\nb",)),
    "reference with a tab": Message("a#b", "x", references=("a\tb",)),
    "empty source": Message("a#b", ""),
    "header injection": Message(None, "", ("Content-Type: text/plain; charset=rot13\n",)),
    "nul": Message("a#b", "x\0y"),
    "plural without second text": Message("a#b", "x", ("a", "b")),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_entry_that_would_not_read_back_is_refused(
    name: str, path: Path, store: FileCatalogStore
) -> None:
    with pytest.raises(CatalogError) as refused:
        store.update("es", "notices", lambda messages: [*messages, UNSOUND[name]])
    assert refused.value.fix
    assert path.read_bytes() == POEDIT.encode()
    assert list(path.parent.iterdir()) == [path]


def test_blanks_behind_comments_of_a_person_are_in_nobodys_way(
    path: Path, store: FileCatalogStore
) -> None:
    path.write_bytes(
        POEDIT.replace("#:content/a.md\n", "# ask Ana \n#. note\t\n# two  \r\n").encode()
    )
    store.update("es", "notices", filled("Two", "Dos"))
    assert '\n# ask Ana\n# two\n#. note\n#, fuzzy\nmsgctxt "a#body"\n' in path.read_text()


@pytest.mark.parametrize("flags", ["fuzzy no-wrap", "no-wrap fuzzy", "no-wrap,fuzzy", ",\tfuzzy\t"])
def test_what_is_fuzzy_for_gettext_is_fuzzy(
    flags: str, path: Path, store: FileCatalogStore
) -> None:
    path.write_text(POEDIT.replace("#, no-wrap", f"#, {flags}, range: 0..9"))
    [first, *_] = store.read("es", "notices")
    assert first.fuzzy
    assert first.flags - {"fuzzy", "no-wrap"} == {"range: 0..9"}
    path.write_text(POEDIT.replace("#, no-wrap", "#! fuzzy"))
    assert store.read("es", "notices")[0].flags == {"fuzzy"}


def test_a_file_name_with_spaces_is_one_reference(path: Path, store: FileCatalogStore) -> None:
    names = ("a b.md", "c.md", "my last  file.md:12", "d:e f.md")
    store.update("es", "notices", lambda _: [Message("a#b", "x", references=names)])
    assert store.read("es", "notices")[0].references == names
    assert "#: \u2068my last  file.md\u2069:12\n" in path.read_text()


def test_a_template_has_lines_and_the_same_bytes(tmp_path: Path, store: FileCatalogStore) -> None:
    entries = [Message("a#b", "x", references=("a.md:3", "my\u2009file.md:9"))]
    assert store.write_template("notices", entries)
    body = (tmp_path / "locales/notices.pot").read_bytes()
    assert b"#: a.md:3\n" in body
    assert not store.write_template("notices", entries)
    assert (tmp_path / "locales/notices.pot").read_bytes() == body
