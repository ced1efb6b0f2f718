"""Decide whether a new model passes the gate, so that it may be served.

The gate compares the scores of the new model with the scores of the promoted model, record by record. The promoted
model is the model that is served now. The new model passes the gate if it is not worse.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.reading import read_json_lines
from medsum.dialogue.record import Record
from medsum.faithfulness.flags import SAFETY
from medsum.metrics.bootstrap import intervals
from medsum.metrics.names import LESS_IS_BETTER, METRIC_LABELS

SCORES = ("rouge1", "rouge2", "rougeL", "factual_f1", "omission", "hallucination")  # each score is from 0 to 1
REMEDY = "run `dvc repro` to make it"
Row = dict[str, Any]


def digest_of(record: Record) -> str:
    """Return a hash of a test record. Equal hashes mean the same dialogue, section and reference."""
    texts = [record.dialogue, record.section, record.summary]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def read_scores(path: Path, records: Sequence[Record]) -> list[Row]:
    """Return one row for each record: its hash, its SCORES and its categories of major errors. The rows have no text.

    Raise UserError if the file of the stage `evaluate` does not have exactly these records.
    """
    rows = {str(row.get("id")): row for _, row in read_json_lines(path, REMEDY)}
    if rows.keys() != {record.id for record in records}:
        raise UserError(f"{path} does not have the scores of exactly the records of the test split; {REMEDY}")
    try:
        found = [_kept(record, rows[record.id]) for record in records]
        is_whole = all(row.keys() == found[0].keys() and _is_finite(row) for row in found)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise UserError(f"{path} has no scores of the stage evaluate; {REMEDY}")
    return found


def _is_finite(row: Row) -> bool:
    return all(math.isfinite(row[name]) for name in SCORES if name in row)


def _kept(record: Record, row: Row) -> Row:
    major = {error["category"] for error in row["errors"] if error["severity"] == "major"}
    scores = {name: float(row[name]) for name in SCORES if name in row}
    return {"record": digest_of(record), **scores, "major": sorted(major & set(SAFETY))}


def means(rows: Sequence[Row]) -> dict[str, float]:
    """Return the mean of each score."""
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in SCORES if name in rows[0]}


def safety(rows: Sequence[Row]) -> dict[str, int]:
    """Return, for each safety category, the number of summaries with a major error of this category."""
    return {name: sum(name in row["major"] for row in rows) for name in SAFETY}


def compare(before: Sequence[Row], now: Sequence[Row]) -> tuple[dict[str, Any], list[str]]:
    """Return the comparison of two models on the same records, and the reasons against the new model.

    A reason is a score or a safety category in which the new model is worse. A score is worse if the whole 95 %
    interval of its paired difference is on the worse side of 0. A safety category is worse if more summaries than
    before have a major error of this category.
    """
    names = [name for name in SCORES if name in now[0] and name in before[0]]
    found = intervals([[new[name] - old[name] for name in names] for old, new in zip(before, now, strict=True)])
    reasons, differences = [], {}
    for name, one in zip(names, found, strict=True):
        low, high = round(one.low, 4), round(one.high, 4)
        differences[name] = {"difference": round(one.mean, 4), "low": low, "high": high}
        if low > 0 if name in LESS_IS_BETTER else high < 0:
            reasons.append(f"{METRIC_LABELS[name]} is worse by {abs(one.mean):.4f} [{low:+.4f}, {high:+.4f}]")
    was, is_now = safety(before), safety(now)
    reasons += [
        f"{name}: {is_now[name]} summaries have a major error, before {was[name]}"
        for name in SAFETY
        if is_now[name] > was[name]
    ]
    return {"differences": differences, "safety": {name: [was[name], is_now[name]] for name in SAFETY}}, reasons


def paired(before: Sequence[Row], now: Sequence[Row]) -> list[Row]:
    """Return the rows of `before` in the order of the records of `now`. Return [] if a record is missing."""
    by_record = {row["record"]: row for row in before}
    return [by_record[row["record"]] for row in now] if {row["record"] for row in now} <= by_record.keys() else []
