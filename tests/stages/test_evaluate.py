"""The real script: in the pipeline, and for any summaries outside it."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from medsum.evaluation.scoring import METRICS
from tests.conftest import run_stage

FLOORS = ["copy_dialogue", "first_turns", "longest_turn", "nearest_note"]


def records_of(project: Path, split: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (project / f"data/splits/{split}.jsonl").read_text("utf-8").splitlines()]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def predicted(tiny_project: Path) -> Path:
    """A project whose fine-tuned model writes the references, and whose baseline writes nothing."""
    for stage in ("check", "prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    records = records_of(tiny_project, "test")
    for model, key in {"baseline": None, "finetuned": "summary"}.items():
        rows = [{"id": row["id"], "text": row[key] if key else ""} for row in records]
        write(tiny_project / f"data/predictions/{model}.jsonl", rows)
    return tiny_project


def test_both_models_and_every_floor_are_scored_by_model_section_and_length(predicted: Path) -> None:
    done = run_stage(predicted, "evaluate")
    assert done.returncode == 0, done.stderr
    metrics = json.loads((predicted / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert metrics["records"] == len(records_of(predicted, "test"))
    for name in ("rouge1", "rouge2", "rougeL"):
        assert (metrics["finetuned"][name], metrics["baseline"][name]) == (1, 0)
        assert metrics["against_baseline"][name] == {"difference": 1, "low": 1, "high": 1, "p": 0.0002}
    assert (metrics["finetuned"]["empty"], metrics["baseline"]["empty"]) == (0, 1)
    assert (metrics["finetuned"]["length_ratio"], metrics["baseline"]["length_ratio"]) == (1, 0)
    assert (metrics["finetuned"]["omission"], metrics["baseline"]["omission"]) == (0, 1)
    assert (metrics["baseline"]["factual_f1"], metrics["baseline"]["hallucination"]) == (0, 0)
    gain = metrics["against_baseline"]["factual_f1"]
    assert 0 < gain["low"] <= gain["difference"] == metrics["finetuned"]["factual_f1"]
    assert metrics["against_baseline"]["major_errors"]["high"] < 0  # empty summaries are wrong
    assert sorted(metrics["floors"]) == FLOORS
    assert all(0 < metrics["floors"][name]["omission"] < 1 for name in FLOORS)
    rouge = [metrics["floors"][name]["rouge1"] for name in FLOORS]
    assert len(set(rouge)) == len(FLOORS)  # each floor is another text
    assert all(0 < value < 1 for value in rouge)
    assert metrics["settings"]["rouge"] == "rouge_score F1, stemmer off, mean over records"
    assert metrics["settings"]["bertscore"].startswith("tiny layer 2 F1")
    for model in ("baseline", "finetuned"):
        rows = rows_of(predicted, model)
        assert [row["id"] for row in rows] == [row["id"] for row in records_of(predicted, "test")]
        assert all(row["sentences"] for row in rows) == (model == "finetuned")
        assert [row["major_errors"] for row in rows] == [
            sum(error["severity"] == "major" for error in row["errors"]) for row in rows
        ]
    assert {"degenerate", "omission"} <= {error["category"] for error in rows_of(predicted, "baseline")[0]["errors"]}
    check_deciding(predicted, metrics)
    check_plots(predicted)


def check_deciding(predicted: Path, everything: dict[str, Any]) -> None:
    """What `dvc metrics diff` shows: the fine-tuned model's scores, and three differences with their intervals."""
    deciding = json.loads((predicted / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert list(deciding) == ["against_baseline", "finetuned"]
    for name, found in deciding["against_baseline"].items():
        assert found == {key: everything["against_baseline"][name][key] for key in ("difference", "low", "high")}
    assert {"rouge1", "factual_f1", "major_errors"} == set(deciding["against_baseline"])
    assert {"rouge1", "bertscore", "omission"} < set(deciding["finetuned"])
    assert deciding["finetuned"].items() <= everything["finetuned"].items()


def rows_of(predicted: Path, model: str) -> list[dict[str, Any]]:
    lines = (predicted / f"data/scores/{model}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def check_plots(predicted: Path) -> None:
    plots = {}
    for path in sorted((predicted / "plots/evaluation").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            plots[path.name] = list(csv.DictReader(file))
    assert sorted(plots) == [
        "against_baseline.csv",
        "by_length.csv",
        "by_length_bucket.csv",
        "by_model.csv",
        "by_section.csv",
        "differences.csv",
        "faithfulness_by_section.csv",
    ]
    rows = {row["metric"]: row for row in plots["against_baseline.csv"]}
    assert set(rows) == set(METRICS)
    assert all(float(row["low"]) <= float(row["difference"]) <= float(row["high"]) for row in rows.values())
    assert all(0 < float(row["p"]) <= 1 for row in rows.values())
    assert (rows["rouge1"]["baseline_mean"], rows["rouge1"]["finetuned_mean"]) == ("0.0", "1.0")
    assert {row["model"] for row in plots["by_model.csv"]} == {*FLOORS, "baseline", "finetuned"}
    grouped = {"by_section": "rouge1", "by_length_bucket": "rouge1", "faithfulness_by_section": "factual_f1"}
    for name, score in grouped.items():
        of_one = [int(row["records"]) for row in plots[f"{name}.csv"] if row["model"] == "finetuned"]
        assert sum(of_one) == len(records_of(predicted, "test"))
        assert all(float(row["low"]) <= float(row[score]) <= float(row["high"]) for row in plots[f"{name}.csv"])
    assert all("few" in row["section"] for row in plots["by_section.csv"])  # three records are few
    assert [row["records"] for row in plots["differences.csv"] if float(row["difference"]) == 1] == ["3"]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"}


@pytest.mark.slow
def test_any_summaries_are_scored_outside_the_pipeline(predicted: Path, tmp_path: Path) -> None:
    records = [
        {"id": n, "dialogue": row["dialogue"], "summary": row["summary"]}
        for n, row in enumerate(records_of(predicted, "train")[:4])
    ]
    references = write(tmp_path / "visits.jsonl", records)
    texts = [row["summary"] for row in records]
    texts[0] += " Takes metoprolol."
    rows = [{"id": row["id"], "text": text} for row, text in zip(records, texts, strict=True)]
    summaries = write(tmp_path / "theirs.jsonl", rows[::-1])
    before = everything(predicted)
    options = ("--predictions", str(summaries), "--records", str(references), "--output", str(tmp_path / "scored"))
    done = run_stage(predicted, "evaluate", *options)
    assert done.returncode == 0, done.stderr
    assert everything(predicted) == before
    assert sorted(path.name for path in (tmp_path / "scored").iterdir()) == ["evaluation.json", "scores.jsonl"]
    evaluation = json.loads((tmp_path / "scored/evaluation.json").read_text(encoding="utf-8"))
    assert evaluation["predictions"]["rouge1"] > 0.95
    assert evaluation["intervals"]["rouge1"]["high"] == 1
    assert sorted(evaluation["floors"]) == FLOORS[:3]
    assert "predictions" in done.stdout
    scored = [json.loads(line) for line in (tmp_path / "scored/scores.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["rouge1"] == 1 for row in scored] == [False, True, True, True]
    (planted,) = [error for error in scored[0]["errors"] if error["category"] == "medication"]
    assert texts[0][planted["start"] : planted["end"]] == "metoprolol"
    assert (planted["severity"], planted["of"], planted["turns"]) == ("major", "summary", [])
    assert planted["reason"] == "“metoprolol” is not said in the dialogue"
    check_error_analysis(predicted, tmp_path)
    assert everything(predicted) == before


def check_error_analysis(predicted: Path, folder: Path) -> None:
    """The planted error is counted and marked, for one model and for two side by side."""
    scores, summaries, mine = (str(folder / name) for name in ("scored/scores.jsonl", "theirs.jsonl", "mine.jsonl"))
    shutil.copyfile(summaries, mine)
    for name, models in {"one": ["theirs"], "two": ["theirs", "mine"]}.items():
        texts = [summaries, mine][: len(models)]
        options = ("--scores", *[scores] * len(models), "--predictions", *texts)
        places = ("--records", str(folder / "visits.jsonl"), "--output", str(folder / name))
        done = run_stage(predicted, "error_analysis", *options, *places)
        assert done.returncode == 0, done.stderr
        assert sorted(path.name for path in (folder / name).iterdir()) == [
            "error_analysis.html",
            "error_analysis.md",
            "errors.json",
        ]
        html = (folder / name / "error_analysis.html").read_text(encoding="utf-8")
        assert "<th>Trivial summaries, and the models</th>" in html
        errors = json.loads((folder / name / "errors.json").read_text(encoding="utf-8"))
        found = errors["categories"]["medication"]["models"]
        assert {model: (one["errors"], one["share"]) for model, one in found.items()} == dict.fromkeys(
            models, (1, 0.25)
        )
        assert ("difference" in errors) == (name == "two")
        page = (folder / name / "error_analysis.html").read_text(encoding="utf-8")
        assert '<mark class="major">metoprolol</mark>' in page
        assert "<strong>T1</strong> major, medication: “metoprolol” is not said in the dialogue</li>" in page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--scores a --predictions b --records c --output reports/mine", "belongs to the pipeline; choose a folder"),
        ("--scores a --output /tmp/mine", "give --scores, --predictions, --records and --output together"),
        ("--scores a b --predictions b --records c --output /tmp/mine", "a file of --predictions for each"),
        ("--scores a b --predictions m/p n/p --records c --output /tmp/mine", "both files of predictions are called p"),
        ("--scores a --predictions p --records c --output /tmp/mine", "c is not there"),
    ],
)
def test_what_the_error_analysis_cannot_do_is_told_in_a_sentence(options: str, told: str, project: Path) -> None:
    done = run_stage(project, "error_analysis", *options.split())
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("data/scores", "belongs to the pipeline; choose a folder outside"),
        (None, "give --predictions, --records and --output together"),
    ],
)
def test_nothing_is_written_into_the_pipelines_folders(output: str | None, told: str, project: Path) -> None:
    options = ["--predictions", "p.jsonl", "--records", "r.jsonl", *(["--output", output] if output else [])]
    done = run_stage(project, "evaluate", *options)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scorer_that_is_not_there_is_told_in_a_sentence(predicted: Path) -> None:
    shutil.rmtree(predicted / "models/scorer/tiny")
    done = run_stage(predicted, "evaluate")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "models/scorer/tiny has no model.safetensors" in done.stderr
