"""Read corrections: drafts of notes that a person has corrected and signed with a name on the web page.

Each correction also has the dialogue.

The file has one JSON line for each signed draft. If several lines have the same id, only the last of them counts.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError

FILE = "corrections.jsonl"
DRAFT = "draft"  # the key of the model's text
REMEDY = "delete this line if the page did not write it"


@dataclass(frozen=True)
class Part:
    """One section of a note: the text of the model and the signed text.

    `section` is None if the note has no sections.
    """

    section: str | None
    draft: str
    signed: str


@dataclass(frozen=True)
class Correction:
    """A signed note.

    `time` is the time of the signature (ISO 8601, UTC). `seconds` is the time from the draft to the signature. `model`
    is the hash of the model that wrote the draft.
    """

    id: str
    time: str
    model: str
    seconds: float
    dialogue: str
    sections: tuple[Part, ...]

    def line(self) -> str:
        """Return the correction as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def beginning(self) -> str:
        """Return the text with which every line with this id begins."""
        return json.dumps({"id": self.id}).removesuffix("}") + ","


def read_corrections(path: Path) -> list[Correction]:
    """Return the last correction of each id, in the order of the file.

    If a line is wrong, raise UserError with the number of the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path} is not there; `python app.py --keep-corrections {path.parent}` makes it") from None
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read as UTF-8; check its name and permissions") from None
    return [correction for _, correction in _last_of_each(path, text)]


def correction_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line and the values of a training record for each section of a signed note, except empty sections."""
    for number, correction in _last_of_each(path, text):
        for place, part in enumerate(correction.sections, start=1):
            row = {"dialogue": correction.dialogue, "note": part.signed, "section": part.section, DRAFT: part.draft}
            yield number, {"id": f"{correction.id}-{place}", **row}


def _last_of_each(path: Path, text: str) -> list[tuple[int, Correction]]:
    found: dict[str, tuple[int, Correction]] = {}
    lines = text.split("\n")[:-1]  # without the text after the last line end; a killed server may have left such text
    for number, line in enumerate(lines, start=1):
        correction = _parsed(line, f"{path}, line {number}")
        found[correction.id] = (number, correction)
    return sorted(found.values(), key=lambda pair: pair[0])


def _parsed(line: str, place: str) -> Correction:
    try:
        values = json.loads(line)
        parts = tuple(Part(**part) for part in values.pop("sections"))
        correction = Correction(**values, sections=parts)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        raise UserError(f"{place}: not a correction; {REMEDY}") from None
    texts = (correction.id, correction.time, correction.model, correction.dialogue)
    of_parts = (text for part in parts for text in (part.section or "", part.draft, part.signed))
    is_number = isinstance(correction.seconds, int | float) and not isinstance(correction.seconds, bool)
    if not (parts and is_number and all(isinstance(text, str) for text in (*texts, *of_parts))):
        raise UserError(f"{place}: not a correction; {REMEDY}")
    return correction
