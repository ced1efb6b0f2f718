"""Fit and calibrate the risk that a note states something wrong, save the weights, and measure the risk on other notes.

    python -m benchmarks.judge.fit_risk FILE [--records FILE.jsonl] [--half dev|frozen]

FILE has summaries that people have judged, in the format of MTS-Dialog's correlation study. The command takes these
steps:

- It fits the weights (logistic regression) on the references of the records, and on copies of them with planted errors.
  By default, the records are those that `dvc repro prepare` makes from the sample. The weighted sum of a note's
  features is its score.
- It calibrates on the judged summaries. To calibrate means to fit the curve from score to risk (isotonic regression),
  and to save the scores, which later give the limit above which notes are held back (split conformal prediction).
- It measures, for some shares of notes, how many notes are held back and how many of the remaining notes are wrong. It
  uses the judged summaries, with a calibration that did not see their dialogues (10 folds). It also uses the labelled
  notes (benchmarks/judge/labelled_notes), on which nothing is fitted or calibrated. The rules of the flags were tuned
  on the half `dev` of the labelled notes. Use the half `frozen` only for a last measurement, after all rules are
  written.

The command writes medsum/risk/weights.json and benchmarks/results/note_risk.json.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.judge.risk_data import Labelled, judged, labelled, planted
from medsum.core.atomic import write_json
from medsum.core.errors import run_script
from medsum.core.paths import BENCHMARK_RESULTS, RECORDS
from medsum.dialogue.record import read_records
from medsum.metrics.proportions import wilson_interval
from medsum.risk.note_risk import WEIGHTS, limit_of, risk_of, score_of

RESULTS = BENCHMARK_RESULTS / "note_risk.json"
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
FOLDS = 10
LEAST = 0.01  # the least risk; 200 notes are too few to show that a note is certainly right or wrong
DECIMALS = 4


def fit(notes: Sequence[Labelled]) -> dict[str, Any]:
    """Return the intercept and the weights. Right notes and wrong notes of a dialogue have the same total weight."""
    names = list(notes[0].values)
    columns = np.array([[one.values[name] for name in names] for one in notes])
    mean, scale = columns.mean(axis=0), columns.std(axis=0)
    wrong = np.array([one.is_wrong for one in notes])
    counts = Counter((one.dialogue, one.is_wrong) for one in notes)
    share = np.array([1 / counts[one.dialogue, one.is_wrong] for one in notes])
    model = LogisticRegression().fit((columns - mean) / scale, wrong, sample_weight=share)
    raw = model.coef_[0] / scale
    return {
        "intercept": round(float(model.intercept_[0] - mean @ raw), DECIMALS),
        "weights": {name: round(float(weight), DECIMALS) for name, weight in zip(names, raw, strict=True)},
    }


def scores(notes: Sequence[Labelled], fitted: Mapping[str, Any]) -> list[float]:
    """Return the score of each note."""
    return [round(score_of(one.values, fitted), DECIMALS) for one in notes]


def curve(values: Sequence[float], notes: Sequence[Labelled]) -> dict[str, list[float]]:
    """Return the isotonic curve from scores to risks. It is a list of the points at which its direction changes."""
    model = IsotonicRegression(y_min=LEAST, y_max=1 - LEAST).fit(values, [one.is_wrong for one in notes])
    points = zip(model.X_thresholds_, model.y_thresholds_, strict=True)
    found = [(round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y in points]
    return {"scores": [x for x, _ in found], "risks": [y for _, y in found]}


def table(
    values: Sequence[float], risks: Sequence[float], limits: Mapping[float, Sequence[float]], notes: Sequence[Labelled]
) -> list[dict[str, Any]]:
    """Return a row for each requested share.

    A row has the share of notes that are held back. It also has two shares of wrong notes among the remaining notes:
    the expected share and the measured share. `limits` has the limit of each note for each requested share.
    """
    rows = []
    wrong = sum(one.is_wrong for one in notes)
    for share, of_notes in limits.items():
        kept = [place for place, value in enumerate(values) if value <= of_notes[place]]
        wrong_kept = sum(notes[place].is_wrong for place in kept)
        rows.append(
            {
                "share": share,
                "held_back": round(1 - len(kept) / len(notes), DECIMALS),
                "kept": len(kept),
                "expected_wrong": round(float(np.mean([risks[place] for place in kept])), DECIMALS) if kept else None,
                "wrong": round(wrong_kept / len(kept), DECIMALS) if kept else None,
                "wrong_interval": wilson_interval(wrong_kept, len(kept)) if kept else None,
                "wrong_held_back": round(1 - wrong_kept / wrong, DECIMALS),
            }
        )
    return rows


def cross_calibrated(
    values: Sequence[float], notes: Sequence[Labelled]
) -> tuple[list[float], dict[float, list[float]]]:
    """Return the risk of each note, and its limit for each share. Calibrate without the notes of the same dialogue."""
    names = sorted({one.dialogue for one in notes})
    fold = {name: number % FOLDS for number, name in enumerate(np.random.default_rng(1).permutation(names).tolist())}
    risks = [0.0] * len(notes)
    limits = {share: [0.0] * len(notes) for share in SHARES}
    for number in range(FOLDS):
        others = [place for place, one in enumerate(notes) if fold[one.dialogue] != number]
        known = [values[place] for place in others]
        own = curve(known, [notes[place] for place in others])
        for place, one in enumerate(notes):
            if fold[one.dialogue] == number:
                risks[place] = risk_of(values[place], own)
                for share in SHARES:
                    limits[share][place] = limit_of(known, share)
    return risks, limits


def described(notes: Sequence[Labelled], values: Sequence[float]) -> dict[str, Any]:
    """Return the size of a set of notes, its share of wrong notes, and the area under the ROC curve of its scores."""
    wrong = [one.is_wrong for one in notes]
    return {
        "notes": len(notes),
        "dialogues": len({one.dialogue for one in notes}),
        "wrong": round(sum(wrong) / len(notes), DECIMALS),
        "auc": round(float(roc_auc_score(wrong, values)), DECIMALS),
    }


def print_table(name: str, found: Mapping[str, Any]) -> None:
    """Print the measurements of one set of notes."""
    about = ", ".join(f"{key} {value}" for key, value in found["set"].items())
    print(f"\n{name}: {about}\n{'share':>6}{'held back':>11}{'expected':>10}{'wrong of kept':>24}{'of wrong':>10}")
    for row in found["shares"]:
        low, high = row["wrong_interval"]
        print(
            f"{row['share']:>6.2f}{row['held_back']:>11.3f}{row['expected_wrong']:>10.3f}"
            f"{row['wrong']:>10.3f} [{low:.3f}, {high:.3f}]{row['wrong_held_back']:>9.2f}"
        )


def main() -> None:
    """Read the notes, fit and calibrate the risk, write the weights, and print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=Path, default=RECORDS)
    parser.add_argument("--half", choices=("dev", "frozen"), default="dev", help="half of the labelled notes")
    arguments = parser.parse_args()
    calibration = judged(arguments.file)
    training = list(planted(read_records(arguments.records)))
    fitted = fit(training)
    values = scores(calibration, fitted)
    own_curve = curve(values, calibration)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (arguments.file, arguments.records)}
    about = {
        "weights": "planted errors in the references of the records",
        "curve": "summaries judged by hand; wrong: factual precision below 1",
        "sha256": digests,
    }
    write_json(WEIGHTS, {"fitted_on": about, **fitted, "curve": own_curve, "calibration_scores": sorted(values)})
    unseen = list(labelled(arguments.half))
    of_unseen = scores(unseen, fitted)
    limits = {share: [limit_of(values, share)] * len(unseen) for share in SHARES}
    measured = {
        "fitted_on": described(training, scores(training, fitted)),
        "judged": {
            "set": described(calibration, values),
            "shares": table(values, *cross_calibrated(values, calibration), calibration),
        },
        f"labelled_{arguments.half}": {
            "set": described(unseen, of_unseen),
            "shares": table(of_unseen, [risk_of(value, own_curve) for value in of_unseen], limits, unseen),
        },
    }
    write_json(RESULTS, measured)
    print(f"fitted on {measured['fitted_on']}: {fitted}")
    for name in list(measured)[1:]:
        print_table(name, measured[name])


if __name__ == "__main__":
    run_script(main)
