"""Compare the speed of the served model with the speed of transformers' `generate`, in dialogues per second.

    python -m benchmarks.generation.speed FILE.csv [--base FOLDER] [--records 64] [--rounds 3] [--beams N] [--growth]
    python -m benchmarks.generation.speed FILE.csv --shape FOLDER        # FOLDER: config and tokenizer of flan-t5-base

FILE has the columns of MTS-Dialog, or is the .jsonl file of a split. The side `Theirs` calls `generate` as a user would
call it: with batches of 8 in the order of the input, in float32, and for a decoder-only base model also in bf16. The
side `Ours` is CTranslate2 with int8 weights. It sorts the prompts by length and limits the tokens of a batch. Both
sides use the same model and the same numbers of beams and threads. They run in turn, each in a separate process.

The length of each output is fixed, because an untrained model never stops by itself. `Theirs` writes exactly as many
tokens as the record's reference has. `Ours` writes as many tokens as the longest reference of the batch has, so it
never has less work than `Theirs`. Times are CPU times, so other programs on the machine have little influence. With
--shape, the weights are random, and the output layer does not share the weights of the input embedding.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.generation.prompts import Case, Taken, builder_of, peak_mb, read_cases
from medsum.core.paths import BASES
from medsum.model.prompt import Frame, PromptBuilder
from medsum.params import generation
from medsum.params.generation import GenerationParams

COMPACT = BASES / "compact"


def make_shape(source: Path, folder: Path) -> None:
    """Write a checkpoint of the shape in `source`, with random weights and a separate output layer."""
    import shutil

    from benchmarks.shape import random_model

    random_model(source).save_pretrained(folder)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, folder / name)


def make_converted(checkpoint: Path, folder: Path) -> None:
    """Convert the checkpoint to int8."""
    from medsum.generation.conversion import convert
    from medsum.model.chat import prompt_builder
    from medsum.params import prompt

    convert(checkpoint, folder, "int8", prompt_builder(checkpoint, prompt.load()).frame)


class Ours:
    """The served model in a converted folder."""

    def __init__(self, converted: Path) -> None:
        self.converted = converted

    def __call__(self, cases: Sequence[Case], frame: Frame, params: GenerationParams, threads: int) -> Taken:
        """Return the time and memory of all cases, including the forming of batches."""
        from medsum.generation.summarizer import Summarizer

        del frame  # not needed, because the folder also has the frame
        backend, builder = our_backend(self.converted, threads)
        start = time.process_time()
        for batch in Summarizer(backend, builder, params).batches([case.ids for case in cases]):
            longest = max(cases[place].length for place in batch)
            backend.generation = params.model_copy(update={"max_new_tokens": longest})
            list(backend.generate([[cases[place].ids for place in batch]], least_tokens=longest))
        return time.process_time() - start, peak_mb()


@cache
def our_backend(folder: Path, threads: int) -> tuple[Any, PromptBuilder]:
    """Return the backend and the prompt builder, which each process loads once."""
    from medsum.generation.ctranslate2_backend import CTranslate2Backend

    builder = builder_of(folder)
    return CTranslate2Backend(folder, builder.tokenizer, builder.frame, generation.load(), threads), builder


def one_by_one(folder: Path, cases: list[Case], params: GenerationParams, threads: int) -> list[float]:
    """Summarise one dialogue at a time, and return the wall-clock seconds. The model itself ends each summary."""
    (backend, _), seconds = our_backend(folder, threads), []
    backend.generation = params
    for case in cases:
        start = time.perf_counter()
        list(backend.generate([[case.ids]]))
        seconds.append(time.perf_counter() - start)
    return seconds


def worker() -> ProcessPoolExecutor:
    """Return a separate process for one side, so that the memory of each side is measured separately."""
    return ProcessPoolExecutor(1, get_context("spawn"))


def compare(
    sides: dict[str, Any], cases: list[Case], frame: Frame, params: GenerationParams, options: argparse.Namespace
) -> None:
    """Run the sides in turn and print the table. The last side is ours."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    peaks = dict.fromkeys(sides, 0)
    pools = {name: worker() for name in sides}
    for _ in range(options.rounds):
        for name, work in sides.items():
            taken, peaks[name] = pools[name].submit(work, cases, frame, params, options.threads).result()
            seconds[name].append(taken)
    for pool in pools.values():
        pool.shutdown()
    print(
        f"{len(cases)} dialogues, {sum(case.length for case in cases)} tokens written, {params.num_beams} beams,"
        f" {options.rounds} rounds in turn, {options.threads} threads, CPU time"
    )
    mine = seconds["ours"]
    for name, times in seconds.items():
        ratios = sorted(theirs / our for theirs, our in zip(times, mine, strict=True))
        print(
            f"{name:22}{len(cases) / statistics.median(times):8.3f} dialogues/s   peak {peaks[name]:6} MB"
            f"   ours is {statistics.median(ratios):.2f} times as fast as this ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    print(f"dialogues a day and thread: {86_400 * len(cases) / statistics.median(mine):,.0f}")


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--base", type=Path, default=COMPACT, help="folder of a base model")
    parser.add_argument("--shape", type=Path, help="folder with config.json and tokenizer.json of a T5")
    parser.add_argument("--records", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beams", type=int, help="number of beams; the default is generation.num_beams")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--growth", action="store_true", help="also measure the time per dialogue of 100 to 10,000 dialogues"
    )
    return parser.parse_args()


def print_more(converted: Path, cases: list[Case], params: GenerationParams, options: argparse.Namespace) -> None:
    """Print the time of one dialogue alone and, with --growth, the time of many dialogues."""
    builder, ours = builder_of(converted), Ours(converted)
    with worker() as pool:
        times = sorted(pool.submit(one_by_one, converted, cases, params, options.threads).result())
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(
            f"one dialogue alone, as the model ends it: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms (wall clock)"
        )
        if options.growth:
            costs = {}
            for count in (100, 1_000, 10_000):
                more = read_cases(options.file, builder, count)
                costs[count], peak = pool.submit(ours, more, builder.frame, params, options.threads).result()
                print(f"{count:6} dialogues: {1000 * costs[count] / count:7.2f} ms each, peak {peak} MB")
            print(f"time per dialogue: 10,000 dialogues / 100 dialogues = {costs[10_000] / costs[100] / 100:.3f}")


def main() -> None:
    """Make the models, measure them, and print the table."""
    from benchmarks.generation.transformers_generate import Theirs

    options, params = arguments(), generation.load()
    if options.beams:
        params = params.model_copy(update={"num_beams": options.beams})
    with tempfile.TemporaryDirectory() as scratch:
        checkpoint, converted = options.base, Path(scratch, "converted")
        with worker() as maker:
            if options.shape:
                checkpoint = Path(scratch, "checkpoint")
                maker.submit(make_shape, options.shape, checkpoint).result()
            maker.submit(make_converted, checkpoint, converted).result()
        builder = builder_of(converted)
        formats = ["float32", "bfloat16"] if builder.frame.kind == "decoder-only" else ["float32"]
        sides: dict[str, Any] = {f"transformers, {name}": Theirs(checkpoint, name) for name in formats}
        sides["ours"] = Ours(converted)
        cases = read_cases(options.file, builder, options.records)
        compare(sides, cases, builder.frame, params, options)
        print_more(converted, cases, params, options)


if __name__ == "__main__":
    main()
