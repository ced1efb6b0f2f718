"""Every score of one model's summaries, record by record."""

from collections.abc import Sequence
from typing import Any

from medsum.data.records import Record
from medsum.data.turns import spoken_text
from medsum.quality import rouge
from medsum.quality.bertscore import EncoderScorer

METRICS = (*rouge.NAMES, "bertscore", "length_ratio")
DECIMALS = 4


def score_records(
    records: Sequence[Record], predictions: Sequence[str], encoder: EncoderScorer, stemmer: bool
) -> list[dict[str, Any]]:
    """One row a record: id, section, lengths in words, and METRICS.

    `length_ratio` is words of the prediction by words of the reference. No text is in a row.
    """
    references = [record.summary for record in records]
    columns: dict[str, list[float]] = rouge.scores(predictions, references, stemmer)
    columns["bertscore"] = encoder.scores(predictions, references)
    rows = []
    for index, (record, prediction) in enumerate(zip(records, predictions, strict=True)):
        reference_words, prediction_words = len(record.summary.split()), len(prediction.split())
        rows.append(
            {
                "id": record.id,
                "section": record.section,
                "dialogue_words": len(spoken_text(record.dialogue).split()),
                "reference_words": reference_words,
                "prediction_words": prediction_words,
                **{name: round(column[index], DECIMALS) for name, column in columns.items()},
                "length_ratio": round(prediction_words / reference_words, DECIMALS),
            }
        )
    return rows


def copied_dialogues(records: Sequence[Record]) -> list[str]:
    """The floor: the dialogue itself, speaker tags removed, as a summary."""
    return [spoken_text(record.dialogue) for record in records]
