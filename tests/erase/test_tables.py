"""A row leaves a table of any format; the other rows and the file's form stay."""

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from openpyxl import Workbook

from medsum.corpus.raw import read_rows
from medsum.erase.tables import remove_rows

ROWS = [
    {"id": f"V{n}", "note": f'Note {n}, "quoted"\nand more', "dialogue": f"Doctor: a{n}\nPatient: é{n}"} for n in "123"
]
CSV = "id,note,dialogue\r\n" + "".join(
    '{id},"{note}","{dialogue}"\r\n'.format(**{key: value.replace('"', '""') for key, value in row.items()})
    for row in ROWS
)


def ids(file: Path) -> list[str]:
    return [str(row.values["id"]) for row in read_rows(file)]


def line_of(file: Path, name: str) -> int:
    [line] = [row.line for row in read_rows(file) if row.values["id"] == name]
    return line


def workbook(path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in [list(ROWS[0]), *(list(row.values()) for row in ROWS)]:
        sheet.append(cells)
    book.save(path)


def arrow(path: Path) -> None:
    table = pyarrow.Table.from_pylist(ROWS)
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)


WRITERS: dict[str, Any] = {
    "a.csv": lambda path: path.write_bytes(CSV.encode()),
    "bom.csv": lambda path: path.write_bytes(CSV.encode("utf-8-sig")),
    "utf16.csv": lambda path: path.write_bytes(CSV.encode("utf-16")),
    "windows.csv": lambda path: path.write_bytes(CSV.encode("cp1252")),
    "sep.csv": lambda path: path.write_bytes(("sep=;\r\n" + CSV.replace(",", ";")).encode()),
    "a.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, ROWS)) + "\n"),
    "list.json": lambda path: path.write_text(json.dumps(ROWS)),
    "object.json": lambda path: path.write_text(json.dumps({"version": 3, "data": ROWS})),
    "a.xlsx": workbook,
    "a.parquet": lambda path: pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), path),
    "a.arrow": arrow,
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("gone", ["V1", "V2", "V3"])
def test_one_row_leaves_and_the_others_stay_as_they_were(name: str, gone: str, tmp_path: Path) -> None:
    file = tmp_path / name
    WRITERS[name](file)
    others = [row.values for row in read_rows(file) if row.values["id"] != gone]
    remove_rows(file, [line_of(file, gone)])
    assert [row.values for row in read_rows(file)] == others
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_csv_keeps_every_byte_of_the_other_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(CSV.encode())
    remove_rows(file, [line_of(file, "V2")])
    start, end = CSV.index("V2,"), CSV.index("V3,")
    assert file.read_bytes() == (CSV[:start] + CSV[end:]).encode()


def test_what_stands_next_to_the_rows_of_json_stays(tmp_path: Path) -> None:
    file = tmp_path / "object.json"
    file.write_text(json.dumps({"version": 3, "data": ROWS}), encoding="utf-8")
    remove_rows(file, [1, 3])
    assert json.loads(file.read_text(encoding="utf-8")) == {"version": 3, "data": [ROWS[1]]}


def test_a_table_without_rows_is_deleted(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(CSV.encode())
    remove_rows(file, [row.line for row in read_rows(file)])
    assert list(tmp_path.iterdir()) == []
    remove_rows(file, [2])  # a second time does nothing


def test_a_transcript_is_deleted_with_its_note(tmp_path: Path) -> None:
    for name in ("V1.txt", "V1.note.txt", "V2.txt", "V2.note.txt"):
        (tmp_path / name).write_text("Doctor: Hello?\nPatient: Hi.", encoding="utf-8")
    remove_rows(tmp_path / "V1.txt", [0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["V2.note.txt", "V2.txt"]
