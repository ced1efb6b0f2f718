"""Choose the records of each optimizer step. The choice does not depend on how the step is divided into batches."""

import math
from collections.abc import Iterator

import torch
from transformers.trainer_pt_utils import BatchRebalanceSampler

WINDOW_STEPS = 50  # draw the records for this many steps at random, then sort them by length


class LengthGroupedBatches(BatchRebalanceSampler):
    """Yields batches of records of similar length. The order of the steps is the same in all processes.

    Each process has its own sampler, which yields only the batches of this process. transformers' trainer accepts such
    a sampler only if the sampler inherits from BatchRebalanceSampler. This class chooses the records itself, because
    BatchRebalanceSampler would need more padding. There are two reasons not to use `LengthGroupedSampler` of
    transformers. The order of its records depends on the number of processes. Its steps begin with long records and end
    with short records.
    """

    def __init__(
        self, lengths: list[int], step_records: int, processes: int, rank: int, accumulation: int, seed: int
    ) -> None:
        """Store the sizes. `step_records` is the effective batch size: the records of one step in all processes.

        `lengths` are the lengths of the records. The data set has one more row than `lengths`: the filler row at the
        end. This row fills empty batches and does not change the gradient.
        """
        super().__init__(lengths, step_records, processes, accumulation, seed=seed, rank=rank, drop_last=False)
        self.steps = math.ceil(len(lengths) / step_records)

    def steps_of_epoch(self) -> list[list[int]]:
        """Return the record numbers of each optimizer step of this epoch.

        The sizes of the steps differ by at most one record.
        """
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
        """Yield the device batches of this process: `grad_accum` batches for each optimizer step."""
        parts = self.dp_size * self.grad_accum
        for step in self.steps_of_epoch():
            step += [len(self.lengths)] * (parts - len(step))  # add filler rows, so that no device batch is empty
            yield from list(_evenly(step, parts))[self.rank :: self.dp_size]

    def __len__(self) -> int:
        return self.steps * self.grad_accum


def _evenly(items: list[int], parts: int) -> Iterator[list[int]]:
    """Divide `items` into consecutive parts. The sizes of the parts differ by at most one."""
    for part in range(parts):
        yield items[part * len(items) // parts : (part + 1) * len(items) // parts]
