"""The plots of the last run as PNG, each as dvc.yaml defines it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from medsum.review.chart_definitions import Chart, chart_of, charts_of_stages, colours_of
from medsum.review.charts import DRAWN, draw
from tests.conftest import ROOT

PNG = b"\x89PNG\r\n\x1a\n"
SYSTEMS = ("first_turns", "nearest_note", "longest_turn", "copy_dialogue", "baseline", "finetuned")


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medsum.review.charts"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(folder / "mpl"), "PATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the definitions of the charts, and with the CSV files of the last run of this project."""
    shutil.copyfile(ROOT / "dvc.yaml", tmp_path / "dvc.yaml")
    shutil.copytree(ROOT / ".dvc/plots", tmp_path / ".dvc/plots")
    shutil.copytree(ROOT / "plots", tmp_path / "plots")
    shutil.copytree(ROOT / "benchmarks/results", tmp_path / "benchmarks/results")
    return tmp_path


@pytest.fixture
def _here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)


def chart(name: str) -> Chart:
    return next(one for one in charts_of_stages() if one.csv.stem == name)


def texts(figure: Figure) -> tuple[str, str, str]:
    (axes,) = figure.axes
    return axes.get_title(), axes.get_xlabel(), axes.get_ylabel()


def test_every_plot_of_a_stage_becomes_a_png_and_the_same_numbers_the_same_bytes(project: Path) -> None:
    done = run(project)
    charts = {path.stem: path.read_bytes() for path in (project / "reports/charts").iterdir()}
    assert done.stdout == f"reports/charts: {len(charts)} charts\n", done.stderr
    assert sorted(charts) == sorted(path.stem for path in (ROOT / "plots").rglob("*.csv"))
    assert all(content.startswith(PNG) for content in charts.values())
    assert run(project).returncode == 0
    assert {path.stem: path.read_bytes() for path in (project / "reports/charts").iterdir()} == charts


@pytest.mark.usefixtures("_here")
def test_every_chart_has_the_title_and_the_labels_of_dvc_yaml() -> None:
    for one in [*charts_of_stages(), chart_of(Path("benchmarks/results/learning_curve.csv"))]:
        assert texts(draw(one)) == (one.title, one.x_label, one.y_label)


@pytest.mark.usefixtures("_here")
def test_systems_have_the_colours_and_the_order_of_the_template() -> None:
    colours = colours_of("grouped_intervals")
    assert tuple(colours) == SYSTEMS
    (axes,) = draw(chart("by_model")).axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(SYSTEMS)


@pytest.mark.usefixtures("_here")
def test_a_chart_of_many_sections_is_taller() -> None:
    one = chart("by_section")
    header, *rows = one.csv.read_text(encoding="utf-8").splitlines()
    more = [f'"S{number} {row[1:]}' for number in range(4) for row in rows]
    before = draw(one).get_figheight()
    one.csv.write_text("\n".join([header, *more]) + "\n", encoding="utf-8")
    assert draw(one).get_figheight() > 2 * before


@pytest.mark.usefixtures("_here")
def test_every_template_of_dvc_yaml_can_be_drawn() -> None:
    used = {one.template for one in [*charts_of_stages(), chart_of(Path("benchmarks/results/learning_curve.csv"))]}
    assert used == set(DRAWN)


def test_without_a_run_a_sentence_says_what_to_do(project: Path) -> None:
    (project / "plots/training/loss.csv").unlink()
    done = run(project)
    assert done.returncode == 1
    assert done.stderr == "Error: plots/training/loss.csv is not there; run `dvc repro` to make it\n"


def test_outside_the_project_a_sentence_says_where_to_run(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.stderr == "Error: dvc.yaml is not there; run this from the root of the project\n"
