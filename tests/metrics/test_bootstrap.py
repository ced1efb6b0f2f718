"""Bootstrap intervals: against what is known of means, and against counting every resample by hand."""

from itertools import product

import numpy as np
import pytest

from medsum.metrics import bootstrap
from medsum.metrics.bootstrap import intervals


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)[:, None]


def test_a_mean_of_one_record_has_no_width() -> None:
    (found,) = intervals(column(0.4))
    assert (found.mean, found.low, found.high) == (0.4, 0.4, 0.4)


def test_equal_systems_differ_by_nothing_with_p_one() -> None:
    (found,) = intervals(column(0, 0, 0, 0))
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_the_interval_is_that_of_all_resamples() -> None:
    values = (0.0, 1.0, 5.0, 2.0)  # of 4 records there are 4^4 = 256 resamples, each as likely
    every = [np.mean(drawn) for drawn in product(values, repeat=4)]
    (found,) = intervals(column(*values), resamples=200_000)
    assert found.mean == 2.0
    assert found.low == pytest.approx(np.quantile(every, 0.025), abs=0.01)
    assert found.high == pytest.approx(np.quantile(every, 0.975), abs=0.01)


def test_the_p_value_counts_resamples_on_the_other_side_of_zero() -> None:
    values = (-1.0, 2.0, 3.0)
    below = sum(sum(drawn) <= 0 for drawn in product(values, repeat=3)) / 27
    (found,) = intervals(column(*values), resamples=200_000)
    assert found.p == pytest.approx(2 * below, abs=0.005)
    assert intervals(-column(*values), resamples=200_000)[0].p == pytest.approx(found.p, abs=1e-9)


def test_the_smallest_p_value_is_what_so_many_resamples_can_show() -> None:
    assert intervals(column(1, 1, 2), resamples=999)[0].p == pytest.approx(0.002)


def test_the_width_is_that_of_the_normal_law_for_many_records() -> None:
    values = np.random.default_rng(0).normal(0.3, 0.2, size=(2000, 1))
    (found,) = intervals(values)
    error = values.std() / np.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_95_of_100_intervals_hold_the_truth() -> None:
    generator = np.random.default_rng(1)
    samples = generator.exponential(size=(100, 400))  # 400 experiments of 100 records, each of true mean 1
    held = [found.low <= 1 <= found.high for found in intervals(samples, resamples=2000)]
    assert 0.90 <= np.mean(held) <= 0.98


def test_columns_share_their_resamples_so_that_pairs_stay_pairs() -> None:
    values = np.random.default_rng(2).normal(size=(50, 1))
    together = intervals(np.hstack([values, 2 * values]))
    assert together[1].low == pytest.approx(2 * together[0].low)
    alone = intervals(values)[0]
    assert (together[0].low, together[0].high) == pytest.approx((alone.low, alone.high))


def test_one_seed_is_one_interval_and_another_is_another() -> None:
    values = np.random.default_rng(3).normal(size=(40, 1))
    assert intervals(values, seed=5) == intervals(values, seed=5)
    assert intervals(values, seed=5) != intervals(values, seed=6)


def test_chunks_do_not_change_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(4).normal(size=(30, 2))
    whole = intervals(values, resamples=500)
    monkeypatch.setattr(bootstrap, "_CHUNK_DRAWS", 70)  # two resamples at once
    assert [found.mean for found in intervals(values, resamples=500)] == [found.mean for found in whole]
    assert [found.low for found in intervals(values, resamples=500)] == pytest.approx([found.low for found in whole])


def test_records_of_a_cluster_are_drawn_together() -> None:
    values = np.random.default_rng(5).normal(size=(40, 1))
    (alone,) = intervals(values)
    names = [f"record {index}" for index in range(40)]
    (thrice,) = intervals(np.vstack([values] * 3), clusters=names * 3)
    assert thrice.high - thrice.low == pytest.approx(alone.high - alone.low, rel=0.05)
    (as_if_new,) = intervals(np.vstack([values] * 3))
    assert as_if_new.high - as_if_new.low < 0.7 * (alone.high - alone.low)


def test_weights_make_a_share_of_all_and_not_a_mean_of_shares() -> None:
    said, claimed = column(1, 0, 8), column(2, 0, 8)
    (found,) = intervals(said, claimed)
    assert found.mean == 0.9
    assert intervals(column(0, 0), column(0, 0))[0].mean == 0


@pytest.mark.parametrize("values", [np.empty((0, 2)), np.zeros(3)])
def test_nothing_to_draw_from_is_an_error(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="at least one record"):
        intervals(values)
