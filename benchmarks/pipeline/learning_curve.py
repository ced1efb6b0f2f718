"""Draw the learning curve: the score by number of training records, with the range of the scores over seeds.

    dvc exp run --queue predict -S 'train.max_records=25,100,400,null' -S 'train.seed=1,2,3'
    dvc queue start --jobs 1
    python -m benchmarks.pipeline.learning_curve [EXPERIMENT ...]

The command reads the finished experiments of this commit, or the named experiments. The experiments may differ only in
size (`train.max_records`) and seed. The command writes docs/learning_curve.png and
benchmarks/results/learning_curve.csv. `dvc plots show` draws the CSV file, which has no values of single records. You
can repeat the command while the queue runs.
"""

import argparse
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.pipeline.experiments import Experiment, read_experiment, require_alike, revisions
from medsum.core.atomic import write_csv
from medsum.core.errors import run_script
from medsum.core.paths import LEARNING_CURVE
from medsum.metrics.bootstrap import Interval, intervals
from medsum.review.chart_definitions import chart_of
from medsum.review.charts import save

PNG = Path("docs/learning_curve.png")


class Size(NamedTuple):
    """The experiments of one size.

    The fields are the seeds, the mean score of each seed, and for each record the mean of its scores over the seeds.
    """

    records: int
    seeds: list[int]
    by_seed: list[float]
    by_record: NDArray[np.float64]


def sizes_of(found: list[Experiment]) -> list[Size]:
    """Return the experiments grouped by size, the smallest first."""
    sizes = []
    for records in sorted({one.records for one in found}):
        same = sorted((one for one in found if one.records == records), key=lambda one: one.seed)
        scores = np.stack([one.finetuned for one in same])
        sizes.append(Size(records, [one.seed for one in same], scores.mean(axis=1).tolist(), scores.mean(axis=0)))
    return sizes


def gains(sizes: list[Size]) -> list[Interval]:
    """Return the gain per doubling of the training records, from each size to the next size.

    The intervals of the gains come from a bootstrap over test records.
    """
    steps = [
        (larger.by_record - smaller.by_record) / np.log2(larger.records / smaller.records)
        for smaller, larger in pairwise(sizes)
    ]
    return intervals(np.stack(steps, axis=1)) if steps else []


def slope(sizes: list[Size]) -> Interval:
    """Return the gain per doubling over all sizes: the slope of the least-squares line.

    The interval of the slope comes from a bootstrap over test records.
    """
    doublings = np.log2([size.records for size in sizes])
    weights = (doublings - doublings.mean()) / ((doublings - doublings.mean()) ** 2).sum()
    return intervals((weights @ np.stack([size.by_record for size in sizes]))[:, None])[0]


def csv_rows(sizes: list[Size], baseline: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return one row per size: score, gain over the baseline with its paired interval, and range over seeds."""
    above = intervals(np.stack([size.by_record - baseline for size in sizes], axis=1))
    return [
        {
            "records": size.records,
            "seeds": len(size.seeds),
            "rouge1": round(float(size.by_record.mean()), 2),
            "gain": round(gain.mean, 2),
            "low": round(gain.low, 2),
            "high": round(gain.high, 2),
            "seed_low": round(min(size.by_seed) - float(baseline.mean()), 2),
            "seed_high": round(max(size.by_seed) - float(baseline.mean()), 2),
        }
        for size, gain in zip(sizes, above, strict=True)
    ]


def table(sizes: list[Size], rows: list[dict[str, Any]]) -> str:
    """Return the curve as text, with the gain per doubling since the previous row."""
    lines = [f"{'records':>8}{'ROUGE-1':>9}{'above the baseline':>24}{'seeds, from to':>20}{'a doubling':>24}"]
    for row, step in zip(rows, [None, *gains(sizes)], strict=True):
        gain = f"{row['gain']:+.2f} [{row['low']:+.2f}, {row['high']:+.2f}]"
        spread = f"{row['seeds']}, {row['seed_low']:+.2f} {row['seed_high']:+.2f}"
        doubling = _signed(step) if step else ""
        lines.append(f"{row['records']:>8}{row['rouge1']:>9.2f}{gain:>24}{spread:>20}{doubling:>24}")
    if len(sizes) > 1:
        lines.append(f"a doubling over all sizes, least squares: {_signed(slope(sizes))}")
    return "\n".join(lines)


def _signed(gain: Interval) -> str:
    return f"{gain.mean:+.2f} [{gain.low:+.2f}, {gain.high:+.2f}]"


def main() -> None:
    """Read the experiments, write the CSV file, draw the PNG, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "experiments", nargs="*", help="names of finished experiments (default: all experiments of this commit)"
    )
    chosen = revisions(parser.parse_args().experiments)
    found = [read_experiment(name, revision) for name, revision in tqdm(chosen.items(), unit="experiment")]
    require_alike(found)
    sizes, baseline = sizes_of(found), found[0].baseline
    rows = csv_rows(sizes, baseline)
    write_csv(LEARNING_CURVE, rows)
    save(chart_of(LEARNING_CURVE), PNG)
    print(f"{len(found)} experiments, {len(baseline)} test records; ROUGE-1 F1 x 100, baseline {baseline.mean():.2f}")
    print(table(sizes, rows))


if __name__ == "__main__":
    run_script(main)
