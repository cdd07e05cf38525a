from __future__ import annotations

from workflow.adapters.markdown import MarkdownFormat
from workflow.model import Hypothesis, PackageRef, Route
from workflow.segments import segmented
from workflow.steps import settle
from workflow.steps.settle import Chosen, Rung, Settled

MARKDOWN = MarkdownFormat()


def joined(source: str, *texts: str | None) -> settle.Settled:
    cut = segmented(source, MARKDOWN.markup(source), language="en")
    findings = settle.checked("a", "", MARKDOWN)
    chosen = [
        Chosen(text, Rung.FIRST if text else Rung.NONE, Hypothesis(""), () if text else findings)
        for text in texts
    ]
    return settle.joined(cut, chosen, MARKDOWN)


def test_a_unit_is_its_segments_with_what_stood_between_them() -> None:
    assert joined("One.  Two.", "Uno.", "Dos.").text == "Uno.  Dos."


def test_a_unit_with_a_failed_segment_is_withheld_with_its_findings() -> None:
    settled = joined("One. Two.", "Uno.", None)
    assert settled.text is None
    assert [finding.check for finding in settled.findings] == ["empty"]
    assert len(settled.segments) == 2


def test_a_reason_is_told_once_however_many_segments_failed() -> None:
    assert len(joined("One. Two. Three.", None, None, None).findings) == 1


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


def test_packages_of_another_route_stand_beside_those_of_the_locale() -> None:
    hops = [PackageRef(*pair, "1.0", "ab" * 32) for pair in (("en", "pt"), ("en", "es"))]
    own, other = (Route((hop,)) for hop in hops)
    said = Hypothesis("Aberto.", -0.1)
    won = Chosen("Aberto.", Rung.FIRST, said, source="Open.")
    helped = Chosen("Aberto.", Rung.ROUTE, said, source="Open.", route=other)
    assert Settled("Aberto.", (won,)).packages(own) == str(own)
    assert Settled("Aberto.", (won, helped)).packages(own) == str(Route(tuple(hops)))


def test_markup_at_the_edges_is_told_to_the_reviewer() -> None:
    said = Hypothesis("Abierto.", -0.1)
    won = Chosen("**Abierto.**", Rung.EDGES, said, source="**Open** now.")
    assert [note.check for note in Settled("**Abierto.**", (won,)).notes] == ["markup-place"]
    assert Settled("Abierto.", ()).notes == ()
