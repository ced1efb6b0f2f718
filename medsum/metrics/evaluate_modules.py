"""ROUGE and BERTScore as metric modules of the `evaluate` library. The stage evaluate uses these modules.

The project does not call the function `evaluate.load`. With a name, this function fetches code from a hub and runs the
code. With a path, the function copies the module into the user's home folder and imports the copy. No DVC stage can
declare this copy as a dependency. The modules here are imported directly and give the same scores. By default, the
library writes the inputs of a metric into a cache. These modules keep the inputs in memory, because the inputs are
patient text.
"""

from collections.abc import Sequence
from typing import Any

import evaluate
from datasets import Features, Value

from medsum.metrics import rouge
from medsum.metrics.bertscore import EncoderScorer


class InMemoryMetric(evaluate.Metric):  # type: ignore[misc]
    """A metric of predictions and references that does not write a file."""

    def __init__(self) -> None:
        super().__init__(keep_in_memory=True)

    def _build_data_dir(self) -> str:
        """Return an empty path, so that the library does not make a folder in its cache."""
        return ""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=type(self).__doc__ or "",
            citation="",
            inputs_description="",
            features=Features({"predictions": Value("string"), "references": Value("string")}),
        )


class Rouge(InMemoryMetric):
    """ROUGE-1, -2, -L and -Lsum F1 of each record. The library's `rouge` without aggregator gives the same values."""

    def _compute(
        self, predictions: Sequence[str], references: Sequence[str], use_stemmer: bool, any_language: bool = False
    ) -> dict[str, list[float]]:
        return rouge.scores(predictions, references, use_stemmer, any_language)


class BertScore(InMemoryMetric):
    """BERTScore F1 of each record, computed with one encoder that stays loaded."""

    def __init__(self, encoder: EncoderScorer) -> None:
        super().__init__()
        self.encoder = encoder

    def _compute(self, predictions: Sequence[str], references: Sequence[str]) -> dict[str, Any]:
        return {"f1": self.encoder.scores(predictions, references)}
