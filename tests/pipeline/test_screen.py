"""What a reviewer reads fits on a screen: metrics that changed, experiments, and a status that is silent."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from medsum.review.experiments import MAX_COLUMNS, read, table
from tests.conftest import ROOT
from tests.pipeline.conftest import command
from tests.pipeline.test_staleness import ran

LINES = 25
UP_TO_DATE = "Data and pipelines are up to date.\n"


def state(name: str, params: dict[str, Any], rouge: float, executor: dict[str, str] | None = None) -> dict[str, Any]:
    """An experiment as `dvc exp show --json` has it."""
    data = {
        "params": {"params.yaml": {"data": params}, "medsum/weights.json": {"data": {"layer": 5}}},
        "metrics": {"metrics/evaluation.json": {"data": {"finetuned": {"rouge1": rouge, "rougeL": 0.2}}}},
    }
    return {"revs": [{"name": name, "rev": "0" * 40, "data": data}], "executor": executor}


def shown(*found: dict[str, Any]) -> list[dict[str, Any]]:
    base = state("main", {"train": {"lora_rank": 8, "seed": 1}}, 0.3)["revs"][0]
    return [{**base, "experiments": list(found)}]


def test_the_table_has_the_parameters_and_scores_that_differ_and_no_other() -> None:
    text = table(*read(shown(state("tall-ibis", {"train": {"lora_rank": 16, "seed": 1}}, 0.34567))))
    lines = [line.split() for line in text.splitlines()]
    assert lines == [["experiment", "lora_rank", "rouge1"], ["main", "8", "0.3"], ["tall-ibis", "16", "0.3457"]]


def test_an_experiment_that_failed_says_so_and_shows_no_score() -> None:
    failed = {"revs": [{"name": "odd-elk", "rev": "0" * 40, "data": None}], "executor": {"state": "failed"}}
    good = state("good", {"train": {"lora_rank": 4, "seed": 1}}, 0.2)
    assert table(*read(shown(good, failed))).splitlines()[-1].split() == ["odd-elk", "(failed)", "-", "-"]


def test_many_parameters_leave_at_most_twenty_columns_and_are_named_below() -> None:
    one, two = ({"train": {f"option{n}": n + other for n in range(40)}} for other in (0, 1))
    found = shown(state("one", one, 0.1), state("two", two, 0.2))
    found[0]["data"]["params"]["params.yaml"]["data"] = one
    *lines, left = table(*read(found)).splitlines()
    assert {len(line.split()) for line in lines} == {MAX_COLUMNS}
    assert left.startswith("These parameters differ too: train.option18, ")
    assert left.endswith("train.option39")


@pytest.mark.long
def test_an_experiment_is_a_screen_of_metrics_and_a_few_columns(reproduced: Path) -> None:
    command(reproduced, "dvc", "exp", "run", "--name", "rank", "-S", "train.lora_rank=3")
    for words in ((), ("--all",)):  # the second is what would be shown if everything had changed
        assert len(command(reproduced, "dvc", "metrics", "diff", *words).splitlines()) <= LINES
    changed = json.loads(command(reproduced, "dvc", "metrics", "diff", "--all", "--json"))
    assert set(changed) == {f"metrics/{name}.json" for name in ("audit", "evaluation", "export", "splits", "train")}
    done = subprocess.run(
        [sys.executable, "-m", "medsum.review.experiments"],
        cwd=reproduced,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    head, *rows = done.stdout.splitlines()
    assert done.stderr == ""
    assert [row.split()[0] for row in rows] == ["workspace", "main", "rank"]
    assert head.split()[:2] == ["experiment", "lora_rank"]
    assert [row.split()[1] for row in rows] == ["3", "2", "3"]
    assert len(head.split("  ")) <= MAX_COLUMNS + head.count("    ")
    assert ran(command(reproduced, "dvc", "repro")) == []


@pytest.mark.long
def test_the_status_of_a_clone_whose_pipeline_has_run_is_one_line(reproduced: Path, tmp_path: Path) -> None:
    mate = tmp_path / "mate"
    command(tmp_path, "git", "clone", "--quiet", str(reproduced), str(mate))
    command(mate, "dvc", "repro")
    assert command(mate, "dvc", "status") == UP_TO_DATE
    assert command(mate, "git", "status", "--porcelain") == ""


def test_the_makefile_shows_the_experiments() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nexperiments: " in makefile
    assert "-m medsum.review.experiments" in makefile
