"""An endless stream of training batches. The tasks and the lengths depend on the progress of the training."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import torch
from torch.utils.data import IterableDataset, get_worker_info
from transformers import PreTrainedTokenizerFast

from pretraining import exchanges, retold, synthetic, tasks
from pretraining.text import UNKNOWN_SECTION, Example
from pretraining.tokenizer import FIRST_SENTINEL, LAST_SENTINEL, PAD_ID

# Share of each task at the start and at the end of training. At first, most tasks are copying; some always are.
MIX = {
    "repeat": (0.66, 0.06),
    "restore": (0.10, 0.03),
    "spans": (0.04, 0.10),
    "extract": (0.05, 0.08),
    "synthetic": (0.05, 0.05),
    "retold": (0.05, 0.20),
    "exchanges": (0.05, 0.34),
    "real": (0.00, 0.14),
}
SHORTEST_COPY, LONGEST_COPY = 3, 40  # words; a small T5 learns to copy only if the first texts are short
COPY_GROWS_UNTIL = 0.3  # share of the training
MIX_SHIFTS_UNTIL = 0.5  # share of the training
SWAPS_FROM = 0.4  # share of the training; from here on, words are also swapped in made-up visits
UNKNOWN_SECTION_SHARE = 0.1
IGNORED = -100  # the label of padding, which the loss ignores


class Limits(NamedTuple):
    """The greatest lengths of source and target, and the size of a batch, in tokens."""

    source: int
    target: int
    batch: int


class Corpus(NamedTuple):
    """The texts from which tasks draw. Tasks also make up text of their own."""

    paragraphs: list[str]
    dialogues: list[Example]


Sample = tuple[list[int], list[int]]


class Stream(IterableDataset[dict[str, torch.Tensor]]):
    """Batches of `input_ids` and `labels`. The trainer and the stream share `progress` (0 to 1)."""

    def __init__(
        self,
        corpus: Corpus,
        tokenizer: PreTrainedTokenizerFast,
        limits: Limits,
        progress: torch.Tensor,
        seed: int,
        pad_to: int,
    ) -> None:
        self.corpus, self.tokenizer, self.limits = corpus, tokenizer, limits
        self.progress, self.seed, self.pad_to = progress, seed, pad_to

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        worker = get_worker_info()
        rng = Random(f"{self.seed} {worker.id if worker else 0}")  # noqa: S311 - a draw to be repeated
        while True:
            pool = sorted(self.pool(rng), key=lambda sample: len(sample[0]) + len(sample[1]))
            batches = list(self.cut(pool))
            rng.shuffle(batches)
            for batch in batches:
                yield self.pad(batch)

    def pool(self, rng: Random) -> list[Sample]:
        """Return some hundred samples, so that a batch can hold samples of similar length."""
        progress = self.progress.item()
        shifted = min(1.0, progress / MIX_SHIFTS_UNTIL)
        shares = [start + (end - start) * shifted for start, end in MIX.values()]
        drawn = rng.choices(list(MIX), shares, k=512)
        samples = (self.sample(task, rng, progress) for task in drawn)
        return [
            (source, target)
            for source, target in samples
            if len(source) <= self.limits.source and len(target) <= self.limits.target
        ]

    def sample(self, task: str, rng: Random, progress: float) -> Sample:
        """Return one source and target of a task. Their length depends on the progress of the training."""
        paragraphs, dialogues = self.corpus
        grown = min(1.0, progress / COPY_GROWS_UNTIL)
        most = round(SHORTEST_COPY + (LONGEST_COPY - SHORTEST_COPY) * grown)
        if task == "repeat":
            return self.encode(tasks.repeat(paragraphs, rng, most))
        if task == "restore":
            return restore(self.tokens(tasks.some_words(paragraphs, rng, most)), rng)
        if task == "spans":
            return corrupt_spans(self.tokens(tasks.some_words(paragraphs, rng, 3 * most)), rng)
        if task == "extract":
            return self.encode(tasks.extract(dialogues, rng))
        example = self.visit(task, rng)
        if task != "retold" and (task == "real" or progress >= SWAPS_FROM):
            example = retold.swap_words(example, paragraphs, rng)
        section = UNKNOWN_SECTION if rng.random() < UNKNOWN_SECTION_SHARE else example.section
        return self.encode(tasks.summarize(example, section))

    def visit(self, task: str, rng: Random) -> Example:
        """Return a dialogue with its note."""
        paragraphs, dialogues = self.corpus
        if task == "synthetic":
            return synthetic.draw(rng)
        if task == "exchanges":
            return exchanges.draw(rng)
        if task == "retold":
            return retold.retell(paragraphs, dialogues, rng)
        return rng.choice(dialogues)

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of the text, with the end token."""
        return list(self.tokenizer(text).input_ids)

    def encode(self, pair: tasks.Pair) -> Sample:
        """Return a pair as tokens."""
        return self.tokens(pair.prompt), self.tokens(pair.answer)

    def cut(self, pool: list[Sample]) -> Iterator[list[Sample]]:
        """Return batches of at most `limits.batch` tokens, including padding."""
        batch: list[Sample] = []
        for sample in pool:
            grown = [*batch, sample]
            if batch and len(grown) * (longest(grown, 0) + longest(grown, 1)) > self.limits.batch:
                yield batch
                grown = [sample]
            batch = grown
        yield batch

    def pad(self, batch: list[Sample]) -> dict[str, torch.Tensor]:
        """Return a batch as tensors, (samples, longest source) and (samples, longest target)."""
        return {
            "input_ids": padded([source for source, _ in batch], PAD_ID, self.pad_to),
            "labels": padded([target for _, target in batch], IGNORED, self.pad_to),
        }


def longest(batch: list[Sample], side: int) -> int:
    """Return the length of the longest source (side 0) or target (side 1) in tokens."""
    return max(len(sample[side]) for sample in batch)


def padded(rows: list[list[int]], value: int, multiple: int) -> torch.Tensor:
    """Return the rows as one tensor. Its length is that of the longest row, rounded up to a multiple."""
    width = -(-max(map(len, rows)) // multiple) * multiple
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])


def corrupt_spans(tokens: list[int], rng: Random) -> Sample:
    """Apply T5's objective: a sentinel replaces each dropped span, and the target has the dropped text.

    Raffel et al., Exploring the Limits of Transfer Learning (2020): 15 % of the tokens, in spans of about 3 tokens.
    """
    source: list[int] = []
    target: list[int] = []
    *body, end = tokens
    sentinel = FIRST_SENTINEL
    at = 0
    while at < len(body):
        if rng.random() < 0.06 and sentinel < LAST_SENTINEL:
            width = rng.randint(1, 5)
            source.append(sentinel)
            target += [sentinel, *body[at : at + width]]
            sentinel += 1
            at += width
        else:
            source.append(body[at])
            at += 1
    return [*source, end], [*target, end]


def restore(tokens: list[int], rng: Random) -> Sample:
    """Hide a tenth of the tokens. The target is the whole text."""
    *body, end = tokens
    return [*(FIRST_SENTINEL if rng.random() < 0.1 else token for token in body), end], tokens
