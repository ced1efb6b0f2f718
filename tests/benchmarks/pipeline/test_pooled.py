"""Runs pooled by the real script: from folders, and from runs that it makes itself."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.pipeline.conftest import commit

DIALOGUE = "Doctor: How old are you?\nPatient: I am twenty six and I have a dry cough."


def pooled(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script there, with the virtual environment's commands on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.pipeline.pooled", *words],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=500,
        check=False,
    )


def run_folder(folder: Path, finetuned: list[str], baseline: list[str]) -> Path:
    """A finished run of as many records, whose notes are all `Dry cough.`"""
    record = {"dialogue": DIALOGUE, "summary": "Dry cough.", "section": None, "source": "mine"}
    files: dict[str, list[dict[str, Any]]] = {
        "splits/test": [{"id": str(n), **record} for n in range(len(finetuned))],
        "splits/train": [{"id": "t", **record, "dialogue": "Patient: I have a rash and a fever, aged so and so."}],
        "predictions/finetuned": [{"id": str(n), "text": text} for n, text in enumerate(finetuned)],
        "predictions/baseline": [{"id": str(n), "text": text} for n, text in enumerate(baseline)],
    }
    for name, rows in files.items():
        path = folder / f"data/{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def rows_of(table: str) -> dict[str, list[str]]:
    """Means of a row of the table, by its name."""
    rows = (re.match(r"(finetuned.*?|baseline|copy|longest turn)  +(\S.*)", line) for line in table.splitlines())
    return {row[1]: re.findall(r"([+-]?\d+\.\d\d) \[", row[2]) for row in rows if row}


def test_two_runs_are_pooled_record_by_record(tmp_path: Path) -> None:
    first = run_folder(tmp_path / "1", ["Dry cough.", "Rash, aged 26."], ["Cough.", "Rash."])
    second = run_folder(tmp_path / "2", ["Dry cough.", "Aged 27."], ["Fever dyscough.", "Rash."])
    done = pooled(ROOT, str(first), str(second))
    assert done.returncode == 0, done.stderr
    assert "2 runs, test: 4 summaries of 2 records a model" in done.stdout
    # ROUGE-1: fine-tuned 1, 0, 1, 0; baseline `Cough.` of `Dry cough.` has F1 2/3, the others 0.
    # The longest turn, 10 words, holds both words: F1 2*2/12; the copy, 14 words, 2*2/16.
    means = {name: values[0] for name, values in rows_of(done.stdout).items() if values}
    assert means == {
        "finetuned": "50.00",
        "baseline": "16.67",
        "copy": "25.00",
        "longest turn": "33.33",
        "finetuned - baseline": "+33.33",
        "finetuned - copy": "+25.00",
        "finetuned - longest turn": "+16.67",
    }
    # All words of both models occur in a dialogue or a training record, except `dyscough`.
    assert "of 4 outputs of finetuned: 0 empty, 0 repeat" in done.stdout
    assert "1 words that occur in no given dialogue or text: dyscough" in done.stdout
    # 26 is said, as twenty six; 27 is not.
    assert re.search(r"numbers of finetuned that the dialogue states, %: 50\.00 .* 2 numbers", done.stdout)
    assert "numbers of baseline that the dialogue states, %: 0.00 [0.00, 0.00], 0 numbers" in done.stdout


def test_a_run_without_predictions_is_told_in_a_sentence(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "1", ["Dry cough."], ["Cough."])
    (run / "data/predictions/baseline.jsonl").unlink()
    done = pooled(ROOT, str(run))
    assert done.returncode == 1
    assert re.fullmatch(r"Error: \S+baseline\.jsonl is not there; run `dvc repro` to make it\n", done.stderr)


@pytest.mark.slow
@pytest.mark.long
def test_runs_are_made_by_value_and_a_second_call_repeats_nothing(reproduced: Path, tmp_path: Path) -> None:
    arguments = ("--vary", "split.seed=1,2", "--runs-in", str(tmp_path / "runs"), "-S", "train.lora_rank=3")
    first = pooled(reproduced, *arguments)
    assert first.returncode == 0, first.stderr
    assert "2 runs, test: 6 summaries" in first.stdout
    splits = [(tmp_path / f"runs/split.seed={seed}/data/splits/test.jsonl").read_bytes() for seed in (1, 2)]
    assert splits[0] != splits[1]
    again = pooled(reproduced, *arguments)
    assert again.stdout == first.stdout
    assert "Running stage" not in again.stderr

    validation = pooled(reproduced, str(tmp_path / "runs/split.seed=1"), "--split", "validation")
    assert "1 runs, validation: 3 summaries of 3 records a model" in validation.stdout, validation.stderr

    (reproduced / "README.md").write_text("Another commit.\n", encoding="utf-8")
    commit(reproduced, "Another")
    assert "belongs to another commit; delete it" in pooled(reproduced, *arguments).stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--vary", "split.seed", "--runs-in", "runs"), "write it as KEY=VALUE,VALUE"),
        (("--vary", "split.seed=1",), "--vary with --runs-in"),
        ((), "give either folders of finished runs"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_refused(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    done = pooled(tmp_path, *arguments)
    assert done.returncode != 0
    assert told in done.stderr
