"""The records of each optimizer step: the same for any number of processes and accumulation steps."""

import math
from collections.abc import Iterator

import torch
from transformers.trainer_pt_utils import BatchRebalanceSampler

WINDOW_STEPS = (
    50  # records for this many steps are drawn at random, then sorted by length; more steps mean less padding
)


class LengthGroupedBatches(BatchRebalanceSampler):
    """Batches of records of similar length, in the same order for all processes.

    transformers' trainer accepts a batch sampler that knows its process only as this class. Our choice of records
    replaces its own, since ours needs less padding. `LengthGroupedSampler` would order the records differently for each
    number of processes, and the steps from long to short.
    """

    def __init__(
        self, lengths: list[int], step_records: int, processes: int, rank: int, accumulation: int, seed: int
    ) -> None:
        """`step_records` is the effective batch: records per optimizer step, over all processes.

        The data set has one more row than `lengths`: a filler for empty batches, from which the model learns nothing.
        """
        super().__init__(lengths, step_records, processes, accumulation, seed=seed, rank=rank, drop_last=False)
        self.steps = math.ceil(len(lengths) / step_records)

    def steps_of_epoch(self) -> list[list[int]]:
        """Return the record numbers of every optimizer step of this epoch; sizes differ by at most one record."""
        generator = torch.Generator().manual_seed((self.seed << 20) + self.epoch)
        drawn = torch.randperm(len(self.lengths), generator=generator).tolist()
        window = WINDOW_STEPS * self.effective_batch_size
        order = [
            index
            for start in range(0, len(drawn), window)
            for index in sorted(drawn[start : start + window], key=lambda i: self.lengths[i], reverse=True)
        ]
        steps = list(_evenly(order, self.steps))
        return [steps[i] for i in torch.randperm(self.steps, generator=generator).tolist()]

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the device batches of this process, `grad_accum` for each step."""
        parts = self.dp_size * self.grad_accum
        for step in self.steps_of_epoch():
            step += [len(self.lengths)] * (parts - len(step))  # no device batch is empty
            yield from list(_evenly(step, parts))[self.rank :: self.dp_size]

    def __len__(self) -> int:
        return self.steps * self.grad_accum


def _evenly(items: list[int], parts: int) -> Iterator[list[int]]:
    """Yield the items in order, in parts whose sizes differ by at most one."""
    for part in range(parts):
        yield items[part * len(items) // parts : (part + 1) * len(items) // parts]
