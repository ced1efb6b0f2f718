"""The real prepare script with each action on a folder of the user's own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, run_stage, set_params

SECRETS = ("Zebulon", "Okafor", "555-201-0199")
ROWS = [
    {
        "ID": "v-1",
        "section_header": "CC",
        "section_text": "Mr. Okafor has had knee pain for two weeks.",
        "dialogue": "Doctor: Hello, Mr. Okafor, what brings you in?\nPatient: Call me Zebulon. My left knee has hurt"
        " for two weeks.\nDoctor: Can we reach you?\nPatient: Yes, on 555-201-0199.",
    },
    {
        "ID": "v-2",
        "section_header": "CC",
        "section_text": "Cough for three days.",
        "dialogue": "Doctor: What is wrong today?\nPatient: I have had a cough for three days, mostly at night.",
    },
]


@pytest.fixture
def own(project: Path) -> Path:
    """A project whose source is a folder put there by hand, with identifiers in one of two records."""
    folder = project / "data/raw/ward-7"
    folder.mkdir()
    (folder / "visits.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    set_params(project, **{"data.source": "ward-7"})
    return project


def prepare(project: Path, action: str | None = None) -> subprocess.CompletedProcess[str]:
    if action:
        set_params(project, **{"privacy.action": action})
    done = run_stage(project, "prepare")
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)
    return done


def written(project: Path) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """Records, metrics and report; the last two never hold a secret."""
    lines = (project / "data/processed/records.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [(project / name).read_text(encoding="utf-8") for name in ("metrics/data.json", "reports/data.json")]
    assert not any(secret in text for secret in SECRETS for text in texts)
    return [json.loads(line) for line in lines], *(json.loads(text) for text in texts)


@pytest.mark.parametrize("action", [None, "fail"])
def test_a_folder_of_ones_own_with_identifiers_is_refused_in_one_sentence(own: Path, action: str | None) -> None:
    done = prepare(own, action)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: data/raw/ward-7: 1 record holds text that may identify a person: 3 names, 1 telephone number"
        " (first: id 'v-1'); set privacy.action to mask, drop or report in params.yaml (docs/privacy.md)\n"
    )
    assert not (own / "data/processed/records.jsonl").exists()


def test_report_keeps_every_word_and_counts(own: Path) -> None:
    done = prepare(own, "report")
    assert done.returncode == 0, done.stderr
    assert "1 record holds text that may identify a person" in done.stdout
    records, metrics, report = written(own)
    assert [record["dialogue"] for record in records] == [row["dialogue"] for row in ROWS]
    assert metrics["identifiers"] == {
        "action": "report",
        "records": 1,
        "left": 4,
        "found": {"name": 3, "phone": 1},
        "ids": ["v-1"],
    }
    assert report["identifiers"] == {"v-1": {"name": 3, "phone": 1}}


def test_mask_writes_typed_masks_that_agree_within_the_record(own: Path) -> None:
    assert prepare(own, "mask").returncode == 0
    records, metrics, _ = written(own)
    first, second, *_ = records[0]["dialogue"].split("\n")
    assert first == "Doctor: Hello, Mr. [NAME_1], what brings you in?"
    assert second.startswith("Patient: Call me [NAME_2].")
    assert records[0]["dialogue"].endswith("on [PHONE_1].")
    assert records[0]["summary"] == "Mr. [NAME_1] has had knee pain for two weeks."
    assert records[1]["dialogue"] == ROWS[1]["dialogue"]
    assert metrics["identifiers"]["left"] == 0


def test_drop_leaves_the_record_out_and_says_so(own: Path) -> None:
    done = prepare(own, "drop")
    assert done.returncode == 0
    assert "1 records, 0 dropped as empty, 1 for identifiers" in done.stdout
    records, _, report = written(own)
    assert [record["id"] for record in records] == ["v-2"]
    assert report["dropped"] == {"empty_dialogue_or_summary": 0, "identifiers": 1}


def test_the_sample_passes_unchanged_with_few_findings(project: Path) -> None:
    assert prepare(project).returncode == 0
    lock = yaml.safe_load((ROOT / "dvc.lock").read_text(encoding="utf-8"))["stages"]["prepare"]["outs"]
    recorded = next(out["size"] for out in lock if out["path"] == "data/processed/records.jsonl")
    assert (project / "data/processed/records.jsonl").stat().st_size == recorded
    _, metrics, _ = written(project)
    assert metrics["identifiers"]["action"] == "report"
    assert metrics["identifiers"]["records"] < 80
    assert set(metrics["identifiers"]["found"]) <= {"name", "place", "date", "age"}


def test_sources_that_the_catalogue_declares_deidentified_are_reported() -> None:
    from medsum.params.privacy import PrivacyParams

    auto = PrivacyParams(action="auto")
    assert (auto.of_source("sample"), auto.of_source("mts-dialog")) == ("report", "report")
    assert (auto.of_source("ward-7"), auto.of_batch()) == ("fail", "report")
    assert PrivacyParams(action="mask").of_source("sample") == "mask"
