"""Estimate the uncertainty of a mean over records with the bootstrap (Efron 1979).

The bootstrap draws many samples of the records with replacement. These samples are called resamples. The mean of each
resample is computed. A comparison of two systems is paired: `values` has the difference of the two systems for each
record, so that the difficulty of a record cancels out. The resamples are computed in chunks, so that the memory does
not grow with the number of resamples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 10_000
SEED = 1
LEVEL = 0.95
_CHUNK_DRAWS = 2_000_000  # the number of draws in one chunk; the counts of the drawn records take 16 MB

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, its percentile interval, and the two-sided p-value of the hypothesis that the mean is 0."""

    mean: float
    low: float
    high: float
    p: float


def intervals(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    clusters: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Interval]:
    """Return an interval for each column of `values`, which has the shape (records, columns).

    The mean of a column is the sum of its values divided by the sum of its weights. `weights` has the same shape as
    `values`. Without weights, the sum is divided by the number of records. Rows with the same value in `clusters` are
    drawn together, for example the rows of one record from several runs. Raise ValueError if there are no records.
    """
    sums = np.asarray(values, dtype=np.float64)
    if sums.ndim != 2 or not len(sums):
        raise ValueError("values must be of shape (records, columns), with at least one record")
    sizes = np.ones((len(sums), 1)) if weights is None else np.asarray(weights, dtype=np.float64)
    if clusters is not None:
        sums, sizes = _by_cluster(sums, clusters), _by_cluster(sizes, clusters)
    means = _ratio(sums.sum(axis=0), sizes.sum(axis=0))
    draws = _resampled(sums, sizes, resamples, seed)
    tail = (1 - LEVEL) / 2
    lows, highs = np.quantile(draws, [tail, 1 - tail], axis=0)
    return [
        Interval(float(mean), float(low), float(high), _p_value(column))
        for mean, low, high, column in zip(means, lows, highs, draws.T, strict=True)
    ]


def _by_cluster(values: Floats, clusters: Sequence[str]) -> Floats:
    """Return the sum of the values in each cluster."""
    names, member_of = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.zeros((len(names), values.shape[1]))
    np.add.at(sums, member_of, values)
    return sums


def _ratio(sums: Floats, sizes: Floats) -> Floats:
    """Return the sums divided by the sizes, or 0 if a size is 0. One column of sizes applies to all columns of sums."""
    return np.divide(sums, sizes, out=np.zeros_like(sums), where=np.broadcast_to(sizes != 0, sums.shape))


def _resampled(sums: Floats, sizes: Floats, resamples: int, seed: int) -> Floats:
    """Draw `resamples` samples of the rows with replacement. Return the means, with the shape (resamples, columns)."""
    generator = np.random.default_rng(seed)
    count, columns = sums.shape
    both = np.hstack([sums, sizes])
    chunk = max(1, _CHUNK_DRAWS // count)
    draws = np.empty((resamples, columns))
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        drawn = generator.integers(0, count, size=(rows, count), dtype=np.int64)
        drawn += count * np.arange(rows)[:, None]
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        totals = times.astype(np.float64) @ both
        draws[start : start + rows] = _ratio(totals[:, :columns], totals[:, columns:])
    return draws


def _p_value(draws: Floats) -> float:
    """Return twice the share of resamples on the side of 0 that has fewer resamples, but at most 1.

    Add one to the numerator and to the denominator of the share, so that the p-value is never 0.
    """
    rarer = min(np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
    return float(min(1.0, 2 * (1 + rarer) / (1 + len(draws))))
