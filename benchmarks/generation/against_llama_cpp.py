"""Compare the served int8 model with the same merged model in llama.cpp (Q8_0), in dialogues per second.

    pip install llama-cpp-python    # compiles for many minutes; the project does not need it
    python -m benchmarks.generation.against_llama_cpp FILE.csv [--checkpoint FOLDER] [--records 32] [--threads 1]

FILE has the columns of MTS-Dialog, or is the .jsonl file of a split. The checkpoint is a model of Llama's architecture:
a merged model (an adapter merged into its base model) or a base model. It is converted to int8 for CTranslate2 and
written as Q8_0 for llama.cpp. Both sides get the same prompts in the same batches of 1 and of 16, sorted by length.
Both sides use greedy search and write as many tokens as the longest reference of the batch has. They use the same
number of threads and run in turn, each in a separate process. Times are CPU times.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generation.gguf_file import write_q8_0
from benchmarks.generation.llama_engine import LlamaEngine, binding
from benchmarks.generation.prompts import Case, Taken, builder_of, peak_mb, read_cases
from benchmarks.generation.speed import make_converted, our_backend, worker
from medsum.core.errors import run_script
from medsum.core.paths import MERGED
from medsum.params import generation

SIZES = (1, 16)


@dataclass(frozen=True)
class LlamaCpp:
    """The side that runs a GGUF file with llama.cpp."""

    file: Path

    def __call__(self, batches: Sequence[list[Case]], threads: int) -> Taken:
        """Return the time and memory of all batches. The time does not include loading."""
        rows = max(map(len, batches))
        tokens = max(len(case.ids) + longest(batch) for batch in batches for case in batch)
        with LlamaEngine(self.file, rows, tokens, threads) as engine:
            start = time.process_time()
            for batch in batches:
                engine.write([case.ids for case in batch], longest(batch))
            return time.process_time() - start, peak_mb()


@dataclass(frozen=True)
class CTranslate2:
    """The side that runs a converted model with CTranslate2."""

    folder: Path

    def __call__(self, batches: Sequence[list[Case]], threads: int) -> Taken:
        """Return the time and memory of all batches. The time does not include loading."""
        backend, _ = our_backend(self.folder, threads)
        greedy = generation.load().model_copy(update={"num_beams": 1, "no_repeat_ngram_size": 0})
        start = time.process_time()
        for batch in batches:
            backend.generation = greedy.model_copy(update={"max_new_tokens": longest(batch)})
            list(backend.generate([[case.ids for case in batch]], least_tokens=longest(batch)))
        return time.process_time() - start, peak_mb()


def longest(batch: Sequence[Case]) -> int:
    """Return the number of tokens to write after each prompt of the batch."""
    return max(case.length for case in batch)


def compare(
    sides: dict[str, Callable[[Sequence[list[Case]], int], Taken]],
    cases: list[Case],
    size: int,
    options: argparse.Namespace,
) -> None:
    """Run both sides in turn on batches of one size, and print their figures."""
    ordered = sorted(cases, key=lambda case: -len(case.ids))
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    found: dict[str, list[Taken]] = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, side in sides.items():
            with worker() as pool:
                found[name].append(pool.submit(side, batches, options.threads).result())
    print(f"batches of {size}: {len(cases)} dialogues, {options.rounds} rounds, {options.threads} threads, CPU time")
    for name, taken in found.items():
        rate = len(cases) / statistics.median(seconds for seconds, _ in taken)
        print(f"{name:14}{rate:10.3f} dialogues/s   peak {max(peak for _, peak in taken):6} MB")
    theirs, ours = found.values()
    ratios = sorted(first / second for (first, _), (second, _) in zip(theirs, ours, strict=True))
    print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def main() -> None:
    """Write both models, measure them, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=MERGED)
    parser.add_argument("--records", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    binding()  # if the binding is missing, this call fails before the work begins
    with tempfile.TemporaryDirectory() as scratch, worker() as maker:
        file, folder = Path(scratch, "q8_0.gguf"), Path(scratch, "int8")
        maker.submit(write_q8_0, options.checkpoint, file).result()
        maker.submit(make_converted, options.checkpoint, folder).result()
        cases = read_cases(options.file, builder_of(folder), options.records)
        for size in SIZES:
            compare({"llama.cpp": LlamaCpp(file), "ours": CTranslate2(folder)}, cases, size, options)


if __name__ == "__main__":
    run_script(main)
