"""From scores of records to the numbers that people compare."""

from typing import Any

import pytest

from medsum.quality.aggregate import by_section, differences, means
from medsum.quality.table import closing_table

ROWS: list[dict[str, Any]] = [
    {"id": "1", "section": "ROS", "rouge1": 0.1, "bertscore": 0.5},
    {"id": "2", "section": None, "rouge1": 0.2, "bertscore": 0.6},
    {"id": "3", "section": "ROS", "rouge1": 0.2, "bertscore": 0.9},
    {"id": "4", "section": "CC", "rouge1": 1.0, "bertscore": 0.1},
]


def test_means_are_over_records_and_rounded_to_four_decimals() -> None:
    assert means(ROWS[:3], ("rouge1", "bertscore")) == {"rouge1": 0.1667, "bertscore": 0.6667}
    assert means(ROWS, ("rouge1",)) == {"rouge1": 0.375}


def test_a_mean_of_nothing_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        means([], ("rouge1",))


def test_a_difference_is_second_minus_first_without_noise_of_floats() -> None:
    assert differences({"rouge1": 0.1, "rouge2": 0.5}, {"rouge1": 0.4, "rouge2": 0.2}) == {
        "rouge1": 0.3,
        "rouge2": -0.3,
    }


def test_sections_come_by_size_then_name_and_a_missing_one_is_called_none() -> None:
    groups = by_section(ROWS)
    assert {name: [row["id"] for row in rows] for name, rows in groups.items()} == {
        "ROS": ["1", "3"],
        "CC": ["4"],
        "none": ["2"],
    }
    assert list(groups) == ["ROS", "CC", "none"]


def test_the_closing_table_names_n_the_floors_both_models_and_the_difference_with_its_interval() -> None:
    evaluation = {
        "against_baseline": {"rouge1": {"difference": -0.04, "low": -0.1, "high": 0.02, "p": 0.2}},
        "baseline": {"rouge1": 0.25, "empty": 0.5},
        "finetuned": {"rouge1": 0.21, "empty": 0.0},
        "floors": {"copy_dialogue": {"rouge1": 0.3}},
        "records": 6,
    }
    header, row, empty = closing_table(evaluation).splitlines()
    assert header.split() == ["copy", "baseline", "fine-tuned", "difference", "n", "=", "6", "records"]
    assert row.split() == ["rouge1", "0.3000", "0.2500", "0.2100", "-0.0400", "[-0.1000,", "+0.0200]"]
    assert empty.split() == ["empty", "0.5000", "0.0000"]


def test_the_closing_table_of_one_system_has_no_difference() -> None:
    evaluation = {"predictions": {"rouge1": 0.25}, "floors": {"copy_dialogue": {"rouge1": 0.3}}, "records": 6}
    header, row = closing_table(evaluation).splitlines()
    assert header.split() == ["copy", "predictions", "n", "=", "6", "records"]
    assert row.split() == ["rouge1", "0.3000", "0.2500"]
