"""The merge of ingest: order, retirement, return, hints; and what Hypothesis could not break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog import approved, draft, entry, facts_of, item_of, merge, settle, template
from workflow.model import Freshness, Item, Message, Origin, Unit

FUZZY = frozenset({"fuzzy"})


def unit(source: str, item: str = "pool", field: str = "body", line: int = 1) -> Unit:
    return Unit("notices", item, field, source, line, ("Title: Pool",))


def items(*units: Unit) -> tuple[Item, ...]:
    by_item: dict[str, list[Unit]] = {}
    for one in units:
        by_item.setdefault(one.item, []).append(one)
    return tuple(
        Item("notices", name, f"content/{name}.md", "", tuple(own)) for name, own in by_item.items()
    )


def page(*sources: str) -> tuple[Item, ...]:
    return items(*map(unit, sources))


def sources(messages: Iterable[Message]) -> list[str]:
    return ["~" * message.obsolete + message.source for message in messages]


A, B, C = "Call the town hall on Monday", "The pool is closed", "Bring your library card"


def test_units_become_entries_in_order_with_path_and_notes() -> None:
    first = merge([], page(A, B))[0]
    assert first == Message("pool#body", A, notes=("Title: Pool",), references=("content/pool.md",))
    assert sources(merge([], page(A, B))) == [A, B]


def test_units_with_one_context_and_text_are_one_entry() -> None:
    assert sources(merge([], page(A, A))) == [A]


def test_a_new_unit_stands_behind_its_predecessor() -> None:
    assert sources(merge(merge([], page(A, B)), page(A, C, B))) == [A, C, B]


def test_a_known_entry_keeps_what_people_wrote_and_renews_the_rest() -> None:
    old = replace(approved(unit(A), "Llame"), comments=("mine",), references=("old.md",))
    [after] = merge([old], page(A))
    assert (after.translation, after.comments) == ("Llame", ("mine",))
    assert (after.references, after.notes) == (("content/pool.md",), ("Title: Pool",))


def test_a_persons_text_without_unit_becomes_obsolete_and_comes_back() -> None:
    catalog = merge([approved(unit(A), "Llame")], page(A))
    gone = merge(catalog, page(C))
    assert sources(gone) == [C, "~" + A]
    assert merge(gone, page(A)) == catalog


def test_drafts_and_empty_entries_without_unit_are_dropped() -> None:
    assert merge([draft(unit(A), "Llame"), entry(unit(B))], ()) == ()


def test_a_draft_with_a_persons_comment_is_not_dropped() -> None:
    old = draft(unit(A), "Llame")
    assert sources(merge([replace(old, comments=("ask", *old.comments))], ())) == ["~" + A]


def test_a_reworded_unit_shows_the_old_source_and_the_persons_old_text() -> None:
    reworded = B + " today"
    after, old = merge([approved(unit(B), "La piscina está cerrada")], page(reworded))
    assert (after.translation, after.previous_source) == ("La piscina está cerrada", B)
    assert after.fuzzy
    assert (facts_of(after).origin, facts_of(after).freshness) == (Origin.HUMAN, Freshness.STALE)
    assert (old.source, old.obsolete, old.fuzzy) == (B, True, False)


def test_a_reworded_draft_leaves_only_the_old_source() -> None:
    [after] = merge([draft(unit(B), "La piscina")], page(B + " today"))
    assert (after.translation, after.previous_source, after.fuzzy) == ("", B, False)


def test_the_best_pairs_are_matched_first_and_only_in_one_context() -> None:
    old = [approved(unit(B), "uno"), approved(unit(B + " today!"), "dos")]
    after = merge(old, items(unit(B + " today"), unit(B + ".", field="title")))
    assert [m.translation for m in after if not m.obsolete] == ["dos", ""]


def test_a_text_reworded_twice_keeps_the_source_it_was_made_from() -> None:
    once = merge([approved(unit(B), "cerrada")], page(B + " today"))
    twice = merge(once, page(B + " tonight"))
    assert twice[0].previous_source == B
    assert sources(twice) == [B + " tonight", "~" + B]


def test_a_rewording_taken_back_restores_the_approval() -> None:
    old = merge([approved(unit(B), "cerrada")], page(B))
    assert merge(merge(old, page(B + " today")), page(B)) == old


def test_stale_text_settled_over_is_carried_along_with_the_comment() -> None:
    once = merge([approved(unit(B), "cerrada")], page(B + " today"))
    result = draft(unit(B + " today"), "cerrada hoy")
    after = merge(settle(once, {result.key: result}), page(B + " tonight"))
    assert after[0].comments == ("previous: cerrada",)


def test_the_end_of_the_old_text_follows_the_new_source() -> None:
    [after, _] = merge([approved(unit(B), "cerrada")], page(B + "\n"))
    assert after.translation == "cerrada\n"


def test_entries_of_unreadable_items_stay_as_they_are() -> None:
    old = (approved(unit(A), "uno"), draft(unit(B, item="park"), "dos"))
    after = merge(old, items(unit(C, item="zoo")), keep={"pool", "park"})
    assert after == (*old, entry(unit(C, item="zoo"), path="content/zoo.md"))


def test_foreign_entries_stay_untouched_behind_their_neighbour() -> None:
    foreign = (
        Message(None, "no context"),
        Message("Menu|File", "other shape"),
        Message("pool#body", "a pool", ("una", ""), plural="pools"),
    )
    old = (entry(unit(A)), *foreign, entry(unit(B)))
    assert sources(merge(old, page(A, B))) == [A, *sources(foreign), B]
    assert merge(old, ()) == foreign


def test_an_obsolete_twin_becomes_a_comment() -> None:
    active, twin = draft(unit(A), "ours"), replace(approved(unit(A), "theirs"), obsolete=True)
    [after] = merge([active, twin], page(A))
    assert after.comments == (*active.comments, "previous: theirs")


def test_an_edited_draft_loses_the_comment_about_our_text() -> None:
    edited = replace(draft(unit(A), "ours"), translations=("theirs",))
    assert merge([edited], page(A))[0].comments == ()


def test_many_changed_blocks_are_matched_in_bounded_time() -> None:
    old = [approved(unit(f"{n} The pool number {n} is closed today"), f"t{n}") for n in range(100)]
    after = merge(old, page(*(f"{n} The pool number {n} is closed now" for n in range(100))))
    assert sum(message.fuzzy for message in after) > 80


def test_a_template_tells_every_line() -> None:
    [one] = template(items(unit(A, line=3), unit(A, line=9)))
    assert one.references == ("content/pool.md:3", "content/pool.md:9")


def test_item_of_knows_only_our_shape() -> None:
    assert item_of(entry(unit(A))) == "pool"
    assert item_of(Message("Menu|File", "x")) is None


WORDS = st.sampled_from([A, B, C, B + " today", B + " now", A + "!", "Hi", "Ho"])
UNITS = st.builds(unit, WORDS, st.sampled_from(["pool", "pool", "park"]))
TEXTS = st.just("") | st.integers(0, 10**6).map(lambda number: f" uno {number}\ndos {number}")


@st.composite
def message(draw: st.DrawFn) -> Message:
    one, text = draw(UNITS), draw(TEXTS)
    stale = replace(entry(one), translations=(text,), flags=FUZZY, previous_source=C + "?")
    edited = replace(draft(one, "machine"), translations=(text,))
    made = draw(st.sampled_from([draft(one, text), approved(one, text), stale, edited]))
    odd = st.sampled_from([False] * 7 + [True])
    return replace(
        made,
        comments=made.comments + draw(st.sampled_from([(), ("ask Ana",)])),
        flags=FUZZY if draw(odd) else made.flags,
        obsolete=draw(odd),
        context=None if draw(odd) else made.context,
    )


CATALOGS = st.lists(
    message(), min_size=1, max_size=8, unique_by=lambda made: (made.obsolete, made.key)
)
CONTENTS = st.lists(UNITS, min_size=2, max_size=10).map(lambda units: items(*units))


@settings(deadline=None)
@given(CATALOGS, CONTENTS, st.sampled_from([(), ("pool",)]))
def test_merging_twice_is_merging_once(
    catalog: list[Message], content: tuple[Item, ...], keep: tuple[str, ...]
) -> None:
    once = merge(catalog, content, keep=keep)
    assert merge(once, content, keep=keep) == once
    assert len({made.key for made in once}) == len(once)


@settings(deadline=None, max_examples=200)
@given(CATALOGS, st.lists(CONTENTS, min_size=1, max_size=4))
def test_nothing_a_person_wrote_is_ever_lost(
    catalog: list[Message], history: list[tuple[Item, ...]]
) -> None:
    theirs = [made for made in catalog if facts_of(made).origin is Origin.HUMAN]
    after = tuple(catalog)
    for content in history:
        after = merge(after, content)
        results = [draft(one, "machine") for item in content for one in item.units]
        after = settle(after, {result.key: result for result in results})
    told = {text.strip("\n") for made in after for text in made.translations}
    comments = [line for made in after for line in made.comments]
    for made in theirs:
        lines = {f"previous: {line}".rstrip() for line in made.translation.splitlines()}
        assert made.translation.strip("\n") in told or lines <= set(comments)
    if any("ask Ana" in made.comments for made in catalog):
        assert "ask Ana" in comments


def test_a_style_taken_back_keeps_the_newer_text_and_the_older_one_beside() -> None:
    plain, wide = page("Open at 9. Bring a towel."), page("Open at 9.  Bring a towel.")
    first = [replace(merge([], plain)[0], translations=("Abre a las 9.",))]
    second = merge(first, wide)
    older = replace(first[0], obsolete=True)
    newer = [replace(second[0], translations=("Abrimos a las 9.",)), older]
    found, *_ = merge(newer, plain)
    assert (found.source, found.translation) == ("Open at 9. Bring a towel.", "Abrimos a las 9.")
    assert not found.fuzzy
    assert "previous: Abre a las 9." in found.comments
