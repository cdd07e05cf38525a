"""What a probe finds: on engines made for it, on the real demo packages, on models of nonsense."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from benchmarks import random_package
from tests.documentation import DOCS, codes, rows, section
from workflow.adapters.argos.probetexts import probe_texts, words_of
from workflow.adapters.argos.probing import (
    LEAST_ANCHORS,
    LEAST_KEPT,
    LONGEST_ANSWER,
    probe,
    probe_package,
)
from workflow.errors import PackageError
from workflow.model import UNPROBED, Hypothesis, PackageRef
from workflow.ports import Hypotheses
from workflow.segments import FORMS, MAX_TOKENS
from workflow.segments.tokens import TOKEN

PROBES = files("workflow.adapters.argos") / "probes"
LANGUAGES = sorted(path.name.partition(".")[0] for path in PROBES.iterdir())
NONSENSE = PackageRef("en", "es", "1.0", "0" * 64)
MOST_SEGMENTS = 100
every_language = pytest.mark.parametrize("language", LANGUAGES)


def copied(text: str) -> Hypothesis:
    return Hypothesis(text, alignment=tuple(range(len(text.split()))))


def engine(answer: Callable[[str], Hypothesis]) -> Callable[[Sequence[str]], list[Hypotheses]]:
    return lambda texts: [(answer(text),) for text in texts]


# The sentences.


def test_there_are_sentences_for_ten_languages() -> None:
    assert LANGUAGES == ["ar", "de", "en", "es", "fr", "it", "nl", "pt", "ru", "zh"]
    assert probe_texts("pb") == probe_texts("pt")


@every_language
def test_each_sentence_can_be_sent_in_every_form(language: str) -> None:
    sentences = probe_texts(language).tokened
    assert len(sentences) == 12
    for sentence in sentences:
        numbers = [int(number) for number in TOKEN.findall(sentence.text)]
        assert numbers == list(range(1, sentence.count + 1))
        assert sentence.count <= 3 <= MAX_TOKENS
        assert all(form.fits(sentence.text) for form in FORMS.values())


@every_language
def test_an_anchor_stands_once_in_its_sentence_which_has_no_token(language: str) -> None:
    sentences = probe_texts(language).anchored
    for sentence in sentences:
        assert "*" not in sentence.text
        assert "⟦" not in sentence.text
        words = words_of(sentence.text)
        for place, anchor in sentence.anchors:
            assert words.count(anchor) == 1
            assert words[place] == anchor
    if sentences:
        assert sum(len(sentence.anchors) for sentence in sentences) >= 2 * LEAST_ANCHORS


@every_language
def test_a_probe_asks_once_for_few_segments(language: str) -> None:
    asked: list[list[str]] = []

    def translate(texts: Sequence[str]) -> list[Hypotheses]:
        asked.append(list(texts))
        return [(copied(text),) for text in texts]

    probe(translate, language)
    (texts,) = asked
    assert len(texts) == len(set(texts)) < MOST_SEGMENTS


def test_the_page_about_packages_tells_languages_forms_and_thresholds() -> None:
    text = section(DOCS / "packages.md", "## What is probed")
    assert set(LANGUAGES) <= set(codes(text))
    table = [(codes(name)[0], codes(token)[0]) for name, token in rows(text)]
    assert table == [(name, form.sent("⟦1⟧")) for name, form in FORMS.items()]
    for told in (
        f"at least {LEAST_KEPT * 100:g} % of",
        f"fewer than {LEAST_ANCHORS} such words",
        f"after {LONGEST_ANSWER} pieces",
        f"{len(probe_texts('en').tokened)} sentences",
    ):
        assert told in " ".join(text.split())


# The judgement.


def test_an_engine_that_copies_keeps_every_form_in_their_order() -> None:
    assert probe(engine(copied), "en").forms == tuple(FORMS)
    assert probe(engine(copied), "en").alignment == 1


def test_a_form_that_is_lost_is_not_kept() -> None:
    def without_brackets(text: str) -> Hypothesis:
        return copied(text.replace("⟦", "").replace("⟧", "").replace("X1X", "X"))

    kept = probe(engine(without_brackets), "en").forms
    assert kept == tuple(name for name in FORMS if name not in {"brackets", "letters"})


def dropping(form: str, count: int) -> Callable[[str], Hypothesis]:
    """Lose the first token of a form in some sentences."""
    spared = {FORMS[form].sent(each.text) for each in probe_texts("en").tokened[count:]}
    lost = FORMS[form].sent("⟦1⟧")
    return lambda text: copied(text if text in spared else text.replace(lost, ""))


@pytest.mark.parametrize(("count", "kept"), [(2, True), (3, False)])
def test_a_form_may_be_lost_in_two_sentences_of_twelve(count: int, *, kept: bool) -> None:
    assert ("braces" in probe(engine(dropping("braces", count)), "en").forms) == kept


def test_the_form_that_is_lost_least_comes_first() -> None:
    forms = probe(engine(dropping("brackets", 1)), "en").forms
    assert forms == (*list(FORMS)[1:], "brackets")


@pytest.mark.parametrize("damage", ["{1} {", "{1} {1}", "{1} {4}"])
def test_a_token_too_many_or_a_part_of_one_is_a_loss(damage: str) -> None:
    forms = probe(engine(lambda text: copied(text.replace("{1}", damage))), "en").forms
    assert forms == tuple(name for name in FORMS if name != "braces")


def test_an_engine_that_says_nothing_keeps_nothing() -> None:
    traits = probe(engine(lambda _: Hypothesis("", alignment=())), "en")
    assert (traits.forms, traits.alignment) == ((), None)


def test_the_alignment_is_the_share_of_anchors_put_right() -> None:
    def shifted(text: str) -> Hypothesis:
        numbers = range(len(text.split()))
        wrong = text.startswith(("From", "In 2026"))
        return Hypothesis(text, alignment=tuple(number - wrong for number in numbers))

    anchored = probe_texts("en").anchored
    total = sum(len(each.anchors) for each in anchored)
    wrong = sum(len(each.anchors) for each in anchored if each.text.startswith(("From", "In 2026")))
    assert 0 < wrong < total
    assert probe(engine(shifted), "en").alignment == round((total - wrong) / total, 2)


def test_anchors_that_are_not_there_once_are_not_judged() -> None:
    doubled = probe(engine(lambda text: copied(f"{text} {text}")), "en")
    without = probe(engine(Hypothesis), "en")
    assert (doubled.alignment, without.alignment) == (None, None)


def test_a_language_without_sentences_is_not_asked() -> None:
    def never(_texts: Sequence[str]) -> list[Hypotheses]:
        raise AssertionError

    assert probe(never, "eo") is UNPROBED


# Models of nonsense.


def test_a_package_with_random_weights_keeps_nothing(packages: Path) -> None:
    traits = probe_package(packages / "en_es", NONSENSE)
    assert (traits.forms, traits.alignment) == ((), None)


def test_one_with_another_tokenizer_and_a_prefix_is_probed_as_well(packages: Path) -> None:
    assert probe_package(packages / "es_pt", PackageRef("es", "pt", "1.0", "0" * 64)).forms == ()
    assert probe_package(packages / "en_ar", PackageRef("en", "ar", "1.0", "0" * 64)).forms == ()


def test_a_model_that_never_stops_ends_the_probe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.adapters.argos import decoder  # noqa: PLC0415 - loads CTranslate2

    lengths: list[int] = []
    collect = decoder.Decoder.collect

    def noted(self: decoder.Decoder, *arguments: object, **words: object) -> Hypotheses:
        lengths.append(len(arguments[1].result().hypotheses[0]))  # type: ignore[attr-defined]
        return collect(self, *arguments, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(decoder.Decoder, "collect", noted)
    shape = random_package.Shape(ending=-1000.0)
    random_package.build(tmp_path / "x", shape=shape)
    assert probe_package(tmp_path / "x", NONSENSE).forms == ()
    assert set(lengths) == {LONGEST_ANSWER}


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", ["model/model.bin", "sentencepiece.model"])
def test_a_damaged_package_is_an_error_that_names_it(
    packages: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(packages / "en_es", tmp_path / "en_es"))
    halved(folder / name)
    with pytest.raises(PackageError, match=r"en_es@1\.0 cannot be loaded"):
        probe_package(folder, NONSENSE)
