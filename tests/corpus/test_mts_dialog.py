"""Claims on MTS-Dialog itself: `MEDSUM_DATA=<folder that holds mts-dialog/> pytest -m data`."""

import csv
import json
import os
import re
from pathlib import Path

import pytest

from medsum.dialogue import reader
from medsum.metrics import rouge
from medsum.metrics.floors import copied_dialogue
from tests.conftest import run_stage, set_params


@pytest.mark.data
def test_mts_dialog_is_read_whole_and_its_known_leaks_are_found(project: Path) -> None:
    mirror = Path(os.environ["MEDSUM_DATA"], "mts-dialog").resolve().as_uri()
    set_params(project, **{"data.source": "mts-dialog"})
    assert run_stage(project, "fetch_data", "mts-dialog", env={"MTS_DIALOG_MIRROR": mirror}).returncode == 0
    for stage in ("prepare", "split"):
        result = run_stage(project, stage)
        assert (result.returncode, result.stderr) == (0, "")

    data = json.loads((project / "reports/data.json").read_text(encoding="utf-8"))
    assert (data["read"], data["kept"], sum(data["dropped"].values())) == (1501, 1501, 0)
    assert len(data["sections"]) == 20

    splits = json.loads((project / "reports/splits.json").read_text(encoding="utf-8"))
    leaked = {name: {i for leak in splits["leaks"] for i in leak[name]} for name in ("train", "validation", "test")}
    assert leaked["validation"] == {f"validation-{n}" for n in (4, 58, 8, 39, 43, 48, 89)}
    assert leaked["test"] == {f"test-{n}" for n in (96, 106, 19, 120, 162)}
    assert {"train-284", "train-56", "train-318", "train-926"} <= leaked["train"]
    assert splits["records"] == {"train": 1201 - len(leaked["train"]), "validation": 100, "test": 200}
    kept = [
        json.loads(line)["id"] for line in (project / "data/splits/train.jsonl").read_text("utf-8").split("\n")[:-1]
    ]
    assert len(kept) == splits["records"]["train"]
    assert not leaked["train"] & set(kept)


@pytest.mark.data
def test_copying_a_validation_dialogue_scores_what_was_published_for_this_set() -> None:
    with Path(os.environ["MEDSUM_DATA"], "mts-dialog/MTS-Dialog-ValidationSet.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    notes = [row["section_text"] for row in rows]
    without_tags = [re.sub(r"(?m)^\s*[A-Za-z_ ]+\d*\s*:\s*", "", row["dialogue"]) for row in rows]
    assert floor(without_tags, notes) == [22.16, 7.39, 16.18]
    cleaned = [copied_dialogue(reader.read(row["dialogue"]).text) for row in rows]
    assert floor(cleaned, notes) == pytest.approx([22.16, 7.39, 16.18], abs=0.02)  # as the pipeline reads it


def floor(summaries: list[str], notes: list[str]) -> list[float]:
    """Mean ROUGE-1, -2 and -L F1 x 100 without stemmer."""
    found = rouge.scores(summaries, notes, stemmer=False)
    return [round(100 * sum(found[name]) / len(notes), 2) for name in ("rouge1", "rouge2", "rougeL")]
