"""The evaluation's plots as PNG."""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PNG = b"\x89PNG\r\n\x1a\n"


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def draw(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medsum.review.charts"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(folder / "mpl"), "PATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def plotted(tmp_path: Path) -> Path:
    """A folder with plots of an evaluation of six systems and of sections that not every chart has room for."""
    systems = ("first_turns", "nearest_note", "longest_turn", "copy_dialogue", "baseline", "finetuned")
    plots = tmp_path / "plots/evaluation"
    ends = {"low": 0.2, "high": 0.5}
    write(plots / "by_model.csv", [{"metric": "rouge1", "model": name, "score": 0.3, **ends} for name in systems])
    sections = [f"S{number} (n=1, few)" for number in range(20)]
    for name, key, groups in (("by_section", "section", sections), ("by_length_bucket", "words", ["1-50 (n=2)"])):
        rows = [
            {key: group, "model": model, "records": 1, **ends, "rouge1": 0.3}
            for group in groups
            for model in systems[3:]
        ]
        write(plots / f"{name}.csv", rows)
    rows = [{"section": "S (n=9, few)", "model": name, "records": 9, **ends, "factual_f1": 0.3} for name in systems[3:]]
    write(plots / "faithfulness_by_section.csv", rows)
    rows = [{"category": "omission", "model": name, "errors": 3, "share": 0.3, **ends} for name in systems[4:]]
    write(tmp_path / "plots/errors/by_category.csv", rows)
    write(plots / "by_length.csv", [{"dialogue_words": 9, "model": name, "rouge1": 0.3} for name in systems[4:]])
    write(plots / "differences.csv", [{"difference": value, "records": 2} for value in (-0.05, 0.0, 0.05)])
    return tmp_path


def test_every_plot_becomes_a_png_and_the_same_numbers_the_same_bytes(plotted: Path) -> None:
    done = draw(plotted)
    assert done.stdout == "reports/charts: 7 charts\n", done.stderr
    charts = {path.stem: path.read_bytes() for path in (plotted / "reports/charts").iterdir()}
    assert sorted(charts) == sorted(path.stem for path in (plotted / "plots").rglob("*.csv"))
    assert all(content.startswith(PNG) for content in charts.values())
    height = {name: int.from_bytes(content[20:24]) for name, content in charts.items()}
    assert height["by_section"] > 1.5 * height["by_length"]  # sections get room
    assert draw(plotted).returncode == 0
    assert {path.stem: path.read_bytes() for path in (plotted / "reports/charts").iterdir()} == charts


def test_without_an_evaluation_a_sentence_says_what_to_run(tmp_path: Path) -> None:
    done = draw(tmp_path)
    assert done.returncode == 1
    assert done.stderr == "Error: plots/evaluation/by_model.csv is not there; run `dvc repro` to make it\n"
