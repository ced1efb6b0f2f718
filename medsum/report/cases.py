"""Prepare records for the error report: find the place of each flag, and the turns that support each sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from medsum.dialogue.record import Record
from medsum.faithfulness.marks import labelled, segments
from medsum.report.aggregate import badness

AROUND = 60  # an example shows this number of characters before and after the flagged words
LONGEST = 80  # a list quotes at most this number of characters of flagged words
Row = dict[str, Any]


def letters(models: Sequence[str]) -> dict[str, str]:
    """Return the letter with which the labels of each model begin.

    This is the first letter of the model's name. If two models have the same first letter, it is A or B.
    """
    first = [name[0].upper() for name in models]
    return dict(zip(models, first if len(set(first)) == len(first) else "AB", strict=True))


def shown(record: Record, rows: Mapping[str, Row], texts: Mapping[str, str]) -> Row:
    """Return a record with the texts of all models. `rows` and `texts` map the name of a model to its row and text.

    The turns show which sentences of the last model they support.
    """
    letter = letters(list(rows))
    errors = {name: labelled(letter[name], row["errors"]) for name, row in rows.items()}
    everything = [error for found in errors.values() for error in found]
    *_, last = rows
    return {
        "id": record.id,
        "section": record.section or "no section",
        "dialogue_words": rows[last]["dialogue_words"],
        "badness": badness(rows[last]),
        "turns": _turns(record.dialogue, rows[last]["sentences"], everything),
        "reference": segments(record.summary, [e for e in everything if e["of"] == "reference"]),
        "models": {
            name: {
                "scores": row,
                "text": segments(texts[name], [e for e in errors[name] if e["of"] == "summary"], row["sentences"]),
                "errors": [_listed(e, record.summary if e["of"] == "reference" else texts[name]) for e in errors[name]],
            }
            for name, row in rows.items()
        },
    }


def _turns(dialogue: str, sentences: Sequence[Row], errors: Sequence[Row]) -> list[Row]:
    """Return each turn with the numbers of the sentences that it supports, and the labels of the errors that it shows.

    Sentences count from 1.
    """
    return [
        {
            "text": text,
            "sentences": [number for number, row in enumerate(sentences, start=1) if place in row["turns"]],
            "errors": [error["label"] for error in errors if place in error["turns"]],
        }
        for place, text in enumerate(dialogue.split("\n"))
    ]


def _listed(error: Row, text: str) -> Row:
    words = text[error["start"] : error["end"]]
    return {
        **error,
        "words": words if len(words) <= LONGEST else words[:LONGEST] + "…",
        "turns": [turn + 1 for turn in error["turns"]],
    }


def example(category: str, record: Record, row: Row, text: str) -> Row:
    """Return an error of the category, with some of the text around it.

    Return the first major error, or the first minor error if there is no major error.
    """
    found = [error for error in row["errors"] if error["category"] == category]
    error = min(found, key=lambda one: one["severity"])  # `major` comes before `minor` in the alphabet
    source = record.summary if error["of"] == "reference" else text
    start, end = error["start"], error["end"]
    before, after = source[max(0, start - AROUND) : start], source[end : end + AROUND]
    return {
        "id": record.id,
        "severity": error["severity"],
        "of": error["of"],
        "before": before if start <= AROUND else "…" + before.partition(" ")[2],
        "words": _listed(error, source)["words"],
        "after": after if end + AROUND >= len(source) else after.rpartition(" ")[0] + "…",
        "reason": error["reason"],
    }
