"""Measure batches on Ray: the speed compared with a run without Ray, and the memory for many dialogues.

    python -m benchmarks.generation.ray_batches speed [--records 128] [--chunk 16] [--rounds 3] [--new-tokens N]
    python -m benchmarks.generation.ray_batches memory [--records 10000,100000]

Run the command in the project's root, with Ray installed (requirements-ray.txt). `speed` uses the served model. One
process, two processes, and Ray with one and with two workers run in turn, each process with one thread. First, each
of them runs once with empty dialogues, for which nothing is generated. This run gives the time of start and end. The
difference from the other runs is the time for the dialogues. All outputs must have the same bytes. `memory` uses a tiny
model with random weights, two workers, and dialogues of two turns. Each run is made in a copy of the project. In the
copy for `speed`, a chunk has --chunk lines, so that a short measurement has several chunks for each worker. The
dialogues of every chunk are the same.
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import yaml

from benchmarks.generation.process_tree import Run, run_measured
from medsum.core.errors import UserError, run_script

SAMPLE = Path("data/raw/sample/dialogues.csv")
BATCH = Path("medsum/serve/batch.py")
WORKER = "(Worker)"  # the name of Ray's processes that write notes contains this
RAY = ["--engine", "ray", "--processes"]
ENGINES = {
    "one process": [],
    "`--processes 2`": ["--processes", "2"],
    "Ray, 1 worker": [*RAY, "1"],
    "Ray, 2 workers": [*RAY, "2"],
}
COMPARED = {"Ray, 1 worker": "one process", "Ray, 2 workers": "`--processes 2`"}
TINY = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_heads": 2, "num_layers": 1, "num_decoder_layers": 1}
TINY_TOKENS = 8  # a random model never ends a summary by itself


def copy_of_project(folder: Path, chunk: int | None, new_tokens: int | None, *, served: bool) -> Path:
    """Copy what a batch needs, with one thread for each process. `chunk` is the number of lines of a chunk."""
    shutil.copytree("medsum", folder / "medsum", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile("summarize.py", folder / "summarize.py")
    if served:
        shutil.copytree("models/serving", folder / "models/serving")
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    params["runtime"]["threads"] = 1
    if new_tokens:
        params["generation"]["max_new_tokens"] = new_tokens
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    if chunk:
        text, count = re.subn(r"(?m)^CHUNK = \d+", f"CHUNK = {chunk}", (folder / BATCH).read_text(encoding="utf-8"))
        assert count == 1
        (folder / BATCH).write_text(text, encoding="utf-8")
    return folder


def write_dialogues(path: Path, count: int, period: int, *, empty: bool = False) -> None:
    """Write `count` dialogues of the sample. After `period` dialogues, the same dialogues come again."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = [row["dialogue"] for row in islice(csv.DictReader(file), period)]
    with path.open("w", encoding="utf-8") as out:
        for number, dialogue in enumerate(islice(cycle(rows), count)):
            out.write(json.dumps({"id": str(number), "dialogue": "" if empty else dialogue}) + "\n")


def write_short_dialogues(path: Path, count: int) -> None:
    """Write `count` different dialogues of two turns."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            dialogue = f"Doctor: Which room are you in?\nPatient: Room {number}, and my left knee hurts."
            out.write(json.dumps({"id": str(number), "dialogue": dialogue}) + "\n")


def batch(project: Path, name: str, options: list[str]) -> tuple[Run, bytes]:
    """Run a batch. Return its measurements and its output."""
    output = project / "out.jsonl"
    output.unlink(missing_ok=True)
    words = ["--batch", name, "--output", output.name, "--model", "serving", *options]
    run = run_measured([sys.executable, "summarize.py", *words], project)
    if run.code not in (0, 3):
        raise UserError(f"summarize.py {' '.join(words)} has failed: {run.errors[-500:]}")
    return run, output.read_bytes()


def speed(options: argparse.Namespace) -> None:
    """Run all engines in turn and print the table of the times."""
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ENGINES}
    with tempfile.TemporaryDirectory() as name:
        project = copy_of_project(Path(name), options.chunk, options.new_tokens, served=True)
        write_dialogues(project / "in.jsonl", options.records, options.chunk)
        write_dialogues(project / "empty.jsonl", 2 * options.chunk, options.chunk, empty=True)
        ends = {engine: batch(project, "empty.jsonl", words)[0] for engine, words in ENGINES.items()}
        outputs = set()
        for number in range(options.rounds):
            for engine, words in ENGINES.items():
                whole, output = batch(project, "in.jsonl", words)
                outputs.add(output)
                times = difference(whole, ends[engine], writers=WORKER if RAY[1] in words else "summarize.py")
                taken[engine].append(times)
                print(
                    f"round {number + 1}, {engine}: {times[0]:.1f} s and {times[1]:.1f} CPU seconds for the dialogues,"
                    f" {times[2]:.2f} of them not in workers; load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
        if len(outputs) > 1:
            raise UserError("the outputs of two runs differ; find out why before you use the times")
    print_speed(taken, ends, options.records)


def difference(whole: Run, end: Run, writers: str) -> tuple[float, float, float]:
    """Return the seconds, the CPU seconds, and the CPU seconds of processes that write no notes."""
    cpu = whole.cpu_seconds() - end.cpu_seconds()
    return whole.seconds - end.seconds, cpu, cpu - whole.cpu_seconds(writers) + end.cpu_seconds(writers)


def print_speed(taken: dict[str, list[tuple[float, float, float]]], ends: dict[str, Run], records: int) -> None:
    """Print the medians of all engines, and the ratios of Ray to the same number of processes."""
    print("\n| | dialogues per minute | CPU seconds per dialogue | outside workers | start and end, s | CPU seconds |")
    print("|---|---|---|---|---|---|")
    for engine, times in taken.items():
        seconds, cpu, outside = (statistics.median(values) for values in zip(*times, strict=True))
        end = ends[engine]
        print(
            f"| {engine} | {60 * records / seconds:.1f} | {cpu / records:.3f} | {outside / records:.3f}"
            f" | {end.seconds:.1f} | {end.cpu_seconds():.1f} |"
        )
    for engine, other in COMPARED.items():
        for place, said in enumerate(("time", "CPU time")):
            ratios = sorted(mine[place] / its[place] for mine, its in zip(taken[engine], taken[other], strict=True))
            print(
                f"{engine} / {other}, {said} for the dialogues: {statistics.median(ratios):.3f}"
                f" ({ratios[0]:.3f}-{ratios[-1]:.3f}, {len(ratios)} rounds)"
            )


def make_tiny_model(serving: Path) -> None:
    """Write a tiny converted model with random weights and the tokenizer of `compact`."""
    from transformers import T5Config

    from benchmarks.generation.speed import COMPACT, make_converted
    from benchmarks.shape import write_random

    with tempfile.TemporaryDirectory() as name:
        checkpoint = Path(name)
        config = T5Config.from_pretrained(COMPACT)
        config.update(TINY)
        write_random(config, checkpoint)
        for file in COMPACT.glob("token*.json"):
            shutil.copyfile(file, checkpoint / file.name)
        make_converted(checkpoint, serving / "ctranslate2")


def memory(options: argparse.Namespace) -> None:
    """Run two workers with a tiny model on each number of dialogues, and print the table of the peaks."""
    print("| dialogues | time, s | driver, MB | largest worker, MB | reader, MB | object store, MB |")
    print("|---|---|---|---|---|---|")
    for records in options.records:
        with tempfile.TemporaryDirectory() as name:
            project = copy_of_project(Path(name), None, TINY_TOKENS, served=False)
            make_tiny_model(project / "models/serving")
            write_short_dialogues(project / "in.jsonl", records)
            run, _ = batch(project, "in.jsonl", ["--section", "any", *RAY, "2"])
        store = max(process.shared_mb for process in run.processes.values())
        print(
            f"| {records:,} | {run.seconds:.0f} | {run.processes[run.first].peak_mb:.0f}"
            f" | {run.peak_mb(WORKER):.0f} | {run.peak_mb('(Reader'):.0f} | {store:.0f} |",
            flush=True,
        )


def main() -> None:
    """Measure speed or memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True, metavar="speed|memory")
    of_speed = kinds.add_parser("speed", help="compare the speed of Ray with that of one and two processes")
    of_speed.add_argument("--records", type=int, default=128)
    of_speed.add_argument("--chunk", type=int, default=16, help="the number of lines of a chunk")
    of_speed.add_argument("--rounds", type=int, default=3)
    of_speed.add_argument("--new-tokens", type=int, help="generation.max_new_tokens (default: that of params.yaml)")
    of_speed.set_defaults(measure=speed)
    of_memory = kinds.add_parser("memory", help="measure the memory of Ray's processes with a tiny random model")
    of_memory.add_argument("--records", type=lambda text: [*map(int, text.split(","))], default=[10_000, 100_000])
    of_memory.set_defaults(measure=memory)
    options = parser.parse_args()
    options.measure(options)


if __name__ == "__main__":
    run_script(main)
