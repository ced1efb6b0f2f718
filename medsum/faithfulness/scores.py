"""The faithfulness scores of a summary: omission, factual F1 and hallucination, as human judges would give them.

Each is a weighted sum of few features (features.py), clipped to 0 to 1; the weights are frozen in weights.json, which
says on what they were fitted, but for those that are given here. `python -m benchmarks.judge.fit_faithfulness FILE`
fits them.
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
# The features of each score with the direction in which each may move it.
FEATURES: dict[str, dict[str, int]] = {
    "omission": {"clause_coverage": -1, "clause_share": -1, "word_recall": -1, "missed_facts": 1},
    "factual_f1": {"clause_coverage_f1": 1, "fact_recall_f1": 1, "surplus": -1, "reference_length": -1},
    "hallucination": {"surplus": 1, "unknown_facts": 1, "blanket_beside": 1},
}
# Weights that are set, not fitted: one in ten of the judged summaries contradicts its dialogue, too few to learn from.
# As heavy as what nobody said; it costs .02 (hallucination) and .003 (factual F1) of correlation with the judges.
GIVEN: dict[str, dict[str, float]] = {
    "omission": {},
    "factual_f1": {"contradicted_facts": -0.2},
    "hallucination": {"contradicted_facts": 0.2},
}
_EMPTY = {"omission": 1.0, "factual_f1": 0.0, "hallucination": 0.0}


@cache
def weights() -> dict[str, Any]:
    """The frozen weights by score, as they were fitted."""
    frozen: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return frozen


def weighted(values: Mapping[str, float], score: Mapping[str, Any]) -> float:
    """Intercept and weighted features, from 0 to 1."""
    total = score["intercept"] + sum(weight * values[name] for name, weight in score["weights"].items())
    return float(min(1.0, max(0.0, total)))


def scores(one: Case, similarity: Similarity) -> dict[str, float]:
    """`omission`, `factual_f1` and `hallucination` of a summary; an empty one omits all and invents nothing."""
    if not one.prediction.words:
        return dict(_EMPTY)
    values = features(one, similarity)
    return {name: weighted(values, score) for name, score in weights()["scores"].items()}


def counts(one: Case) -> dict[str, int]:
    """Facts of the prediction that the dialogue supports, contradicts or lacks; those of the reference it misses."""
    return {
        **{
            f"{status}_facts": sum(verdict.status == status for verdict in one.said)
            for status in ("supported", "contradicted", "unsupported")
        },
        "missed_facts": sum(verdict.status != "supported" for verdict in one.recalled),
    }


def fact_shares(one: Case) -> dict[str, float]:
    """Return precision, recall and F1 of the facts as such, without any fitting.

    Precision is the share of the summary's facts that dialogue or reference bear out, recall the share of the
    reference's facts that the summary gives. Where one text has no fact, its share is 1 if the other has none either,
    else 0.
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
