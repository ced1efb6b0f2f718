"""Compare the summaries of the unmerged model with the summaries of the model for serving.

The unmerged model is the base model together with a separate adapter. In the model for serving, the adapter is merged
into the base model.
"""

from collections.abc import Sequence
from typing import Any

from medsum.dialogue.record import Record
from medsum.generation.summarizer import Summarizer
from medsum.metrics import rouge
from medsum.metrics.bootstrap import intervals


def compare(unmerged: Summarizer, serving: Summarizer, records: Sequence[Record]) -> dict[str, Any]:
    """Return the share of records with the same text from both models, and the ROUGE scores of both models."""
    dialogues, sections = [r.dialogue for r in records], [r.section for r in records]
    one, two = (summarizer.summarize(dialogues, sections) for summarizer in (unmerged, serving))
    identical = sum(a == b for a, b in zip(one, two, strict=True)) / len(records)
    return {"identical": round(identical, 4), **rouge_difference(one, two, [r.summary for r in records])}


def rouge_difference(unmerged: list[str], serving: list[str], references: list[str]) -> dict[str, dict[str, float]]:
    """Return each ROUGE metric's mean for both models, and the difference with its 95 % paired bootstrap interval."""
    one, two = (rouge.scores_by_script(texts, references) for texts in (unmerged, serving))
    found = {}
    for name in ("rouge1", "rougeL"):
        change = intervals([[b - a] for a, b in zip(one[name], two[name], strict=True)])[0]
        means = {"unmerged": sum(one[name]) / len(references), "serving": sum(two[name]) / len(references)}
        values = {**means, "difference": change.mean, "low": change.low, "high": change.high}
        found[name] = {key: round(value, 4) for key, value in values.items()}
    return found
