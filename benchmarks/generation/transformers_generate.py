"""Run transformers' `generate` as a user would call it, but with the fixed output lengths of prompts.py."""

import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from transformers import GenerationConfig, LogitsProcessorList, PreTrainedModel

from benchmarks.generation.prompts import Case, Taken, peak_mb
from medsum.model import determinism
from medsum.model.loading import load_base
from medsum.model.prompt import Frame
from medsum.params.generation import GenerationParams

BATCH = 8


class Theirs(NamedTuple):
    """A checkpoint, and the number format that it computes in, such as `bfloat16`."""

    checkpoint: Path
    precision: str

    def __call__(self, cases: Sequence[Case], frame: Frame, params: GenerationParams, threads: int) -> Taken:
        """Return the time and memory for all cases, in batches of 8 in the order of the cases."""
        model, end_id = loaded(*self, frame.end, threads)
        start = time.process_time()
        for at in range(0, len(cases), BATCH):
            write(model, cases[at : at + BATCH], end_id, params)
        return time.process_time() - start, peak_mb()


@cache
def loaded(checkpoint: Path, precision: str, end: str, threads: int) -> tuple[PreTrainedModel, int]:
    """Return the model, which each process loads once, and the id of the token that ends a summary."""
    determinism.fix(threads)
    end_id: int = Tokenizer.from_file(str(checkpoint / "tokenizer.json")).token_to_id(end)  # type: ignore[assignment]  # the base has it
    return load_base(checkpoint, dtype=getattr(torch, precision)), end_id


@torch.inference_mode()
def write(model: PreTrainedModel, batch: Sequence[Case], end_id: int, params: GenerationParams) -> torch.Tensor:
    """Return the output of `generate`, shape (cases, tokens). Each output ends at exactly the length of its case."""
    width, reads_first = max(len(case.ids) for case in batch), not model.config.is_encoder_decoder
    lengths = torch.tensor([case.length for case in batch]).repeat_interleave(params.num_beams)
    before = width if reads_first else 1  # tokens before the summary: the prompt, or the decoder's start token

    def end_at(written: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        is_last = written.shape[1] - before >= lengths - 1
        scores[:, end_id] = torch.where(is_last, 1e9, -torch.inf)
        return scores

    config = GenerationConfig(
        max_new_tokens=max(case.length for case in batch),
        num_beams=params.num_beams,
        length_penalty=params.length_penalty if params.num_beams > 1 else None,
        no_repeat_ngram_size=params.no_repeat_ngram_size,
        do_sample=False,
        decoder_start_token_id=getattr(model.config, "decoder_start_token_id", None),
        eos_token_id=end_id,
        pad_token_id=end_id,
    )
    found: torch.Tensor = model.generate(  # type: ignore[operator]
        input_ids=padded([case.ids for case in batch], width, end_id, on_the_left=reads_first),
        attention_mask=padded([[1] * len(case.ids) for case in batch], width, 0, on_the_left=reads_first),
        generation_config=config,
        logits_processor=LogitsProcessorList([end_at]),
    )
    return found[:, before:]


def padded(rows: list[list[int]], width: int, value: int, *, on_the_left: bool) -> torch.Tensor:
    """Return the rows as one tensor, padded to `width` tokens."""
    filled = [[value] * (width - len(row)) for row in rows]
    return torch.tensor([fill + row if on_the_left else row + fill for row, fill in zip(rows, filled, strict=True)])
