"""From rows of scores and findings to the numbers that people compare."""

from typing import Any

import pytest

from medsum.evaluation.table import closing_table
from medsum.report.aggregate import badness, by_length, by_section, categories, differences, headline, means
from medsum.report.selection import CHANGED, select

INVENTED = {"category": "medication", "severity": "major"}
LEFT_OUT = {"category": "omission", "severity": "major"}
TWICE = {"category": "repetition", "severity": "minor"}


def row(*errors: dict[str, str], rouge1: float = 0.5, **values: Any) -> dict[str, Any]:
    return {
        "section": "ROS", "dialogue_words": 60, "rouge1": rouge1, "bertscore": 0.5, "factual_f1": 0.5, "omission": 0.5,
        "hallucination": 0.0, "length_ratio": 1.0, "major_errors": sum(e["severity"] == "major" for e in errors),
        "errors": list(errors), **values,
    }  # fmt: skip


def test_means_are_over_records_and_rounded_to_four_decimals() -> None:
    rows = [row(rouge1=0.1), row(rouge1=0.2), row(rouge1=0.2)]
    assert means(rows, ("rouge1", "bertscore")) == {"rouge1": 0.1667, "bertscore": 0.5}


def test_a_mean_of_nothing_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        means([], ("rouge1",))


def test_a_difference_is_last_minus_first_record_by_record() -> None:
    found = differences([row(rouge1=0.2), row(rouge1=0.6)], [row(rouge1=0.3), row(rouge1=0.7)])
    assert found["rouge1"] == {"difference": 0.1, "low": 0.1, "high": 0.1}  # always .1: pairs have no spread


def test_a_category_counts_errors_major_ones_and_summaries_with_one() -> None:
    before = [row(INVENTED, INVENTED, TWICE), row(INVENTED), row(), row()]
    found = categories({"baseline": before, "finetuned": [row()] * 4})
    counted = found["medication"]["models"]["baseline"]
    assert [counted[name] for name in ("errors", "major", "summaries", "share")] == [3, 3, 2, 0.5]
    assert counted["low"] < 0.5 < counted["high"]
    assert found["repetition"]["models"]["baseline"]["major"] == 0
    assert found["medication"]["models"]["finetuned"] == {
        "errors": 0,
        "major": 0,
        "summaries": 0,
        "share": 0.0,
        "low": 0.0,
        "high": 0.4899,
    }  # fmt: skip - of four summaries without one, the next may well have it
    assert found["medication"]["difference"]["difference"] == -0.5
    assert found["medication"]["difference"]["low"] < -0.5 < found["medication"]["difference"]["high"] <= 0
    assert found["negation"]["difference"] == {"difference": 0.0, "low": 0.0, "high": 0.0}


def test_the_headline_says_what_got_better_where_less_is_better_too() -> None:
    before = [row(INVENTED, rouge1=0.9), row(INVENTED), row()]
    found = headline({"baseline": before, "finetuned": [row(), row(), row()]})
    assert found["changes"]["major_errors"] == {"better": 2, "worse": 0, "same": 1}
    assert found["changes"]["rouge1"] == {"better": 0, "worse": 1, "same": 2}
    assert [found["models"][name]["without_major_error"] for name in ("baseline", "finetuned")] == [1, 3]


def test_a_single_model_has_no_difference() -> None:
    models = {"mine": [row(INVENTED), row()]}
    assert "difference" not in headline(models) | categories(models)["medication"] | by_section(models, 1)["ROS"]


def test_sections_come_by_size_then_name_and_small_ones_conclude_nothing() -> None:
    rows = [row(section=name) for name in ("ROS", None, "ROS", "CC")]
    found = by_section({"baseline": rows, "finetuned": rows}, small=2)
    assert [(name, group["records"], group["small"]) for name, group in found.items()] == [
        ("ROS", 2, False),
        ("CC", 1, True),
        ("none", 1, True),
    ]
    assert [name for name, group in found.items() if "difference" in group] == ["ROS"]


def test_lengths_come_in_order_with_the_errors_of_each() -> None:
    rows = [row(INVENTED, dialogue_words=401), row(TWICE, INVENTED, dialogue_words=50), row(dialogue_words=1)]
    found = by_length({"mine": rows}, small=1)
    assert {name: group["models"]["mine"]["errors"] for name, group in found.items()} == {
        "1-50": {"medication": 1, "repetition": 1},
        "over 400": {"medication": 1},
    }


def test_wrong_statements_rank_below_omissions_and_few_shared_words() -> None:
    order = [row(INVENTED, INVENTED), row(INVENTED), row(LEFT_OUT), row(rouge1=0.3), row(TWICE), row(factual_f1=0.6)]
    bad = [badness(one) for one in order]
    assert bad == sorted(bad, reverse=True)
    assert len(set(bad)) == len(bad)
    assert badness(row(*[INVENTED] * 1000, rouge1=0.0, factual_f1=0.0)) == pytest.approx(1, abs=0.01)
    assert badness(row(rouge1=1.0, factual_f1=1.0)) == 0


def test_the_report_shows_the_worst_the_changed_and_examples() -> None:
    before = [row(INVENTED), row(), row(), row(TWICE)]
    after = [row(), row(INVENTED, INVENTED), row(INVENTED), row()]
    found = select({"baseline": before, "finetuned": after})
    assert found.worst == [1, 2, 0, 3]
    assert (found.better, found.worse) == ([0], [1, 2])
    assert found.examples == {"medication": [("finetuned", 1), ("finetuned", 2)], "repetition": [("baseline", 3)]}
    assert found.places(0) == {0, 1, 2, 3}
    assert len(found.worse) <= CHANGED


def test_the_closing_table_names_n_all_systems_and_the_difference() -> None:
    evaluation = {
        "against_baseline": {"rouge1": {"difference": -0.04, "low": -0.1, "high": 0.02, "p": 0.2}},
        "baseline": {"rouge1": 0.25, "empty": 0.5},
        "finetuned": {"rouge1": 0.21, "empty": 0.0},
        "floors": {"copy_dialogue": {"rouge1": 0.3}},
        "records": 6,
    }
    header, row, empty = closing_table(evaluation).splitlines()
    assert header.split() == ["dialogue", "copy", "baseline", "fine-tuned", "difference", "n", "=", "6", "records"]
    assert row.split() == ["rouge1", "0.3000", "0.2500", "0.2100", "-0.0400", "[-0.1000,", "+0.0200]"]
    assert empty.split() == ["empty", "0.5000", "0.0000"]


def test_the_closing_table_of_one_system_has_no_difference() -> None:
    evaluation = {"predictions": {"rouge1": 0.25}, "floors": {"copy_dialogue": {"rouge1": 0.3}}, "records": 6}
    header, row = closing_table(evaluation).splitlines()
    assert header.split() == ["dialogue", "copy", "predictions", "n", "=", "6", "records"]
    assert row.split() == ["rouge1", "0.3000", "0.2500"]
