"""Read a file that the user chose on the page.

The script page.js sends the text of a file in UTF-8, and the bytes of any other file.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from medsum.core.errors import UserError
from medsum.corpus.documents import check_unpacked, is_xlsx
from medsum.corpus.tables import xlsx_rows
from medsum.corpus.visits import text_of_file
from medsum.serve.batch_input import HALF_CHARACTER, Line, line_of, text_lines
from medsum.serve.check_workers import in_worker

_BYTES = re.compile(r"data:[\w.+/-]*;base64,([A-Za-z0-9+/=]*)")


def text_of(chosen: str) -> tuple[str, str]:
    """Return the text of a file with one visit, and a message about how the file was read.

    Raise UserError if the file cannot be read.
    """
    content = _content(chosen)
    return (chosen, "") if content is None else text_of_file(content)


@in_worker
def lines_of(chosen: str) -> tuple[list[Line], str]:
    """Return the rows of a table, and a message about how the table was read.

    Raise UserError if the table cannot be read.
    """
    content = _content(chosen)
    if content is None:
        return list(text_lines(chosen)), ""
    if is_xlsx(content):
        return list(_workbook_lines(content)), ""
    text, said = text_of_file(content)
    return list(text_lines(text)), said


def _workbook_lines(content: bytes) -> Iterator[Line]:
    for number, values in xlsx_rows(Path("the workbook"), content):
        yield line_of(number, values, HALF_CHARACTER)


def _content(chosen: str) -> bytes | None:
    """Return the bytes of a file. Return None if page.js sent the text of the file instead of its bytes."""
    found = _BYTES.fullmatch(chosen)
    if not found:
        return None
    try:
        content = base64.b64decode(found[1], validate=True)
    except binascii.Error:
        raise UserError("the page did not send a complete file; choose it again") from None
    check_unpacked(content)
    return content
