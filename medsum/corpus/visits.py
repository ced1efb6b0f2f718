"""Read one visit from a text or a file.

Refuse a file with several visits, because `summarize.py --batch` reads such files.
"""

import csv
import io
import json
import re
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.columns import DIALOGUE, dialogue_column
from medsum.corpus.decoding import CONTROL, NO_TEXT, UNREADABLE, WINDOWS, decoded, has_half_character
from medsum.corpus.documents import docx_text, is_docx, is_text_grid, text_grid_text
from medsum.corpus.json_texts import notebook_text, only_text
from medsum.corpus.key_values import key_value_text
from medsum.corpus.mail_files import body_of_mail
from medsum.corpus.mail_threads import thread_text
from medsum.corpus.markup_documents import document_text
from medsum.corpus.segments import is_table_of_turns, joined, many_records, turns_in_table
from medsum.corpus.spoken_words import words_text
from medsum.corpus.tables import DELIMITERS, only_list
from medsum.corpus.text_tables import table_text
from medsum.corpus.transcripts import transcript_text, turns_in_list
from medsum.dialogue.language import check_english
from medsum.dialogue.reader import Dialogue, read
from medsum.dialogue.roles import person

NONE_YET = "there is no dialogue yet; paste or name one with turns such as 'Doctor: ...', 'Patient: ...'"
_JSON_START = re.compile(r"[\ufeff\s]*(?:\{\s*\"|\[\s*(?:\{|\"\S+?\"\s*[,\]]))")
_TAG_AT_START = re.compile(r"\s*[\"'(\[*_]*[A-Za-z]+(?:[ _.][A-Za-z]+){0,2}[ _.]?\]?\s*:")


def dialogue_of(text: str, *, english: bool = True) -> Dialogue:
    """Return the dialogue of one visit.

    If the dialogue has a fault, raise UserError with a message that does not quote the dialogue.
    """
    if not text.strip():
        raise UserError(NONE_YET)
    if CONTROL.search(text) or has_half_character(text):
        raise UserError(NO_TEXT)
    visit = visit_text(text)
    if has_half_character(visit):  # an escape sequence in JSON can be half a character (a lone surrogate)
        raise UserError(NO_TEXT)
    dialogue = read(visit)
    if english:
        check_english(dialogue)
    return dialogue


def text_of_file(content: bytes) -> tuple[str, str]:
    """Return the text of the only visit in a file, and a warning about the encoding. The warning is usually empty.

    The content shows the format: plain text, WebVTT, SRT, JSON, CSV, docx or TextGrid.
    """
    if content.startswith(b"PK\x03\x04"):
        if is_docx(content):
            return docx_text(content), ""
        raise UserError("this is a spreadsheet or an archive; give a table to --batch, or one dialogue as text")
    if content.startswith(b"PAR1"):
        raise UserError("this is a parquet table; give it to --batch")
    if is_text_grid(content):
        return text_grid_text(("", content)), ""
    try:
        text, encoding = decoded(content)
    except UserError:
        if b"\0" in content:
            raise UserError(NO_TEXT) from None
        raise
    return text, "" if encoding != WINDOWS else f"The file is not UTF-8 and was read as {encoding}."


def visit_text(text: str) -> str:
    """Return the transcript in a text: the text itself, or the dialogue in JSON, YAML, CSV, a TextGrid or an e-mail.

    Raise UserError if a table has more than one visit.
    """
    text = body_of_mail(text) or text
    start = text.lstrip("\ufeff \r\n\t")[:6]
    for document in (b"{\\rtf", b"%PDF"):
        if start.startswith(document.decode()):
            raise UserError(f"this is {UNREADABLE[document]}")
    if start.startswith("[Scrip"):
        raise UserError("these are subtitles in SubStation Alpha; save them as .srt or .vtt")
    if start[:1] in ("{", "[", '"'):
        found = _json_visit(text)
        if found is not None:
            return found
        if _JSON_START.match(text):
            raise UserError("this begins like JSON but is not valid JSON; correct it, or give the text itself")
    if is_text_grid(text[:200].encode("utf-8", "replace")):
        return text_grid_text(("", text.encode("utf-8", "replace")))
    return document_text(text) or thread_text(text) or key_value_text(text) or table_text(text) or _table_visit(text)


def _json_visit(text: str) -> str | None:
    """Return the transcript of a JSON text. Return None for text that is not JSON, such as `[doctor] hello`."""
    try:
        values = json.loads(text)
    except ValueError:  # the text is not JSON, or it has a number with thousands of digits
        values = _json_lines(text)
        if values is None:
            return None
    except RecursionError:
        raise UserError("the JSON is nested too deeply to be a dialogue; give the text itself") from None
    if isinstance(values, str):
        return values
    transcript = notebook_text(values) or transcript_text(values) or turns_in_list(values)
    if transcript is not None:
        return transcript
    table = only_list(values) if isinstance(values, dict) and not dialogue_column(values) else None
    rows = table or (values if isinstance(values, list) else [values])
    found = [_dialogue(row) for row in rows]
    if len(rows) > 1 and any(found):
        raise UserError(many_records(len(rows)))
    if found and found[0] is not None:
        return found[0]
    other = words_text(values) or only_text(values)
    if other is None:
        raise UserError(f"this JSON has no dialogue; call it '{DIALOGUE[0]}', or give segments with speaker and text")
    return other


def _json_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
        return None
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None


def _dialogue(row: Any) -> str | None:
    if isinstance(row, str):
        return row
    column = dialogue_column(row) if isinstance(row, dict) else None
    return row[column] if column and isinstance(row[column], str) else None


def _table_visit(text: str) -> str:
    """Return the dialogue of a CSV with one row, or the text itself if the text is not a CSV."""
    first, _, rest = text.removeprefix("\ufeff").lstrip().partition("\n")
    if first.lower().startswith("sep="):
        first, _, rest = rest.partition("\n")
    if len(first) > 2000 or not rest.strip() or _TAG_AT_START.match(first):
        return text
    turns = _table_of_turns(first, rest)
    if turns is not None:
        return turns
    for delimiter in DELIMITERS:
        names = [name.strip().strip('"') for name in first.strip().split(delimiter)]
        column = dialogue_column(names)
        if column and len(names) == 1 and not first.strip().islower() and _has_a_turn_a_line(rest):
            return text
        if column and (len(names) > 1 or first.strip().strip('"') == column):
            return _only_row(names, column, rest, delimiter)
    return text


def _has_a_turn_a_line(text: str) -> bool:
    """Return whether a text is a dialogue below a title: two people speak, and each line has at most one turn.

    Other text may be a CSV, because a row of a CSV has a whole visit.
    """
    try:
        found = read(text)
    except UserError:
        return False
    several = len({turn.speaker for turn in found.turns}) > 1
    return several and found.tags_within_lines == 0 and not text.lstrip().startswith('"')


def _table_of_turns(first: str, rest: str) -> str | None:
    """Return the turns of a CSV with one turn per row or one column per speaker, or None for any other text.

    Raise UserError if the CSV has several visits.
    """
    for delimiter in DELIMITERS:
        names = [name.strip().strip('"') for name in first.strip().split(delimiter)]
        # A table with vertical bars is Markdown. The package medsum/dialogue reads Markdown.
        if first.startswith("|") or not (is_table_of_turns(names) or _are_speakers(names)):
            continue
        cells = csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter)
        rows = [row for row in cells if any(map(str.strip, row))]
        if _are_speakers(names):
            return joined([turn for row in rows for turn in zip(names, row, strict=False)])
        return turns_in_table(names, rows)
    return None


def _are_speakers(names: list[str]) -> bool:
    """Return whether the columns of a table are the speakers of a dialogue."""
    return len(set(names)) == len(names) > 1 and all(person(name).known for name in names)


def _only_row(names: list[str], column: str, rest: str, delimiter: str) -> str:
    try:
        rows = [
            row for row in csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter) if any(map(str.strip, row))
        ]
    except csv.Error:
        rows = []
    if len(rows) > 1:
        raise UserError(many_records(len(rows)))
    if not rows or len(rows[0]) != len(names):
        raise UserError(f"the row of this CSV does not fit its columns; quote the cell of '{column}'")
    return rows[0][names.index(column)]
