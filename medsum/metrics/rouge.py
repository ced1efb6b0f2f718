"""Compute ROUGE (Lin 2004). The scores equal those of the `evaluate` library: F1 of rouge_score without a stemmer.

rouge_score drops every letter that is not ASCII. If `any_language` is true, these letters are kept. Each record gets a
score from 0 to 1. The `evaluate` library reports the mean over the records.
"""

from collections.abc import Sequence

from rouge_score import rouge_scorer
from rouge_score.tokenizers import Tokenizer

from medsum.metrics.words import are_ascii_mostly, words_of_any_script

ROUGE_METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")


class AnyScriptTokenizer(Tokenizer):  # type: ignore[misc]
    """A tokenizer for rouge_score that finds words of any script."""

    def tokenize(self, text: str) -> list[str]:
        """Return the words of a text."""
        return words_of_any_script(text)


def scores(
    predictions: Sequence[str], references: Sequence[str], stemmer: bool, any_language: bool = False
) -> dict[str, list[float]]:
    """Return the F1 of each record for each metric. For rougeLsum, each line is a sentence.

    The stemmer works only for English, so do not combine it with `any_language`.
    """
    tokenizer = AnyScriptTokenizer() if any_language else None
    scorer = rouge_scorer.RougeScorer(ROUGE_METRICS, use_stemmer=stemmer, tokenizer=tokenizer)
    rows = [scorer.score(reference, prediction) for prediction, reference in zip(predictions, references, strict=True)]
    return {name: [row[name].fmeasure for row in rows] for name in ROUGE_METRICS}


def scores_by_script(predictions: Sequence[str], references: Sequence[str]) -> dict[str, list[float]]:
    """Return the scores without a stemmer. If most letters of the references are not ASCII, keep all letters.

    Stages that do not read `data.language` use this function.
    """
    return scores(predictions, references, stemmer=False, any_language=not are_ascii_mostly(references))


def mean_rouge_l(predictions: Sequence[str], references: Sequence[str]) -> float:
    """Return the mean ROUGE-L F1 without a stemmer. A training run can select its best checkpoint by this score."""
    values = scores_by_script(predictions, references)["rougeL"]
    return sum(values) / len(values)
