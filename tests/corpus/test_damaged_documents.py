"""Documents of a few bytes that are made to fail or to take hours: each is read, or refused with one sentence."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyarrow
import pytest
from docx import Document
from openpyxl import Workbook
from pyarrow import parquet

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of
from medsum.dialogue.characters import clean_text
from medsum.serve.batch_input import read_lines

TURNS = [["Doctor", "Any pain?"], ["Patient", "No pain."], ["Doctor", "Good."], ["Patient", "Thanks."]]
DIALOGUE = "\n".join(": ".join(turn) for turn in TURNS)
PAGE = "".join(f"<p>{speaker}: {text}</p>\n" for speaker, text in TURNS)
MAIL = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: {}\n\n" + DIALOGUE
DIGITS = "9" * 5_000
ITSELF = "speaker: a\ntext: b\nx: &x\n  speaker: c\n  text: d\n  y: *x\n"
DOUBLED = "speaker: a\ntext: b\nx0: &x0 [c]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 60))
MERGED = "speaker: a\ntext: b\nx0: &x0 {c: d}\n" + "".join(
    f"x{n}: &x{n}\n  <<: [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 60)
)
SECONDS = 2.0  # of computing; each of the texts took much longer, or would never have ended


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def read_or_refused(text: str) -> None:
    with suppress(UserError):
        dialogue_of(text)


@pytest.mark.parametrize("damage", ["<![foo[ x ]]>", "<![ ", f"&#{DIGITS};"])
def test_a_page_that_the_parser_cannot_read_is_refused(damage: str) -> None:
    with pytest.raises(UserError, match="damaged tag or code"):
        dialogue_of(f"{PAGE}{damage}<p>Doctor: Bye.</p>")


@pytest.mark.parametrize("kind", [f"text/{'(' * 3_000}", f"text/plain\nContent-Disposition: {'(' * 3_000}"])
def test_a_mail_whose_headers_cannot_be_parsed_is_read_as_text(kind: str) -> None:
    assert len(dialogue_of(MAIL.format(kind)).turns) == 4


def test_the_names_of_rows_may_have_thousands_of_digits() -> None:
    columns = {"speaker": {DIGITS: "Doctor", "2": "Patient"}, "text": {DIGITS: "Any pain?", "2": "No pain."}}
    assert dialogue_of(json.dumps(columns)).text == "Doctor: Any pain?\nPatient: No pain."


@pytest.mark.parametrize("text", [f"- speaker: c\n  text: d\n{ITSELF}", ITSELF, DOUBLED, MERGED])
def test_yaml_that_repeats_itself_does_not_run_for_ever(text: str) -> None:
    assert seconds_of(lambda: read_or_refused(text)) < SECONDS


def test_a_text_that_was_encoded_thousands_of_times_is_soon_cleaned() -> None:
    assert clean_text("Tom &amp;amp;amp; Ann don&amp;#39;t") == "Tom & Ann don't"
    assert seconds_of(lambda: clean_text(f"&{'amp;' * 10_000}")) < SECONDS
    assert seconds_of(lambda: clean_text(f"&{'#38;' * 10_000}")) < SECONDS


@pytest.mark.parametrize("first", ["a" * 1_900, "a" * 900 + " " * 900])
def test_a_long_first_line_is_soon_read(first: str) -> None:
    assert seconds_of(lambda: read_or_refused(f"{first}\n{DIALOGUE}")) < SECONDS


def table_of_one(width: str) -> bytes:
    """A Word document with a table whose first cell is that wide."""
    document, out, changed = Document(), io.BytesIO(), io.BytesIO()
    document.add_table(1, 2)
    document.save(out)
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(changed, "w") as made:
        for name in archive.namelist():
            part = archive.read(name).replace(b"<w:tcW", f'<w:gridSpan w:val="{width}"/><w:tcW'.encode(), 1)
            made.writestr(name, part)
    return changed.getvalue()


def unpacking_to(size: int) -> bytes:
    """A Word document that unpacks to more than this number of bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b" " * size)
    return out.getvalue()


def test_a_word_document_in_a_batch_may_not_need_gigabytes(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(table_of_one("30000000"))
    (tmp_path / "b.docx").write_bytes(unpacking_to(50_000_001))
    wide, large = read_lines(tmp_path)
    assert wide.error == "a.docx: a table of the Word document has more than 1000 columns; give its text"
    assert large.error == (
        "b.docx: the document has 50,000,001 bytes unpacked, but only 50,000,000 are allowed; give its text, or a CSV"
    )


def test_one_cell_far_away_does_not_make_a_workbook_endless(tmp_path: Path) -> None:
    book = Workbook()
    page = book.create_sheet(index=0)
    for row in (["id", "dialogue"], ["v-1", DIALOGUE]):
        page.append(row)
    page.cell(100_000, 16_384, "x")
    book.save(tmp_path / "visits.xlsx")
    lines: list[str] = []
    used = seconds_of(lambda: lines.extend(line.dialogue for line in read_lines(tmp_path / "visits.xlsx")))
    assert lines == [DIALOGUE]
    assert used < SECONDS


def test_a_damaged_text_in_parquet_is_refused_in_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "visits.parquet"
    columns = pyarrow.table({"id": ["v-1"], "dialogue": ["Doctor: Any pain? Zebulon"]})
    parquet.write_table(columns, path, compression="none", use_dictionary=False, write_statistics=False)
    path.write_bytes(path.read_bytes().replace(b"Zebulon", b"Z\xff\xfe\xfdlon"))
    with pytest.raises(UserError, match="is a damaged parquet file; write it again"):
        list(read_lines(path))
