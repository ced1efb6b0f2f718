"""The search with Optuna: its values and its table, and the real trials, which can be stopped."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.pipeline import optuna_sweep
from benchmarks.pipeline.optuna_sweep import RANK, RATE, changes_of, import_optuna, table
from medsum.core.errors import UserError
from tests.conftest import ROOT, set_params
from tests.pipeline.conftest import command, commit

SWEEP = ("python", "-m", "benchmarks.pipeline.optuna_sweep", "--study", "few", "--lora-rank", "2", "4")


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError, match=r"^Optuna is not installed; run `pip install optuna`$"):
        import_optuna()


def test_dvc_gets_the_values_that_the_table_shows() -> None:
    params = {RATE: 0.00123456, RANK: 8}
    assert changes_of(params) == ["train.learning_rate=0.00123", "train.lora_rank=8"]
    trials = [
        SimpleNamespace(number=0, value=2.5, params=params),
        SimpleNamespace(number=1, value=None, params=params),
        SimpleNamespace(number=2, value=1.25, params={RATE: 0.0001, RANK: 4}),
    ]
    assert table("few", trials).splitlines()[2:] == [
        "| few-2 | 0.0001 | 4 | 1.2500 |",
        "| few-0 | 0.00123 | 8 | 2.5000 |",
        "| few-1 | 0.00123 | 8 | failed |",
    ]


class Study:
    """A study of which no trial succeeds."""

    study_name = "few"

    def __init__(self) -> None:
        self.told: list[str] = []

    def get_trials(self, states: list[str]) -> list[str]:
        return [state for state in self.told if state in states]

    def ask(self, space: dict[str, object]) -> SimpleNamespace:
        return SimpleNamespace(number=len(self.told), params=space)

    def tell(self, trial: SimpleNamespace, state: str) -> None:
        assert trial.number == len(self.told)
        self.told.append(state)


def test_two_failures_in_a_row_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optuna_sweep, "run_trial", lambda *_: None)
    optuna = SimpleNamespace(trial=SimpleNamespace(TrialState=SimpleNamespace(COMPLETE="complete", PRUNED="pruned")))
    study = Study()
    with pytest.raises(UserError, match=r"^2 trials in a row failed; see the lines above"):
        optuna_sweep.search(optuna, study, {RATE: 0.1, RANK: 2}, 20, [])
    assert study.told == ["pruned", "pruned"]


@pytest.mark.slow
def test_trials_are_experiments_and_a_second_call_continues(reproduced: Path) -> None:
    pytest.importorskip("optuna", reason="no package of the project; docs/training.md says how it is used")
    project = reproduced
    (project / "benchmarks/pipeline").mkdir(parents=True)
    for name in ("__init__.py", "pipeline/__init__.py", "pipeline/optuna_sweep.py"):
        (project / "benchmarks" / name).write_bytes((ROOT / "benchmarks" / name).read_bytes())
    commit(project, "Add the search")
    said = command(project, *SWEEP, "--trials", "1")
    said = command(project, *SWEEP, "--trials", "2")
    assert said.count("dvc exp run --temp train") == 1
    assert set(re.findall(r"^\| (few-\d) \|", said, flags=re.MULTILINE)) == {"few-0", "few-1"}
    assert {"few-0", "few-1"} <= set(command(project, "dvc", "exp", "list", "--name-only").split())
    assert command(project, "git", "status", "--porcelain") == ""
    set_params(project, **{"train.weight_decay": 0.5})
    commit(project, "Another value")
    with pytest.raises(AssertionError, match="Error: study few was begun with commit"):
        command(project, *SWEEP, "--trials", "3")
