"""Fit the weights of the faithfulness scores on summaries that people have judged, and save the weights.

    python -m benchmarks.judge.fit_faithfulness FILE [--encoder FOLDER]

The command writes medsum/faithfulness/weights.json. The file also has a few weights that are set by hand and not fitted
(scores.py). Each score is a ridge regression. In it, a feature can move the score in one direction only (non-negative
least squares; Lawson and Hanson 1974). So even with a few unusual rows, an omission never raises the score.
The folder of --encoder has the model that turns words into vectors for some features.
`python -m benchmarks.judge.faithfulness FILE --cross-validate` measures how well the weights work on other dialogues.
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls

from benchmarks.judge.human_judgement import ENCODER, Array, Judged, cases, load_encoder, read
from medsum.core.atomic import write_json
from medsum.core.errors import run_script
from medsum.faithfulness.encoder import LAYER
from medsum.faithfulness.features import features
from medsum.faithfulness.scores import FEATURES, GIVEN, WEIGHTS, weighted

# The penalty on squared weights of standardised features. With the penalties 3 and 30, the correlations change by less
# than .005.
PENALTY = 10.0
FOLDS = 10
REPEATS = 10
Table = dict[str, Array]  # a column of values for each feature


def fit(
    table: Mapping[str, Array], human: Array, directions: Mapping[str, int], given: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Return the intercept and the weights. The features keep their units. A weight never has the wrong sign."""
    columns = np.stack([table[name] * sign for name, sign in directions.items()], axis=1)
    mean, scale = columns.mean(axis=0), columns.std(axis=0)
    scale[scale == 0] = 1.0  # a feature that never varies gets no weight
    standard = (columns - mean) / scale
    rows = np.vstack([standard, np.sqrt(PENALTY) * np.eye(len(directions))])
    solution, _ = nnls(rows, np.concatenate([human - human.mean(), np.zeros(len(directions))]))
    raw = solution / scale
    signed = {name: round(float(w) * sign, 6) for (name, sign), w in zip(directions.items(), raw, strict=True)}
    return {"intercept": round(float(human.mean() - mean @ raw), 6), "weights": {**signed, **(given or {})}}


def predicted(table: Mapping[str, Array], score: Mapping[str, Any]) -> Array:
    """Return the score of every row."""
    count = len(next(iter(table.values())))
    return np.array([weighted({name: column[row] for name, column in table.items()}, score) for row in range(count)])


def cross_validated(table: Table, judged: Judged, name: str) -> list[Array]:
    """Return the scores of all rows for each repeat. Each repeat has a seed.

    The weights for a row are fitted without the rows of the same dialogue.
    """
    rng = np.random.default_rng(1)
    groups = np.unique(judged.dialogue_of)
    repeats = []
    for _ in range(REPEATS):
        order = rng.permutation(groups)
        held_out = np.zeros(len(judged.dialogue_of))
        for fold in range(min(FOLDS, len(groups))):
            test = np.isin(judged.dialogue_of, order[fold::FOLDS])
            train_table = {feature: column[~test] for feature, column in table.items()}
            score = fit(train_table, judged.human[name][~test], FEATURES[name], GIVEN[name])
            held_out[test] = predicted({feature: column[test] for feature, column in table.items()}, score)
        repeats.append(held_out)
    return repeats


def feature_table(judged: Judged, encoder_folder: Path) -> Table:
    """Return the features of every row."""
    encoder = load_encoder(encoder_folder)
    rows = [features(one, encoder.similarity) for one in cases(judged, encoder)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def main() -> None:
    """Read the file, fit the weights, and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--encoder", type=Path, default=ENCODER)
    arguments = parser.parse_args()
    judged = read(arguments.file)
    table = feature_table(judged, arguments.encoder)
    fitted = {name: fit(table, judged.human[name], FEATURES[name], GIVEN[name]) for name in FEATURES}
    about = {
        "rows": len(judged.dialogue_of),
        "dialogues": int(judged.dialogue_of.max()) + 1,
        "sha256": hashlib.sha256(arguments.file.read_bytes()).hexdigest(),
        "encoder": arguments.encoder.name,
        "layer": LAYER,
        "penalty": PENALTY,
    }
    write_json(WEIGHTS, {"fitted_on": about, "scores": fitted})
    print(f"{WEIGHTS.name}: {len(fitted)} scores fitted on {about['rows']} rows of {about['dialogues']} dialogues")


if __name__ == "__main__":
    run_script(main)
