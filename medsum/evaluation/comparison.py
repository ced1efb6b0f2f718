"""Compare systems on the same records: means, paired differences and groups of records, with bootstrap intervals.

A table is a pandas DataFrame with one row of scores per record of one system. All tables have the same records in the
same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from medsum.dialogue.shown import shown_section
from medsum.evaluation.scoring import DECIMALS, METRICS
from medsum.metrics import length_buckets
from medsum.metrics.bootstrap import Interval, intervals

SMALL_GROUP = 10  # a group with fewer records is too small for conclusions
Tables = dict[str, pd.DataFrame]
Row = dict[str, Any]


def scored(table: pd.DataFrame, metrics: Iterable[str]) -> list[str]:
    """Return the metrics that the table has. Metrics that work only for English are missing for other languages."""
    return [name for name in metrics if name in table]


def means(table: pd.DataFrame, metrics: Iterable[str]) -> dict[str, float]:
    """Return the mean of each metric that the table has."""
    return {name: _rounded(table[name].mean()) for name in scored(table, metrics)}


def difference(first: pd.DataFrame, second: pd.DataFrame, metrics: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the mean over all records of the difference second - first, with its 95 % interval and p-value."""
    metrics = scored(first, metrics)
    found = intervals(second[list(metrics)].to_numpy() - first[list(metrics)].to_numpy())
    return {
        name: {
            "difference": _rounded(one.mean),
            "low": _rounded(one.low),
            "high": _rounded(one.high),
            "p": _rounded(one.p),
        }
        for name, one in zip(metrics, found, strict=True)
    }


def every_difference(first: pd.DataFrame, second: pd.DataFrame) -> list[Row]:
    """Return a row per metric: the means of `first` (baseline) and `second` (fine-tuned), and their difference."""
    found = difference(first, second, METRICS)
    before, after = means(first, METRICS), means(second, METRICS)
    return [
        {"metric": name, "model": "finetuned", **row, "baseline_mean": before[name], "finetuned_mean": after[name]}
        for name, row in found.items()
    ]


def interval_ends(table: pd.DataFrame, metrics: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the ends of the 95 % interval of each metric's mean."""
    return {metric: _ends(one) for (_, metric), one in _intervals({"": table}, metrics).items()}


def by_model(tables: Tables, metrics: Sequence[str]) -> list[Row]:
    """Return a row per metric and system: the score with its interval."""
    found = _intervals(tables, metrics)
    return [
        {"metric": metric, "model": system, "score": _rounded(one.mean), **_ends(one)}
        for system, table in tables.items()
        for metric in scored(table, metrics)
        for one in [found[system, metric]]
    ]


def by_section(tables: Tables, shown: str, metrics: Sequence[str]) -> list[Row]:
    """Return a row per section and system, with the values of `_by_group`. Large sections come first."""
    sections = next(iter(tables.values()))["section"].map(
        lambda section: shown_section(section if isinstance(section, str) else None)
    )
    sizes = sections.value_counts()
    order = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    return list(_by_group(tables, sections, order, "section", shown, metrics))


def by_length(tables: Tables, shown: str, metrics: Sequence[str]) -> list[Row]:
    """Return the rows of `_by_group` for each range of dialogue lengths. Short dialogues come first."""
    buckets = next(iter(tables.values()))["dialogue_words"].map(length_buckets.bucket)
    order = [name for name in length_buckets.BUCKETS if (buckets == name).any()]
    return list(_by_group(tables, buckets, order, "words", shown, metrics))


def _by_group(
    tables: Tables, groups: pd.Series, order: Sequence[str], name: str, shown: str, metrics: Sequence[str]
) -> Iterator[Row]:
    """Yield the means of all metrics and the interval of the `shown` metric. A small group has `few` in its name."""
    for group in order:
        members = {system: table[(groups == group).to_numpy()] for system, table in tables.items()}
        count = len(next(iter(members.values())))
        found = _intervals(members, [shown])
        few = ", few" if count < SMALL_GROUP else ""
        for system, table in members.items():
            yield {
                name: f"{group} (n={count}{few})",
                "model": system,
                "records": count,
                **_ends(found[system, shown]),
                **means(table, metrics),
            }


def _intervals(tables: Tables, metrics: Sequence[str]) -> dict[tuple[str, str], Interval]:
    """Return the interval of the mean of each metric for each system. All intervals use the same resamples."""
    columns = [(system, metric) for system, table in tables.items() for metric in scored(table, metrics)]
    found = intervals(np.column_stack([tables[system][metric].to_numpy() for system, metric in columns]))
    return dict(zip(columns, found, strict=True))


def histogram(first: pd.DataFrame, second: pd.DataFrame, metric: str, width: float) -> list[Row]:
    """Count the records by the difference `second` - `first` of the metric, in bins of `width`.

    The name of a bin is its middle.
    """
    bins = np.floor((second[metric].to_numpy() - first[metric].to_numpy()) / width + 0.5).astype(int)
    counts = np.bincount(bins - bins.min())
    return [
        {"difference": _rounded((bins.min() + place) * width), "records": int(count)}
        for place, count in enumerate(counts)
    ]


def _ends(interval: Interval) -> dict[str, float]:
    return {"low": _rounded(interval.low), "high": _rounded(interval.high)}


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0  # adding 0.0 turns -0.0 into 0.0
