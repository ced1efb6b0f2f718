"""Files that the page hands over as bytes: Word, workbooks, other encodings, and what is none of them."""

import base64
import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from medsum.core.errors import UserError
from medsum.serve.chosen_file import lines_of
from medsum.serve.opening import opened

DIALOGUE = "Doctor: Any pain?\nPatient: It's the left knee."
WINDOWS = "The file is not UTF-8 and was read as Windows-1252."
READ = "Read as 2 turns of Doctor and Patient."


def handed_over(content: bytes) -> str:
    """The bytes as a browser's FileReader gives them."""
    return f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"


def word() -> bytes:
    document, out = Document(), io.BytesIO()
    for line in DIALOGUE.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (["id", "dialogue"], ["v-1", DIALOGUE], [2, DIALOGUE]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (word(), READ),
        (DIALOGUE.encode("utf-16"), READ),
        (
            DIALOGUE.replace("'", "\u2019").encode("cp1252"),
            f"{READ} The file is not UTF-8 and was read as Windows-1252.",
        ),
    ],
)
def test_a_visit_in_word_or_another_encoding_is_read(content: bytes, told: str) -> None:
    dialogue, said = opened(handed_over(content))
    assert (dialogue.replace("\u2019", "'"), said) == (DIALOGUE, told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(), "this is a spreadsheet or an archive"),
        (b"\x89PNG\xff\xfe", "this is an image"),
        (b"%PDF-1.4\xff", "this is a PDF"),
        (b"PK\x03\x04\xff\xfe", "a spreadsheet or an archive"),
        (bomb(), "60,000,000 bytes unpacked, but only 50,000,000 are allowed"),
        (bytes(range(256)), "not readable text"),
    ],
)
def test_what_is_no_visit_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        opened(handed_over(content))


def test_the_rows_of_a_workbook_and_of_a_csv_in_another_encoding_are_read() -> None:
    lines, said = lines_of(handed_over(workbook()))
    assert ([(line.id, line.dialogue) for line in lines], said) == ([("v-1", DIALOGUE), ("2", DIALOGUE)], "")
    csv = f'id;dialogue\nv-1;"{DIALOGUE} Für immer."\n'.encode("cp1252")
    [line], said = lines_of(handed_over(csv))
    assert line.dialogue.endswith("Für immer.")
    assert "Windows-1252" in said
