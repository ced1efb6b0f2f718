"""Prompts with fixed output lengths, for measurements of speed: a model's own output can end anywhere."""

import resource
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from medsum.model.prompt import Frame, PromptBuilder, TokenIds
from medsum.params import generation, prompt


class Case(NamedTuple):
    """A prompt, and how many tokens are to be written."""

    ids: TokenIds
    length: int


Taken = tuple[float, int]  # CPU seconds and peak MB


def peak_mb() -> int:
    """Return the most memory that this process has held, in MB (Linux counts in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def builder_of(converted: Path) -> PromptBuilder:
    """Return what makes prompts for a converted model; no torch is imported."""
    tokenizer = Tokenizer.from_file(str(converted / "tokenizer.json"))
    return PromptBuilder(tokenizer, prompt.load(), Frame.load(converted))


def read_cases(file: Path, builder: PromptBuilder, records: int) -> list[Case]:
    """Return prompts and the references' lengths, cut to the parameters' limits, in the file's order.

    Of a longer file every nth record by length is taken; a shorter one is repeated.
    """
    from benchmarks.records import read, spread  # here, since a side's process pays for no more than it needs

    limit, found = generation.load().max_new_tokens, spread(read(file), records)
    cases = [
        Case(
            builder.cut(builder.ids(r.dialogue, r.section)), max(2, min(len(builder.note_ids(r.summary or "")), limit))
        )
        for r in found
    ]
    return [cases[number % len(cases)] for number in range(records)]
