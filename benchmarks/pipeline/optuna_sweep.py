"""Search for a learning rate and an adapter rank with Optuna. Each trial is one experiment of DVC.

    pip install optuna
    python -m benchmarks.pipeline.optuna_sweep --trials 20
    python -m benchmarks.pipeline.optuna_sweep --trials 20 --study small -S train.max_records=100

A trial runs `dvc exp run --temp train` with a learning rate and a rank that Optuna suggests. Its value is the
validation loss in metrics/train.json. Only the stages up to `train` run, so nothing reads the test split. The trials
are kept in logs/optuna.db, which Git ignores. If the command was stopped, run it again. It first repeats the trial that
was stopped, and ends when the study has `--trials` trials.
"""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import dvc.api
from filelock import FileLock, Timeout

from medsum.core.errors import UserError, run_script
from medsum.core.lock import require_repository
from medsum.core.paths import TRAIN_METRICS

DATABASE = Path("logs/optuna.db")
RATE, RANK = "train.learning_rate", "train.lora_rank"
MOST_FAILURES = 2  # the command stops after this number of failed trials in a row


def import_optuna() -> Any:
    """Return the module optuna. Raise UserError if it is not installed."""
    try:
        import optuna
    except ImportError:
        raise UserError("Optuna is not installed; run `pip install optuna`") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def git(*words: str) -> str:
    """Return the output of a Git command."""
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()


def open_study(optuna: Any, name: str, setup: dict[str, Any]) -> Any:
    """Return the study, which is new or has the same setup. Raise UserError if it was begun with another setup."""
    storage = f"sqlite:///{DATABASE}"
    known = {one.study_name: one.user_attrs for one in optuna.get_all_study_summaries(storage)}
    for key, value in known.get(name, {}).items():
        if setup[key] != value:
            raise UserError(f"study {name} was begun with {key} {value}, not {setup[key]}; choose another --study")
    study = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
    for key, value in setup.items():
        study.set_user_attr(key, value)
    # The seed differs after each trial. With one fixed seed, a second call would suggest the first values again.
    study.sampler = optuna.samplers.TPESampler(seed=len(study.trials))
    return study


def repeat_stopped(optuna: Any, study: Any) -> None:
    """Put the trials that a crash or Ctrl-C has stopped at the front. DVC then resumes from their checkpoints."""
    states = optuna.trial.TrialState
    for trial in study.get_trials(states=[states.RUNNING]):
        study.tell(trial.number, state=states.FAIL)
        study.enqueue_trial(trial.params)


def finished(optuna: Any, study: Any) -> list[Any]:
    """Return the trials with a value and the trials whose training run failed."""
    states = optuna.trial.TrialState
    return list(study.get_trials(states=[states.COMPLETE, states.PRUNED]))


def changes_of(params: dict[str, Any]) -> list[str]:
    """Return the parameters of a trial as DVC's -S takes them. The learning rate has three digits."""
    return [f"{RATE}={params[RATE]:.3g}", f"{RANK}={params[RANK]}"]


def as_options(changes: list[str]) -> list[str]:
    """Return the changes of parameters as options of `dvc exp run`."""
    return [word for change in changes for word in ("-S", change)]


def run_trial(name: str, changes: list[str]) -> float | None:
    """Run one experiment and return its validation loss. Return None if the experiment failed."""
    words = as_options(changes)
    print(f"{name}: dvc exp run --temp train {shlex.join(words)}", flush=True)
    command = [sys.executable, "-m", "dvc", "exp", "run", "--temp", "--name", name, "train", *words]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        return None
    metrics = dvc.api.metrics_show(str(TRAIN_METRICS), rev=name)
    return float(metrics["validation"]["loss"])


def search(optuna: Any, study: Any, space: dict[str, Any], trials: int, settings: list[str]) -> None:
    """Run trials until the study has `trials` finished trials. A failed trial counts as worse than all others.

    Raise UserError if several trials in a row fail.
    """
    failures = 0
    while len(finished(optuna, study)) < trials:
        trial = study.ask(space)
        loss = run_trial(f"{study.study_name}-{trial.number}", [*settings, *changes_of(trial.params)])
        if loss is not None:
            study.tell(trial, loss)
            failures = 0
            continue
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        failures += 1
        if failures == MOST_FAILURES:
            raise UserError(f"{failures} trials in a row failed; see the lines above, then run the same command again")


def table(study_name: str, trials: list[Any]) -> str:
    """Return the trials as a table in Markdown, the best first."""
    lines = ["| experiment | learning rate | rank | validation loss |", "|---|---|---|---|"]
    for trial in sorted(trials, key=lambda one: (one.value is None, one.value or 0.0, one.number)):
        loss = "failed" if trial.value is None else f"{trial.value:.4f}"
        name = f"{study_name}-{trial.number}"
        lines.append(f"| {name} | {trial.params[RATE]:.3g} | {trial.params[RANK]} | {loss} |")
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", default="sweep", help="name of the study and start of the experiments' names")
    parser.add_argument("--trials", type=int, default=20, help="number of trials that the study has at the end")
    parser.add_argument(
        "--learning-rate", type=float, nargs=2, default=[1e-4, 3e-3], metavar=("LOWEST", "HIGHEST"),
        help="range of the learning rate",
    )  # fmt: skip
    parser.add_argument("--lora-rank", type=int, nargs="+", default=[4, 8, 16, 32], help="ranks to choose from")
    parser.add_argument("-S", dest="settings", action="append", default=[], metavar="KEY=VALUE",
                        help="a parameter of all trials")  # fmt: skip
    return parser.parse_args()


def space_of(optuna: Any, rates: list[float], ranks: list[int]) -> dict[str, Any]:
    """Return the values from which Optuna chooses. Raise UserError if the learning rates are no range."""
    lowest, highest = rates
    if not 0 < lowest <= highest:
        raise UserError(f"--learning-rate {lowest} {highest} is no range; write a lowest and a highest rate above 0")
    return {
        RATE: optuna.distributions.FloatDistribution(lowest, highest, log=True),
        RANK: optuna.distributions.CategoricalDistribution(ranks),
    }


def main() -> None:
    """Run the missing trials of the study and print the table."""
    given = arguments()
    optuna = import_optuna()
    space = space_of(optuna, given.learning_rate, given.lora_rank)
    require_repository()
    if git("status", "--porcelain", "--untracked-files=no"):
        raise UserError("files that Git tracks have changes; commit or stash them, so that all trials use equal code")
    setup = {
        "commit": git("rev-parse", "HEAD"),
        "settings": given.settings,
        "ranges": json.dumps({RATE: given.learning_rate, RANK: given.lora_rank}),
    }
    DATABASE.parent.mkdir(exist_ok=True)
    try:
        with FileLock(DATABASE.with_suffix(".lock"), timeout=0):
            study = open_study(optuna, given.study, setup)
            repeat_stopped(optuna, study)
            search(optuna, study, space, given.trials, given.settings)
    except Timeout:
        raise UserError(f"another search uses {DATABASE}; wait for it or stop it") from None
    trials = finished(optuna, study)
    print(table(given.study, trials))
    if any(trial.value is not None for trial in trials):
        chosen = as_options([*given.settings, *changes_of(study.best_trial.params)])
        print(f"Evaluate the best values on the test split: dvc exp run {shlex.join(chosen)}")


if __name__ == "__main__":
    run_script(main)
