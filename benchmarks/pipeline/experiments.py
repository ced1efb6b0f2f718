"""Read the parameters, metrics and summaries of finished experiments from DVC, without running anything."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from dvc.api import DVCFileSystem
from numpy.typing import NDArray

from medsum.core.errors import UserError
from medsum.metrics import rouge

SWEPT = ("train.max_records", "train.seed")
UNTRACKED = ("predict", "watch")  # sections of params.yaml that do not affect results


@dataclass
class Experiment:
    """An experiment: its training parameters, and ROUGE-1 F1 x 100 of each test record, with the shape (records,)."""

    name: str
    records: int
    seed: int
    others: dict[str, Any]  # all parameters except the ones that the experiments vary
    finetuned: NDArray[np.float64]
    baseline: NDArray[np.float64]


def revisions(names: list[str]) -> dict[str, str]:
    """Return the names and Git revisions of the named experiments, or of all experiments of the current commit."""
    head = _git("rev-parse", "HEAD").strip()
    found, of_head = {}, []
    for line in _git("for-each-ref", "refs/exps", "--format=%(objectname) %(refname)").splitlines():
        if match := re.fullmatch(r"(\w+) refs/exps/(\w\w)/(\w{38})/(.+)", line):
            found[match[4]] = match[1]
            if match[2] + match[3] == head:
                of_head.append(match[4])
    for name in names:
        if name not in found:
            raise UserError(f"{name} is not a finished experiment; choose an experiment that `dvc exp list -A` names")
    return {name: found[name] for name in names or sorted(of_head)}


def read_experiment(name: str, revision: str) -> Experiment:
    """Read one experiment. Raise UserError if the summaries of a model are missing."""
    files = DVCFileSystem(rev=revision)
    try:
        parameters = dict(_leaves(yaml.safe_load(files.read_text("params.yaml"))))
        trained = json.loads(files.read_text("reports/train.json"))
        references = _column(files, "data/splits/test.jsonl", "summary")
        texts = {
            model: _column(files, f"data/predictions/{model}.jsonl", "text") for model in ("finetuned", "baseline")
        }
    except FileNotFoundError as error:
        raise UserError(
            f"experiment {name} has no {error.filename or error}; run it with the target predict: dvc exp run --queue"
            " predict -S ..."
        ) from None
    scores = {
        model: 100 * np.array(rouge.scores(text, references, stemmer=False)["rouge1"]) for model, text in texts.items()
    }
    seed = parameters["train.seed"]
    others = {key: value for key, value in parameters.items() if key not in SWEPT}
    return Experiment(name, trained["train_records"], seed, others, **scores)


def require_alike(found: list[Experiment]) -> None:
    """Raise UserError if experiments differ in more than size and seed.

    Also raise UserError if two experiments have the same size and the same seed.
    """
    if not found:
        raise UserError(
            "this commit has no finished experiments; see `python -m benchmarks.pipeline.learning_curve --help`"
        )
    first = found[0]
    places: dict[tuple[int, int], str] = {}
    for one in found:
        keys = [key for key in first.others | one.others if first.others.get(key) != one.others.get(key)]
        if keys:
            raise UserError(
                f"experiments {first.name} and {one.name} also differ in {keys[0]}; name the experiments to compare"
            )
        other = places.setdefault((one.records, one.seed), one.name)
        if other != one.name:
            raise UserError(
                f"experiments {other} and {one.name} both trained on {one.records} records with seed {one.seed};"
                " name the experiments to compare"
            )


def _column(files: DVCFileSystem, path: str, key: str) -> list[str]:
    """Return the values of one key in a JSON lines file, in the order of the test split."""
    return [json.loads(line)[key] for line in files.read_text(path).split("\n") if line]


def _leaves(section: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        elif prefix.rstrip(".") not in UNTRACKED:
            yield f"{prefix}{key}", value


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout
