"""Who a record is about is read from its words alone, and small groups are marked and never claimed to differ."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from medsum.dialogue.record import Record, read_records
from medsum.metrics.proportions import wilson_interval
from medsum.params.data import Columns, DataParams
from medsum.publish.patients import NOT_SHOWN, age_group, sex
from medsum.publish.specialties import specialties
from medsum.publish.subgroups import NOT_RECORDED, is_wrong, table

COLUMNS = Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split")


def record(dialogue: str, note: str = "Cough.", record_id: str = "1", section: str | None = "GENHX") -> Record:
    return Record(record_id, dialogue, note, section, "few")


@pytest.mark.parametrize(
    ("dialogue", "note", "age", "of_sex"),
    [
        ("Patient: It hurts.", "The patient is a 62-year-old woman with pain.", "40 to 64 years", "female"),
        ("Patient: It hurts.", "A 9-month-old boy.", "0 to 17 years", "male"),
        ("Patient: I'm eighty three, dear.", "Pain.", "65 years and older", NOT_SHOWN),
        ("Doctor: You're sixteen now, right?\nPatient: Yes.", "Pain.", "0 to 17 years", NOT_SHOWN),
        ("Doctor: Sit down, sir.\nPatient: Thanks.", "Pain.", NOT_SHOWN, "male"),
        ("Guest_clinician: She's twenty six, with a rash.\nPatient: It itches.", "Rash.", "18 to 39 years", "female"),
        ("Doctor: Does she eat?\nGuest_family: She does.", "Eats well.", NOT_SHOWN, "female"),
    ],
)
def test_age_and_sex_are_those_that_the_texts_state_of_the_patient(
    dialogue: str, note: str, age: str, of_sex: str
) -> None:
    found = record(dialogue, note)
    assert (age_group(found), sex(found)) == (age, of_sex)


@pytest.mark.parametrize(
    ("dialogue", "note"),
    [
        ("Patient: My mother died when I was nine.", "Mother died when the patient was 9."),
        ("Patient: My brother, he's ten, and he is well.", "Has a 10-year-old brother."),
        ("Patient: I smoked since I was twenty.", "Smoker since age 20."),
        ("Doctor: Thank you, ma'am.\nGuest_family: He is my husband.\nPatient: Yes.", "Accompanied."),
        ("Doctor: Is he well?\nGuest_family: She is, he is not.", "Two children."),
    ],
)
def test_ages_and_pronouns_of_relatives_show_nothing(dialogue: str, note: str) -> None:
    found = record(dialogue, note)
    assert (age_group(found), sex(found)) == (NOT_SHOWN, NOT_SHOWN)


def row(words: int = 60, **categories: str) -> dict[str, Any]:
    errors = [{"category": name, "severity": severity} for name, severity in categories.items()]
    return {"dialogue_words": words, "factual_f1": 0.5, "omission": 0.25, "errors": errors}


def test_an_omission_or_a_minor_error_is_no_wrong_statement() -> None:
    assert not is_wrong(row(omission="major", quantity="minor"))
    assert is_wrong(row(negation="major"))


def test_groups_below_the_limit_are_marked_and_their_means_have_no_interval() -> None:
    records = [record("Patient: Yes.", section="GENHX" if place < 10 else "ROS") for place in range(14)]
    rows = [row(negation="major") if place % 2 else row() for place in range(14)]
    groups = {(one.kind, one.name): one for one in table(records, rows, {}, small=10)}
    large, small = groups["section", "GENHX"], groups["section", "ROS"]
    assert (large.records, large.small, small.records, small.small) == (10, False, 4, True)
    assert large.means["omission"].ends is not None
    assert small.means["omission"].ends is None
    assert large.wrong is not None
    assert (large.wrong.part, large.wrong.low, large.wrong.high) == (5, *wilson_interval(5, 10))
    assert groups["specialty", NOT_RECORDED].records == 14


def test_rare_specialties_share_one_small_row() -> None:
    records = [record("Patient: Yes.", record_id=str(place)) for place in range(24)]
    known = {str(place): "cardiology" if place < 12 else f"rare {chr(97 + place)}" for place in range(24)}
    groups = [one for one in table(records, [row()] * 24, known, small=10) if one.kind == "specialty"]
    assert [(one.name, one.records, one.small) for one in groups] == [
        ("12 specialties with few records each", 12, True),
        ("cardiology", 12, False),
    ]


def test_unchecked_rows_are_grouped_by_their_other_scores() -> None:
    rows: list[dict[str, Any]] = [{"dialogue_words": 60, "rouge1": 0.4, "bertscore": 0.6}] * 2
    group = table([record("Patient: Yes.")] * 2, rows, {}, small=10)[0]
    assert group.wrong is None
    assert set(group.means) == {"rouge1", "bertscore"}


def test_a_specialty_that_may_be_a_name_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data/raw/few"
    folder.mkdir(parents=True)
    with (folder / "visits.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", "section_header", "section_text", "dialogue", "specialty"])
        for number, name in enumerate(("Cardiology", "Dr. Miriam Okafor", "12 May 1980", "x" * 60, "")):
            writer.writerow([number, "ROS", "Cough.", "Patient: I cough.", name])
    assert specialties(DataParams(source="few", language="en", columns=COLUMNS)) == {"0": "cardiology"}


def test_every_test_record_of_the_sample_is_in_one_group_of_each_kind(measured: Path) -> None:
    records = read_records(measured / "data/splits/test.jsonl")
    lines = (measured / "data/scores/finetuned.jsonl").read_text(encoding="utf-8").splitlines()
    groups = table(records, [json.loads(line) for line in lines], {}, small=10)
    for kind in ("age", "sex", "section", "words of the dialogue", "specialty"):
        assert sum(one.records for one in groups if one.kind == kind) == len(records)
    assert {one.name for one in groups if one.kind == "sex"} >= {"female", "male"}
