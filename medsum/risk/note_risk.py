"""Compute the risk of a note, which is the probability that the note states something wrong.

The score of a note is a weighted sum of its features (features.py). A curve that only rises turns the score into the
risk. The curve was fitted to summaries that people have judged (the *calibration notes*). The file weights.json holds
the weights, the curve, and the scores of the calibration notes. `python -m benchmarks.judge.fit_risk FILE` writes
weights.json. docs/evaluation.md says for which notes the risk is valid.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("weights.json")
DECIMALS = 3


@cache
def weights() -> dict[str, Any]:
    """Return the weights, the curve and the scores that weights.json holds."""
    frozen: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return frozen


def score_of(values: Mapping[str, float], fitted: Mapping[str, Any]) -> float:
    """Return the weighted sum of the features. A higher score means a higher risk."""
    total = fitted["intercept"] + sum(weight * values[name] for name, weight in fitted["weights"].items())
    return float(total)


def score(values: Mapping[str, float]) -> float:
    """Return the score of a note, computed with the weights of weights.json."""
    return score_of(values, weights())


def risk_of(value: float, curve: Mapping[str, Sequence[float]]) -> float:
    """Return the risk at a score. Between two points of the curve, the risk lies on a straight line."""
    scores, risks = curve["scores"], curve["risks"]
    place = bisect_right(scores, value)
    if place == 0 or place == len(scores):
        return risks[max(0, place - 1)]
    left, right = scores[place - 1], scores[place]
    part = (value - left) / (right - left)
    return risks[place - 1] + part * (risks[place] - risks[place - 1])


def risk(value: float) -> float:
    """Return the risk (from 0 to 1) of a note with this score, on the curve of weights.json."""
    return round(risk_of(value, weights()["curve"]), DECIMALS)


def limit_of(scores: Sequence[float], share: float) -> float:
    """Return the limit above which the score of a note is too high. Notes with a higher score are held back.

    On average, at most the part `share` of all notes is held back, if new notes come from the same source as the
    calibration notes. `scores` are the scores of the calibration notes. The limit is a quantile of these scores, as in
    split conformal prediction. The limit is infinite if the share is too small for the number of scores.
    """
    place = math.ceil((len(scores) + 1) * (1 - share) - 1e-9)  # 1e-9, because a rounding error must not add 1
    if place > len(scores):
        return math.inf
    return sorted(scores)[place - 1] if place else -math.inf


def limit(share: float) -> float:
    """Return the limit for a share, computed from the scores in weights.json."""
    return limit_of(weights()["calibration_scores"], share)
