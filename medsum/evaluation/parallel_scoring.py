"""Scores of very many summaries: in parallel over cores, in constant memory per worker, resumable.

Records go in shards to worker processes, each with encoders of its own. A scored shard is kept under the hash of all
that its scores depend on, so that an interrupted run goes on where it stopped.
"""

import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from medsum.core.atomic import replacing, write_jsonl
from medsum.core.parent_process import LAUNCHER, end_with_launcher
from medsum.dialogue.record import Record, read_jsonl
from medsum.evaluation.scoring import Row, score_texts

SHARD_RECORDS = 50
SCORING_ROOMS = ("dialogue", "facts", "faithfulness", "metrics", "evaluation")
AHEAD = 3  # shards under way or waiting, per worker
ON_A_GPU = 4  # workers at most that share one, which each of them takes half a gigabyte of before it begins
UNTABLED = ("id", "errors", "sentences")  # of a row, what is no score
Shard = list[tuple[Record, str]]  # records, each with its summary


class Settings(NamedTuple):
    """What scores depend on beside the texts: `encoders` says what `judge` is, which adds to the row of each record.

    `judge` goes to other processes, so it must be importable there.
    """

    stemmer: bool
    encoders: str
    judge: Callable[[Sequence[Record], Sequence[str]], list[Row]]


class Workers(NamedTuple):
    """Processes that score shards; without a pool, this one does."""

    pool: Executor | None
    processes: int


@contextmanager
def workers_for(records: int, on_gpu: bool = False) -> Iterator[Workers]:
    """As many processes as there are cores and shards to share, or none for a single one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(cores, -(-records // SHARD_RECORDS), ON_A_GPU if on_gpu else cores)
    if count < 2:
        yield Workers(None, 1)
        return
    with (
        _environment({"OMP_NUM_THREADS": "1", LAUNCHER: str(os.getpid())}),  # a worker has one core, and ends with this
        ProcessPoolExecutor(count, get_context("spawn"), end_with_launcher) as pool,
    ):
        yield Workers(pool, count)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that processes started meanwhile find."""
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
    """Where scored shards of all systems lie until the block has succeeded; a run that did not goes on from there."""
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def score_system(
    records: Sequence[Record],
    summaries: Iterable[str],
    settings: Settings,
    kept: Path,
    workers: Workers,
    output: Path | None = None,
) -> pd.DataFrame:
    """A row of scores a record, as a table of numbers and sections; whole rows also as JSON lines in `output`.

    Scored shards are kept in folder `kept`.
    """
    tables = []
    with (
        replacing(output) if output else nullcontext() as file,
        tqdm(
            total=len(records), unit="record", desc=f"Scoring {kept.name}", disable=len(records) <= SHARD_RECORDS
        ) as bar,
    ):
        for rows in score(in_shards(zip(records, summaries, strict=True)), settings, kept, workers):
            if file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            tables.append(pd.DataFrame(rows).drop(columns=list(UNTABLED), errors="ignore"))
            bar.update(len(rows))
    return pd.concat(tables, ignore_index=True)


def score(shards: Iterable[Shard], settings: Settings, kept: Path, workers: Workers) -> Iterator[list[Row]]:
    """Rows of scores, shard by shard in their order; scored shards are kept in folder `kept`."""
    code = _code()
    waiting: deque[tuple[Shard, Path, Future[list[Row]] | None]] = deque()
    for shard in shards:
        path = kept / f"{_key(shard, settings, code)}.jsonl"
        future = None
        if workers.pool and not path.exists():
            future = workers.pool.submit(_rows, shard, settings)
        waiting.append((shard, path, future))
        if len(waiting) >= AHEAD * workers.processes:
            yield _finished(*waiting.popleft(), settings)
    while waiting:
        yield _finished(*waiting.popleft(), settings)


def in_shards(pairs: Iterable[tuple[Record, str]]) -> Iterator[Shard]:
    """Lists of at most SHARD_RECORDS pairs."""
    remaining = iter(pairs)
    while shard := list(islice(remaining, SHARD_RECORDS)):
        yield shard


def _rows(shard: Shard, settings: Settings) -> list[Row]:
    """A row a record: what words alone give, and what the encoders say."""
    records, summaries = [record for record, _ in shard], [summary for _, summary in shard]
    rows = score_texts(records, summaries, settings.stemmer)
    return [row | judged for row, judged in zip(rows, settings.judge(records, summaries), strict=True)]


def _finished(shard: Shard, path: Path, future: Future[list[Row]] | None, settings: Settings) -> list[Row]:
    """The shard's rows, kept."""
    if path.exists():
        return list(read_jsonl(path))
    rows = future.result() if future else _rows(shard, settings)
    write_jsonl(path, rows)
    return rows


def _code() -> bytes:
    """The code that scores, with its lexicons and weights."""
    rooms = (Path(__file__).parents[1] / room for room in SCORING_ROOMS)
    files = (file for room in rooms for file in room.rglob("*") if file.suffix in (".py", ".txt", ".json"))
    return b"".join(file.read_bytes() for file in sorted(files))


def _key(shard: Shard, settings: Settings, code: bytes) -> str:
    texts = json.dumps([[asdict(record), summary] for record, summary in shard])
    said = f"{settings.stemmer} {settings.encoders} {texts}"
    return hashlib.sha256(code + said.encode()).hexdigest()
