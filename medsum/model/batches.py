"""Which records each optimizer step takes: the same ones for any number of processes and accumulation steps."""

import math
from collections.abc import Iterator

import torch
from transformers.trainer_pt_utils import BatchRebalanceSampler

WINDOW_STEPS = 50  # steps' worth of records drawn at random and then sorted by prompt; more is less padding
BAND_STEPS = 2  # of them, which are next to each other, sorted by note: its padding costs as much as the prompt's


class LengthGroupedBatches(BatchRebalanceSampler):
    """Batches of like length, in one order that all processes share.

    transformers' trainer takes a batch sampler that knows its process only in this class; its way to choose is
    replaced, since it pads ours less. `LengthGroupedSampler` orders differently for each number of processes, and
    gives the steps from long to short.
    """

    def __init__(
        self,
        prompts: list[int],
        notes: list[int],
        step_records: int,
        processes: int,
        rank: int,
        accumulation: int,
        seed: int,
    ) -> None:
        """`prompts` and `notes` are the records' tokens; `step_records`, the effective batch, is of all processes.

        The data set has one row more than these, from which nothing is learnt: it fills what would be empty.
        """
        super().__init__(prompts, step_records, processes, accumulation, seed=seed, rank=rank, drop_last=False)
        self.notes = notes
        self.steps = math.ceil(len(prompts) / step_records)

    def steps_of_epoch(self) -> list[list[int]]:
        """Record numbers of every optimizer step of this epoch; no two steps differ by more than one record."""
        generator = torch.Generator().manual_seed((self.seed << 20) + self.epoch)
        drawn = torch.randperm(len(self.lengths), generator=generator).tolist()
        order: list[int] = []
        for window in _batched(drawn, WINDOW_STEPS * self.effective_batch_size):
            by_prompt = sorted(window, key=self.lengths.__getitem__, reverse=True)
            for number, band in enumerate(_batched(by_prompt, BAND_STEPS * self.effective_batch_size)):
                # there and back: at a border of bands, which a step may straddle, notes are alike too
                order += sorted(band, key=self.notes.__getitem__, reverse=number % 2 == 1)
        steps = list(_evenly(order, self.steps))
        return [steps[i] for i in torch.randperm(self.steps, generator=generator).tolist()]

    def __iter__(self) -> Iterator[list[int]]:
        """Device batches of this process: `grad_accum` of them for each step."""
        parts = self.dp_size * self.grad_accum
        for step in self.steps_of_epoch():
            step += [len(self.lengths)] * (parts - len(step))  # no device batch is empty
            yield from list(_evenly(step, parts))[self.rank :: self.dp_size]

    def __len__(self) -> int:
        return self.steps * self.grad_accum


def _evenly(items: list[int], parts: int) -> Iterator[list[int]]:
    """The items in order, in parts whose sizes differ by at most one."""
    for part in range(parts):
        yield items[part * len(items) // parts : (part + 1) * len(items) // parts]


def _batched(items: list[int], size: int) -> Iterator[list[int]]:
    """The items in order, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
