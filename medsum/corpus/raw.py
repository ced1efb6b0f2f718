"""Read the raw files of a source as rows with line numbers. The content of a file shows its format."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus import corrections
from medsum.corpus.decoding import WINDOWS, decoded
from medsum.corpus.documents import docx_text, is_docx, is_text_grid, is_xlsx, text_grid_text
from medsum.corpus.tables import arrow_rows, csv_rows, json_line_rows, json_rows, parquet_rows, xlsx_rows
from medsum.corpus.visits import visit_text

OFFICIAL_SPLITS = {"train": "train", "training": "train", "valid": "validation", "validation": "validation",
                   "val": "validation", "dev": "validation", "test": "test"}  # fmt: skip
_JSON_START = re.compile(r"\s*(?:\[\s*\{|\{\s*\")")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TABLES = (".csv", ".tsv", ".jsonl", ".json", ".xlsx", ".parquet", ".arrow", ".ndjson")
_TRANSCRIPTS = (".txt", ".vtt", ".srt", ".docx", ".textgrid")
_NOTE = (".note", ".summary")
_DOCTOR, _PATIENT = "_doctor", "_patient"
# The library `datasets` saves these files next to the data.
_SIDE_FILES = {"dataset_info.json", "state.json", "dataset_dict.json"}
_NOT_DATA = {".md", ".gitignore", ".dvc", ".yaml", ".yml", ".lock", ".bib", ".pdf", ".py", ".ipynb"}


@dataclass
class RawRow:
    """One row of a raw file. `line` is the number of its first line, from 1.

    `split` is the split in the name of the file, or None.
    """

    file: Path
    line: int
    values: dict[str, Any]
    split: str | None = None
    unit: str = "line"

    @property
    def place(self) -> str:
        """Return the file and line of the row, for messages."""
        return f"{self.file}, {self.unit} {self.line}" if self.line else str(self.file)


@dataclass
class Source:
    """The data files of a source, sorted by name. `unread` has the other files, with reasons why they are not read."""

    files: list[Path]
    unread: dict[Path, str]


def raw_files(folder: Path) -> Source:
    """Return the data files in the folder of a source and in its subfolders. Raise UserError if there are none."""
    files, unread = [], {}
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if path.is_dir():
            if suffix in _TABLES:
                unread[path] = "a folder with the name of a file; only the files in it are read"
        elif path.name.startswith("._"):
            unread[path] = "a side file that macOS wrote for another file; delete it"
        elif any(part.startswith(".") for part in path.relative_to(folder).parts) or path.name in _SIDE_FILES:
            continue
        elif not path.exists():
            unread[path] = "a broken link; replace it by the file itself"
        elif not path.is_file():  # for example a pipe, which may have no end
            unread[path] = "not a regular file; replace it by a file"
        elif suffix in _TABLES or suffix in _TRANSCRIPTS:
            if Path(path.stem).suffix in _NOTE or path.parent.name == "notes":
                continue
            if path.stem.endswith(_PATIENT) and _other(path).is_file():
                continue  # the patient's file is read together with the doctor's file
            if suffix in _TRANSCRIPTS and note_of(path) is None:
                unread[path] = f"a text without a note; put the note into {path.stem}.note.txt"
            else:
                files.append(path)
        elif suffix not in _NOT_DATA:
            unread[path] = f"not of a known kind; save it as one of {' '.join(_TABLES + _TRANSCRIPTS)}"
    if not files:
        named = "".join(f"; {path.name} is {reason}" for path, reason in unread.items())
        raise UserError(f"{folder} holds no data; put at least one .csv, .jsonl, .json or .xlsx file there{named}")
    return Source(files, unread)


def official_split(file: Path) -> str | None:
    """Return the split in the name of a file or of its folder (*Train*, *Valid*, *Test*), or None."""
    return _split_of(file.stem) or (_split_of(file.parent.name) if file.parent.name else None)


def _split_of(name: str) -> str | None:
    words = [word.lower() for word in _NAME_WORD.findall(name)]
    found = {
        OFFICIAL_SPLITS[word.removesuffix("set")]
        for place, word in enumerate(words)
        if word.removesuffix("set") in OFFICIAL_SPLITS
        and (place in (0, len(words) - 1) or word.endswith("set") or words[place + 1] == "set")
    }
    return found.pop() if len(found) == 1 else None


def splits_by_name(files: list[Path]) -> dict[Path, str | None]:
    """Return the official split of every file.

    The names must include the split train and at least one other split. Otherwise, all values of the result are None.
    """
    found = {file: official_split(file) for file in files}
    named = set(found.values()) - {None}
    return found if "train" in named and len(named) > 1 else dict.fromkeys(files)


def read_rows(file: Path, said: list[str] | None = None) -> Iterator[RawRow]:
    """Yield the rows of one file. Add warnings for the user to the list `said`.

    Raise UserError if the encoding is unknown, or if the file has NUL bytes or broken rows.
    """
    unit = "row" if file.suffix.lower() in (".xlsx", ".parquet", ".arrow") else "line"
    empty = True
    try:
        for line, values in _rows(file, said if said is not None else []):
            empty = False
            yield RawRow(file, line, values, unit=unit)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}; check its name and permissions") from None
    if empty:
        raise UserError(f"{file} has no rows; fill it or take it out of the folder")


def _rows(file: Path, said: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number and the values of each row of a file in any format."""
    content = file.read_bytes()
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise UserError(f"{file} is empty; fill it or take it out of the folder")
    suffix = file.suffix.lower()
    if is_xlsx(content):
        yield from xlsx_rows(file, content)
    elif content.startswith(b"PAR1"):
        yield from parquet_rows(file)
    elif suffix == ".arrow":
        yield from arrow_rows(file)
    elif is_docx(content):
        yield transcript_row(file, docx_text(content))
    elif content.startswith(b"PK\x03\x04"):
        raise UserError(f"{file} is an archive or a damaged document; unpack it, or save it again")
    elif is_text_grid(content):
        yield transcript_row(file, text_grid_text(*_speakers(file, content)))
    else:
        yield from _text_rows(file, content, said)


def _text_rows(file: Path, content: bytes, said: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text, encoding = decoded(content)
    except UserError as error:
        joiner = " " if str(error).startswith("this is") else ", "
        raise UserError(f"{file}{joiner}{str(error).removeprefix('this ')}") from None
    if encoding == WINDOWS:
        said.append(f"{file} is not UTF-8 and is read as {encoding}; check its special characters, or save it as UTF-8")
    suffix = file.suffix.lower()
    if file.name == corrections.FILE:
        yield from corrections.correction_rows(file, text)
    elif suffix in _TRANSCRIPTS:
        try:
            visit = visit_text(text)
        except UserError as error:
            raise UserError(f"{file}: {error}") from None
        yield transcript_row(file, visit)
    elif suffix in (".csv", ".tsv", ".xlsx") and not _JSON_START.match(text):
        yield from csv_rows(file, text)
    elif text.lstrip()[:1] == "[" or suffix == ".json" or _is_spread_out(text):
        yield from json_rows(file, text, transcript_row)
    else:
        yield from json_line_rows(file, text)


def _is_spread_out(text: str) -> bool:
    """Return whether the first JSON object covers several lines. If so, the file is not in the format JSON lines."""
    return re.match(r"\s*\{\s*\n", text) is not None


def _other(file: Path) -> Path:
    """Return the file of the other speaker: `visit_patient.TextGrid` for `visit_doctor.TextGrid`, and the reverse."""
    own, other = (_DOCTOR, _PATIENT) if file.stem.endswith(_DOCTOR) else (_PATIENT, _DOCTOR)
    return file.with_stem(file.stem.removesuffix(own) + other)


def _speakers(file: Path, content: bytes) -> list[tuple[str, bytes]]:
    """Return the speaker and content of a TextGrid file, and of the patient's file if it exists (as in PriMock57)."""
    if not file.stem.endswith(_DOCTOR) or not _other(file).is_file():
        return [("", content)]
    return [("Doctor", content), ("Patient", _other(file).read_bytes())]


def transcript_row(file: Path, text: str) -> tuple[int, dict[str, Any]]:
    """Return the row of a file with one visit. The note of the visit is in NAME.note.txt or in a folder `notes`."""
    note = note_of(file)
    if note is None:
        raise UserError(f"{file} has no note; put the note into {file.stem}.note.txt")
    return 0, {"id": file.stem.removesuffix(_DOCTOR), "dialogue": text, "summary": _note_text(note), "section": None}


def _note_text(note: Path) -> str:
    """Return the text of a note's file, or the value of `note` in a JSON file. Raise UserError if there is no note."""
    try:
        text = decoded(note.read_bytes())[0]
    except UserError as error:
        joiner = " " if str(error).startswith("this is") else ", "
        raise UserError(f"{note}{joiner}{str(error).removeprefix('this ')}") from None
    if note.suffix != ".json":
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UserError(f"{note} is not valid JSON; correct it, or save the note as {note.stem}.txt") from None
    if not (isinstance(found, dict) and isinstance(found.get("note"), str)):
        raise UserError(f"{note} holds no text under 'note'; write the note there, or save it as {note.stem}.txt")
    return str(found["note"])


def note_of(file: Path) -> Path | None:
    """Return the file of a transcript's note: NAME.note.txt in its folder, or NAME.txt or NAME.json in `notes`."""
    stem = file.stem.removesuffix(_DOCTOR)
    candidates = [
        *(file.with_name(f"{stem}{kind}.txt") for kind in _NOTE),
        *(
            folder / "notes" / f"{stem}{kind}"
            for folder in (file.parent, file.parent.parent)
            for kind in (".txt", ".json")
        ),
    ]
    return next((note for note in candidates if note.is_file() and note != file), None)
