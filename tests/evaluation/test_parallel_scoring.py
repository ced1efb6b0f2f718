"""Scores in shards: the same rows in one process, in several, and after an interruption."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from medsum.dialogue.record import Record
from medsum.evaluation import parallel_scoring
from medsum.evaluation.parallel_scoring import (
    ON_A_GPU,
    Scorer,
    Workers,
    in_shards,
    kept_until_done,
    score,
    score_system,
    workers_for,
)
from medsum.evaluation.scoring import FAITHFULNESS, METRICS, Row, score_texts
from tests.processes import runs, wait_until

RECORDS = [
    Record(str(n), f"Doctor: Any pain?\nPatient: For {n} days.", f"Pain for {n} days.", "ROS", "test") for n in range(7)
]
SUMMARIES = [f"Pain {'for ' * (n % 3)}{n} days." for n in range(7)]


def lengths(records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
    """Stands for the encoders: shorter by longer length, and a finding."""
    pairs = zip((record.summary for record in records), summaries, strict=True)
    return [{"bertscore": min(len(a), len(b)) / max(len(a), len(b)), "errors": [{"reason": b}]} for a, b in pairs]


HERE = Workers(None, 1)


class Lengths(NamedTuple):
    """A scorer without encoders."""

    stemmer: bool = False
    encoders: str = "lengths"
    judge: Callable[[Sequence[Record], Sequence[str]], list[Row]] = lengths

    def rows(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        rows = score_texts(records, summaries, self.stemmer)
        return [row | judged for row, judged in zip(rows, self.judge(records, summaries), strict=True)]

    def identity(self) -> str:
        return f"{self.stemmer} {self.encoders}"


SCORER = Lengths()


@pytest.fixture(autouse=True)
def _two_records_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_scoring, "SHARD_RECORDS", 2)


def rows_of(kept: Path, scorer: Scorer = SCORER, workers: Workers = HERE) -> list[dict[str, Any]]:
    pairs = in_shards(zip(RECORDS, SUMMARIES, strict=True))
    return [row for shard in score(pairs, scorer, kept, workers) for row in shard]


def test_shards_do_not_change_a_score(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "kept")
    by_words, judged = score_texts(RECORDS, SUMMARIES, False), lengths(RECORDS, SUMMARIES)
    assert rows == [of_words | of_encoders for of_words, of_encoders in zip(by_words, judged, strict=True)]


@pytest.mark.slow
def test_processes_do_not_change_a_score_nor_the_order(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        together = rows_of(tmp_path / "kept", workers=Workers(pool, 2))
    assert together == rows_of(tmp_path / "kept")


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    calls: list[int] = []

    def fails_at_third(records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        calls.append(len(summaries))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return lengths(records, summaries)

    broken = SCORER._replace(judge=fails_at_third)
    with pytest.raises(KeyboardInterrupt):
        rows_of(tmp_path / "kept", broken)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    assert rows_of(tmp_path / "kept", broken) == rows_of(tmp_path / "other")
    assert calls == [2, 2, 2, 2, 1]  # the two scored shards are not scored again
    rows_of(tmp_path / "kept", broken)
    assert len(calls) == 5  # nor any, while another system is under way


def test_shards_are_kept_until_all_is_done(tmp_path: Path) -> None:
    def is_stopped_after_one_system() -> None:
        with kept_until_done(tmp_path / "kept") as kept:
            rows_of(kept / "first")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        is_stopped_after_one_system()
    assert list((tmp_path / "kept/first").iterdir())
    with kept_until_done(tmp_path / "kept") as kept:
        rows_of(kept / "first")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("changed", [{"stemmer": True}, {"encoders": "another"}])
def test_kept_shards_of_another_scorer_are_not_used(changed: dict[str, Any], tmp_path: Path) -> None:
    generator = score(in_shards(zip(RECORDS, SUMMARIES, strict=True)), SCORER, tmp_path, Workers(None, 1))
    next(generator)
    (before,) = tmp_path.iterdir()
    other = score(
        in_shards(zip(RECORDS, SUMMARIES, strict=True)), SCORER._replace(**changed), tmp_path, Workers(None, 1)
    )
    next(other)
    assert len(list(tmp_path.iterdir())) == 2
    assert before.exists()


def test_a_table_has_every_score_and_the_file_ids_and_findings_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    table = score_system(RECORDS, SUMMARIES, SCORER, tmp_path / "kept", Workers(None, 1), path)
    assert {*set(METRICS) - set(FAITHFULNESS), "section"} <= set(table.columns)
    assert not {"id", "errors"} & set(table.columns)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [record.id for record in RECORDS]
    assert [row["rouge1"] for row in rows] == list(table["rouge1"])
    assert [row["errors"] for row in rows] == [[{"reason": summary}] for summary in SUMMARIES]


def test_as_many_summaries_as_records_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shorter"):
        score_system(RECORDS, SUMMARIES[:-1], SCORER, tmp_path / "kept", Workers(None, 1))


def test_one_shard_needs_no_other_process() -> None:
    with workers_for(2) as workers:
        assert workers == (None, 1)


def test_a_gpu_is_shared_by_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    for on_gpu, processes in ((False, 16), (True, ON_A_GPU)):
        with workers_for(1000, on_gpu) as workers:  # none is started before there is work
            assert workers.processes == processes


CROWD = """
import os, sys, time
from medsum.evaluation import parallel_scoring
class Sleeper:
    def rows(self, records, _):
        print(os.getpid(), os.environ["OMP_NUM_THREADS"], flush=True)
        time.sleep(600)
    def identity(self):
        return ""
if __name__ == "__main__":
    from pathlib import Path
    from medsum.dialogue.record import Record
    parallel_scoring.SHARD_RECORDS = 1
    os.sched_getaffinity = lambda _: {0, 1}  # whatever the machine has
    records = [Record(str(n), "Patient: No.", "No.", "ROS", "test") for n in range(2)]
    with parallel_scoring.workers_for(2) as workers:
        parallel_scoring.score_system(records, ["No."] * 2, Sleeper(), Path(sys.argv[1]), workers)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_workers_have_one_thread_and_end_with_a_killed_run(tmp_path: Path) -> None:
    (tmp_path / "crowd.py").write_text(CROWD, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "crowd.py"), str(tmp_path / "kept")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as run:
        assert run.stdout
        worker, threads = run.stdout.readline().split()
        assert threads == "1"
        run.kill()
        wait_until(lambda: not runs(worker), seconds=20)
