"""Compute the faithfulness scores of a summary: omission, factual F1 and hallucination.

The scores estimate the ratings that people would give.

Each score is a weighted sum of a few features (see features.py), clipped to the range from 0 to 1. The file
weights.json holds the fitted weights and names the data of the fit. GIVEN holds the weights that were set by
hand. `python -m benchmarks.judge.fit_faithfulness FILE` fits the weights.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from medsum.faithfulness.alignment import Similarity
from medsum.faithfulness.features import Case, features
from medsum.faithfulness.verdict import Verdict

WEIGHTS = Path(__file__).with_name("weights.json")
# The features of each score. The sign says whether a higher feature raises (+1) or lowers (-1) the score.
FEATURES: dict[str, dict[str, int]] = {
    "omission": {"clause_coverage": -1, "clause_share": -1, "word_recall": -1, "missed_facts": 1},
    "factual_f1": {"clause_coverage_f1": 1, "fact_recall_f1": 1, "surplus": -1, "reference_length": -1},
    "hallucination": {"surplus": 1, "unknown_facts": 1, "blanket_beside": 1},
}
# These weights are set by hand, because only one in ten of the judged summaries contradicts its dialogue. So few
# summaries do not allow a fit. A contradicted fact weighs about as much as an invented fact. With these weights, the
# correlation with the judges is lower by .02 for hallucination and by .003 for factual F1.
GIVEN: dict[str, dict[str, float]] = {
    "omission": {},
    "factual_f1": {"contradicted_facts": -0.2},
    "hallucination": {"contradicted_facts": 0.2},
}
_EMPTY = {"omission": 1.0, "factual_f1": 0.0, "hallucination": 0.0}


@cache
def weights() -> dict[str, Any]:
    """Return the fitted weights of each score."""
    frozen: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return frozen


def weighted(values: Mapping[str, float], score: Mapping[str, Any]) -> float:
    """Return the intercept plus the weighted features, clipped to the range from 0 to 1."""
    total = score["intercept"] + sum(weight * values[name] for name, weight in score["weights"].items())
    return float(min(1.0, max(0.0, total)))


def scores(one: Case, similarity: Similarity) -> dict[str, float]:
    """Return `omission`, `factual_f1` and `hallucination`. An empty summary omits everything and invents nothing."""
    if not one.prediction.words:
        return dict(_EMPTY)
    values = features(one, similarity)
    return {name: weighted(values, score) for name, score in weights()["scores"].items()}


def counts(one: Case) -> dict[str, int]:
    """Return the number of the summary's facts for each verdict of the dialogue, and the number of omitted facts."""
    return {
        **{
            f"{status}_facts": sum(verdict.status == status for verdict in one.said)
            for status in ("supported", "contradicted", "unsupported")
        },
        "missed_facts": sum(verdict.status != "supported" for verdict in one.recalled),
    }


def fact_shares(one: Case) -> dict[str, float]:
    """Return the precision, recall and F1 of the facts. These shares need no fitted weights.

    Precision is the share of the summary's facts that the dialogue or the reference supports. Recall is the share of
    the reference's facts that the summary gives. If a text has no facts, its share is 1 if the other text also has no
    facts. Otherwise the share is 0.
    """
    precision = _supported(one.known, bool(one.recalled))
    recall = _supported(one.recalled, bool(one.known))
    both = precision + recall
    return {
        "fact_precision": precision,
        "fact_recall": recall,
        "fact_f1": 2 * precision * recall / both if both else 0.0,
    }


def _supported(judged: Sequence[Verdict], others_have_some: bool) -> float:
    if not judged:
        return float(not others_have_some)
    return sum(verdict.status == "supported" for verdict in judged) / len(judged)
