"""How much people change drafts: hand-made notes with known values, and what DVC shows of them."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from medsum.corpus.corrections import Correction, Part
from medsum.review.edit_distance import changed_share, edits
from tests import corrections
from tests.conftest import run_module

DIALOGUE = "Doctor: Do you take anything?\nPatient: Aspirin, 100 mg. My left knee hurts."
WRONG, RIGHT = "Takes aspirin 500 mg. Left knee pain.", "Takes aspirin 100 mg. Left knee pain."


def correction(number: int, draft: str, signed: str, month: str = "2026-09", model: str = "ab") -> Correction:
    parts = (Part("MEDICATIONS", draft, signed),)
    return Correction(f"c{number}", f"{month}-02T08:00:00Z", model * 32, 10.0 * number, DIALOGUE, parts)


NOTES = [
    correction(1, RIGHT, RIGHT),
    correction(2, WRONG, RIGHT),  # one word of seven, and its flag is gone
    correction(3, WRONG, WRONG + " No rash.", month="2026-10"),  # two words of nine are new, and the flag stays
    correction(4, RIGHT, "Takes aspirin.", month="2026-10", model="cd"),  # no flag asked for this
]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c d", "b c d e", 2),
        ("a", "", 1),
        ("a a", "a a a", 1),
        ("k i t t e n", "s i t t i n g", 3),
    ],
)
def test_edits_are_the_fewest_words_to_change(before: str, after: str, count: int) -> None:
    assert edits(before.split(), after.split()) == edits(after.split(), before.split()) == count


def test_the_changed_share_ignores_white_space_and_is_at_most_one() -> None:
    assert changed_share("a b", " a\nb ") == 0
    assert changed_share("a b", "c d e f") == 1
    assert changed_share("", "") == 0


def measure(project: Path, notes: list[Correction]) -> tuple[dict[str, Any], Path]:
    corrections.write(project / "data/raw/corrections", notes)
    done = run_module(project, "medsum.review.corrections")
    assert done.returncode == 0, done.stderr
    folder = project / "metrics/corrections"
    return json.loads((folder / "corrections.json").read_text(encoding="utf-8")), folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_shares_distances_and_categories_have_the_values_worked_out_by_hand(project: Path) -> None:
    found, folder = measure(project, NOTES)
    assert (found["notes"], found["share_unchanged"], found["seconds_median"]) == (4, 0.25, 25.0)
    assert found["edit_distance"] == round((0 + 1 / 7 + 2 / 9 + 6 / 7) / 4, 4)
    assert found["changed_without_any_flag"] == round(1 / 3, 4)
    assert {model: one["notes"] for model, one in found["by_model"].items()} == {"ab" * 6: 3, "cd" * 6: 1}
    months = rows(folder / "by_month.csv")
    assert [(row["month"], row["model"], row["notes"], row["share_unchanged"]) for row in months] == [
        ("2026-09", "ab" * 6, "2", "0.5"),
        ("2026-10", "ab" * 6, "1", "0.0"),
        ("2026-10", "cd" * 6, "1", "0.0"),
    ]
    [category] = rows(folder / "by_category.csv")
    assert category == {"category": "medication", "flags": "2", "corrected": "1", "share_corrected": "0.5"}


def test_results_hold_no_word_of_a_note_and_are_the_same_twice(project: Path) -> None:
    named = [replace(one, dialogue=f"{DIALOGUE} Zebulon.", id=f"c{n}") for n, one in enumerate(NOTES)]
    _, folder = measure(project, named)
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert not any(word in content for content in first.values() for word in (b"Zebulon", b"aspirin", b"knee"))
    measure(project, named)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == first


def test_dvc_shows_metrics_and_plots_once_they_are_measured(project: Path) -> None:
    measure(project, NOTES)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)
    dvc = [sys.executable, "-m", "dvc"]
    shown = subprocess.run([*dvc, "metrics", "show", "--json"], cwd=project, capture_output=True, check=True)
    assert json.loads(shown.stdout)[""]["data"]["metrics/corrections/corrections.json"]["data"]["notes"] == 4
    plots = [*dvc, "plots", "show", "--json"]  # of the pipeline's own plots, which are missing here, it says so
    drawn = subprocess.run(plots, cwd=project, capture_output=True, check=True)
    assert b"Words changed before the signature" in drawn.stdout
    assert b"2026-10" in drawn.stdout


def test_without_signed_notes_the_command_says_how_to_get_some(project: Path) -> None:
    done = run_module(project, "medsum.review.corrections")
    assert done.returncode == 1
    assert "data/raw/corrections/corrections.jsonl is not there" in done.stderr
    assert "python app.py --keep-corrections data/raw/corrections" in done.stderr
