"""The labels of systems and metrics in tables, pages and reports. A system is a model or a trivial floor."""

MODELS = ("baseline", "finetuned")  # the order in all tables; all other systems are floors
SYSTEM_LABELS = {
    "copy_dialogue": "dialogue copy",
    "first_turns": "first turns",
    "longest_turn": "longest turn",
    "nearest_note": "nearest note",
    "baseline": "baseline",
    "finetuned": "fine-tuned",
}
FLOOR_MEANINGS = {
    "copy_dialogue": "the dialogue itself, without speakers",
    "first_turns": "its first three turns",
    "longest_turn": "its longest turn",
    "nearest_note": "the note of the most similar training dialogue",
}
METRIC_LABELS = {
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "bertscore": "BERTScore",
    "factual_f1": "factual F1",
    "omission": "omission",
    "hallucination": "hallucination",
    "major_errors": "major errors per summary",
    "length_ratio": "words of summary / words of reference",
}
# These messages are shown if the checkers did not run, because the dialogues may not be in English.
CHECKERS_OFF = "off: data.language is any, and the checkers read only English"
NOT_CHECKED = "Not checked for errors: data.language is any, and the checkers read only English."
SHARES = ("rouge1", "rouge2", "rougeL", "bertscore", "factual_f1", "omission", "hallucination")  # values from 0 to 1
WITH_INTERVAL = (*SHARES, "major_errors")  # the metrics whose means and differences have an interval
LESS_IS_BETTER = ("omission", "hallucination")


def with_direction(metric: str) -> str:
    """Return the label of a metric, with a remark if a lower value is better."""
    return METRIC_LABELS[metric] + (" (less is better)" if metric in LESS_IS_BETTER else "")
