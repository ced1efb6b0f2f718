"""ROUGE (Lin 2004) as the `evaluate` library scores it by default: rouge_score, F1, no stemmer unless asked.

Scores are shares from 0 to 1, one a record; a mean over records is what `evaluate` reports. Stands alone, so
that training can use it too.
"""

from collections.abc import Sequence

from rouge_score import rouge_scorer

ROUGE_METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")


def scores(predictions: Sequence[str], references: Sequence[str], stemmer: bool) -> dict[str, list[float]]:
    """F1 of each record, by name; rougeLsum takes each line as a sentence, as `evaluate` does."""
    scorer = rouge_scorer.RougeScorer(ROUGE_METRICS, use_stemmer=stemmer)
    rows = [scorer.score(reference, prediction) for prediction, reference in zip(predictions, references, strict=True)]
    return {name: [row[name].fmeasure for row in rows] for name in ROUGE_METRICS}


def mean_rouge_l(predictions: Sequence[str], references: Sequence[str]) -> float:
    """Mean ROUGE-L F1 without stemmer, by which training may choose its checkpoint."""
    values = scores(predictions, references, stemmer=False)["rougeL"]
    return sum(values) / len(values)
