"""Make a clean record from a row of a raw file. Clean the characters, the white space, the speakers and the section."""

import re
from dataclasses import dataclass

from medsum.core.errors import UserError
from medsum.corpus import corrections
from medsum.corpus.decoding import has_half_character
from medsum.corpus.raw import RawRow
from medsum.corpus.transcripts import transcript_text, turns_in_list
from medsum.dialogue.characters import clean_text
from medsum.dialogue.language import check_english, has_interpreter
from medsum.dialogue.reader import Dialogue, read
from medsum.dialogue.record import Record
from medsum.dialogue.roles import person
from medsum.dialogue.section_headers import normalise
from medsum.dialogue.shown import shown_id
from medsum.params.data import Columns

LONGEST_ID = 100  # in characters
RTF = "{\\rtf"  # the first characters of a text in Rich Text Format
_NOT_A_TEXT = re.compile(r"(?:nan|none|null|n/a|#n/a|-+)?$", re.IGNORECASE)  # tools write these texts into empty cells
_VALIDATION = dict.fromkeys(("validation", "valid", "val", "dev"), "validation")
_SPLITS = {"train": "train", "test": "test"} | _VALIDATION


@dataclass
class ReadingCounts:
    """The number of all records, and the numbers of records whose dialogues are unusual in some way."""

    records: int = 0
    one_speaker: int = 0
    tags_within_turns: int = 0
    unknown_tags: int = 0
    interpreted: int = 0  # dialogues with an interpreter

    def add(self, dialogue: Dialogue) -> None:
        """Count a dialogue."""
        self.records += 1
        self.one_speaker += len(dialogue.speakers) < 2
        self.tags_within_turns += dialogue.tags_within_lines > 0
        self.interpreted += has_interpreter(dialogue)
        self.unknown_tags += any(not person(speaker).known for speaker in dialogue.speakers)

    def shares(self) -> dict[str, float]:
        """Return the share of records that are unusual in each way."""
        named = {
            "one_speaker": self.one_speaker,
            "tags_within_turns": self.tags_within_turns,
            "unknown_tags": self.unknown_tags,
        }
        return {name: round(count / max(1, self.records), 4) for name, count in named.items()}


def clean_record(
    row: RawRow, columns: Columns, source: str, counts: ReadingCounts | None = None, english: bool = True
) -> Record | None:
    """Return the clean record of a raw row, or None if the dialogue or the summary is empty.

    Add the dialogue to `counts`: to the number of all dialogues and, if the dialogue is unusual, to the number of its
    kind. Raise UserError with the place of the row if the id is missing, the dialogue cannot be read or the split is
    unknown.
    """
    record_id = clean_text(_text(row, columns.id))
    raw_dialogue = _text(row, columns.dialogue)
    summary = clean_text(_text(row, columns.summary))
    if _NOT_A_TEXT.match(clean_text(raw_dialogue)) or _NOT_A_TEXT.match(summary):
        return None
    if not record_id:
        raise UserError(f"{row.place}: column '{columns.id}' is empty; give every record an id")
    if len(record_id) > LONGEST_ID or "\n" in record_id:  # probably a wrong column; no message may show its text
        raise UserError(
            f"{row.place}: column '{columns.id}' holds a text instead of an id; set data.columns.id in params.yaml"
        )
    try:
        dialogue = read(raw_dialogue)
        if english:
            check_english(dialogue)
    except UserError as error:
        raise UserError(f"{row.place}, record {shown_id(record_id)}: {_of_dialogue(str(error))}") from None
    if counts is not None:
        counts.add(dialogue)
    section = normalise(_text(row, columns.section)) if columns.section else None
    draft = clean_text(_text(row, corrections.DRAFT)) if row.file.name == corrections.FILE else None
    return Record(record_id, dialogue.text, summary, section, source, _split(row, columns.split), draft=draft)


def _of_dialogue(said: str) -> str:
    """Return a message about a dialogue. Add that its line numbers count lines of the dialogue and not of the file."""
    return said if said.startswith("the dialogue") else f"in the dialogue, {said}"


def _split(row: RawRow, column: str | None) -> str | None:
    if column is None or not row.values.get(column):
        return row.split
    value = _text(row, column).strip().lower()
    if value not in _SPLITS:
        raise UserError(f"{row.place}: '{value}' in column '{column}' is not a split; write train, validation or test")
    return _SPLITS[value]


def _text(row: RawRow, column: str) -> str:
    value = row.values[column]
    if value is None:
        return ""
    if isinstance(value, str):
        if has_half_character(value):
            raise UserError(f"{row.place}: '{column}' holds half a character (a lone surrogate); export the file again")
        if value.lstrip()[:5] == RTF:
            raise UserError(f"{row.place}: '{column}' holds RTF; export it as plain text")
        return value
    if isinstance(value, list) and (turns := transcript_text(value) or turns_in_list(value)):
        return turns
    if isinstance(value, int) and not isinstance(value, bool):  # in JSON, ids are often numbers
        return str(value)
    raise UserError(f"{row.place}: '{column}' is not a text; write it as a text")
