from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import LOCALES, PATHS
from workflow.errors import SettingsError
from workflow.policy import Fallback, Policy, Rule, Stale, Text
from workflow.settings import Settings, load

GOOD = """\
[project]
name = "City"
source = "en"
locales = ["es", "pt_br"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]

[collections.briefs]
path = "content/briefs"
format = "digest"
domain = "short"
"""


def written(folder: Path, text: str | bytes) -> Path:
    body = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    (folder / "polypress.toml").write_bytes(body)
    return folder


def refused(folder: Path, text: str | bytes) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(written(folder, text), {})
    assert caught.value.place.path == str(folder / "polypress.toml")
    assert caught.value.fix
    assert caught.value.exit_code == 3
    return caught.value


def loaded(folder: Path, text: str, **environment: str) -> Settings:
    return load(written(folder, text), environment)


def accepted(folder: Path, text: str) -> bool:
    try:
        loaded(folder, text)
    except SettingsError:
        return False
    return True


def quoted(value: str) -> str:
    """A TOML basic string that holds just this."""
    return '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'


def test_good_settings_are_read_with_their_defaults(tmp_path: Path) -> None:
    settings = loaded(tmp_path, GOOD)
    assert settings.project.locales == ("es", "pt-BR")
    assert settings.collections["notices"].fields == ("title", "body")
    assert settings.collections["briefs"].domain == "short"
    assert settings.publish.path == "var/public"
    publish = settings.publish
    assert (publish.text, publish.max_risk, publish.fallback) == ("machine", 1.0, "source")
    assert (publish.stale, publish.atomic) == ("keep-last-approved", True)
    assert (publish.labels, publish.derived, publish.keep) == ("beside", "named", 10)
    assert publish.policy == Policy()
    assert (settings.engine.preset, settings.engine.device) == ("standard", "auto")
    assert (settings.engine.beam_size, settings.engine.length_penalty) == (None, None)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n")).project.name == "City"


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(tmp_path, GOOD).project.name = "Other"  # type: ignore[misc]


BAD = [
    ('name = "City"', 'name = ""', "project.name", "must hold something"),
    ('name = "City"', 'name = "a\\nb"', "project.name", "no line breaks"),
    ('name = "City"', "", "project.name", "is missing"),
    ('source = "en"', 'source = "xx"', "project.source", "BCP 47"),
    ('source = "en"', 'source = "es"', "project", "es is named twice"),
    ('"es", "pt_br"', '"es", "spa"', "project", "es is named twice"),
    ('"es", "pt_br"', "", "project.locales", "must hold something"),
    ('["es", "pt_br"]', '"es"', "project.locales", "a list in brackets"),
    ('"pt_br"', '"tlh"', "project.locales.1", "BCP 47"),
    ('"pt_br"', "7", "project.locales.1", "a text in quotes"),
    ('"markdown"', '"html"', "collections.notices.format", "'markdown' or 'digest'"),
    ('["title", "body"]', '["Title"]', "collections.notices.fields.0", "[a-z0-9_-]"),
    ('["title", "body"]', "[]", "collections.notices.fields", "must hold something"),
    ('"short"', '"../x"', "collections.briefs.domain", "[a-z0-9][a-z0-9_-]"),
    ('"short"', '"x\\n"', "collections.briefs.domain", "[a-z0-9][a-z0-9_-]"),
    ('"short"', '"notices"', "collections", "domain notices is used by two collections"),
    ("collections.briefs", 'collections."a/b"', "collections.a/b.[key]", "[a-z0-9]"),
    (
        "domain =",
        "domains =",
        "collections.briefs.domains",
        "domain, fields, format, formats, notes",
    ),
    ("[project]", "[project]\nnom = 1", "project.nom", "locales, name, source"),
    ("[project]", "a = 1\n[project]", "a", "collections, engine, models, project, publish"),
    ('["title", "body"]', '["expires_at"]', "collections.notices.fields", "when an item comes"),
    (
        'format = "digest"',
        'format = "digest"\nnotes = "publish_at"',
        "collections.briefs.notes",
        "when an item comes",
    ),
    ("[project]", "models = 1\n[project]", "models", "must be a table"),
]


@pytest.mark.parametrize(("good", "bad", "key", "allowed"), BAD, ids=[bad[1] for bad in BAD])
def test_a_bad_value_is_told_by_file_key_and_what_is_allowed(
    tmp_path: Path, good: str, bad: str, key: str, allowed: str
) -> None:
    assert good in GOOD
    error = refused(tmp_path, GOOD.replace(good, bad, 1))
    assert error.place.key == key
    assert allowed in f"{error.what} {error.fix}"


MORE = [
    ("engine", "beam_size = 0", "engine.beam_size", "greater than or equal to 1"),
    ("engine", "beam_size = 33", "engine.beam_size", "less than or equal to 32"),
    ("engine", "beam_size = 4.5", "engine.beam_size", "integer"),
    ("engine", "beam_size = true", "engine.beam_size", "integer"),
    ("engine", "length_penalty = nan", "engine.length_penalty", "less than or equal to 5"),
    ("engine", "length_penalty = -1", "engine.length_penalty", "greater than or equal to 0"),
    ("engine", "threads = -1", "engine.threads", "greater than or equal to 0"),
    ("engine", 'preset = "fast"', "engine.preset", "'draft', 'standard' or 'best'"),
    ("engine", 'device = "gpu"', "engine.device", "'auto', 'cpu' or 'cuda'"),
    (
        "engine",
        "beams = 1",
        "engine.beams",
        "beam_size, device, length_penalty, memory, preset, threads",
    ),
    ("publish", 'text = "never"', "publish.text", "'reviewed', 'machine', 'source' or 'withhold'"),
    ("publish", 'fallback = "none"', "publish.fallback", "'source' or 'withhold'"),
    ("publish", 'stale = "keep"', "publish.stale", "'keep-last-approved', 'machine' or 'source'"),
    ("publish", "max_risk = 1.1", "publish.max_risk", "less than or equal to 1"),
    ("publish", "max_risk = nan", "publish.max_risk", "less than or equal to 1"),
    ("publish", "max_risk = true", "publish.max_risk", "number"),
    ("publish", "atomic = 1", "publish.atomic", "boolean"),
    ("publish", 'machine = "never"', "publish.machine", "atomic, derived, fallback, keep, keys,"),
    ("publish", 'labels = "none"', "publish.labels", "'beside' or 'required'"),
    ("publish", "keep = 0", "publish.keep", "greater than or equal to 1"),
    ("publish", 'timezone = "Spain"', "publish.timezone", "such as Europe/Madrid"),
    ("publish", 'timezone = "../etc/passwd"', "publish.timezone", "such as Europe/Madrid"),
    ("publish", 'timezone = ""', "publish.timezone", "such as Europe/Madrid"),
    ("publish", 'site = "city.example/{item}"', "publish.site", "http:// or https://"),
    ("publish", 'site = "https://city.example/{id}"', "publish.site", "{locale}, {collection}"),
    ("publish", 'site = "https://city.example/{item"', "publish.site", "{locale}, {collection}"),
    ("publish", 'keys = "var/public/keys"', "publish", "keys must not lie in var/public"),
    ("publish", 'path = "var/x/../y"', "publish.path", "without .."),
    ("publish", 'keys = "var/x/../public"', "publish", "keys must not lie in var/public"),
    ("publish.notes.es", 'stale = "{number}"', "publish.notes.es.stale", "{count}, {total}"),
    ("publish.notes.es", 'human = "x"', "publish.notes.es.human", "machine, source, stale"),
    ("publish.notes.pt", 'stale = "x"', "publish", "no locale of this project (en, es, pt-BR)"),
    ("[publish.rules]", 'text = "labelled"', "[[publish.rules]] 1 text", "'reviewed', 'machine'"),
    ("[publish.rules]", "risk = 1", "[[publish.rules]] 1 risk", "atomic, collection, fallback"),
    ("[publish.rules]", 'locale = "es"', "[[publish.rules]] 1", "sets nothing"),
    ("[publish.rules]", 'locale = "xx"', "[[publish.rules]] 1 locale", "BCP 47"),
    ("models", "path = 3", "models.path", "a text in quotes"),
    ("models", 'path = ""', "models.path", "must hold something"),
    ("models", 'path = "a\\u0000b"', "models.path", "no control characters"),
    ("models", 'folder = "x"', "models.folder", "index, path"),
    ("routes", "via = 1", "routes.via", "must be a table"),
    ("routes", 'to = "es"', "routes.to", "codes, via"),
    ("routes.codes", 'es = "ESP"', "routes.codes.es", "[a-z]{2,3}"),
    ("routes.via", 'zz = "en"', "routes.via.zz.[key]", "BCP 47"),
]


@pytest.mark.parametrize(("table", "line", "key", "allowed"), MORE, ids=[more[1] for more in MORE])
def test_the_other_tables_are_as_strict(
    tmp_path: Path, table: str, line: str, key: str, allowed: str
) -> None:
    error = refused(tmp_path, f"{GOOD}\n[{table}]\n{line}\n")
    assert error.place.key == key
    assert allowed in f"{error.what} {error.fix}"


RULES = """
[[publish.rules]]
text = "reviewed"

[[publish.rules]]
{}
atomic = false
"""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('collection = "news"', "there is no collection 'news' (notices, briefs)"),
        ('field = "summary"', "'summary' is no field of any collection (title, body)"),
        (
            'collection = "briefs"\nfield = "title"',
            "'title' is no field of the collection briefs (body)",
        ),
        ('locale = "pt"', "there is no locale 'pt' (en, es, pt-BR)"),
    ],
)
def test_a_rule_that_matches_nothing_is_told_with_what_there_is(
    tmp_path: Path, line: str, why: str
) -> None:
    error = refused(tmp_path, GOOD + RULES.format(line))
    assert error.what == f"[[publish.rules]] 2 matches nothing: {why}"
    assert error.place.key == "publish"


def test_rules_become_those_of_the_policy_in_their_order(tmp_path: Path) -> None:
    text = (
        GOOD
        + """
[publish]
max_risk = 1
stale = "machine"

[[publish.rules]]
collection = "briefs"
field = "body"
text = "withhold"

[[publish.rules]]
locale = "PT_br"
max_risk = 0.3
fallback = "withhold"
stale = "source"
atomic = false
"""
    )
    policy = loaded(tmp_path, text).publish.policy
    assert (policy.max_risk, policy.stale) == (1.0, Stale.MACHINE)
    assert policy.rules == (
        Rule("[[publish.rules]] 1", "briefs", "body", text=Text.WITHHOLD),
        Rule(
            "[[publish.rules]] 2",
            locale="pt-BR",
            max_risk=0.3,
            fallback=Fallback.WITHHOLD,
            stale=Stale.SOURCE,
            atomic=False,
        ),
    )


def test_a_rule_may_name_the_source_and_hold_for_everything(tmp_path: Path) -> None:
    text = GOOD + '\n[[publish.rules]]\nlocale = "en"\ntext = "withhold"\n'
    assert loaded(tmp_path, text).publish.policy.rules[0].locale == "en"
    everything = loaded(tmp_path, GOOD + RULES.format('field = "body"')).publish.policy.rules[0]
    assert everything.matches("any", "field", "es")


def test_an_address_and_notes_may_have_their_placeholders(tmp_path: Path) -> None:
    text = (
        GOOD
        + """
[publish]
site = "https://city.example/{locale}/{collection}/{item}/"
timezone = "Europe/Madrid"

[publish.notes.es]
machine = "{count} de {total} párrafos"
"""
    )
    publish = loaded(tmp_path, text).publish
    assert publish.notes["es"].machine == "{count} de {total} párrafos"
    assert publish.notes["es"].stale is None


def test_the_first_of_several_errors_is_told_and_the_others_counted(tmp_path: Path) -> None:
    error = refused(tmp_path, "[project]\n")
    assert error.place.key == "project.name"
    assert "3 more in this file" in error.what


@pytest.mark.parametrize("key", ["content/notices", "var/public"])
def test_no_path_in_the_settings_leads_out_of_the_project(tmp_path: Path, key: str) -> None:
    """What is no hostile path on this system (`....//x`, `%2e`) stays inside."""
    text = GOOD + '\n[publish]\npath = "var/public"\n'
    inside = [path for path in PATHS if accepted(tmp_path, text.replace(f'"{key}"', quoted(path)))]
    assert len(inside) < len(PATHS) / 3
    for path in inside:
        assert (tmp_path / path).resolve().is_relative_to(tmp_path.resolve())
        assert (tmp_path / path).resolve() != tmp_path.resolve()


@pytest.mark.parametrize("path", ["../x", "/etc", "a\0b", "a\\b", "a/../../b", "", "."])
def test_hostile_paths_are_refused(tmp_path: Path, path: str) -> None:
    error = refused(tmp_path, GOOD.replace('"content/notices"', quoted(path)))
    assert error.place.key == "collections.notices.path"


@pytest.mark.parametrize("locale", [tag for tag in LOCALES if tag != "\ud800"])
def test_hostile_locales_are_refused(tmp_path: Path, locale: str) -> None:
    error = refused(tmp_path, GOOD.replace('"pt_br"', quoted(locale)))
    assert error.place.key == "project.locales.1"


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    text = GOOD + '\n[models]\npath = "here"\nindex = "there"\n'
    plain = loaded(tmp_path, text, POLYPRESS_PACKAGES="", POLYPRESS_INDEX="")
    assert (plain.models.path, plain.models.index) == ("here", "there")
    over = loaded(tmp_path, text, POLYPRESS_PACKAGES="/p", POLYPRESS_INDEX="http://127.0.0.1/i")
    assert (over.models.path, over.models.index) == ("/p", "http://127.0.0.1/i")
    assert loaded(tmp_path, GOOD, POLYPRESS_PACKAGES="/p").models.path == "/p"


def test_the_environment_of_the_process_is_read_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYPRESS_PACKAGES", "/p")
    assert load(written(tmp_path, GOOD)).models.path == "/p"


def test_the_environment_cannot_hide_a_broken_table(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="must be a table"):
        loaded(tmp_path, "models = 3\n" + GOOD, POLYPRESS_PACKAGES="/p")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD + "x = \n", 15),
        (GOOD + 'x = "a\n', 15),
        (GOOD + 'x = """a\n', 15),
        ("a = 1\na = 2\n", 2),
        ("[project\n", 1),
        ('x = "\x00"', 1),
    ],
)
def test_a_syntax_error_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    error = refused(tmp_path, text)
    assert "not TOML" in error.what
    assert error.place.line == line


def test_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD.encode() + b'# caf\xe9 "\n')
    assert (error.what, error.place.line) == ("not UTF-8", 15)


def test_no_settings_file_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file") as caught:
        load(tmp_path, {})
    assert "polypress init" in caught.value.fix
    assert caught.value.place.path == str(tmp_path / "polypress.toml")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "polypress.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot read"):
        load(tmp_path, {})


def test_a_file_without_end_is_not_parsed(tmp_path: Path) -> None:
    assert "larger than" in refused(tmp_path, b"#" * 1_000_001).what
