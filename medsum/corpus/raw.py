"""Raw files as a source delivers them, of many formats told by content, as rows with their line numbers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.decoding import WINDOWS, decoded
from medsum.corpus.documents import docx_text, is_docx, is_text_grid, is_xlsx, text_grid_text
from medsum.corpus.tables import arrow_rows, csv_rows, json_line_rows, json_rows, parquet_rows, xlsx_rows

OFFICIAL_SPLITS = {"train": "train", "training": "train", "valid": "validation", "validation": "validation",
                   "val": "validation", "dev": "validation", "test": "test"}  # fmt: skip
_JSON_START = re.compile(r"\s*(?:\[\s*\{|\{\s*\")")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TABLES = (".csv", ".tsv", ".jsonl", ".json", ".xlsx", ".parquet", ".arrow", ".ndjson")
_TRANSCRIPTS = (".txt", ".vtt", ".srt", ".docx", ".textgrid")
_NOTE = (".note", ".summary")
_DOCTOR, _PATIENT = "_doctor", "_patient"
_SIDE_FILES = {"dataset_info.json", "state.json", "dataset_dict.json"}  # of a folder that `datasets` has saved
_NOT_DATA = {".md", ".gitignore", ".dvc", ".yaml", ".yml", ".lock", ".bib", ".pdf", ".py", ".ipynb"}


@dataclass
class RawRow:
    """One row of a raw file: `line` is where it starts, counted from 1; `split` is what the file's name says."""

    file: Path
    line: int
    values: dict[str, Any]
    split: str | None = None
    unit: str = "line"

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.file}, {self.unit} {self.line}" if self.line else str(self.file)


@dataclass
class Source:
    """The files of a source in order of name, and those that are not read, each with the reason."""

    files: list[Path]
    unread: dict[Path, str]


def raw_files(folder: Path) -> Source:
    """Return the data files of a source, its subfolders' too; raises UserError where there are none."""
    files, unread = [], {}
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if path.is_dir():
            if suffix in _TABLES:
                unread[path] = "a folder; its files are read where they are data"
        elif path.name.startswith("._"):
            unread[path] = "a Mac's side file of another; delete it"
        elif any(part.startswith(".") for part in path.relative_to(folder).parts) or path.name in _SIDE_FILES:
            continue
        elif not path.exists():
            unread[path] = "a broken link; put the file itself there"
        elif not path.is_file():  # a pipe, from which reading would never end
            unread[path] = "no plain file; put a file there"
        elif suffix in _TABLES or suffix in _TRANSCRIPTS:
            if Path(path.stem).suffix in _NOTE or path.parent.name == "notes":
                continue
            if path.stem.endswith(_PATIENT) and _other(path).is_file():
                continue  # read with the doctor's
            if suffix in _TRANSCRIPTS and note_of(path) is None:
                unread[path] = f"a text without a note beside it; put the note into {path.stem}.note.txt"
            else:
                files.append(path)
        elif suffix not in _NOT_DATA:
            unread[path] = f"of a kind that is not read; save it as one of {' '.join(_TABLES + _TRANSCRIPTS)}"
    if not files:
        named = "".join(f"; {path.name} is {reason}" for path, reason in unread.items())
        raise UserError(f"{folder} holds no data; put at least one .csv, .jsonl, .json or .xlsx file there{named}")
    return Source(files, unread)


def official_split(file: Path) -> str | None:
    """Return the split that a file's name or folder says (*Train*, *Valid*, *Test*), or None."""
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
    """Return the official split of every file; none holds unless the names give training and other data."""
    found = {file: official_split(file) for file in files}
    named = set(found.values()) - {None}
    return found if "train" in named and len(named) > 1 else dict.fromkeys(files)


def read_rows(file: Path, said: list[str] | None = None) -> Iterator[RawRow]:
    """Yield the rows of one file; `said` takes what must be told of how it was read.

    Raises UserError for an unreadable encoding, NUL bytes or broken rows.
    """
    unit = "row" if file.suffix.lower() in (".xlsx", ".parquet", ".arrow") else "line"
    empty = True
    try:
        for line, values in _rows(file, said if said is not None else []):
            empty = False
            yield RawRow(file, line, values, unit=unit)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}; check its name and that it may be read") from None
    if empty:
        raise UserError(f"{file} has no rows; fill it or take it out of the folder")


def _rows(file: Path, said: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and values of each row, by what the content is."""
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
        said.append(f"{file} is no UTF-8 and is read as {encoding}; check the signs in it, or save it as UTF-8")
    suffix = file.suffix.lower()
    if suffix in _TRANSCRIPTS:
        yield transcript_row(file, text)
    elif suffix in (".csv", ".tsv", ".xlsx") and not _JSON_START.match(text):
        yield from csv_rows(file, text)
    elif text.lstrip()[:1] == "[" or suffix == ".json" or _is_spread_out(text):
        yield from json_rows(file, text, transcript_row)
    else:
        yield from json_line_rows(file, text)


def _is_spread_out(text: str) -> bool:
    """Whether the first object of JSON goes on over several lines, so that no line is one."""
    return re.match(r"\s*\{\s*\n", text) is not None


def _other(file: Path) -> Path:
    """`visit_doctor.TextGrid` → `visit_patient.TextGrid`, and the other way round."""
    own, other = (_DOCTOR, _PATIENT) if file.stem.endswith(_DOCTOR) else (_PATIENT, _DOCTOR)
    return file.with_stem(file.stem.removesuffix(own) + other)


def _speakers(file: Path, content: bytes) -> list[tuple[str, bytes]]:
    """The TextGrid, with the patient's where each speaker has a file, as in PriMock57."""
    if not file.stem.endswith(_DOCTOR) or not _other(file).is_file():
        return [("", content)]
    return [("Doctor", content), ("Patient", _other(file).read_bytes())]


def transcript_row(file: Path, text: str) -> tuple[int, dict[str, Any]]:
    """One visit a file: the note stands beside it, as NAME.note.txt, or in a folder `notes`."""
    note = note_of(file)
    if note is None:
        raise UserError(f"{file} has no note beside it; put the note into {file.stem}.note.txt")
    return 0, {"id": file.stem.removesuffix(_DOCTOR), "dialogue": text, "summary": _note_text(note), "section": None}


def _note_text(note: Path) -> str:
    """The text of a note's file, or what stands under `note` in one of JSON; raises UserError that names the file."""
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
        raise UserError(f"{note} is not valid JSON; correct it, or write the note as {note.stem}.txt") from None
    if not (isinstance(found, dict) and isinstance(found.get("note"), str)):
        raise UserError(f"{note} holds no text under 'note'; write it there, or the note as {note.stem}.txt")
    return str(found["note"])


def note_of(file: Path) -> Path | None:
    """Return the note of a transcript that is a file: NAME.note.txt beside it, or NAME.txt or .json in `notes`."""
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
