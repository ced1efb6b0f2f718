"""The scores as modules of the `evaluate` library: `Rouge().compute(predictions=[...], references=[...])`.

`evaluate.load("rouge")` would fetch and run code from a hub; these live here, take the same names where the library has
the metric, and write nothing: what they are given is patient text.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import evaluate
from datasets import Features, Value

from medsum.metrics import rouge
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.summary_statistics import NAMES, statistics


class _InMemory(evaluate.Metric):  # type: ignore[misc]
    """A metric that leaves no file in the library's cache."""

    texts: tuple[str, ...] = ("predictions", "references")

    def __init__(self, **settings: Any) -> None:
        super().__init__(keep_in_memory=True, **settings)

    def _build_data_dir(self) -> str:
        return ""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=type(self).__doc__ or "",
            citation="",
            inputs_description="",
            features=Features(dict.fromkeys(self.texts, Value("string"))),
        )


class Rouge(_InMemory):
    """ROUGE-1, -2, -L and -Lsum F1; `use_stemmer` and `use_aggregator` as in the library's own."""

    def _compute(
        self,
        predictions: Sequence[str],
        references: Sequence[str],
        use_stemmer: bool = False,
        use_aggregator: bool = True,
    ) -> dict[str, Any]:
        found = rouge.scores(predictions, references, use_stemmer)
        return {name: sum(values) / len(values) for name, values in found.items()} if use_aggregator else found


class BertScore(_InMemory):
    """BERTScore F1 of each pair by hidden layer `num_layers` of the encoder in folder `model_type`."""

    def _compute(
        self,
        predictions: Sequence[str],
        references: Sequence[str],
        model_type: str,
        num_layers: int,
        batch_size: int = 64,
    ) -> dict[str, Any]:
        scorer = _encoder(Path(model_type), num_layers, batch_size)
        return {"f1": scorer.scores(predictions, references)}


class SummaryStatistics(_InMemory):
    """Mean length ratio, compression, novelty, repetition, and shares of empty and unfinished summaries."""

    texts = ("predictions", "references", "dialogues")

    def _compute(
        self, predictions: Sequence[str], references: Sequence[str], dialogues: Sequence[str]
    ) -> dict[str, Any]:
        rows = [statistics(*texts) for texts in zip(predictions, dialogues, references, strict=True)]
        return {name: sum(row[name] for row in rows) / len(rows) for name in NAMES}


@cache
def _encoder(folder: Path, layer: int, batch_size: int) -> EncoderScorer:
    return EncoderScorer(folder, layer, batch_size)
