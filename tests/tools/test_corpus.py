"""The corpus that the demo packages learn from: notation, agreement, sizes, what `--check` says."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tools.demo_packages.chunks import LANGUAGES, joined
from tools.demo_packages.corpus import Corpus, main, read_corpus
from tools.demo_packages.expansion import expand
from tools.demo_packages.filling import EntryFilling
from tools.demo_packages.mistakes import CorpusError
from tools.demo_packages.notation import Agreement, Group, Slot, Text, fits, parse

LEXICON = """\
en | en_g | es | es_g | pt | pt_g | ar | ar_g
[a Central] [b Library] | s | [b Biblioteca] [a Central] | fs | [b Biblioteca] [a Central] | fs \
| [b المكتبة] [a المركزية] | f
[a City] [b Museum] | s | [b Museo] [a Municipal] | ms | [b Museu] [a Municipal] | ms \
| [b متحف] [a المدينة] | m
"""
TEMPLATE = """\
closed
en: {facility:the} [a is closed] {date:on}.
es: {facility:the} [a está {facility?ms:cerrado|fs:cerrada}] {date:on}.
pt: {facility:the} [a está {facility?ms:fechado|fs:fechada}] {date:on}.
ar: [a {facility?m:يُغلق|f:تُغلق}] {facility:the} {date:on}.
"""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


def folder(tmp_path: Path, *, template: str = TEMPLATE, lexicon: str = LEXICON) -> Path:
    for name, text in (("templates/t.txt", template), ("lexicons/facility.psv", lexicon)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def complaint(tmp_path: Path, **files: str) -> str:
    return "\n".join(map(str, read_corpus(folder(tmp_path, **files)).errors))


def test_the_corpus_is_sound_and_large_enough(corpus: Corpus) -> None:
    assert not corpus.errors
    assert len(corpus.templates) >= 200
    assert corpus.entry_count() >= 600


def test_every_template_expands_in_every_language(corpus: Corpus) -> None:
    for template in corpus.templates:
        for seed in range(3):
            fillings = corpus.inventory.fill(template.all_slots(), Random(seed))
            sentences = expand(template, fillings)
            assert sorted(sentences) == sorted(LANGUAGES)
            for sentence in sentences.values():
                text = joined(sentence)
                assert text.strip() == text != ""
                assert not set(text) & set("{}[]|")


def test_a_line_is_cut_into_its_parts() -> None:
    assert parse("In {street:in} [a {facility?s:it|p:they} rest].") == (
        Text("In "),
        Slot("street", "in"),
        Text(" "),
        Group("a", (Agreement("facility", (("s", "it"), ("p", "they"))), Text(" rest"))),
        Text("."),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[a open", "not closed"),
        ("{date", "not closed"),
        ("open]", "without its opening"),
        ("date}", "without its opening"),
        ("[a one [b two]]", "not closed"),
        ("[no label]", "one lower-case letter"),
        ("[a ]", "empty"),
        ("a | b", "outside a slot"),
        ("{Date}", "neither"),
        ("{facility?x:text}", "not key:text"),
    ],
)
def test_wrong_notation_is_named(line: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse(line)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (TEMPLATE.replace("pt:", "fr:"), "en:, es:, pt: or ar:"),
        (TEMPLATE.rsplit("ar:", 1)[0], "no line for ar"),
        (TEMPLATE.replace("{date:on}", "{day:on}"), "unknown slot 'day'"),
        (TEMPLATE.replace("{date:on}", "{date:near}"), "no form 'near'"),
        (TEMPLATE.replace("|fs:cerrada", ""), "fits 'fs' (Biblioteca Central)"),
        (
            TEMPLATE.replace("{facility:the} {date:on}.\n", "{facility:the}.\n"),
            "missing in ar: date",
        ),
        (TEMPLATE + "\n" + TEMPLATE, "already the name"),
        (TEMPLATE.replace("closed\n", "Closed for good\n", 1), "no template name"),
    ],
)
def test_a_wrong_template_is_named_with_its_place(
    tmp_path: Path, template: str, message: str
) -> None:
    found = complaint(tmp_path, template=template)
    assert message in found
    assert "templates/t.txt:" in found


@pytest.mark.parametrize(
    ("lexicon", "message"),
    [
        (LEXICON.replace("| fs |", "| f |", 1), "es_g is 'f'"),
        (LEXICON.replace(" | s |", " |", 1), "7 columns"),
        (LEXICON.replace("en_g", "genus"), "header"),
        (LEXICON + LEXICON.splitlines()[1] + "\n", "already on line 2"),
        ("#! articles: xx=yes\n" + LEXICON, "LANGUAGE=yes"),
    ],
)
def test_a_wrong_lexicon_is_named_with_its_place(
    tmp_path: Path, lexicon: str, message: str
) -> None:
    found = complaint(tmp_path, lexicon=lexicon)
    assert message in found
    assert "lexicons/facility.psv:" in found


def test_a_label_may_stand_in_one_language_only(tmp_path: Path) -> None:
    assert not complaint(tmp_path, template=TEMPLATE.replace("is closed", "is] [z now closed"))


@pytest.mark.parametrize(
    ("entry", "spanish", "arabic"), [(0, "cerrada", "تُغلق"), (1, "cerrado", "يُغلق")]
)
def test_words_agree_with_the_entry(tmp_path: Path, entry: int, spanish: str, arabic: str) -> None:
    corpus = read_corpus(folder(tmp_path))
    fillings = corpus.inventory.fill(("date",), Random(1))
    fillings["facility"] = EntryFilling(corpus.inventory.lexicons["facility"].entries[entry])
    sentences = expand(corpus.templates[0], fillings)
    assert spanish in joined(sentences["es"]).split()
    assert arabic in joined(sentences["ar"]).split()
    assert joined(sentences["en"])[0] == "T"


def test_the_first_key_that_fits_wins() -> None:
    assert fits("m", "ms")
    assert not fits("mp", "ms")
    assert fits("*", "")
    assert Agreement("x", (("p", "a"), ("m", "b"), ("*", "c"))).choose("ms") == "b"


def test_two_slots_of_a_kind_differ_and_run_forward(corpus: Corpus) -> None:
    for seed in range(50):
        drawn = corpus.inventory.fill(("time", "time2", "facility", "facility2"), Random(seed))
        assert drawn["time"].value < drawn["time2"].value  # type: ignore[union-attr]
        assert drawn["facility"] != drawn["facility2"]


def test_check_and_show_speak_to_writers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(folder(tmp_path))
    assert main(["--check", "--folder", place]) == 0
    assert "1 good templates, 2 lexicon entries, 0 findings" in capsys.readouterr().out
    assert main(["--show", "closed", "--folder", place]) == 0
    assert capsys.readouterr().out.count("es: ") == 3
    assert main(["--show", "open", "--folder", place]) == 1
    folder(tmp_path, template=TEMPLATE.replace("[a is", "[is"))
    assert main(["--check", "--folder", place]) == 1
