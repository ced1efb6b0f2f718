"""Read notes that are known to be right or wrong, and compute the features of their risk.

There are three sources:
- `planted`: the reference notes of records, and copies of them in which planting.py has planted one error;
- `labelled`: the notes in the folder labelled_notes: right notes, their rewrites, and variants with one error;
- `judged`: summaries that people have judged, in the format of MTS-Dialog's correlation study.

A note is wrong if a statement in it has a major error. A fact that the note leaves out does not make it wrong, because
the features see only the note and its dialogue. A judged summary is wrong if its factual precision is below 1.
"""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.judge import human_judgement
from benchmarks.judge.labelled_notes import FOLDER
from benchmarks.judge.planting import plant
from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.evidence import evidence_in
from medsum.faithfulness.flags import OF_STATEMENTS
from medsum.risk.features import of_evidence

PRECISION = "FactualPrecision"


class Labelled(NamedTuple):
    """The features of a note, the name of its dialogue, and whether the note states something wrong."""

    dialogue: str
    is_wrong: bool
    values: dict[str, float]


def _labelled(name: str, dialogue: str, dialogue_facts: DialogueFacts, note: str, is_wrong: bool) -> Labelled:
    return Labelled(name, is_wrong, of_evidence(evidence_in(dialogue_facts, note), dialogue, note))


def planted(records: Sequence[Record]) -> Iterator[Labelled]:
    """Yield each reference as a right note. For each kind of error that can be planted into it, yield a wrong copy."""
    for record in records:
        dialogue_facts = read_dialogue_facts(record.dialogue)
        yield _labelled(record.id, record.dialogue, dialogue_facts, record.summary, False)
        for category in OF_STATEMENTS:
            rng = random.Random(f"{category} {record.id}")
            error = plant(category, record.summary, record.dialogue, rng)
            if error is not None:
                yield _labelled(record.id, record.dialogue, dialogue_facts, error.text, True)


def labelled(half: str) -> Iterator[Labelled]:
    """Yield the notes of one set of the labelled notes. A note that has only minor errors or omissions is right."""
    for line in (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        dialogue = row["dialogue"]
        dialogue_facts = read_dialogue_facts(dialogue)
        for text in (row["note"], *row["rewrites"]):
            yield _labelled(row["id"], dialogue, dialogue_facts, text, False)
        for error in row["errors"]:
            is_wrong = error["severity"] == "major" and error["category"] != "omission"
            yield _labelled(row["id"], dialogue, dialogue_facts, error["note"], is_wrong)


def judged(path: Path) -> list[Labelled]:
    """Return the summaries of a file of human judgements. Raise UserError if the file has no factual precision."""
    read = human_judgement.read(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        precision = [float(row[PRECISION]) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise UserError(f"{path} has no numbers in the column {PRECISION}; add these numbers") from None
    return [
        _labelled(str(number), dialogue, read_dialogue_facts(dialogue), note, share < 1)
        for number, dialogue, note, share in zip(
            read.dialogue_of, read.dialogues, read.predictions, precision, strict=True
        )
    ]
