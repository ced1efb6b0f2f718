"""ROUGE and BERTScore as metric modules of the `evaluate` library, through which the stage evaluate scores.

`evaluate.load` is not used: with a name it fetches and runs code from a hub, and with a path it copies the module into
the user's home and imports the copy, which DVC cannot declare. A module that is imported scores the same. The
library would write its inputs into a cache; these modules keep them in memory, because they are patient text.
"""

from collections.abc import Sequence
from typing import Any

import evaluate
from datasets import Features, Value

from medsum.metrics import rouge
from medsum.metrics.bertscore import EncoderScorer


class InMemoryMetric(evaluate.Metric):  # type: ignore[misc]
    """A metric of predictions and references that leaves no file behind."""

    def __init__(self) -> None:
        super().__init__(keep_in_memory=True)

    def _build_data_dir(self) -> str:
        """Return no folder; the library would make one in its cache."""
        return ""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=type(self).__doc__ or "",
            citation="",
            inputs_description="",
            features=Features({"predictions": Value("string"), "references": Value("string")}),
        )


class Rouge(InMemoryMetric):
    """ROUGE-1, -2, -L and -Lsum F1 of each record, as the library's `rouge` gives them without its aggregator."""

    def _compute(
        self, predictions: Sequence[str], references: Sequence[str], use_stemmer: bool
    ) -> dict[str, list[float]]:
        return rouge.scores(predictions, references, use_stemmer)


class BertScore(InMemoryMetric):
    """BERTScore F1 of each record by one encoder, which stays loaded."""

    def __init__(self, encoder: EncoderScorer) -> None:
        super().__init__()
        self.encoder = encoder

    def _compute(self, predictions: Sequence[str], references: Sequence[str]) -> dict[str, Any]:
        return {"f1": self.encoder.scores(predictions, references)}
