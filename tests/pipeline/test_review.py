"""The workflow of a pull request runs make targets only, and they do what it shows."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from medsum.core.errors import UserError
from medsum.review.changes import chart, check_base, scores
from tests.conftest import ROOT, set_params
from tests.pipeline.conftest import command, commit

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
EXECUTED = {"make test", "make repro", "make review"}  # by the tests below


def steps() -> Iterator[dict[str, Any]]:
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            yield from job["steps"]


def test_every_step_is_a_make_target_that_the_tests_run_or_an_action_of_github_pinned_by_commit() -> None:
    assert WORKFLOWS
    assert {step["run"] for step in steps() if "run" in step} == EXECUTED
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_the_code_and_no_more(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job and job["timeout-minutes"] for job in workflow["jobs"].values())
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert not [step for step in steps() if "${{" in step.get("run", "")]  # nobody's branch name becomes a command


def test_a_base_that_is_not_here_is_told_in_a_sentence() -> None:
    for base in ("origin/no-such-branch", "--help"):
        with pytest.raises(UserError, match=f"{base} is not a commit of this repository; fetch"):
            check_base(base)


def test_the_chart_shows_the_scores_that_both_sides_have() -> None:
    before = scores("metric,model,score,low,high\nrouge1,baseline,0.2,0,1\nrougeL,baseline,0.1,0,1\n")
    after = scores("metric,model,score,low,high\nrouge1,baseline,0.25,0,1\nbertscore,baseline,0.6,0,1\n")
    lines = chart(before["baseline"], after["baseline"], "baseline").splitlines()
    assert (lines[0], lines[-1]) == ("```mermaid", "```")
    assert lines[3:] == ["x-axis [rouge1]", 'y-axis "score" 0 --> 1', "bar [0.2500]", "line [0.2000]", "```"]


@pytest.fixture
def with_make(reproduced: Path) -> Path:
    """A reproduced project with the Makefile, its environment being the one that runs the tests."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, reproduced / name)
    commit(reproduced, "Makefile")
    environment = reproduced / ".venv"
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix) / name)
    for name in ("installed", "installed-dev"):
        (environment / name).touch()
    return reproduced


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_repro_and_make_review_show_what_a_change_did(with_make: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = with_make / ".dvc/tmp/summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    set_params(with_make, **{"train.lora_rank": 3})
    assert "fine-tuned" in command(with_make, "make", "repro")
    shown = command(with_make, "make", "review", "BASE=main")
    assert "## Changes since main" in shown
    assert re.search(r"params.yaml\s*\| train.lora_rank\s*\| 2\s*\| 3", shown)
    decided_by = shown.partition("### Metrics")[2].partition("### Parameters")[0]
    rows = [line for line in decided_by.splitlines() if line.startswith("| metrics/")]
    assert rows
    assert "against_baseline" in rows[0]
    assert len(rows) <= 23
    assert shown.count("```mermaid") == 2
    assert summary.read_text(encoding="utf-8").strip() in shown
    page = (with_make / "dvc_plots/index.html").read_text(encoding="utf-8")
    assert "https://cdn" not in page


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_test_lints_types_and_tests(with_make: Path) -> None:
    for folder in ("pretraining", "benchmarks"):
        shutil.copytree(
            ROOT / folder, with_make / folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
        )
    (with_make / "tests").mkdir()
    (with_make / "tests/test_one.py").write_text("def test_one() -> None:\n    assert True\n", encoding="utf-8")
    shown = command(with_make, "make", "--no-print-directory", "test")
    assert "All checks passed!" in shown
    assert "Success: no issues found" in shown
    assert "." in shown.splitlines()[-1]
