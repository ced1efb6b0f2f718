"""Every record once an epoch, like lengths together, and the same steps for any number of processes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.training.batches import LengthGroupedBatches

LENGTHS = [(i * 37) % 401 + 1 for i in range(1000)]


def batches(records: int, processes: int, accumulation: int, batch: int, epoch: int = 0) -> list[list[list[int]]]:
    """Of each process, its device batches."""
    step = processes * accumulation * batch
    made = []
    for rank in range(processes):
        sampler = LengthGroupedBatches(LENGTHS[:records], step, processes, rank, accumulation, seed=1)
        sampler.set_epoch(epoch)
        made.append(list(sampler))
        assert len(made[-1]) == len(sampler)
    return made


def steps(records: int, processes: int, accumulation: int, batch: int, epoch: int = 0) -> list[set[int]]:
    """The records of each optimizer step."""
    made = batches(records, processes, accumulation, batch, epoch)
    assert len({len(own) for own in made}) == 1
    count = len(made[0]) // accumulation
    return [
        {i for own in made for part in own[s * accumulation : (s + 1) * accumulation] for i in part} - {records}
        for s in range(count)
    ]


@given(st.integers(1, 100), st.integers(1, 3), st.integers(1, 3), st.integers(1, 5), st.integers(0, 2))
def test_each_record_comes_once_an_epoch_in_batches_within_the_limit(
    records: int, processes: int, accumulation: int, batch: int, epoch: int
) -> None:
    made = [part for own in batches(records, processes, accumulation, batch, epoch) for part in own]
    assert all(0 < len(part) <= batch for part in made)
    assert sorted(i for part in made for i in part if i != records) == list(range(records))
    sizes = [len(step) for step in steps(records, processes, accumulation, batch, epoch)]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(("processes", "accumulation", "batch"), [(2, 1, 4), (4, 2, 1), (1, 8, 1), (1, 2, 4)])
def test_a_step_has_the_same_records_however_it_is_shared_out(processes: int, accumulation: int, batch: int) -> None:
    for epoch in (0, 1):
        assert steps(997, processes, accumulation, batch, epoch) == steps(997, 1, 1, 8, epoch)


def test_another_epoch_makes_other_steps_in_another_order() -> None:
    first, second = steps(1000, 1, 1, 8, 0), steps(1000, 1, 1, 8, 1)
    assert not {frozenset(step) for step in first} & {frozenset(step) for step in second}


def test_hardly_anything_is_padded_and_steps_do_not_go_from_long_to_short() -> None:
    made = batches(1000, 1, 1, 8)[0]
    padded = sum(max(LENGTHS[i] for i in part) * len(part) for part in made)
    assert padded < 1.05 * sum(LENGTHS)
    longest = [max(LENGTHS[i] for i in part) for part in made]
    falls = sum(before > after for before, after in itertools.pairwise(longest))
    assert 0.4 < falls / len(longest) < 0.6
