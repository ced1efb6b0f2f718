"""Dialogues out of a CSV or JSON lines file of any size, one by one; a bad line is told and the rest goes on."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsum.errors import UserError

ID = ("id", "ID")  # names that a file may use, as records and as MTS-Dialog
SECTION = ("section", "section_header")
MAX_FIELD = 2_000_000  # characters; an unclosed quote must not swallow the file
csv.field_size_limit(MAX_FIELD)


@dataclass
class Line:
    """A dialogue as it stands in a file; `number` is that of its line (JSON) or row under the header (CSV)."""

    number: int
    id: str | None = None
    dialogue: str = ""
    section: str | None = None
    error: str | None = None


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line, in constant memory; raises UserError where the file cannot be read as a whole."""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise UserError(f"{path} is neither .csv nor .jsonl; name it by what it is")
    with readable(path):
        yield from _csv_lines(path) if path.suffix.lower() == ".csv" else _json_lines(path)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be read."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; check its name and that it may be read") from None


def _json_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, content in enumerate(file, start=1):
            if not content.strip():
                continue
            try:
                values = json.loads(content.decode("utf-8-sig"))
            except UnicodeDecodeError:
                yield Line(number, error="not UTF-8; save the file as UTF-8")
            except (ValueError, RecursionError):
                yield Line(number, error="not valid JSON; correct that line")
            else:
                yield (
                    _line(number, values)
                    if isinstance(values, dict)
                    else Line(number, error="not a JSON object; write one object a line")
                )


def _csv_lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        yield from _rows(csv.reader(file), str(path))


def text_lines(text: str) -> Iterator[Line]:
    """The rows of a CSV text; raises UserError where it has no column `dialogue`."""
    yield from _rows(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")), "the file")


def _rows(rows: Iterator[list[str]], name: str) -> Iterator[Line]:
    header = next(rows, [])
    if "dialogue" not in header:
        raise UserError(f"{name} has no column 'dialogue' in its first line; name the columns there")
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield Line(number, error="not valid CSV; correct the quotes of that row")
            continue
        if not cells:
            continue
        number += 1
        if len(cells) != len(header):
            yield Line(number, error=f"{len(cells)} cells, but the header has {len(header)}; quote commas")
        elif any("\ud800" <= letter <= "\udfff" for cell in cells for letter in cell):
            yield Line(number, error="not UTF-8; save the file as UTF-8")
        else:
            yield _line(number, dict(zip(header, cells, strict=True)))


def _line(number: int, values: dict[str, Any]) -> Line:
    found = {
        name: next((values[key] for key in keys if values.get(key) not in (None, "")), None)
        for name, keys in {"id": ID, "section": SECTION}.items()
    }
    line = Line(number, str(found["id"]) if isinstance(found["id"], str | int) else None)
    dialogue, section = values.get("dialogue"), found["section"]
    if not isinstance(dialogue, str):
        line.error = "no text under 'dialogue'; add it"
    elif section is not None and not isinstance(section, str):
        line.error = "'section' is no text; write a header such as GENHX"
    else:
        line.dialogue, line.section = dialogue, section
    return line
