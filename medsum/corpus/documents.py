"""Transcripts in documents: Word files, and TextGrids of Praat with a tier for each speaker."""

import io
import zipfile
from collections.abc import Iterable

from medsum.core.errors import UserError
from medsum.corpus.transcripts import joined


def is_docx(content: bytes) -> bool:
    """Whether a file is a Word document."""
    return _has(content, "word/document.xml")


def is_xlsx(content: bytes) -> bool:
    """Whether a file is an Excel workbook."""
    return _has(content, "xl/workbook.xml")


def _has(content: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return name in archive.namelist()
    except zipfile.BadZipFile:
        return False


def docx_text(content: bytes) -> str:
    """Return the paragraphs of a Word document and the rows of its tables, one a line, in their order."""
    from docx import Document
    from docx.table import Table

    try:
        document = Document(io.BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile):
        raise UserError("the Word document is damaged; save it again, or as plain text") from None
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [_row(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    """`Doctor | Any pain?` → `Doctor: Any pain?`; a time before it is left to the reader."""
    texts = [" ".join(cell.split()) for cell in cells]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        return " ".join(texts)
    return " ".join([*texts[:-2], texts[-2].rstrip(":") + ":", texts[-1]])


def is_text_grid(content: bytes) -> bool:
    """Whether a file is a TextGrid of Praat, as text or binary."""
    start = content[:200].replace(b"\0", b"")
    return (b"ooTextFile" in start and b"TextGrid" in start) or b"ooBinaryFile" in start


def text_grid_text(content: bytes) -> str:
    """Return the intervals of all tiers in order of time, each with its tier's name as the speaker."""
    import textgrids

    if content.startswith(b"\xff\xfe"):
        content = content.decode("utf-16").encode("utf-8")
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    grid = textgrids.TextGrid()
    try:
        grid.parse(content)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, textgrids.BinaryError, textgrids.ParseError):
        raise UserError("the TextGrid is damaged; save it again in Praat as a text file") from None
    spoken = [
        (interval.xmin, order, name, interval.text)
        for order, (name, tier) in enumerate(grid.items())
        if tier.is_interval
        for interval in tier
        if interval.text.strip() and not interval.text.strip().startswith("<")
    ]
    return joined([(name, text) for _, _, name, text in sorted(spoken, key=lambda one: one[:2])])
