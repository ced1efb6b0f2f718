"""The general and medical text for pre-training.

Both files are in the folder data/pretraining/ (`python -m pretraining.fetch NAME`).
"""

import csv
import html
import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path("data/pretraining")
MEDQUAD = FOLDER / "medquad.txt"
MTS_DIALOG = FOLDER / "mts-dialog-augmented.csv"

# The section names in the pipeline's prompt, by MTS-Dialog's section header.
SECTIONS = {
    "GENHX": "history of present illness",
    "FAM/SOCHX": "family and social history",
    "PASTMEDICALHX": "past medical history",
    "CC": "chief complaint",
    "PASTSURGICAL": "past surgical history",
    "ALLERGY": "allergies",
    "ROS": "review of systems",
    "MEDICATIONS": "medications",
    "ASSESSMENT": "assessment",
    "EXAM": "physical exam",
    "DIAGNOSIS": "diagnosis",
    "DISPOSITION": "disposition",
    "PLAN": "plan",
    "EDCOURSE": "emergency department course",
    "IMMUNIZATIONS": "immunizations",
    "IMAGING": "imaging",
    "GYNHX": "gynecologic history",
    "PROCEDURES": "procedures",
    "OTHER_HISTORY": "other history",
    "LABS": "labs",
}

UNKNOWN_SECTION = "clinical note"  # the name in the prompt if the section is unknown

SPEAKERS = "Doctor|Patient|Guest_family|Guest_clinician"
SPEAKER_TAG = re.compile(rf"\s*\b({SPEAKERS})(?:\s*_?(\d))?\s*:\s*")
TYPOS = (("Guest_clinican", "Guest_clinician"), ("Gest_family", "Guest_family"))


class Example(NamedTuple):
    """A dialogue (one turn per line), its note section and the reference note."""

    section: str
    dialogue: str
    note: str


def one_turn_a_line(dialogue: str) -> str:
    """Put each turn on a separate line again, because back-translation joined the turns."""
    for typo, speaker in TYPOS:
        dialogue = dialogue.replace(typo, speaker)
    tagged = SPEAKER_TAG.sub(lambda m: f"\n{m[1]}{'_' + m[2] if m[2] else ''}: ", dialogue)
    turns = (" ".join(line.split()) for line in tagged.splitlines())
    return "\n".join(turn for turn in turns if turn)


def read_paragraphs(path: Path = MEDQUAD) -> list[str]:
    """Read general medical text. Each answer is one item."""
    return html.unescape(path.read_text(encoding="utf-8")).splitlines()


def read_dialogues(path: Path = MTS_DIALOG) -> list[Example]:
    """Read doctor-patient dialogues with their notes.

    An ID is a number, or 'TR=EN-FR-EN ' and the number of the row that was translated. If a row was left out because it
    is in a validation or test set, its translations are left out too.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    originals = {row["ID"] for row in rows}
    return [
        Example(
            SECTIONS[row["section_header"]],
            one_turn_a_line(row["dialogue"]),
            " ".join(row["section_text"].split()),
        )
        for row in rows
        if row["ID"].split()[-1] in originals
    ]
