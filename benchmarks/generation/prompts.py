"""Make prompts with fixed output lengths for measurements of speed. Otherwise, an output could end anywhere."""

import resource
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from medsum.model.prompt import Frame, PromptBuilder, TokenIds
from medsum.params import generation, prompt


class Case(NamedTuple):
    """A prompt, and the number of tokens to write."""

    ids: TokenIds
    length: int


Taken = tuple[float, int]  # the CPU seconds and the peak memory in MB


def peak_mb() -> int:
    """Return the largest memory that this process has used, in MB (Linux counts in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def builder_of(converted: Path) -> PromptBuilder:
    """Return the prompt builder of a converted model, without importing torch."""
    tokenizer = Tokenizer.from_file(str(converted / "tokenizer.json"))
    return PromptBuilder(tokenizer, prompt.load(), Frame.load(converted))


def read_cases(file: Path, builder: PromptBuilder, records: int) -> list[Case]:
    """Return prompts and the lengths of the references, in the order of the file. The limits of params.yaml apply.

    If the file has more than `records` records, sort them by length and use every nth record. If the file has fewer
    records, repeat them.
    """
    from benchmarks.records import read, spread  # imported here to keep it out of the memory of the measured processes

    limit, found = generation.load().max_new_tokens, spread(read(file), records)
    cases = [
        Case(
            builder.cut(builder.ids(r.dialogue, r.section)), max(2, min(len(builder.note_ids(r.summary or "")), limit))
        )
        for r in found
    ]
    return [cases[number % len(cases)] for number in range(records)]
