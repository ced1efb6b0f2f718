"""The table of the benchmark of batches on Ray, computed from runs with known times."""

import pytest

from benchmarks.generation.process_tree import Measured, Run
from benchmarks.generation.ray_batches import ENGINES, difference, print_speed

DRIVER, WORKER = "python summarize.py --engine ray", "ray::MapWorker(MapBatches(Worker)).submit"


def run_of(seconds: float, driver: float, worker: float) -> Run:
    """Return a run of two processes with these CPU times."""
    return Run(seconds, 0, 1, "", {1: Measured({DRIVER}, driver), 2: Measured({"ray::IDLE", WORKER}, worker)})


def test_the_time_of_start_and_end_is_subtracted() -> None:
    seconds, cpu, outside = difference(run_of(60, 5, 40), run_of(20, 4, 8), writers="(Worker)")
    assert (seconds, cpu, outside) == pytest.approx((40, 33, 1))


def test_the_ratio_compares_ray_with_as_many_processes(capsys: pytest.CaptureFixture[str]) -> None:
    taken = {engine: [(100.0, 90.0, 0.0), (50.0, 90.0, 0.0)] for engine in ENGINES}
    taken["Ray, 2 workers"] = [(110.0, 99.0, 9.0), (60.0, 99.0, 9.0)]
    print_speed(taken, dict.fromkeys(ENGINES, run_of(20, 4, 8)), 50)
    said = capsys.readouterr().out
    assert "| Ray, 2 workers | 35.3 | 1.980 | 0.180 | 20.0 | 12.0 |\n" in said
    assert "Ray, 2 workers / `--processes 2`, time for the dialogues: 1.150 (1.100-1.200, 2 rounds)\n" in said
    assert "Ray, 2 workers / `--processes 2`, CPU time for the dialogues: 1.100 (1.100-1.100, 2 rounds)\n" in said
