"""Claims on subsets of the training records: nested, in proportion, repeatable."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from medsum.dialogue.record import Record
from medsum.training.subset import draw_subset


def record(number: int, section: str | None) -> Record:
    return Record(str(number), "Doctor: Hello.", "None.", section, "mine")


sections = st.lists(st.sampled_from(["GENHX", "ROS", "ALLERGY", None]), min_size=1, max_size=60)
seeds = st.integers(0, 9)


@given(sections=sections, sizes=st.tuples(st.integers(1, 70), st.integers(1, 70)), seed=seeds)
def test_a_smaller_subset_is_part_of_a_larger_one(
    sections: list[str | None], sizes: tuple[int, int], seed: int
) -> None:
    records = [record(number, section) for number, section in enumerate(sections)]
    small, large = ([r.id for r in draw_subset(records, size, seed)] for size in sorted(sizes))
    assert set(small) <= set(large)
    assert len(small) == min(min(sizes), len(records))


@given(sections=sections, size=st.integers(1, 60), seed=seeds)
def test_every_section_has_its_share_within_about_a_record(sections: list[str | None], size: int, seed: int) -> None:
    records = [record(number, section) for number, section in enumerate(sections)]
    drawn = Counter(r.section for r in draw_subset(records, size, seed))
    for section, count in Counter(sections).items():
        assert abs(drawn[section] - count * min(size / len(records), 1)) <= 1.5


@given(sections=sections, size=st.integers(1, 60), seed=seeds)
def test_the_draw_does_not_depend_on_the_order_of_the_file_and_keeps_it(
    sections: list[str | None], size: int, seed: int
) -> None:
    records = [record(number, section) for number, section in enumerate(sections)]
    shuffled = random.Random(seed).sample(records, len(records))
    drawn = draw_subset(records, size, seed)
    assert [r for r in records if r in drawn] == drawn
    assert {r.id for r in draw_subset(shuffled, size, seed)} == {r.id for r in drawn}


def test_another_seed_draws_another_subset_and_without_a_size_all_are_taken() -> None:
    records = [record(number, "GENHX") for number in range(100)]
    assert draw_subset(records, 50, 1) != draw_subset(records, 50, 2)
    assert draw_subset(records, None, 1) == records
