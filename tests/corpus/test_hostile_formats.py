"""Tables as tools and people leave them: prepare and batches read the same record, or name what is wrong."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyarrow
import pytest
from openpyxl import Workbook

from medsum.core.errors import UserError
from medsum.params.data import Columns, DataParams
from medsum.serve.batch_input import read_lines
from stages.prepare import read_source
from tests.fuzz.source_files import made_document

DIALOGUE = 'Doctor: Any chest pain?\nPatient: No; the "left" knee, since May.'
ROW = {"ID": "v-1", "section_header": "HPI", "section_text": "Left knee pain.", "dialogue": DIALOGUE}
TURNS = DIALOGUE.split("\n")
HEADER, CELLS = list(ROW), list(ROW.values())
PARAMS = DataParams(
    source="mine",
    language="en",
    columns=Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split"),
)


def table(*rows: list[str], delimiter: str = ",", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows or (HEADER, CELLS))
    return out.getvalue()


def workbook(*rows: Sequence[object], sheet: str = "") -> bytes:
    book, out = Workbook(), io.BytesIO()
    page = book.create_sheet(sheet) if sheet else book.active
    for row in rows or (HEADER, CELLS):
        page.append(row)
    book.save(out)
    return out.getvalue()


READ: dict[str, str | bytes] = {
    "crlf.csv": table(),
    "cr.csv": table().replace("\r\n", "\r"),
    "all_quoted.csv": table(quoting=csv.QUOTE_ALL),
    "semicolons_quoted.csv": table(delimiter=";", quoting=csv.QUOTE_ALL),
    "bars.csv": table(delimiter="|"),
    "mark.csv": "\ufeff" + table(),
    "mark_semicolons.csv": "\ufeff" + table(delimiter=";"),
    "blank_above.csv": "\r\n\r\n" + table(),
    "comma_behind.csv": table([*HEADER, ""], [*CELLS, ""]),
    "commas_below.csv": table() + ",,,\r\n,,,\r\n",
    "spaces.csv": table([f" {name} " for name in HEADER], CELLS),
    "capitals.csv": table([name.upper() for name in HEADER], CELLS),
    "index.csv": table(["", *HEADER], ["0", *CELLS]),
    "unnamed.csv": table(["Unnamed: 0", *HEADER], ["0", *CELLS]),
    "sep_semicolon.csv": "sep=;\r\n" + table(delimiter=";"),
    "sep_tab.csv": "sep=\t\r\n" + table(delimiter="\t"),
    "mark_sep.csv": "\ufeffsep=;\r\n" + table(delimiter=";"),
    "utf16.csv": table(delimiter=";").encode("utf-16"),
    "tabs.csv": table(delimiter="\t"),
    "commas.tsv": table(),
    "json.csv": json.dumps([ROW]),
    "workbook.csv": workbook(),
    "csv.xlsx": table(),
    "second_sheet.xlsx": workbook(sheet="visits"),
    "blank_row.xlsx": workbook([], HEADER, CELLS, [], [None, "", None, None]),
    "title_above.xlsx": workbook(["Visits of March", None], [], HEADER, CELLS),
    "two_headers.xlsx": workbook(["Visit", None, "Text"], HEADER, CELLS),
    "lines.json": json.dumps(ROW) + "\n",
    "mark.jsonl": "\ufeff" + json.dumps(ROW),
    "crlf.jsonl": json.dumps(ROW) + "\r\n\r\n",
    "array.jsonl": json.dumps([ROW]),
    "turns.jsonl": json.dumps({**ROW, "dialogue": TURNS}),
    "segments.jsonl": json.dumps(
        {**ROW, "dialogue": [dict(zip(("speaker", "text"), turn.split(": ", 1), strict=True)) for turn in TURNS]}
    ),
    "under_a_key.json": json.dumps({"version": 1, "data": [ROW]}),
}
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "title.csv": ("Visits of March,,,\r\n" + table(), "no column"),
    "twice.csv": (table([*HEADER, "dialogue"], [*CELLS, "Doctor: Other."]), "exists twice"),
    "unclosed.csv": (table()[:-4], "not valid CSV"),
    "backslash.csv": (table().replace('""', '\\"'), "not valid CSV"),
    "header.csv": (table(HEADER), "no rows"),
    "nul.csv": (table() + "\0", "NUL byte"),
    "empty.json": ("", "empty"),
    "null.json": ("null", "holds no records"),
    "deep.json": ("[" * 100_000, "nested too deeply"),
    "comma.json": ('[{"ID": "1"},]', "not valid JSON"),
    "two.jsonl": (json.dumps(ROW) + json.dumps(ROW), "not valid JSON"),
    "digits.jsonl": (json.dumps(ROW).replace('"v-1"', "1" * 5000), "JSON that cannot be read"),
    "half.jsonl": (json.dumps({**ROW, "dialogue": "Doctor: \ud800"}), "half a character"),
    "true.jsonl": (json.dumps({**ROW, "ID": True}), "is not a text"),
    "visits.jsonl": (json.dumps({**ROW, "dialogue": [DIALOGUE, DIALOGUE]}), "is not a text"),
    "half_id.xlsx": (workbook(HEADER, [1.5, *CELLS[1:]]), "is not a text; write it as a text"),
    "cut.xlsx": (workbook(HEADER, [*CELLS[:3], "Doctor: Any pain? Patient: " + "No. " * 8192]), "may be cut"),
    "torn.xlsx": (workbook()[:900], "a damaged document"),
    "junk.xlsx": (b"PK\x03\x04junk", "a damaged document"),
    "junk.parquet": (b"PAR1junk", "damaged parquet"),
    "old.csv": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Office file"),
}


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheets(**rows: Sequence[Sequence[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, lines in rows.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    book.save(out)
    return out.getvalue()


def test_the_sheet_with_dialogues_is_read_and_two_of_them_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", sheets(readme=[["Visits of March"], ["Ask Ann."]], visits=[HEADER, CELLS]))
    assert [line.id for line in read_lines(path)] == ["v-1"]
    assert [record.id for record in read_source(tmp_path, PARAMS).records] == ["v-1"]
    put(tmp_path, "a.xlsx", sheets(march=[HEADER, CELLS], april=[HEADER, ["v-2", *CELLS[1:]]]))
    for read in (lambda: list(read_lines(path)), lambda: read_source(tmp_path, PARAMS)):
        with pytest.raises(UserError, match=r"a\.xlsx has visits on 2 sheets; save each sheet as its own file"):
            read()


@pytest.mark.parametrize("name", READ)
def test_prepare_and_batches_read_the_same_record(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, name, READ[name])
    [record] = read_source(tmp_path, PARAMS).records
    assert (record.id, record.dialogue, record.summary) == ("v-1", DIALOGUE, "Left knee pain.")
    [line] = read_lines(path)
    assert (line.id, line.dialogue, line.error) == ("v-1", DIALOGUE, None)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named_with_its_file(name: str, tmp_path: Path) -> None:
    content, said = REFUSED[name]
    path = put(tmp_path, name, content)
    with pytest.raises(UserError, match=said) as refused:
        read_source(tmp_path, PARAMS)
    assert str(path) in str(refused.value)
    assert "knee" not in str(refused.value)
    try:
        lines = list(read_lines(path))
    except UserError:
        return
    assert all(line.error or "dialogue" not in name for line in lines)


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_a_document_with_a_damaged_part_is_refused(suffix: str, tmp_path: Path) -> None:
    damaged = io.BytesIO()
    content = workbook() if suffix == "xlsx" else made_document()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(damaged, "w") as made:
        for name in archive.namelist():
            part = archive.read(name)
            made.writestr(name, part[: len(part) // 2] if name.endswith(("sheet1.xml", "document.xml")) else part)
    put(tmp_path, f"visit.{suffix}", damaged.getvalue())
    put(tmp_path, "visit.note.txt", "Left knee pain.")
    with pytest.raises(UserError, match="damaged"):
        read_source(tmp_path, PARAMS)


def test_an_arrow_file_whose_offsets_are_damaged_ends_in_a_sentence(tmp_path: Path) -> None:
    batch, out = pyarrow.table({name: [cell] * 3 for name, cell in ROW.items()}), io.BytesIO()
    with pyarrow.ipc.new_stream(out, batch.schema) as stream:
        stream.write_table(batch)
    offsets = struct.pack("<4i", 0, len(DIALOGUE), 2 * len(DIALOGUE), 3 * len(DIALOGUE))
    assert offsets in out.getvalue()
    put(tmp_path, "a.arrow", out.getvalue().replace(offsets, struct.pack("<4i", 0, 2**30, 2**31 - 1, 5)))
    with pytest.raises(UserError, match="is not an Arrow file"):
        read_source(tmp_path, PARAMS)
