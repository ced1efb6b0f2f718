"""Compute those scores of summaries that need only words and no encoder. No row of scores contains text."""

from collections.abc import Sequence
from typing import Any

from medsum.dialogue.record import Record
from medsum.dialogue.turns import spoken_text
from medsum.metrics import rouge
from medsum.metrics.evaluate_modules import Rouge
from medsum.metrics.summary_statistics import FORM_METRICS, statistics
from medsum.metrics.words import count_words

FAITHFULNESS = ("omission", "factual_f1", "hallucination")
METRICS = (*rouge.ROUGE_METRICS, "bertscore", *FAITHFULNESS, *FORM_METRICS)
DECIMALS = 4
Row = dict[str, Any]


def score_texts(
    records: Sequence[Record], summaries: Sequence[str], stemmer: bool, any_language: bool = False
) -> list[Row]:
    """Return one row per record: id, section, lengths in words, and all METRICS that need no encoder."""
    references = [record.summary for record in records]
    found = Rouge().compute(
        predictions=summaries, references=references, use_stemmer=stemmer, any_language=any_language
    )
    rows = []
    for index, (record, summary) in enumerate(zip(records, summaries, strict=True)):
        spoken = spoken_text(record.dialogue)
        values = {name: column[index] for name, column in found.items()}
        values |= statistics(summary, spoken, record.summary, any_language)
        rows.append(
            {
                "id": record.id,
                "section": record.section,
                "dialogue_words": count_words(spoken, any_language),
                "reference_words": count_words(record.summary, any_language),
                "prediction_words": count_words(summary, any_language),
                **{name: round(value, DECIMALS) for name, value in values.items()},
            }
        )
    return rows
