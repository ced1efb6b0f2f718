"""The risk of a note: the probability that it states something wrong.

The score of a note is a weighted sum of its features (features.py). A monotone curve turns the score into the risk. The
file weights.json holds the weights, the curve, and the scores of the notes on which the curve was calibrated.
`python -m benchmarks.judge.fit_risk FILE` writes it. docs/evaluation.md says for which notes the risk is valid.
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
    """Return the frozen weights, curve and scores."""
    frozen: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return frozen


def score_of(values: Mapping[str, float], fitted: Mapping[str, Any]) -> float:
    """Return the weighted sum of the features. A higher score means a higher risk."""
    total = fitted["intercept"] + sum(weight * values[name] for name, weight in fitted["weights"].items())
    return float(total)


def score(values: Mapping[str, float]) -> float:
    """Return the score of a note by the frozen weights."""
    return score_of(values, weights())


def risk_of(value: float, curve: Mapping[str, Sequence[float]]) -> float:
    """Return the risk at a score, on the straight line between the two nearest points of the curve."""
    scores, risks = curve["scores"], curve["risks"]
    place = bisect_right(scores, value)
    if place == 0 or place == len(scores):
        return risks[max(0, place - 1)]
    left, right = scores[place - 1], scores[place]
    part = (value - left) / (right - left)
    return risks[place - 1] + part * (risks[place] - risks[place - 1])


def risk(value: float) -> float:
    """Return the risk of a note with this score, from 0 to 1, by the frozen curve."""
    return round(risk_of(value, weights()["curve"]), DECIMALS)


def limit_of(scores: Sequence[float], share: float) -> float:
    """Return the score above which notes are held back, so that on average at most `share` of them are.

    `scores` are those of the calibration notes. This is the quantile of split conformal prediction: the average is over
    calibration notes and new notes that come from the same source. It is infinite if there are too few scores for so
    small a share.
    """
    place = math.ceil((len(scores) + 1) * (1 - share) - 1e-9)  # rounding must not add 1
    if place > len(scores):
        return math.inf
    return sorted(scores)[place - 1] if place else -math.inf


def limit(share: float) -> float:
    """Return the limit for a share by the frozen scores."""
    return limit_of(weights()["calibration_scores"], share)
