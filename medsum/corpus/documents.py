"""Read transcripts from Word files and from TextGrid files. The program Praat writes TextGrid files.

A TextGrid file usually has a tier (a row of intervals with text) for each speaker.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from medsum.core.errors import UserError
from medsum.corpus.decoding import decoded
from medsum.corpus.segments import joined
from medsum.corpus.word_tables import lines_of_table

if TYPE_CHECKING:
    from docx.table import Table

# The errors that the libraries raise for a damaged document, page or e-mail. For damaged XML, they raise a SyntaxError.
DAMAGED = (
    AssertionError, AttributeError, EOFError, LookupError, OSError, OverflowError, RuntimeError, SyntaxError, TypeError,
    ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# The largest size of an unpacked Word document. Even a small file can unpack to a much larger size.
MAX_UNPACKED_BYTES = 50_000_000
_MOST_CELLS = 1000  # in a row; Word itself allows 63 columns


def is_docx(content: bytes) -> bool:
    """Return whether a file is a Word document."""
    return _has(content, "word/document.xml")


def is_xlsx(content: bytes) -> bool:
    """Return whether a file is an Excel workbook."""
    return _has(content, "xl/workbook.xml")


def _has(content: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return name in archive.namelist()
    except DAMAGED:
        return False


def check_unpacked(content: bytes, most_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """Raise UserError if a ZIP file, such as a document or a workbook, has more than this number of bytes unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except DAMAGED:
        return  # not an archive, or a damaged archive; the function that reads it later raises UserError
    if size > most_bytes:
        raise UserError(
            f"the document has {size:,} bytes unpacked, but only {most_bytes:,} are allowed; give its text, or a CSV"
        )


def docx_text(content: bytes) -> str:
    """Return the paragraphs and the table rows of a Word document in order. Each is on its own line."""
    check_unpacked(content)
    try:
        return "\n".join(_lines(content))
    except DAMAGED:
        raise UserError("the Word document is damaged; save it again, or as plain text") from None


def _lines(content: bytes) -> Iterator[str]:
    from docx import Document
    from docx.table import Table

    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from lines_of_table(_rows(block))
        else:
            yield block.text


def _rows(table: "Table") -> list[list[str]]:
    """Return the text of each cell. If cells of a row are merged, only the first of these cells has the text."""
    rows = []
    for row in table.rows:
        if sum(cell.grid_span for cell in row._tr.tc_lst) > _MOST_CELLS:  # `row.cells` repeats a cell in each column
            raise UserError(f"a table of the Word document has more than {_MOST_CELLS} columns; give its text")
        seen: list[object] = []
        texts = []
        for cell in row.cells:
            texts.append("" if cell._tc in seen else " ".join(cell.text.split()))
            seen.append(cell._tc)
        rows.append(texts)
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def is_text_grid(content: bytes) -> bool:
    """Return whether a file is a TextGrid file of Praat."""
    start = content[:200].replace(b"\0", b"")
    return b"ooTextFile" in start and b"TextGrid" in start


def text_grid_text(*parts: tuple[str, bytes]) -> str:
    """Return the speech of all tiers, sorted by time, as lines `Speaker: text`.

    A part is the name of a speaker and the content of a file. If the file has only one tier, its speech belongs to this
    speaker. If the file has several tiers, or if the name is an empty string, the name of each tier is the name of a
    speaker.
    """
    spoken = []
    for order, (speaker, content) in enumerate(parts):
        tiers = _tiers(content)
        for place, (name, intervals) in enumerate(tiers):
            who = speaker if speaker and len(tiers) == 1 else name
            spoken += [(start, order, place, who, text) for start, text in intervals]
    return joined([(who, text) for *_, who, text in sorted(spoken, key=lambda one: one[:3])])


def _tiers(content: bytes) -> list[tuple[str, list[tuple[float, str]]]]:
    """Return each tier: its name, and the start time and the text of each interval that has speech."""
    from praatio.utilities import errors, textgrid_io

    try:  # parse the text directly, because openTextgrid needs a file on disk
        grid = textgrid_io.parseTextgridStr(decoded(content)[0].replace("\r\n", "\n"), includeEmptyIntervals=False)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, errors.PraatioException):
        raise UserError("the TextGrid is damaged; save it again in Praat as a text file") from None
    found = []
    for tier in grid["tiers"]:
        if tier["class"] == "IntervalTier":
            said = [(float(start), _said(label)) for start, _, label in tier["entries"]]
            found.append((tier["name"], [(start, text) for start, text in said if text]))
    return found


def _said(text: str) -> str:
    """Return the text of an interval without marks such as <LAUGH/>. Two quotation marks in a row become one."""
    return " ".join(re.sub(r"</?[A-Z_]+/?>", " ", text.replace('""', '"')).split())
