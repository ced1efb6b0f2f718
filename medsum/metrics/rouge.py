"""ROUGE (Lin 2004) as the `evaluate` library scores it by default: rouge_score, F1, no stemmer unless asked.

Scores are from 0 to 1, one per record; `evaluate` reports their mean. The module imports nothing else of the project,
so that training can use it too.
"""

from collections.abc import Sequence

from rouge_score import rouge_scorer

ROUGE_METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")


def scores(predictions: Sequence[str], references: Sequence[str], stemmer: bool) -> dict[str, list[float]]:
    """Return the F1 of each record by name; rougeLsum takes each line as a sentence, as `evaluate` does."""
    scorer = rouge_scorer.RougeScorer(ROUGE_METRICS, use_stemmer=stemmer)
    rows = [scorer.score(reference, prediction) for prediction, reference in zip(predictions, references, strict=True)]
    return {name: [row[name].fmeasure for row in rows] for name in ROUGE_METRICS}


def mean_rouge_l(predictions: Sequence[str], references: Sequence[str]) -> float:
    """Return the mean ROUGE-L F1 without stemmer; training can choose its checkpoint by it."""
    values = scores(predictions, references, stemmer=False)["rougeL"]
    return sum(values) / len(values)
