"""The risk-coverage curve of the error analysis."""

from typing import Any

from medsum.report.risk_coverage import COLUMNS, SHARES, curve, is_wrong

WRONG = {"category": "medication", "severity": "major"}
HARMLESS = [{"category": "omission", "severity": "major"}, {"category": "quantity", "severity": "minor"}]


def row(risk_score: float, *errors: dict[str, str]) -> dict[str, Any]:
    return {"risk_score": risk_score, "errors": list(errors)}


def test_an_omission_and_a_minor_error_leave_a_summary_right() -> None:
    assert not is_wrong(row(0, *HARMLESS))
    assert is_wrong(row(0, *HARMLESS, WRONG))


def test_the_riskiest_summaries_are_held_back_first() -> None:
    rows = [row(number, *[WRONG] * (number >= 8)) for number in range(10)]
    by_share = {one["held_back"]: one for one in curve({"finetuned": rows})}
    assert len(by_share) == len(SHARES)
    assert [by_share[share]["wrong"] for share in ("0 %", "10 %", "20 %", "70 %")] == [0.2, 0.1111, 0.0, 0.0]
    assert [by_share[share]["summaries"] for share in ("0 %", "10 %", "20 %", "70 %")] == [10, 9, 8, 3]
    assert by_share["20 %"]["low"] == 0 < by_share["20 %"]["high"]


def test_each_model_has_a_row_for_each_share_and_one_summary_always_remains() -> None:
    rows = curve({"baseline": [row(0, WRONG)], "finetuned": [row(0)]})
    assert len(rows) == 2 * len(SHARES)
    assert {one["summaries"] for one in rows} == {1}
    assert tuple(rows[0]) == COLUMNS
