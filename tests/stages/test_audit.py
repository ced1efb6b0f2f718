"""The audit of the training notes, and trainings on what it leaves."""

import json
from pathlib import Path
from typing import Any

import pytest

from medsum.dialogue.record import Record, write_records
from medsum.serve.note_check import check
from tests.conftest import run_stage, set_params
from tests.stages.test_text_stays_put import MARKER, own, row, shows_nothing, taken_by_git

DIALOGUE = "Doctor: What brings you in?\nPatient: My left knee has hurt for three weeks. I take aspirin."
NOTES = {
    "right": "Left knee pain for 3 weeks. Takes aspirin.",
    "partly": "Left knee pain for 3 weeks. Takes warfarin.",
    "wrong": "Takes warfarin.",
    "minor": "Left knee pain for 3 weeks. No fever.",
}
RECORDS = [Record(name, DIALOGUE, note, "GENHX", "test") for name, note in NOTES.items()]
TARGETS = ("all", "supported", "trimmed")


@pytest.fixture
def audited(ready: Path) -> Path:
    """A project whose training notes are NOTES, audited."""
    write_records(ready / "data/splits/train.jsonl", RECORDS)
    done = run_stage(ready, "audit")
    assert done.returncode == 0, done.stderr
    return ready


def rows(project: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (project / f"data/audited/{name}.jsonl").read_text("utf-8").splitlines()]


def test_each_value_of_targets_has_its_file(audited: Path) -> None:
    whole = {name: {row["id"]: row["summary"] for row in rows(audited, name)} for name in TARGETS}
    assert whole["all"] == NOTES
    assert whole["supported"] == {name: NOTES[name] for name in ("right", "minor")}
    assert whole["trimmed"] == {**whole["supported"], "partly": "Left knee pain for 3 weeks."}


def test_all_is_the_split_byte_for_byte(audited: Path) -> None:
    split, everything = (audited / "data" / name for name in ("splits/train.jsonl", "audited/all.jsonl"))
    assert everything.read_bytes() == split.read_bytes()


def test_the_flags_are_those_of_a_check_of_the_same_note(audited: Path) -> None:
    found = {row["id"]: row["flags"] for row in rows(audited, "findings")}
    assert found == {name: flags for name, note in NOTES.items() if (flags := check(DIALOGUE, note)["flags"])}
    assert {flag["text"] for flag in found["partly"]} == {"warfarin"}


def test_the_counts_follow_from_the_findings(audited: Path) -> None:
    report = json.loads((audited / "reports/audit.json").read_text(encoding="utf-8"))
    assert report["categories"]["medication"] == {"major": 2, "minor": 0, "records": 2}
    assert (report["records"], report["trimmed"], report["sentences_left_out"]) == (4, 3, 2)
    metrics = json.loads((audited / "metrics/audit.json").read_text(encoding="utf-8"))
    assert metrics == {"unsupported_statements": 2}
    assert {"supported": 2, "numbers_said": 1.0}.items() <= report.items()


def test_an_audit_shows_no_word_of_a_record(project: Path) -> None:
    own(
        project,
        "ID,section_header,section_text,dialogue\n" + "\n".join(",".join(map(quoted, row(n))) for n in range(9)),
    )
    results = [run_stage(project, stage) for stage in ("prepare", "split", "audit")]
    assert [result.returncode for result in results] == [0, 0, 0], results
    assert shows_nothing(*results)
    assert taken_by_git(project) == []
    for name in ("metrics/audit.json", "reports/audit.json"):
        assert MARKER.lower() not in (project / name).read_text(encoding="utf-8").lower()


def quoted(cell: str) -> str:
    return f'"{cell}"'


def test_notes_of_which_none_is_supported_are_refused(ready: Path) -> None:
    write_records(ready / "data/splits/train.jsonl", [RECORDS[2]])
    done = run_stage(ready, "audit")
    assert (done.returncode, done.stderr.splitlines()[-1].partition(";")[0]) == (
        1,
        "Error: data/splits/train.jsonl has no note without a major flag",
    )
    assert list((ready / "data/audited").glob("*.jsonl")) == []


def test_a_training_on_what_was_not_audited_says_what_to_run(ready: Path) -> None:
    set_params(ready, **{"train.targets": "trimmed"})
    done = run_stage(ready, "train")
    assert (done.returncode, done.stderr) == (
        1,
        "Error: data/audited/trimmed.jsonl is not there; run `dvc repro audit` to make it\n",
    )


@pytest.mark.slow
def test_a_training_takes_the_targets_that_it_is_told(audited: Path) -> None:
    """Trained on `supported`, the adapter is that of a split that holds the supported records alone."""
    adapters = {}
    for targets in TARGETS:
        done = run_stage(audited, "train", "--targets", targets, "--output", targets)
        assert done.returncode == 0, done.stderr
        adapters[targets] = (audited / targets / "models/finetuned/adapter_model.safetensors").read_bytes()
    assert len(set(adapters.values())) == len(TARGETS)
    (audited / "data/splits/train.jsonl").write_bytes((audited / "data/audited/supported.jsonl").read_bytes())
    done = run_stage(audited, "train", "--targets", "all", "--output", "alone")
    assert done.returncode == 0, done.stderr
    assert (audited / "alone/models/finetuned/adapter_model.safetensors").read_bytes() == adapters["supported"]
