"""Files of dialogues in every format, damaged: `prepare` reads them as a source, and a batch reads them."""

import csv
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow
from docx import Document
from openpyxl import Workbook
from pyarrow import ipc, parquet

from medsum.core.errors import UserError
from medsum.corpus.corrections import read_corrections
from medsum.corpus.visits import text_of_file
from medsum.params.data import Columns, DataParams
from medsum.serve.batch_input import SUFFIXES, read_lines
from medsum.serve.dialogue_input import read_dialogue
from stages.prepare import read_source
from tests.fuzz.mutation import (
    DIALOGUES,
    MARKER,
    changed_rows,
    changed_value,
    damaged,
    damaged_document,
    odd_text,
    odd_value,
)

Case = Callable[[random.Random, Path], object]
PARAMS = DataParams(
    source="mine",
    language="en",
    columns=Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split"),
)
ROWS: list[dict[str, Any]] = [
    {"ID": f"v-{n}", "section_header": "GENHX", "section_text": f"{MARKER} has a cough.", "dialogue": text}
    for n, text in enumerate(DIALOGUES)
]
CUES = "".join(
    f"{n}\n00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{turn}\n\n" for n, turn in enumerate(DIALOGUES[0].split("\n"), 1)
)
SPOKEN = "".join(
    f"        intervals [{n}]:\n            xmin = {n - 1}\n            xmax = {n}\n"
    f'            text = "{turn.partition(": ")[2]}"\n'
    for n, turn in enumerate(DIALOGUES[0].split("\n"), 1)
)
TEXT_GRID = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 4\ntiers? <exists>\nsize = 1\nitem []:\n'
    '    item [1]:\n        class = "IntervalTier"\n        name = "Doctor"\n        xmin = 0\n        xmax = 4\n'
    f"        intervals: size = 4\n{SPOKEN}"
)
TRANSCRIPTS = {
    "visit.txt": DIALOGUES[1],
    "visit.vtt": f"WEBVTT\n\n{CUES}",
    "visit.srt": CUES.replace(".000", ",000"),
    "visit.TextGrid": TEXT_GRID,
    "visit_doctor.TextGrid": TEXT_GRID,
}


def read_all(folder: Path, path: Path) -> None:
    """Read a source and, if a batch can be such a file, the file as a batch. Raise the UserError of either."""
    refused = None
    try:
        read_source(folder, PARAMS)
    except UserError as error:
        refused = error
    if path.suffix.lower() in SUFFIXES:
        for line in read_lines(path):
            if not line.error:
                read_dialogue(line.dialogue)
    else:
        text_of_file(path.read_bytes())
    if refused:  # one sentence for each fault of the source
        sentences = str(refused).split("\n")
        raise UserError(next((one for one in sentences if MARKER in one), sentences[0]))


def put(scratch: Path, **files: bytes) -> Path:
    """Write a source of these files, instead of the one before."""
    folder = scratch / "source"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def odd_rows(luck: random.Random) -> list[dict[str, Any]]:
    """Rows whose cells are changed."""
    rows = [dict(row) for row in ROWS]
    for _ in range(luck.randrange(3)):
        row, name = luck.choice(rows), luck.choice(list(ROWS[0]))
        row[name] = odd_value(luck)
    return [row for row in changed_rows(rows, luck) if isinstance(row, dict)]


def encoded(text: str, luck: random.Random) -> bytes:
    """A text as bytes, most often in UTF-8, and at times damaged."""
    code = luck.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
    content = text.encode(code, "surrogatepass" if code.startswith("utf") else "replace")
    return damaged(content, luck) if luck.random() < 0.4 else content


def separated(luck: random.Random, scratch: Path) -> None:
    """A CSV file."""
    rows = odd_rows(luck)
    out, header = io.StringIO(newline=""), list(dict.fromkeys(name for row in rows for name in row))
    luck.shuffle(header)
    quotings: tuple[Literal[0, 1, 3], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE)
    quoting = luck.choice(quotings)
    writer = csv.writer(out, delimiter=luck.choice(",,,;\t|"), quoting=quoting, escapechar="\\")
    if luck.random() < 0.9:
        writer.writerow(header)
    for row in rows:
        cells = [str(row.get(name, "")) if row.get(name) != 10**400 else "1e400" for name in header]
        writer.writerow(cells[: luck.choice((99, 99, 99, 2))])
    name = luck.choice(("a.csv", "a.csv", "a.tsv", "a.xlsx"))
    folder = put(scratch, **{name: encoded(out.getvalue(), luck)})
    read_all(folder, folder / name)


def objects(luck: random.Random, scratch: Path) -> None:
    """A JSON or JSON Lines file: rows, turns as a list, or the export of a program under a key."""
    rows: list[Any] = odd_rows(luck)
    if luck.random() < 0.4:
        turns = [{"speaker": "Doctor", "text": odd_value(luck)}, {"speaker": odd_value(luck), "text": "Yes."}]
        rows = [{**ROWS[0], "dialogue": changed_value(turns, luck)}]
    text = luck.choice(
        (
            "".join(f"{json.dumps(row)}\n" for row in rows),
            json.dumps(rows, indent=luck.choice((None, 1))),
            json.dumps(changed_value({"version": 1, "data": rows}, luck)),
        )
    )
    name = luck.choice(("a.json", "a.jsonl", "a.ndjson", "a.csv"))
    folder = put(scratch, **{name: encoded(text, luck)})
    read_all(folder, folder / name)


def exported(luck: random.Random, scratch: Path) -> None:
    """One visit as speech recognition exports it as JSON."""
    shapes: list[Any] = [
        {"results": {"items": [{"speaker_label": "spk_0", "alternatives": [{"content": "Hello"}]}], "transcripts": []}},
        {"segments": [{"speaker": "A", "start": 0.0, "end": 1.5, "text": odd_text(luck)}]},
        {"utterances": [{"speaker": 1, "transcript": odd_text(luck), "words": []}]},
        {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": odd_text(luck)}]}]},
        {"dialogue": odd_value(luck)},
    ]
    value = luck.choice(shapes)
    for _ in range(luck.randrange(3)):
        value = changed_value(value, luck)
    name = luck.choice(("visit.json", "visit.txt"))
    content = encoded(json.dumps(value), luck)
    folder = put(scratch, **{name: content, "visit.note.txt": b"A cough."})
    read_all(folder, folder / name)


def workbook(luck: random.Random, scratch: Path) -> None:
    """A workbook with odd cells or sheets, or damaged as a file."""
    content = made_workbook(luck)
    folder = put(scratch, **{"a.xlsx": damaged_document(content, luck) if luck.random() < 0.6 else content})
    read_all(folder, folder / "a.xlsx")


def made_workbook(luck: random.Random) -> bytes:
    """Bytes of a workbook that can be opened."""
    book, out = Workbook(), io.BytesIO()
    for number in range(luck.choice((1, 1, 2))):
        sheet = book.active if not number else book.create_sheet(f"s{number}")
        rows: list[list[Any]] = [list(ROWS[0]), *(list(row.values()) for row in ROWS)]
        for _ in range(luck.randrange(4)):
            row = luck.choice(rows)
            row[luck.randrange(len(row))] = luck.choice(
                (
                    1.5,
                    10**15,
                    True,
                    date(2024, 2, 29),
                    "=1/0",
                    "#REF!",
                    "",
                    None,
                    "x" * 32_767,
                    "1e5",
                    f"{MARKER} coughs",
                )
            )
        if luck.random() < 0.3:
            rows.insert(0, luck.choice(([], ["Visits"], [None] * 30, ["dialogue", "dialogue"])))
        for row in rows:
            sheet.append(row)
        if luck.random() < 0.2:
            sheet.merge_cells(luck.choice(("A1:B2", "A2:D2", "D1:D9")))
    book.save(out)
    return out.getvalue()


def transcript(luck: random.Random, scratch: Path) -> None:
    """A text, a file of cues, or a TextGrid, with its note."""
    name = luck.choice(list(TRANSCRIPTS))
    text = odd_text(luck, (TRANSCRIPTS[name],))
    files = {name: encoded(text, luck), f"{name.partition('.')[0].removesuffix('_doctor')}.note.txt": b"A cough."}
    if name.startswith("visit_doctor"):
        files["visit_patient.TextGrid"] = encoded(odd_text(luck, (TEXT_GRID,)), luck)
    if luck.random() < 0.2:
        files["visit.note.txt"] = encoded(odd_text(luck), luck)
    folder = put(scratch, **files)
    read_all(folder, folder / name)


def word_document(luck: random.Random, scratch: Path) -> None:
    """A Word document, damaged."""
    content = damaged_document(made_document(), luck)
    folder = put(scratch, **{"visit.docx": content, "visit.note.txt": b"A cough."})
    read_all(folder, folder / "visit.docx")


@cache
def made_document() -> bytes:
    """Bytes of a Word document with paragraphs and a table."""
    document, out = Document(), io.BytesIO()
    for turn in DIALOGUES[0].split("\n"):
        document.add_paragraph(turn)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Doctor", "Any fever?"
    document.save(out)
    return out.getvalue()


def arrow_table(luck: random.Random, scratch: Path) -> None:
    """A parquet or arrow file with columns of odd types, or damaged."""
    columns: dict[str, Any] = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    odd: tuple[list[Any], ...] = (
        [None] * 3, [1, 2, 3], [0.5, float("nan"), 1.0], [b"\xff", b"", b"x"], [[MARKER], [], None],
        [{"x": MARKER}] * 3, [date(2024, 2, 29)] * 3, [True, False, None],
        [odd_text(luck).replace("\ud800", "") for _ in range(3)],
    )  # fmt: skip
    for _ in range(luck.randrange(3)):
        columns[luck.choice((*columns, f"{MARKER} was born in May", ""))] = luck.choice(odd)
    table, out = pyarrow.table(columns), io.BytesIO()
    name = luck.choice(("a.parquet", "a.arrow"))
    if name == "a.parquet":
        parquet.write_table(table, out)
    else:
        with ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)
    content = out.getvalue()
    folder = put(scratch, **{name: damaged(content, luck) if luck.random() < 0.6 else content})
    read_all(folder, folder / name)


def corrections(luck: random.Random, scratch: Path) -> None:
    """The file of notes that a person signed."""
    line = {
        "id": "ab" * 8, "time": "2026-11-30T08:00:00Z", "model": "cd" * 32, "seconds": 30.5, "dialogue": DIALOGUES[0],
        "sections": [{"section": "GENHX", "draft": f"{MARKER} coughs.", "signed": "A cough."}],
    }  # fmt: skip
    rows = changed_rows([line, {**line, "id": "ef" * 8}], luck)
    content = encoded("".join(f"{json.dumps(row)}\n" for row in rows), luck)
    folder = put(scratch, **{"corrections.jsonl": content})
    read_corrections(folder / "corrections.jsonl")
    read_source(folder, PARAMS)


def folder_of_visits(luck: random.Random, scratch: Path) -> None:
    """A folder of a batch, one file for each visit."""
    files = {name: encoded(odd_text(luck, (text,)), luck) for name, text in TRANSCRIPTS.items()}
    folder = put(scratch, **files, **{"w.docx": damaged_document(made_document(), luck)})
    errors = [line.error for line in read_lines(folder) if line.error]
    if errors:
        raise UserError(errors[0])


def targets() -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of each kind of file."""
    for case in (
        separated, objects, exported, workbook, transcript, word_document, arrow_table, corrections, folder_of_visits,
    ):  # fmt: skip
        yield case.__name__, case
