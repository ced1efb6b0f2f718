"""The training benchmark gives all sides the same tokens to learn, for models of both kinds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.training.trainers import whole_rows
from medsum.dialogue.record import Record
from medsum.model.chat import prompt_builder
from medsum.params import prompt
from medsum.training.dataset import MASKED, tokenize
from tests.conftest import ROOT


def test_sft_learns_the_note_and_its_end_alone(tiny_decoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    builder = prompt_builder(tiny_decoder, prompt.load())
    records = [Record("1", "Doctor: Pain?\nPatient: No.", "No pain.", "ROS", "few")]
    [row] = tokenize(records, builder, 64).dataset
    rows = whole_rows({name: [row[name]] for name in row})
    [ids], [labels] = rows["input_ids"], rows["labels"]
    asked = builder.ids(records[0].dialogue, "ROS")
    assert ids == asked + row["labels"]
    assert labels == [MASKED] * len(asked) + row["labels"]
    assert ids[-1] == builder.end_id


@pytest.mark.long
@pytest.mark.parametrize(
    ("base", "precision", "sides"),
    [("tiny_base", "fp32", ["reference", "ours"]), ("tiny_decoder", "bf16", ["reference", "defaults", "ours"])],
)
def test_all_sides_take_the_same_steps_and_learn_alike(
    base: str, precision: str, sides: list[str], few_dialogues: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(base)
    command = [
        "-m",
        "benchmarks.training.speed",
        "--data",
        str(few_dialogues),
        "--base",
        str(folder),
        "--seeds",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, *command, "--precision", precision],
        cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    table = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in done.stdout.splitlines() if "|" in line}
    assert [side.strip() for side in table[""]] == sides
    assert {int(cell) for cell in table["steps"]} == {2}
    losses = [float(cell) for cell in table["validation loss"]]
    assert max(losses) - min(losses) < 0.1
    assert done.stdout.count("Examples a second, ours / ") == len(sides) - 1
