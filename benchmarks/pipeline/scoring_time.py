"""Measure how the time of the evaluation (scores and bootstrap) grows with the number of summaries.

    python -m benchmarks.pipeline.scoring_time [--sizes 1000,10000,100000] [--judged 500,1000] [--records FILE.csv]

The command scores two trivial systems: the first turns and the longest turn of each dialogue. It uses all cores that
the process may use, and it leaves out the scores that need an encoder (a model that turns words into vectors). Then it
computes the differences and intervals with 10,000 bootstrap resamples. The scores that need an encoder (BERTScore,
faithfulness, every error with its evidence) are measured separately, on the longest turns of --judged records. Records
come from a CSV file with the columns of MTS-Dialog (default: the sample). The records are repeated up to the requested
size.

Growth is the CPU time per record at the largest size, divided by the CPU time per record at the smallest size. A growth
of 1.00 is linear. CPU time is used because other programs have little influence on it. Memory is the peak of this
process and of the largest worker process.
"""

import argparse
import csv
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from medsum.core.errors import run_script
from medsum.core.paths import SCORERS, SOURCES
from medsum.dialogue import reader
from medsum.dialogue.record import Record
from medsum.evaluation.comparison import by_model, difference
from medsum.evaluation.parallel_scoring import score_system, workers_for
from medsum.evaluation.scoring import Row, score_texts
from medsum.metrics.floors import first_turns, longest_turn
from medsum.metrics.rouge import ROUGE_METRICS

SAMPLE = SOURCES / "sample/dialogues.csv"
COLUMNS = ("summaries", "processes", "scoring s", "bootstrap s", "scoring CPU s", "bootstrap CPU s", "MB", "worker MB")


class Measured(NamedTuple):
    """The seconds of scoring and of the bootstrap, and the number of processes that shared the scoring."""

    records: int
    processes: int
    scoring_seconds: float
    bootstrap_seconds: float
    scoring_cpu_seconds: float
    bootstrap_cpu_seconds: float
    megabytes: float
    worker_megabytes: float


def read_sample(path: Path) -> list[Record]:
    """Return the cleaned records of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Record(row["ID"], reader.read(row["dialogue"]).text, row["section_text"], None, "")
            for row in csv.DictReader(file)
        ]


def repeated(sample: list[Record], size: int) -> list[Record]:
    """Return `size` records, each with a different id."""
    endless: Iterator[Record] = (replace(record, id=f"{turn}-{record.id}") for turn in count() for record in sample)
    return list(islice(endless, size))


def cpu_seconds() -> float:
    """Return the CPU time of this process and of the workers that have ended."""
    return sum(os.times()[:4])


class WordsAlone(NamedTuple):
    """Scores by words, without an encoder."""

    def rows(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        """Return one row of scores per record."""
        return score_texts(records, summaries, stemmer=False)

    def identity(self) -> str:
        """Return all values on which the scores depend, except the texts and the code."""
        return "words alone"


def measure(records: list[Record]) -> Measured:
    """Score both systems and compare them."""
    systems = {"baseline": first_turns, "finetuned": longest_turn}
    with tempfile.TemporaryDirectory() as folder, workers_for(len(records)) as workers:
        start, cpu_start = time.perf_counter(), cpu_seconds()
        tables = {
            name: score_system(
                records, (floor(r.dialogue) for r in records), WordsAlone(), Path(folder, "kept", name), workers,
                Path(folder, f"{name}.jsonl"),
            )
            for name, floor in systems.items()
        }  # fmt: skip
    scored, cpu_scored = time.perf_counter(), cpu_seconds()  # the workers have ended, so this includes their time
    difference(tables["baseline"], tables["finetuned"], ROUGE_METRICS)
    by_model(tables, ROUGE_METRICS)
    compared, cpu_compared = time.perf_counter(), cpu_seconds()
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    wall, cpu = (scored - start, compared - scored), (cpu_scored - cpu_start, cpu_compared - cpu_scored)
    return Measured(len(records), workers.processes, *wall, *cpu, *peaks)


def print_judged(sample: list[Record], sizes: list[int]) -> None:
    """Measure the scores that need an encoder, including the time to load it. Do so without and with the errors."""
    from medsum.evaluation.judgement import Judge, fitted_words  # not at the top, because workers import this module

    for findings in (False, True):
        judge = Judge(SCORERS / "minilm", 6, 8, *fitted_words(SCORERS), findings=findings)
        for size in sizes:
            records = repeated(sample, size)
            start, cpu_start = time.perf_counter(), cpu_seconds()
            with tempfile.TemporaryDirectory() as folder, workers_for(size) as workers:
                summaries = (longest_turn(record.dialogue) for record in records)
                score_system(records, summaries, judge, Path(folder), workers)
            wall, cpu = (1000 * taken / size for taken in (time.perf_counter() - start, cpu_seconds() - cpu_start))
            peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            said = "BERTScore, faithfulness, errors and evidence" if findings else "BERTScore and faithfulness"
            print(
                f"{size} records, {workers.processes} processes, {said}: {wall:.0f} ms a record, CPU time {cpu:.0f} ms,"
                f" the largest process {peak / 1024:.0f} MB",
                flush=True,
            )


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--judged", default="500,1000")
    parser.add_argument("--records", type=Path, default=SAMPLE)
    options = parser.parse_args()
    sample = read_sample(options.records)
    print(" ".join(f"{name:>15}" for name in COLUMNS), flush=True)
    found = []
    for size in sorted(int(number) for number in options.sizes.split(",")):
        one = measure(repeated(sample, size))
        cells = [2 * one.records, one.processes, *(round(value, 1) for value in one[2:])]
        print(" ".join(f"{cell:>15}" for cell in cells), flush=True)
        found.append(one)
    for name in ("scoring_cpu_seconds", "bootstrap_cpu_seconds"):
        first, last = ((getattr(one, name) / one.records) for one in (found[0], found[-1]))
        print(f"growth of {name.partition('_')[0]} from {found[0].records} to {found[-1].records}: {last / first:.2f}")
    print_judged(sample, [int(number) for number in options.judged.split(",")])


if __name__ == "__main__":
    run_script(main)
