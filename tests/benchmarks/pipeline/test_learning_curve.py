"""The learning curve: its figures from known scores, what may not be compared, and the real queue behind it."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pipeline.experiments import Experiment, require_alike
from benchmarks.pipeline.learning_curve import csv_rows, gains, sizes_of, slope, table
from medsum.core.errors import UserError
from tests.conftest import ROOT
from tests.pipeline.conftest import command


def experiment(records: int, seed: int, scores: list[float], **others: int) -> Experiment:
    baseline = np.full(len(scores), 10.0)
    return Experiment(f"{records}-{seed}", records, seed, dict(others), np.array(scores), baseline)


FOUND = [
    experiment(100, 1, [21.0, 31.0]),
    experiment(25, 1, [16.0, 24.0]),
    experiment(100, 2, [23.0, 33.0]),
    experiment(25, 2, [18.0, 26.0]),
]


def test_the_curve_has_the_means_the_seeds_range_and_what_a_doubling_brings() -> None:
    sizes = sizes_of(FOUND)
    rows = csv_rows(sizes, FOUND[0].baseline)
    assert [row["records"] for row in rows] == [25, 100]
    assert [row["rouge1"] for row in rows] == [21.0, 27.0]
    assert [(row["seed_low"], row["seed_high"], row["seeds"]) for row in rows] == [(10.0, 12.0, 2), (16.0, 18.0, 2)]
    assert (rows[0]["gain"], rows[0]["low"]) == (11.0, 7.0)  # low: the worse of two records, drawn twice
    [gain] = gains(sizes)
    assert gain.mean == pytest.approx(3.0)  # 6 points in two doublings
    assert (gain.low, gain.high) == pytest.approx((2.5, 3.5))
    assert slope(sizes).mean == pytest.approx(3.0)
    last = " ".join(table(sizes, rows).splitlines()[2].split())
    assert last == "100 27.00 +17.00 [+12.00, +22.00] 2, +16.00 +18.00 +3.00 [+2.50, +3.50]"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            experiment(50, 1, [1.0], lora_rank=3),
            "experiments 100-1 and 50-1 also differ in lora_rank; name the experiments",
        ),
        (
            experiment(25, 2, [1.0]),
            "experiments 25-2 and 25-2b both trained on 25 records with seed 2; name the experiments",
        ),
    ],
)
def test_what_is_not_to_be_compared_is_named(other: Experiment, said: str) -> None:
    if other.name == "25-2":
        other.name = "25-2b"
    with pytest.raises(UserError, match=said):
        require_alike([*FOUND, other])


def curve(project: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.pipeline.learning_curve", *names],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_queued_experiments_become_the_curve(reproduced: Path) -> None:
    none = curve(reproduced)
    assert none.stderr.splitlines()[-1].startswith("Error: this commit has no finished experiments; see")
    command(reproduced, "dvc", "exp", "run", "--queue", "predict", "-S", "train.max_records=6,null")
    command(reproduced, "dvc", "queue", "start", "--jobs", "1")
    end = time.monotonic() + 400
    while (status := command(reproduced, "dvc", "queue", "status")).count("Success") < 2:
        assert "Failed" not in status
        assert time.monotonic() < end, status
        time.sleep(1)
    done = curve(reproduced)
    assert done.returncode == 0, done.stderr
    assert "2 experiments" in done.stdout
    with (reproduced / "benchmarks/results/learning_curve.csv").open(encoding="utf-8", newline="") as file:
        records = [int(row["records"]) for row in csv.DictReader(file)]
    assert records[0] == 6 < records[1]
    assert (reproduced / "docs/learning_curve.png").stat().st_size > 1000
    assert (
        curve(reproduced, "no-such").stderr.splitlines()[-1].startswith("Error: no-such is not a finished experiment")
    )
