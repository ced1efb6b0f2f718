"""Dialogues per second: the served model beside transformers' `generate` as a user would call it.

    python -m benchmarks.generation FILE.csv [--records 64] [--rounds 3] [--growth]
    python -m benchmarks.generation FILE.csv --shape FOLDER        # config and tokenizer of flan-t5-base, say

FILE has the columns of MTS-Dialog. Theirs: batches of 8 in input order, float32. Ours: CTranslate2, int8,
length-sorted batches by token budget. Same model, beams and threads; the two take turns, each in a process of its own.
A model of random weights never stops by itself, so the length of each output is set: theirs, to exactly that of the
record's reference; ours, to the longest reference of its batch, which is never less work. Times are CPU times, so that
other work on the machine does not count. With --shape, the weights are random and the output layer is not tied.
"""

import argparse
import csv
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from medsum.data.cleaning import clean_text
from medsum.data.sections import normalise
from medsum.data.turns import normalise_dialogue
from medsum.model.prompt import cut
from medsum.params import generation, prompt

COMPACT = Path("models/base/compact")
THEIR_BATCH = 8
Case = tuple[list[int], int]  # prompt, and tokens to write


def make_shape(source: Path, folder: Path) -> None:
    """A checkpoint of the shape in `source`, its weights random and its output layer its own."""
    import shutil

    from benchmarks.shape import random_model

    random_model(source).save_pretrained(folder)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, folder / name)


def read_cases(file: Path, tokenizer: Path, records: int) -> list[Case]:
    """Prompts and lengths of references, both cut to the parameters' limits; the file is repeated as needed."""
    from tokenizers import Tokenizer

    from medsum.model.prompt import render

    pieces, wish, limit = Tokenizer.from_file(str(tokenizer)), prompt.load(), generation.load().max_new_tokens
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    cases = []
    for number in range(records):
        row = rows[number % len(rows)]
        dialogue = normalise_dialogue(clean_text(row["dialogue"]))
        text = render(wish.template, dialogue, normalise(row["section_header"]))
        length = len(pieces.encode(row["section_text"]).ids)
        cases.append((cut(pieces.encode(text).ids, wish.max_input_tokens), max(2, min(length, limit))))
    return cases


def peak_mb() -> int:
    """The most memory that this process has held, in MB (Linux counts in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


@cache
def their_model(folder: Path, threads: int) -> Any:
    """Loaded once a process."""
    from medsum.model import determinism
    from medsum.model.loading import load_base

    determinism.fix(threads)
    return load_base(folder)


def theirs(folder: Path, cases: list[Case], threads: int) -> tuple[float, int]:
    """CPU seconds and peak MB of transformers' generate."""
    import torch
    from transformers import GenerationConfig, LogitsProcessorList

    model, params = their_model(folder, threads), generation.load()
    start = time.process_time()
    for at in range(0, len(cases), THEIR_BATCH):
        batch = cases[at : at + THEIR_BATCH]
        width, longest = max(len(ids) for ids, _ in batch), max(length for _, length in batch)
        ids = torch.tensor([ids + [0] * (width - len(ids)) for ids, _ in batch])
        lengths = torch.tensor([length for _, length in batch]).repeat_interleave(params.num_beams)

        def end_at(written: torch.Tensor, scores: torch.Tensor, lengths: torch.Tensor = lengths) -> torch.Tensor:
            scores[:, 1] = torch.where(written.shape[1] >= lengths, 1e9, -torch.inf)
            return scores

        config = GenerationConfig(
            max_new_tokens=longest, num_beams=params.num_beams, length_penalty=params.length_penalty,
            no_repeat_ngram_size=params.no_repeat_ngram_size, do_sample=False, decoder_start_token_id=0,
            eos_token_id=1, pad_token_id=0,
        )  # fmt: skip
        with torch.inference_mode():
            model.generate(
                input_ids=ids, attention_mask=(ids != 0).long(), generation_config=config,
                logits_processor=LogitsProcessorList([end_at]),
            )  # fmt: skip
    return time.process_time() - start, peak_mb()


@cache
def our_backend(folder: Path, threads: int) -> Any:
    """Loaded once a process."""
    from tokenizers import Tokenizer

    from medsum.model.ctranslate2_backend import CTranslate2Backend

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return CTranslate2Backend(folder, tokenizer, generation.load(), threads)


def ours(folder: Path, cases: list[Case], threads: int) -> tuple[float, int]:
    """CPU seconds and peak MB of the served model, batches and all."""
    from medsum.model.generation import Summarizer

    backend, params = our_backend(folder, threads), generation.load()
    start = time.process_time()
    summarizer = Summarizer(backend, backend.tokenizer, prompt.load(), params)
    for batch in summarizer.batches([ids for ids, _ in cases]):
        longest = max(cases[place][1] for place in batch)
        backend.generation = params.model_copy(update={"max_new_tokens": longest})
        list(backend.generate([[cases[place][0] for place in batch]], least_tokens=longest))
    return time.process_time() - start, peak_mb()


def one_by_one(folder: Path, cases: list[Case], threads: int) -> list[float]:
    """Wall-clock seconds of each dialogue alone, as the model itself ends it."""
    backend, seconds = our_backend(folder, threads), []
    for ids, _ in cases:
        start = time.perf_counter()
        list(backend.generate([[ids]]))
        seconds.append(time.perf_counter() - start)
    return seconds


def compare(pools: tuple[Any, Any], folders: tuple[Path, Path], cases: list[Case], options: argparse.Namespace) -> None:
    """Print the table of both sides."""
    seconds: tuple[list[float], list[float]] = ([], [])
    peaks = [0, 0]
    for _ in range(options.rounds):
        for side, work in enumerate((theirs, ours)):
            taken, peaks[side] = pools[side].submit(work, folders[side], cases, options.threads).result()
            seconds[side].append(taken)
    medians = [statistics.median(times) for times in seconds]
    print(f"{len(cases)} dialogues, {options.rounds} rounds in turn, {options.threads} threads, CPU time")
    for name, median, peak in zip(("transformers", "ours"), medians, peaks, strict=True):
        print(f"{name:14}{len(cases) / median:10.2f} dialogues/s   peak {peak:6} MB")
    ratios = sorted(first / second for first, second in zip(*seconds, strict=True))
    print(f"ratio {medians[0] / medians[1]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"dialogues a day with {options.threads} threads: {86_400 * len(cases) / medians[1] * options.threads:,.0f}")


def main() -> None:
    """Make the models, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--shape", type=Path, help="folder with config.json and tokenizer.json of a T5")
    parser.add_argument("--records", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--growth", action="store_true", help="cost per dialogue from 100 to 10,000")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as scratch,
        ProcessPoolExecutor(1, get_context("spawn")) as first,
        ProcessPoolExecutor(1, get_context("spawn")) as second,
        ProcessPoolExecutor(1, get_context("spawn")) as maker,
    ):
        from medsum.model.conversion import convert

        checkpoint, converted = COMPACT, Path(scratch, "converted")
        if options.shape:
            checkpoint = Path(scratch, "checkpoint")
            maker.submit(make_shape, options.shape, checkpoint).result()
        maker.submit(convert, checkpoint, converted, "int8").result()
        cases = read_cases(options.file, checkpoint / "tokenizer.json", options.records)
        compare((first, second), (checkpoint, converted), cases, options)
        times = sorted(second.submit(one_by_one, converted, cases, options.threads).result())
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(
            f"one dialogue alone, as the model ends it: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms (wall clock)"
        )
        if options.growth:
            costs = {}
            for count in (100, 1_000, 10_000):
                more = read_cases(options.file, checkpoint / "tokenizer.json", count)
                costs[count], peak = second.submit(ours, converted, more, options.threads).result()
                print(f"{count:6} dialogues: {1000 * costs[count] / count:7.2f} ms each, peak {peak} MB")
            print(f"10,000 cost {costs[10_000] / costs[100] / 100:.3f} times 100 times 100")


if __name__ == "__main__":
    main()
