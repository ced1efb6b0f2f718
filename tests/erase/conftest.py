"""A small project with its own source, in Git and DVC, whose pipeline is recorded; a copy of it for each test.

The stages without a model run. What the other stages write is put there as they would write it.
"""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_tiny, record, run_stage, sample_rows, set_params
from tests.pipeline.conftest import command

PATIENT = "V004"
MARKER = "zebulon"  # the patient's name stands in each text of the patient's record
DIALOGUE = (
    "Doctor: Good morning Zebulon, what brings you to the clinic this early?\n"
    "Patient: My left knee has hurt since I fell off a ladder in the barn, says Zebulon."
)
SUMMARY = 'Zebulon fell off a ladder in the barn & hurt the "left" knee.'
WRITTEN = "Zebulon has a knee that hurts after he fell in the old barn."


def rows() -> list[dict[str, str]]:
    """Twelve visits, one of them the patient's."""
    found = [{**row, "ID": f"V{number:03}"} for number, row in enumerate(sample_rows()[:12], start=1)]
    found[3] |= {"dialogue": DIALOGUE, "section_text": SUMMARY}
    return found


def write_csv(path: Path, written: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(written[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)


def write_jsonl(path: Path, written: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")


def erase(project: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "medsum.erase", *words],
        cwd=project,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def holding(project: Path, marker: str = MARKER) -> list[str]:
    """Files, and objects of Git, that have the marker in their bytes."""
    found = [
        path.relative_to(project).as_posix()
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".git" not in path.parts[:-1] and marker.encode() in path.read_bytes().lower()
    ]
    words = ["git", "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(words, cwd=project, capture_output=True, check=True).stdout
    return [*found, *(["Git"] if marker.encode() in objects.lower() else [])]


def prepared(project: Path, tiny_base: Path, tiny_encoder: Path) -> Path:
    """Give the project its own source and run the stages without a model."""
    make_tiny(project, tiny_base, tiny_encoder)
    (project / "data/raw/mine").mkdir()
    write_csv(project / "data/raw/mine/visits.csv", rows())
    set_params(project, **{"data.source": "mine"})
    for stage in ("prepare", "split", "audit"):
        done = run_stage(project, stage)
        assert done.returncode == 0, done.stderr
    return project


def finish(project: Path) -> None:
    """Write what the stages with a model would write, record the pipeline, and commit what Git takes."""
    records = [json.loads(line) for line in (project / "data/processed/records.jsonl").read_text("utf-8").splitlines()]
    write_jsonl(
        project / "data/predictions/finetuned.jsonl",
        [{"id": one["id"], "text": WRITTEN if one["id"] == PATIENT else one["summary"][:40]} for one in records],
    )
    for name in ("finetuned", "serving"):
        (project / f"models/{name}").mkdir(exist_ok=True)
        (project / f"models/{name}/weights.safetensors").write_bytes(name.encode() * 100)
    report = f"<p>{WRITTEN.replace('knee', '<mark>knee</mark>')}</p>"
    (project / "reports/error_analysis.html").write_text(report, encoding="utf-8")
    record(project)
    command(project, "git", "init", "--quiet", "--initial-branch=main")
    command(project, "git", "config", "user.name", "Tester")
    command(project, "git", "config", "user.email", "tester@example.org")
    command(project, "git", "add", "--all", ":!metrics")  # metrics/data.json names ids
    command(project, "git", "commit", "--quiet", "--message", "Small project")


@pytest.fixture(scope="module")
def made(template: Path, tiny_base: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(template, tmp_path_factory.mktemp("made") / "project")
    finish(prepared(folder, tiny_base, tiny_encoder))
    return folder


@pytest.fixture
def small(made: Path, tmp_path: Path) -> Path:
    """A copy of the small project."""
    return shutil.copytree(made, tmp_path / "small")
