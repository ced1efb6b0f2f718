"""The fit of the risk: labels, equal weights, and a calibration that does not see the dialogue that it measures."""

import json
import random
from pathlib import Path

import pytest

from benchmarks.judge import risk_data
from benchmarks.judge.fit_risk import SHARES, cross_calibrated, curve, fit, scores, table
from benchmarks.judge.risk_data import Labelled, judged, labelled, planted
from medsum.core.errors import UserError
from medsum.dialogue.record import Record

DIALOGUE = "Doctor: What do you take?\nPatient: Lisinopril, ten milligrams. No cough."


def notes(count: int = 120) -> list[Labelled]:
    """Six notes a dialogue; `flags` says almost surely whether a note is wrong, and `words` says nothing."""
    rng = random.Random(1)
    wrong = [rng.random() < 0.3 for _ in range(count)]
    return [
        Labelled(str(n // 6), is_wrong, {"flags": is_wrong + rng.gauss(0, 0.2), "words": rng.random()})
        for n, is_wrong in enumerate(wrong)
    ]


def test_the_fit_finds_the_feature_that_counts() -> None:
    fitted = fit(notes())
    assert fitted["weights"]["flags"] > 5 * abs(fitted["weights"]["words"]) > 0


def test_copies_of_wrong_notes_of_a_dialogue_do_not_change_the_fit() -> None:
    own = notes()
    copied = [*own, *(one for one in own if one.is_wrong for _ in range(3))]
    fitted, again = (fit(found)["weights"]["flags"] for found in (own, copied))
    assert again == pytest.approx(fitted, rel=0.2)


def test_a_table_counts_the_notes_above_the_limit_as_held_back() -> None:
    own = notes(4)
    labels = [False, True, False, True]
    own = [one._replace(is_wrong=label) for one, label in zip(own, labels, strict=True)]
    [row] = table([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], {0.25: [3] * 4}, own)
    assert (row["held_back"], row["kept"], row["wrong"], row["expected_wrong"]) == (0.25, 3, 0.3333, 0.2)
    assert row["wrong_held_back"] == 0.5


def test_the_calibration_of_a_note_does_not_use_its_dialogue() -> None:
    """If all labels of one dialogue are turned round, its own risks and limits stay the same."""
    own = notes()
    values = scores(own, fit(own))
    turned = [one._replace(is_wrong=not one.is_wrong) if one.dialogue == "3" else one for one in own]
    (risks, limits), (again, _) = cross_calibrated(values, own), cross_calibrated(values, turned)
    places = [place for place, one in enumerate(own) if one.dialogue == "3"]
    assert [risks[place] for place in places] == [again[place] for place in places]
    assert risks != again
    held = {share: sum(v > at for v, at in zip(values, limits[share], strict=True)) / len(own) for share in SHARES}
    assert all(abs(part - share) < 0.06 for share, part in held.items())


def test_the_curve_is_monotone_and_separates_wrong_notes() -> None:
    own = notes()
    found = curve(scores(own, fit(own)), own)
    assert found["risks"] == sorted(found["risks"])
    assert found["risks"][0] < 0.1
    assert found["risks"][-1] > 0.9


def test_a_planted_error_makes_a_note_wrong_and_its_reference_is_right() -> None:
    record = Record("1", DIALOGUE, "Takes lisinopril 10 mg. No cough.", "MEDICATIONS", "x")
    found = list(planted([record]))
    assert [one.is_wrong for one in found] == [False] + [True] * (len(found) - 1)
    assert len(found) >= 3


def test_minor_errors_and_omissions_leave_a_labelled_note_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [
        {"category": category, "severity": severity, "note": "Takes lisinopril 40 mg.", "wrong": "40"}
        for category, severity in (("dose", "major"), ("dose", "minor"), ("omission", "major"))
    ]
    row = {"id": "d", "dialogue": DIALOGUE, "note": "Lisinopril 10 mg.", "rewrites": ["10 mg lisinopril."]}
    (tmp_path / "dev.jsonl").write_text(json.dumps({**row, "errors": errors}) + "\n", encoding="utf-8")
    monkeypatch.setattr(risk_data, "FOLDER", tmp_path)
    assert [one.is_wrong for one in labelled("dev")] == [False, False, True, False, False]


def test_a_judged_summary_is_wrong_if_a_fact_of_it_is(tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    head = "Dialogue,Reference Summary,Automatic Summary,OmissionRate,FactualF1,HallucinationRate"
    rows = "".join(f'"{DIALOGUE}",Lisinopril 10 mg.,Lisinopril.,0.5,0.6,0,{precision}\n' for precision in (1.0, 0.5))
    file.write_text(f"{head},FactualPrecision\n{rows}", encoding="utf-8")
    assert [(one.dialogue, one.is_wrong) for one in judged(file)] == [("0", False), ("0", True)]
    file.write_text(f"{head},Precision\n{rows}", encoding="utf-8")
    with pytest.raises(UserError, match="no numbers in the column FactualPrecision"):
        judged(file)
