"""Signed notes as a source of training records."""

from dataclasses import replace
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.corpus.corrections import FILE, Correction, Part, read_corrections
from medsum.corpus.raw import read_rows
from medsum.dialogue.record import read_records
from medsum.erase.tables import remove_rows, rows_of
from tests import corrections
from tests.conftest import run_stage, set_params

DIALOGUE = "Doctor: Any allergies?\nPatient: Penicillin. I take aspirin."
PARTS = (
    Part("ALLERGY", "None.", "Penicillin."),
    Part("MEDICATIONS", "Aspirin.", "Aspirin."),
    Part("PLAN", "Rest.", ""),
)
ONE = Correction("c1", "2026-09-01T08:00:00Z", "ab", 12.5, DIALOGUE, PARTS)


def test_a_line_can_be_read_again(tmp_path: Path) -> None:
    assert read_corrections(corrections.write(tmp_path, [ONE])) == [ONE]


def test_of_a_note_signed_twice_the_last_counts(tmp_path: Path) -> None:
    other, again = replace(ONE, id="c2"), replace(ONE, seconds=40.0)
    assert read_corrections(corrections.write(tmp_path, [ONE, other, again])) == [other, again]


def test_the_rest_of_a_killed_line_is_not_read(tmp_path: Path) -> None:
    assert read_corrections(corrections.write(tmp_path, [ONE], ONE.line()[:-9])) == [ONE]


def test_the_command_for_erasure_removes_a_signed_note_with_all_its_sections(tmp_path: Path) -> None:
    path = corrections.write(tmp_path, [replace(ONE, id="c0"), ONE, replace(ONE, id="c2")])
    remove_rows(path, [row.line for row in rows_of(path) if row.values["id"] == "c1-2"])
    assert [one.id for one in read_corrections(path)] == ["c0", "c2"]


@pytest.mark.parametrize("bad", ["Zebulon", "{}", '{"sections": "Zebulon"}', "[1]", ONE.line().replace("12.5", '"x"')])
def test_a_line_that_is_no_correction_is_named_and_not_quoted(bad: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(f"{ONE.line()}\n{bad}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"corrections.jsonl, line 2: not a correction") as error:
        read_corrections(path)
    assert "Zebulon" not in str(error.value)


def test_each_section_is_a_training_record_of_the_signed_text(tmp_path: Path) -> None:
    rows = [row.values for row in read_rows(corrections.write(tmp_path, [ONE]))]
    assert [(row["id"], row["section"], row["note"]) for row in rows] == [
        ("c1-1", "ALLERGY", "Penicillin."),
        ("c1-2", "MEDICATIONS", "Aspirin."),
        ("c1-3", "PLAN", ""),
    ]
    assert {row["dialogue"] for row in rows} == {DIALOGUE}


def test_prepare_makes_records_of_signed_texts_and_drops_deleted_sections(project: Path) -> None:
    corrections.write(project / "data/raw/corrections", [*corrections.made_up(20), replace(ONE, id="c99")])
    set_params(project, **{"data.source": "corrections", "privacy.action": "report"})
    done = run_stage(project, "prepare")
    assert done.returncode == 0, done.stderr
    assert "22 records, 1 dropped as empty" in done.stdout
    records = {record.id: record for record in read_records(project / "data/processed/records.jsonl")}
    assert records["c99-1"].summary == "Penicillin."
    assert records["c99-1"].section == "ALLERGY"
    assert not [record for record in records.values() if "warfarin 5 mg" in record.summary]


def test_a_correction_with_a_name_is_screened_like_every_record(project: Path) -> None:
    named = replace(ONE, dialogue="Doctor: Hello Mr. Zebulon Carter.\nPatient: Call me on 555-201-3344.")
    corrections.write(project / "data/raw/corrections", [named])
    set_params(project, **{"data.source": "corrections"})
    done = run_stage(project, "prepare")
    assert done.returncode == 1
    assert "may identify a person" in done.stderr
    assert "Zebulon" not in done.stderr
    set_params(project, **{"privacy.action": "mask"})
    assert run_stage(project, "prepare").returncode == 0
    text = (project / "data/processed/records.jsonl").read_text(encoding="utf-8")
    assert "Zebulon" not in text
    assert "3344" not in text


@pytest.mark.slow
def test_a_model_trains_on_sixty_corrections(tiny_project: Path) -> None:
    corrections.write(tiny_project / "data/raw/corrections", corrections.made_up(60))
    set_params(tiny_project, **{"data.source": "corrections"})
    for stage in ("prepare", "split", "audit", "train"):
        done = run_stage(tiny_project, stage)
        assert done.returncode == 0, done.stderr
    assert (tiny_project / "models/finetuned/adapter_model.safetensors").is_file()
