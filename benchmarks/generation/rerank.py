"""Measure the gain and the cost of reranking with one model, with and without the option generation.rerank.

    python -m benchmarks.generation.rerank --model finetuned --records data/splits/validation.jsonl --beams 4

The search finds several candidate summaries (beams). The reranker chooses the candidate that the dialogue supports
best. The search uses the settings of params.yaml, with `--beams` beams. The reranker never sees the reference. ROUGE
(F1 x 100), factual F1 and omission compare a summary with the reference. The contradicted and unsupported facts come
from the same extraction of facts that the reranker uses. Differences have 95 % intervals from 10,000 paired bootstrap
resamples of records. The cost is the CPU time with and without reranking, measured in turn. The options `--sample`,
`--support` and `--flag` helped to choose the two weights of medsum/faithfulness/reranking.py, on records that no report
uses.
"""

import argparse
import statistics
import time
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.judge.human_judgement import ENCODER, load_encoder
from benchmarks.pipeline.pooled import cell
from medsum.core.errors import run_script
from medsum.core.paths import VALIDATION_SPLIT
from medsum.dialogue.record import Record, read_records
from medsum.faithfulness import reranking
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.features import case
from medsum.faithfulness.scores import counts, scores
from medsum.generation.model_choice import open_summarizer
from medsum.generation.summarizer import Summarizer
from medsum.metrics import rouge
from medsum.metrics.bootstrap import intervals
from medsum.params import generation

ROUGE = ("rouge1", "rouge2", "rougeL")
JUDGED = ("factual_f1", "omission")
FACTS = ("supported_facts", "unsupported_facts", "contradicted_facts", "missed_facts")
COLUMNS = (*ROUGE, *JUDGED, *FACTS, "words")


def summarise(summarizer: Summarizer, records: list[Record], rerank: bool) -> tuple[list[str], float]:
    """Return the summaries, and the CPU seconds that they took."""
    summarizer.faithfulness = reranking.faithfulness if rerank else None
    start = time.process_time()
    texts = summarizer.summarize([r.dialogue for r in records], [r.section for r in records])
    return texts, time.process_time() - start


def measured(records: list[Record], texts: list[str], encoder: WordEncoder) -> NDArray[np.float64]:
    """Return every score in COLUMNS, shape (records, columns)."""
    found = rouge.scores(texts, [record.summary for record in records], stemmer=False)
    rows = []
    for index, (record, text) in enumerate(zip(records, texts, strict=True)):
        one = case(record.dialogue, record.summary, text)
        encoder.encode([one.reference, one.prediction])
        values = {**scores(one, encoder.similarity), **counts(one), "words": len(text.split())}
        values |= {name: 100 * found[name][index] for name in ROUGE}
        rows.append([values[name] for name in COLUMNS])
    return np.array(rows, dtype=np.float64)


def print_table(off: NDArray[np.float64], on: NDArray[np.float64]) -> None:
    """Print the means with and without reranking and their differences, one score per line."""
    print(f"{'':20}{'none':>10}{'faithfulness':>14}   difference")
    for name, before, after, change in zip(
        COLUMNS, off.mean(axis=0), on.mean(axis=0), intervals(on - off), strict=True
    ):
        digits = 2 if name in (*ROUGE, "words") else 4
        difference = cell(change, "+") if digits == 2 else _fine(change.mean, change.low, change.high)
        print(f"{name:20}{before:>10.{digits}f}{after:>14.{digits}f}   {difference}")


def _fine(mean: float, low: float, high: float) -> str:
    return f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"


def both_measured(
    records: list[Record], off: list[str], on: list[str], encoder: WordEncoder
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the scores with and without reranking. Equal summaries are scored only once."""
    before = measured(records, off, encoder)
    after = before.copy()
    places = [place for place, (a, b) in enumerate(zip(off, on, strict=True)) if a != b]
    if places:
        after[places] = measured([records[place] for place in places], [on[place] for place in places], encoder)
    return before, after


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="finetuned", help="serving, finetuned, baseline, or a model's folder")
    parser.add_argument("--records", type=Path, default=VALIDATION_SPLIT)
    parser.add_argument("--beams", type=int, default=4, help="beams of the search, at least 2 (default: 4)")
    parser.add_argument("--encoder", type=Path, default=ENCODER)
    parser.add_argument("--rounds", type=int, default=1, help="how often both ways are measured, in turn")
    parser.add_argument("--sample", type=int, help="use only this number of records, drawn with a seed")
    parser.add_argument("--support", type=float, default=reranking.SUPPORT)
    parser.add_argument("--flag", type=float, default=reranking.FLAG)
    options = parser.parse_args()
    if not 2 <= options.beams <= 32:
        parser.error("--beams must be a whole number from 2 to 32, because reranking chooses among several beams")
    return options


def main() -> None:
    """Summarise with and without reranking, score the summaries, and print the table."""
    options = arguments()
    reranking.SUPPORT, reranking.FLAG = options.support, options.flag
    search = generation.load().model_copy(update={"num_beams": options.beams})
    encoder, summarizer = load_encoder(options.encoder), open_summarizer(options.model, search)
    records = read_records(options.records)
    if options.sample:
        records = Random(1).sample(records, min(options.sample, len(records)))
    summarise(
        summarizer, records[:1], rerank=True
    )  # this call loads all modules before the measurement, because the time for loading is not a cost of a summary
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(options.rounds):
        (off, slow), (on, slower) = (summarise(summarizer, records, rerank) for rerank in (False, True))
        seconds[0].append(slow)
        seconds[1].append(slower)
    changed = sum(a != b for a, b in zip(off, on, strict=True))
    print(f"{options.records}: {len(records)} records, {changed} other summaries; {summarizer.generation}")
    print_table(*both_measured(records, off, on, encoder))
    without, with_ = (1000 * statistics.median(times) / len(records) for times in seconds)
    print(f"CPU time a record: {without:.1f} and {with_:.1f} ms, ratio {with_ / without:.2f}; {options.rounds} rounds")


if __name__ == "__main__":
    run_script(main)
