"""Scores of very many summaries: in parallel over cores, in constant memory per worker, resumable.

Records go in shards to worker processes, which compare words; the encoder works in this process meanwhile. A scored
shard is kept under the hash of all that its scores depend on, so that an interrupted run goes on where it stopped.
"""

import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from medsum.atomic import replacing, write_jsonl
from medsum.data.records import Record, read_jsonl
from medsum.quality import rouge, scoring, statistics
from medsum.quality.scoring import DECIMALS, Row, score_texts

SHARD_RECORDS = 250
AHEAD = 3  # shards under way or waiting, per worker
Shard = list[tuple[Record, str]]  # records, each with its summary


class Settings(NamedTuple):
    """What scores depend on beside the texts: `encoder` says what `encode` is, which gives BERTScore of pairs."""

    stemmer: bool
    encoder: str
    encode: Callable[[Sequence[str], Sequence[str]], list[float]]


class Workers(NamedTuple):
    """Processes that score shards; without a pool, this one does."""

    pool: Executor | None
    processes: int


@contextmanager
def workers_for(records: int) -> Iterator[Workers]:
    """As many processes as there are cores and shards to share, or none for a single one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(cores, -(-records // SHARD_RECORDS))
    if count < 2:
        yield Workers(None, 1)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield Workers(pool, count)


def score_system(
    records: Sequence[Record],
    summaries: Iterable[str],
    settings: Settings,
    kept: Path,
    workers: Workers,
    output: Path | None = None,
) -> pd.DataFrame:
    """A row of scores a record, as a table without ids; with ids also as JSON lines in `output`.

    Scored shards lie in folder `kept` until all are.
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
            tables.append(pd.DataFrame(rows).drop(columns="id"))
            bar.update(len(rows))
    return pd.concat(tables, ignore_index=True)


def score(shards: Iterable[Shard], settings: Settings, kept: Path, workers: Workers) -> Iterator[list[Row]]:
    """Rows of scores, shard by shard in their order; scored shards lie in folder `kept` until the last is taken."""
    code = _code()
    waiting: deque[tuple[Shard, Path, Future[list[Row]] | None]] = deque()
    for shard in shards:
        path = kept / f"{_key(shard, settings, code)}.jsonl"
        future = None
        if workers.pool and not path.exists():
            future = workers.pool.submit(score_texts, *_columns(shard), settings.stemmer)
        waiting.append((shard, path, future))
        if len(waiting) >= AHEAD * workers.processes:
            yield _finished(*waiting.popleft(), settings)
    while waiting:
        yield _finished(*waiting.popleft(), settings)
    shutil.rmtree(kept, ignore_errors=True)
    with suppress(OSError):  # unless another system's shards lie there
        kept.parent.rmdir()


def in_shards(pairs: Iterable[tuple[Record, str]]) -> Iterator[Shard]:
    """Lists of at most SHARD_RECORDS pairs."""
    remaining = iter(pairs)
    while shard := list(islice(remaining, SHARD_RECORDS)):
        yield shard


def _columns(shard: Shard) -> tuple[list[Record], list[str]]:
    return [record for record, _ in shard], [summary for _, summary in shard]


def _finished(shard: Shard, path: Path, future: Future[list[Row]] | None, settings: Settings) -> list[Row]:
    """The shard's rows, BERTScore added, kept."""
    if path.exists():
        return list(read_jsonl(path))
    records, summaries = _columns(shard)
    rows = future.result() if future else score_texts(records, summaries, settings.stemmer)
    for row, value in zip(rows, settings.encode(summaries, [record.summary for record in records]), strict=True):
        row["bertscore"] = round(value, DECIMALS)
    write_jsonl(path, rows)
    return rows


def _code() -> bytes:
    """The code that scores."""
    files = (rouge.__file__, scoring.__file__, statistics.__file__, __file__)
    return b"".join(Path(file).read_bytes() for file in files)


def _key(shard: Shard, settings: Settings, code: bytes) -> str:
    texts = json.dumps([[asdict(record), summary] for record, summary in shard])
    said = f"{settings.stemmer} {settings.encoder} {texts}"
    return hashlib.sha256(code + said.encode()).hexdigest()
