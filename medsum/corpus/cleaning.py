"""From a raw row to a clean record: characters, white space, speakers, section."""

import re
import unicodedata

from medsum.core.errors import UserError
from medsum.corpus.raw import RawRow, official_split
from medsum.dialogue.record import Record
from medsum.dialogue.section_headers import normalise
from medsum.dialogue.turns import normalise_dialogue
from medsum.params.data import Columns

# NFC, not NFKC: compatibility forms would turn 10⁹ into 109. Only look-alikes of ASCII signs are replaced.
_LOOK_ALIKES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    }
)  # fmt: skip
# Controls U+0080 to U+009F are signs of Windows-1252 that were read as Latin-1, as in HTML: `5\x9610 mg` is a range.
_WINDOWS_SIGNS = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}
LONGEST_ID = 100  # characters
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # JSON can spell one; no file can hold it
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_SPLITS = {"train": "train", "validation": "validation", "valid": "validation", "val": "validation", "test": "test"}


def clean_text(text: str) -> str:
    """Unicode and white space normalised; line breaks are kept, as LF, without empty lines."""
    text = text.translate(_WINDOWS_SIGNS)
    text = unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES))  # in this order: NFC joins across what went
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in _LINE_BREAK.split(text))
    return "\n".join(line for line in lines if line)


def clean_record(row: RawRow, columns: Columns, source: str) -> Record | None:
    """The clean record of a raw row, or None where dialogue or summary are empty (the caller counts it).

    Raises UserError that names the row for a missing id, a dialogue without speakers or an unknown split.
    """
    record_id = clean_text(_text(row, columns.id))
    raw_dialogue = clean_text(_text(row, columns.dialogue))
    summary = clean_text(_text(row, columns.summary))
    if not raw_dialogue or not summary:
        return None
    if not record_id:
        raise UserError(f"{row.place}: column '{columns.id}' is empty; give every record an id")
    if len(record_id) > LONGEST_ID or "\n" in record_id:  # some other column, whose text must not be shown
        raise UserError(
            f"{row.place}: column '{columns.id}' holds no id but a text; set data.columns.id in params.yaml"
        )
    dialogue = normalise_dialogue(raw_dialogue)
    if not dialogue:
        raise UserError(
            f"{row.place}, record '{record_id}': the dialogue has no speaker turns;"
            " begin each turn with its speaker, as in 'Doctor: ...'"
        )
    section = normalise(_text(row, columns.section)) if columns.section else None
    return Record(record_id, dialogue, summary, section, source, split=_split(row, columns.split))


def _split(row: RawRow, column: str | None) -> str | None:
    if column is None or not row.values.get(column):
        return official_split(row.file)
    value = _text(row, column).strip().lower()
    if value not in _SPLITS:
        raise UserError(f"{row.place}: '{value}' in column '{column}' is no split; write train, validation or test")
    return _SPLITS[value]


def _text(row: RawRow, column: str) -> str:
    value = row.values[column]
    if value is None:
        return ""
    if isinstance(value, str):
        if _HALF_CHARACTER.search(value):
            raise UserError(f"{row.place}: '{column}' holds half a character (a lone surrogate); export the file again")
        return value
    if isinstance(value, int) and not isinstance(value, bool):  # numeric ids are usual in JSON
        return str(value)
    raise UserError(f"{row.place}: '{column}' is no text; write it as a JSON string")
