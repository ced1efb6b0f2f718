"""Systems side by side."""

import pandas as pd

from medsum.evaluation.comparison import by_length, by_model, by_section, difference, histogram, interval_ends, means


def table(
    values: list[float], sections: list[str | None] | None = None, words: list[int] | None = None
) -> pd.DataFrame:
    count = len(values)
    return pd.DataFrame(
        {
            "section": sections or ["ROS"] * count,
            "dialogue_words": words or [10] * count,
            "rouge1": values,
            "length_ratio": [1.0] * count,
        }
    )


def test_means_are_over_records_and_rounded_to_four_decimals() -> None:
    assert means(table([0.1, 0.2, 0.2]), ("rouge1", "length_ratio")) == {"rouge1": 0.1667, "length_ratio": 1.0}


def test_a_difference_is_second_minus_first_pair_by_pair() -> None:
    hard_and_easy = table([0.0, 0.5, 1.0, 0.2])
    better = table([0.1, 0.6, 1.1, 0.3])
    found = difference(hard_and_easy, better, ("rouge1",))["rouge1"]
    assert found == {"difference": 0.1, "low": 0.1, "high": 0.1, "p": 0.0002}  # always .1: pairs have no spread


def test_no_difference_is_a_plain_zero_with_p_one() -> None:
    assert difference(table([0.3, 0.4]), table([0.3, 0.4]), ("rouge1",))["rouge1"] == {
        "difference": 0.0, "low": 0.0, "high": 0.0, "p": 1.0,
    }  # fmt: skip


def test_scores_of_models_lie_in_their_intervals() -> None:
    rows = by_model({"baseline": table([0.1, 0.2, 0.6]), "finetuned": table([0.4, 0.4, 0.4])}, ("rouge1",))
    assert [(row["model"], row["metric"], row["score"]) for row in rows] == [
        ("baseline", "rouge1", 0.3),
        ("finetuned", "rouge1", 0.4),
    ]
    assert rows[0]["low"] < 0.3 < rows[0]["high"]
    assert (rows[1]["low"], rows[1]["high"]) == (0.4, 0.4)
    assert interval_ends(table([0.1, 0.2, 0.6]), ("rouge1",))["rouge1"] == {k: rows[0][k] for k in ("low", "high")}


def test_sections_come_by_size_then_name_and_small_ones_are_marked() -> None:
    sections: list[str | None] = [*["CC"] * 10, "ROS", None, "ROS"]
    tables = {"baseline": table([0.5] * 10 + [0.1, 0.2, 0.3], sections), "finetuned": table([1.0] * 13, sections)}
    rows = by_section(tables, "rouge1", ("rouge1",))
    assert [(row["section"], row["model"], row["records"], row["rouge1"]) for row in rows] == [
        ("CC (n=10)", "baseline", 10, 0.5),
        ("CC (n=10)", "finetuned", 10, 1.0),
        ("ROS (n=2, few)", "baseline", 2, 0.2),
        ("ROS (n=2, few)", "finetuned", 2, 1.0),
        ("none (n=1, few)", "baseline", 1, 0.2),
        ("none (n=1, few)", "finetuned", 1, 1.0),
    ]


def test_length_buckets_hold_their_upper_ends_and_empty_ones_are_left_out() -> None:
    tables = {"baseline": table([0.1, 0.2, 0.3, 0.4], words=[1, 50, 51, 401])}
    rows = by_length(tables, "rouge1", ("rouge1",))
    assert [(row["words"], row["rouge1"]) for row in rows] == [
        ("1-50 (n=2, few)", 0.15),
        ("51-100 (n=1, few)", 0.3),
        ("over 400 (n=1, few)", 0.4),
    ]


def test_the_distribution_counts_every_record_once_around_bins_of_zero() -> None:
    rows = histogram(table([0.5, 0.5, 0.5, 0.5]), table([0.5, 0.52, 0.35, 0.61]), "rouge1", 0.05)
    assert [(row["difference"], row["records"]) for row in rows] == [
        (-0.15, 1), (-0.1, 0), (-0.05, 0), (0.0, 2), (0.05, 0), (0.1, 1),
    ]  # fmt: skip
