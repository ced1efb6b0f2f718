"""Read files of summaries that people have judged, in the format of MTS-Dialog's correlation study.

Each row is one summary. The columns are Dialogue, Reference Summary, Automatic Summary, OmissionRate, FactualF1 and
HallucinationRate. Other columns are ignored.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medsum.core.errors import UserError
from medsum.core.paths import SCORERS
from medsum.dialogue import reader
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.features import Case, case

ENCODER = SCORERS / "minilm"
TEXTS = ("Dialogue", "Reference Summary", "Automatic Summary")
JUDGEMENTS = {"omission": "OmissionRate", "factual_f1": "FactualF1", "hallucination": "HallucinationRate"}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The rows of a file: the texts, the scores that people gave, and the number of the dialogue of each row."""

    dialogues: list[str]
    references: list[str]
    predictions: list[str]
    human: dict[str, Array]
    dialogue_of: NDArray[np.int64]


def read(path: Path) -> Judged:
    """Read a file of judged summaries.

    Raise UserError if the file or a column is missing, or if a score is not a number from 0 to 1.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read as UTF-8 CSV; name a file of judged summaries") from None
    for column in (*TEXTS, *JUDGEMENTS.values()):
        if not rows or column not in rows[0]:
            raise UserError(f"{path} has no column '{column}' or no rows; add the columns of MTS-Dialog's study")
    numbers: dict[str, int] = {}
    dialogues = [_turns(row["Dialogue"]) for row in rows]
    try:
        human = {name: np.array([float(row[column]) for row in rows]) for name, column in JUDGEMENTS.items()}
    except ValueError:
        raise UserError(f"{path} has a human score that is not a number; correct or delete that row") from None
    for name, scores in human.items():
        wrong = np.flatnonzero(~((scores >= 0) & (scores <= 1)))
        if wrong.size:
            raise UserError(
                f"{path}, row {wrong[0] + 2}: {JUDGEMENTS[name]} is {scores[wrong[0]]}, but must be from 0 to 1;"
                " correct or delete that row"
            )
    return Judged(
        dialogues,
        [row["Reference Summary"].strip() for row in rows],
        [row["Automatic Summary"].strip() for row in rows],
        human,
        np.array([numbers.setdefault(dialogue, len(numbers)) for dialogue in dialogues]),
    )


def _turns(text: str) -> str:
    """Return the dialogue with one turn per line. If the text names no speaker, return the text unchanged."""
    try:
        return reader.read(text).text
    except UserError:
        return text


def cases(judged: Judged, encoder: WordEncoder) -> list[Case]:
    """Return the rows with extracted facts and word vectors, which the scores need."""
    made = [case(*texts) for texts in zip(judged.dialogues, judged.references, judged.predictions, strict=True)]
    encoder.encode([text for one in made for text in (one.reference, one.prediction)])
    return made


def load_encoder(folder: Path) -> WordEncoder:
    """Load the encoder, the model that turns words into vectors. Raise UserError if its folder is missing."""
    if not folder.is_dir():
        raise UserError(f"{folder} is not there; run `python -m stages.fetch_scorer minilm` to get the default encoder")
    return WordEncoder(folder)
