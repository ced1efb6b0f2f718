"""Score many summaries in parallel on several cores. An interrupted run can be resumed.

The records are divided into shards of 50 records. Each worker process has its own encoders and scores one shard at a
time, so the memory of a worker does not grow with the number of records. The scores of a shard are saved in a file. The
name of the file is a hash of everything that these scores depend on. So an interrupted run resumes where it stopped.
"""

import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, Protocol

import pandas as pd
from tqdm import tqdm

from medsum.core.atomic import replacing, write_jsonl
from medsum.core.parent_process import LAUNCHER, end_with_launcher
from medsum.dialogue.record import Record, read_jsonl
from medsum.evaluation.scoring import Row

SHARD_RECORDS = 50
SCORING_ROOMS = ("dialogue", "facts", "faithfulness", "metrics", "evaluation")
AHEAD = 3  # the number of shards per worker that are in progress or waiting
ON_A_GPU = 4  # at most 4 workers share a GPU, because each worker uses half a gigabyte of GPU memory at its start
UNTABLED = ("id", "errors", "sentences")  # keys of a row that are not scores, so the table leaves them out
Shard = list[tuple[Record, str]]  # records, each with its summary


class Scorer(Protocol):
    """An object that returns rows of scores. Its class must be importable, because worker processes get it."""

    def rows(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        """Return one row of scores per record."""

    def identity(self) -> str:
        """Return everything that the scores depend on, except the texts and the code."""


class Workers(NamedTuple):
    """Processes that score shards. If there is no pool, the current process scores the shards."""

    pool: Executor | None
    processes: int


@contextmanager
def workers_for(records: int, on_gpu: bool = False) -> Iterator[Workers]:
    """Start one process per core, but at most one process per shard. If there is only one shard, start no process."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(cores, -(-records // SHARD_RECORDS), ON_A_GPU if on_gpu else cores)
    if count < 2:
        yield Workers(None, 1)
        return
    # Each worker uses one core. A worker ends when the main process ends.
    with (
        _environment({"OMP_NUM_THREADS": "1", LAUNCHER: str(os.getpid())}),
        ProcessPoolExecutor(count, get_context("spawn"), end_with_launcher) as pool,
    ):
        yield Workers(pool, count)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes that start within the `with` block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ |= values
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def kept_until_done(folder: Path) -> Iterator[Path]:
    """Keep all scored shards in `folder` until the `with` block succeeds. A failed run can then resume."""
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def score_system(
    records: Sequence[Record],
    summaries: Iterable[str],
    scorer: Scorer,
    kept: Path,
    workers: Workers,
    output: Path | None = None,
) -> pd.DataFrame:
    """Return a table with the scores and the note section of each record.

    Write the complete rows to `output` as JSON lines. Save the scored shards in the folder `kept`.
    """
    tables = []
    with (
        replacing(output) if output else nullcontext() as file,
        tqdm(
            total=len(records), unit="record", desc=f"Scoring {kept.name}", disable=len(records) <= SHARD_RECORDS
        ) as bar,
    ):
        for rows in score(in_shards(zip(records, summaries, strict=True)), scorer, kept, workers):
            if file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            tables.append(pd.DataFrame(rows).drop(columns=list(UNTABLED), errors="ignore"))
            bar.update(len(rows))
    return pd.concat(tables, ignore_index=True)


def score(shards: Iterable[Shard], scorer: Scorer, kept: Path, workers: Workers) -> Iterator[list[Row]]:
    """Yield rows of scores, shard by shard in their order. Save each scored shard in the folder `kept`."""
    code = _code()
    waiting: deque[tuple[Shard, Path, Future[list[Row]] | None]] = deque()
    for shard in shards:
        path = kept / f"{_key(shard, scorer, code)}.jsonl"
        future = None
        if workers.pool and not path.exists():
            future = workers.pool.submit(_rows, shard, scorer)
        waiting.append((shard, path, future))
        if len(waiting) >= AHEAD * workers.processes:
            yield _finished(*waiting.popleft(), scorer)
    while waiting:
        yield _finished(*waiting.popleft(), scorer)


def in_shards(pairs: Iterable[tuple[Record, str]]) -> Iterator[Shard]:
    """Yield lists of at most SHARD_RECORDS pairs."""
    remaining = iter(pairs)
    while shard := list(islice(remaining, SHARD_RECORDS)):
        yield shard


def _rows(shard: Shard, scorer: Scorer) -> list[Row]:
    """Return one row of scores per record."""
    return scorer.rows([record for record, _ in shard], [summary for _, summary in shard])


def _finished(shard: Shard, path: Path, future: Future[list[Row]] | None, scorer: Scorer) -> list[Row]:
    """Return the rows of a shard. Save the rows first if they are new."""
    if path.exists():
        return list(read_jsonl(path))
    rows = future.result() if future else _rows(shard, scorer)
    write_jsonl(path, rows)
    return rows


def _code() -> bytes:
    """Return the bytes of the code that computes scores, with its lexicons and weights."""
    rooms = (Path(__file__).parents[1] / room for room in SCORING_ROOMS)
    files = (file for room in rooms for file in room.rglob("*") if file.suffix in (".py", ".txt", ".json"))
    return b"".join(file.read_bytes() for file in sorted(files))


def _key(shard: Shard, scorer: Scorer, code: bytes) -> str:
    texts = json.dumps([[asdict(record), summary] for record, summary in shard])
    return hashlib.sha256(code + f"{scorer.identity()} {texts}".encode()).hexdigest()
