"""Compute the numbers of the error analysis from rows of scores and errors. The numbers contain no ids and no texts.

`Models` maps the name of a model to its rows. All models have the same records in the same order. A difference is the
value of the last model minus the value of the first model.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

from medsum.dialogue.shown import shown_section
from medsum.faithfulness.flags import Category
from medsum.metrics import length_buckets
from medsum.metrics.bootstrap import Interval, intervals
from medsum.metrics.proportions import wilson_interval

DECIMALS = 4
CATEGORIES: tuple[str, ...] = get_args(Category)
SCORES = ("rouge1", "bertscore", "factual_f1", "omission", "hallucination", "major_errors", "length_ratio")
CHANGING = {"rouge1": 1, "factual_f1": 1, "major_errors": -1}  # 1: more is better, -1: less is better
Row = dict[str, Any]
Models = dict[str, list[Row]]


def means(rows: Sequence[Row], names: Iterable[str] = SCORES) -> dict[str, float]:
    """Return the mean of each score in `names`. There must be at least one row."""
    return {name: _rounded(sum(row[name] for row in rows) / len(rows)) for name in names}


def badness(row: Row) -> float:
    """Return how bad a summary is, from 0 to 1. Wrong statements weigh the most.

    The value is the sum of three parts. The first part is for major errors and is at most 0.5. Each further major error
    adds less than the one before, and an omission counts as half an error. The other two parts are
    0.3 x (1 - factual F1) and 0.2 x (1 - ROUGE-1).
    """
    major = [error for error in row["errors"] if error["severity"] == "major"]
    harm = sum(0.5 if error["category"] == "omission" else 1.0 for error in major)
    return float(0.5 * harm / (harm + 2) + 0.3 * (1 - row["factual_f1"]) + 0.2 * (1 - row["rouge1"]))


def headline(models: Models) -> dict[str, Any]:
    """Return the number of records, the changes, and for each model its means and its summaries without a major error.

    The changes say how many summaries got better or worse from the first model to the last model.
    """
    first, last = next(iter(models.values())), list(models.values())[-1]
    found: dict[str, Any] = {"records": len(last), "models": {}}
    for name, rows in models.items():
        clean = sum(row["major_errors"] == 0 for row in rows)
        found["models"][name] = {**means(rows), "without_major_error": clean}
    if len(models) > 1:
        found["difference"] = differences(first, last)
        found["changes"] = {name: _changes(first, last, name, sign) for name, sign in CHANGING.items()}
    return found


def _changes(first: Sequence[Row], last: Sequence[Row], name: str, sign: int) -> dict[str, int]:
    steps = [sign * (after[name] - before[name]) for before, after in zip(first, last, strict=True)]
    better, worse = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return {"better": better, "worse": worse, "same": len(steps) - better - worse}


def differences(first: Sequence[Row], last: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the mean difference for each score in CHANGING, with its 95 % interval."""
    steps = [[after[name] - before[name] for name in CHANGING] for before, after in zip(first, last, strict=True)]
    return {name: _difference(one) for name, one in zip(CHANGING, intervals(steps), strict=True)}


def categories(models: Models) -> dict[str, dict[str, Any]]:
    """Return the numbers of errors, major errors, and summaries with an error, for each category and model.

    `share` is the share of summaries with such an error, with a 95 % interval. `difference` is the paired difference
    of the shares.
    """
    found: dict[str, dict[str, Any]] = {
        category: {"models": {name: _counts(rows, category) for name, rows in models.items()}}
        for category in CATEGORIES
    }
    if len(models) > 1:
        first, last = next(iter(models.values())), list(models.values())[-1]
        changes = intervals([_changes_of_each(*pair) for pair in zip(first, last, strict=True)])
        for category, change in zip(CATEGORIES, changes, strict=True):
            found[category]["difference"] = _difference(change)
    return found


def _changes_of_each(before: Row, after: Row) -> list[float]:
    """Return the change for each category of errors.

    The change is 1 if only the row `after` has such an error, -1 if only the row `before` has one, and 0 otherwise.
    """
    return [float(bool(_of(after, category))) - float(bool(_of(before, category))) for category in CATEGORIES]


def _counts(rows: Sequence[Row], category: str) -> dict[str, Any]:
    flags = [_of(row, category) for row in rows]
    summaries = sum(map(bool, flags))
    low, high = wilson_interval(summaries, len(rows))
    return {
        "errors": sum(map(len, flags)),
        "major": sum(error["severity"] == "major" for one in flags for error in one),
        "summaries": summaries,
        "share": _rounded(summaries / len(rows)),
        "low": low,
        "high": high,
    }


def _of(row: Row, category: str) -> list[Row]:
    return [error for error in row["errors"] if error["category"] == category]


def by_section(models: Models, small: int) -> dict[str, dict[str, Any]]:
    """Return the values of `_group` for each section. The largest section comes first."""
    groups = _grouped(models, lambda row: shown_section(row["section"]))
    order = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return {name: _group(models, groups[name], small) for name in order}


def by_length(models: Models, small: int) -> dict[str, dict[str, Any]]:
    """Return the values of `_group` for each bucket of dialogue lengths. The shortest bucket comes first."""
    groups = _grouped(models, lambda row: length_buckets.bucket(row["dialogue_words"]))
    return {name: _group(models, groups[name], small) for name in length_buckets.BUCKETS if name in groups}


def _grouped(models: Models, name_of: Callable[[Row], str]) -> dict[str, list[int]]:
    """Return the indices of the records in each group, by the name of the group."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(next(iter(models.values()))):
        groups[name_of(row)].append(place)
    return groups


def _group(models: Models, places: Sequence[int], small: int) -> dict[str, Any]:
    """Return each model's means and errors by category. A group of `small` records or more also has the differences."""
    members = {name: [rows[place] for place in places] for name, rows in models.items()}
    found: dict[str, Any] = {"records": len(places), "small": len(places) < small, "models": {}}
    for name, rows in members.items():
        counts = {category: sum(len(_of(row, category)) for row in rows) for category in CATEGORIES}
        errors = {category: count for category, count in counts.items() if count}
        found["models"][name] = {**means(rows), "errors": errors}
    if len(models) > 1 and not found["small"]:
        first, *_, last = members.values()
        found["difference"] = differences(first, last)
    return found


def _difference(interval: Interval) -> dict[str, float]:
    ends = {"low": _rounded(interval.low), "high": _rounded(interval.high)}
    return {"difference": _rounded(interval.mean), **ends}


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0  # adding 0.0 turns -0.0 into 0.0
