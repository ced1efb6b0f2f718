"""ROUGE (Lin 2004), the same as the default of the `evaluate` library: F1 of rouge_score without a stemmer.

Each record has a score from 0 to 1. `evaluate` reports the mean over the records. This module imports no other module
of the project, so training can use it too.
"""

from collections.abc import Sequence

from rouge_score import rouge_scorer

ROUGE_METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")


def scores(predictions: Sequence[str], references: Sequence[str], stemmer: bool) -> dict[str, list[float]]:
    """Return, for each metric, the F1 of each record. rougeLsum treats each line as a sentence, like `evaluate`."""
    scorer = rouge_scorer.RougeScorer(ROUGE_METRICS, use_stemmer=stemmer)
    rows = [scorer.score(reference, prediction) for prediction, reference in zip(predictions, references, strict=True)]
    return {name: [row[name].fmeasure for row in rows] for name in ROUGE_METRICS}


def mean_rouge_l(predictions: Sequence[str], references: Sequence[str]) -> float:
    """Return the mean ROUGE-L F1 without a stemmer. Training can choose its best checkpoint by this score."""
    values = scores(predictions, references, stemmer=False)["rougeL"]
    return sum(values) / len(values)
