from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workflow.batching import LARGEST, cut, plan

lengths_lists = st.lists(st.integers(min_value=0, max_value=300), max_size=80)
budgets = st.integers(min_value=1, max_value=500)
sizes = st.integers(min_value=1, max_value=12)


@given(lengths_lists, budgets, sizes)
def test_every_index_is_in_exactly_one_batch(lengths: list[int], budget: int, largest: int) -> None:
    batches = plan(lengths, budget=budget, largest=largest)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))


@given(lengths_lists, budgets, sizes)
def test_no_batch_exceeds_budget_or_count_but_one_overlong_segment_alone(
    lengths: list[int], budget: int, largest: int
) -> None:
    for batch in plan(lengths, budget=budget, largest=largest):
        padded = len(batch) * max(lengths[index] for index in batch)
        assert 1 <= len(batch) <= largest
        assert padded <= budget or len(batch) == 1


@given(lengths_lists, budgets, sizes)
def test_lengths_fall_and_equal_lengths_keep_their_order(
    lengths: list[int], budget: int, largest: int
) -> None:
    order = [index for batch in plan(lengths, budget=budget, largest=largest) for index in batch]
    assert order == sorted(order, key=lambda index: (-lengths[index], index))


@given(lengths_lists, budgets, sizes)
def test_a_batch_ends_only_where_the_next_segment_would_not_fit(
    lengths: list[int], budget: int, largest: int
) -> None:
    batches = plan(lengths, budget=budget, largest=largest)
    for batch in batches[:-1]:
        longest = max(1, lengths[batch[0]])
        assert len(batch) == largest or (len(batch) + 1) * longest > budget


@given(lengths_lists, budgets, sizes, st.sets(st.integers(0, 300), max_size=4))
def test_no_batch_has_segments_of_two_classes_and_no_class_is_cut_for_nothing(
    lengths: list[int], budget: int, largest: int, edges: set[int]
) -> None:
    rising = sorted(edges)
    batches = plan(lengths, budget=budget, largest=largest, edges=rising)
    classes = [{sum(edge < lengths[at] for edge in edges) for at in batch} for batch in batches]
    assert all(len(found) == 1 for found in classes)
    order = [at for batch in batches for at in batch]
    assert order == [at for batch in plan(lengths, budget=1, largest=1) for at in batch]
    for number in {number for found in classes for number in found}:
        own = [at for at in range(len(lengths)) if sum(e < lengths[at] for e in edges) == number]
        alone = plan([lengths[at] for at in own], budget=budget, largest=largest)
        assert len(alone) == classes.count({number})


def test_an_overlong_segment_is_a_batch_of_its_own() -> None:
    assert plan([5, 1000, 5], budget=20, largest=8) == [(1,), (0, 2)]


def test_nothing_gives_no_batch() -> None:
    assert plan([], budget=10, largest=4) == []


@given(st.lists(st.text(max_size=400), max_size=200), st.randoms(use_true_random=False))
def test_texts_are_cut_into_the_same_batches_whatever_their_order(
    texts: list[str], random: object
) -> None:
    batches = cut(texts)
    assert sorted(text for batch in batches for text in batch) == sorted(set(texts))
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cut(shuffled) == batches
    assert all(len(batch) <= LARGEST for batch in batches)
