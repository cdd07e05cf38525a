from __future__ import annotations

from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.model import Hypothesis, Unit
from workflow.ports import Hypotheses
from workflow.segments import Protected, protect, segmented
from workflow.steps import settle
from workflow.steps.settle import Chosen, Rung, Settled

MARKDOWN, DIGEST = MarkdownFormat(), DigestFormat()
SOURCE = "Call **the office** or {phone}."


def protected(source: str = SOURCE) -> Protected:
    return protect(source, MARKDOWN.markup(source))


def answers(*texts: str) -> Hypotheses:
    return tuple(Hypothesis(text, -0.1 * rank) for rank, text in enumerate(texts))


def test_the_first_answer_that_passes_wins() -> None:
    good = "Llame a ⟦1⟧la oficina⟦2⟧ o ⟦3⟧."
    chosen = settle.choose(protected(), answers(good, "Otra"), MARKDOWN)
    text = "Llame a **la oficina** o {phone}."
    assert chosen == Chosen(text, Rung.FIRST, answers(good)[0], source=SOURCE)


def test_a_later_answer_is_taken_with_its_own_figures() -> None:
    given = answers("Llame.", "⟦1⟧La oficina⟦2⟧ o ⟦3⟧.")
    chosen = settle.choose(protected(), given, MARKDOWN)
    assert (chosen.text, chosen.rung) == ("**La oficina** o {phone}.", Rung.LATER)
    assert chosen.hypothesis == given[1]


def test_what_fails_says_why_the_first_answer_failed() -> None:
    given = answers("⟦1⟧La oficina⟦2⟧.", "nada")
    chosen = settle.choose(protected(), given, MARKDOWN)
    assert (chosen.text, chosen.rung, chosen.hypothesis) == (None, Rung.NONE, given[0])
    assert [finding.message for finding in chosen.findings] == [
        "'{phone}' is there 0 times, not once"
    ]


def test_an_answer_that_brings_markup_of_its_own_fails() -> None:
    chosen = settle.choose(
        protect("Open today"), answers("Abierto [hoy](http://x.example)"), MARKDOWN
    )
    assert chosen.text is None
    assert {finding.check for finding in chosen.findings} >= {"link"}


def test_plain_text_may_hold_what_markdown_may_not() -> None:
    chosen = settle.choose(protect("Open today"), answers("Abierto *hoy*"), DIGEST)
    assert chosen.rung is Rung.FIRST


def test_an_empty_or_looping_answer_fails() -> None:
    for text, check in (("", "empty"), ("  ", "empty"), ("no no no no no no", "loop")):
        chosen = settle.choose(protect("Open today"), answers(text), DIGEST)
        assert [finding.check for finding in chosen.findings] == [check]


def apart(source: str, known: dict[str, str]) -> Chosen:
    segment = protected(source)
    before = Chosen(None, Rung.NONE, Hypothesis("lost", -1.0))
    given = {text: answers(known[text]) for text in settle.texts_apart(segment)}
    return settle.choose_apart(segment, before, given, MARKDOWN)


def test_pieces_apart_keep_every_piece_and_the_first_figures() -> None:
    chosen = apart(SOURCE, {"Call": "Llame a", "the office": "la oficina", "or": "o"})
    assert (chosen.text, chosen.rung) == ("Llame a **la oficina** o {phone}.", Rung.APART)
    assert chosen.hypothesis.score == -1.0


def test_pieces_apart_are_checked_too() -> None:
    known = {"Call": "Llame {otro}", "the office": "la oficina", "or": "o"}
    chosen = apart(SOURCE, known)
    assert (chosen.text, chosen.rung) == (None, Rung.NONE)
    assert [finding.check for finding in chosen.findings] == ["placeholder"]


def test_a_piece_without_an_answer_is_never_dropped_in_silence() -> None:
    for blank in ("", " "):
        chosen = apart(SOURCE, {"Call": blank, "the office": "la oficina", "or": "o"})
        assert chosen.text is None
        assert "no text for a piece" in chosen.findings[0].message


def test_a_segment_without_pieces_has_no_pieces_apart() -> None:
    assert settle.texts_apart(protect("Open today")) == []


def test_numbers_become_tokens_beside_the_markup() -> None:
    segment = protected("Call **112** at 9:00.")
    guarded = settle.with_numbers(segment, MARKDOWN)
    assert "112" not in guarded.text
    assert "9:00" not in guarded.text
    assert guarded.source == segment.source


def test_with_numbers_as_tokens_the_rung_says_so_or_nothing_changes() -> None:
    guarded = settle.with_numbers(protect("Open at 9:00"), MARKDOWN)
    before = Chosen(None, Rung.NONE, Hypothesis("Abierto a las 8:00"))
    good = settle.choose_with_numbers(guarded, before, answers("Abierto a las ⟦1⟧"), MARKDOWN)
    assert (good.text, good.rung) == ("Abierto a las 9:00", Rung.NUMBERS)
    assert settle.choose_with_numbers(guarded, before, answers("Abierto"), MARKDOWN) == before


def joined(source: str, *texts: str | None) -> settle.Settled:
    unit = Unit("notices", "a", "body", source)
    cut = segmented(source, MARKDOWN.markup(source), language="en")
    findings = settle.checked("a", "", MARKDOWN)
    chosen = [
        Chosen(text, Rung.FIRST if text else Rung.NONE, Hypothesis(""), () if text else findings)
        for text in texts
    ]
    return settle.joined(unit, cut, chosen, MARKDOWN)


def test_a_unit_is_its_segments_with_what_stood_between_them() -> None:
    assert joined("One.  Two.", "Uno.", "Dos.").text == "Uno.  Dos."


def test_a_unit_with_a_failed_segment_is_withheld_with_its_findings() -> None:
    settled = joined("One. Two.", "Uno.", None)
    assert settled.text is None
    assert [finding.check for finding in settled.findings] == ["empty"]
    assert len(settled.segments) == 2


def test_a_unit_is_checked_once_more_as_a_whole() -> None:
    settled = joined("One. Two.", "Uno `a", "dos` b")
    assert settled.text is None
    assert [finding.check for finding in settled.findings] == ["code"]


def test_a_unit_without_words_is_its_source() -> None:
    assert joined("10:00 – 12:00").text == "10:00 – 12:00"


def test_a_segment_that_was_won_has_a_risk_and_the_unit_that_of_its_worst() -> None:
    sure, doubtful = Hypothesis("Abierto.", -0.1), Hypothesis("Cerrado.", -0.4)
    won = [
        Chosen(said.text, Rung.FIRST, said, source=source)
        for source, said in (("Open.", sure), ("Shut.", doubtful))
    ]
    lost = Chosen(None, Rung.NONE, doubtful)
    risks = [one.risk for one in won]
    assert risks[0] is not None
    assert risks[1] is not None
    assert risks[0] < 0.1
    assert risks[1] > 0.7
    assert lost.risk is None
    whole = Settled("Abierto. Cerrado.", tuple(won)).risk
    assert whole is not None
    assert risks[1] <= whole < risks[1] + 0.05
    assert Settled(None, (won[0], lost)).risk is None
