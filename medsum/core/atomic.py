"""Write files completely or not at all. Each file is written under a temporary name and then renamed."""

import csv
import glob
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from medsum.core.errors import UserError
from medsum.core.running import is_running


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a new text file (UTF-8, lines end with LF). The file replaces `path` only if the `with` block succeeds.

    Raise UserError if the disk is full or if the program may not write to the folder.
    """
    part = _part_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; free space or choose another folder") from None
    finally:
        with suppress(OSError):  # nothing to delete: the file was renamed or was never created
            part.unlink()


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a new empty folder. The folder replaces the folder `path` only if the `with` block succeeds.

    Raise UserError if the disk is full or if the program may not write to the folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        part = _part_path(path)
        whole = part / "whole"
        whole.mkdir(parents=True)
        yield whole
        if path.exists():
            os.replace(path, part / "old")
        os.replace(whole, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; free space or choose another folder") from None
    finally:
        shutil.rmtree(_part_path(path), ignore_errors=True)


def _part_path(path: Path) -> Path:
    """Return the path at which this process writes the new content of `path`. Git ignores files with such names."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _remove_left_behind(path: Path) -> None:
    """Delete the unfinished copies of `path` that killed processes left. The copies may contain patient text."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        owner = left.name.split(".")[-2]
        if owner.isdecimal() and (int(owner) == os.getpid() or not is_running(int(owner))):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` to the file `path`, completely or not at all."""
    with replacing(path) as file:
        file.write(text)


def write_json(path: Path, values: Any) -> None:
    """Write indented JSON that a person can read in a code review. The keys keep their order."""
    write_text(path, json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write one JSON object per line."""
    with replacing(path) as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a table as CSV. All rows have the same keys, which become the header of the table."""
    with replacing(path) as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
