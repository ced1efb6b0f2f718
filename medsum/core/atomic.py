"""Files that are either whole or absent: they are written under another name, then moved into place."""

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


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8, LF) that takes the place of `path` only when the block succeeds.

    Raises UserError if the disk is full or the folder cannot be written.
    """
    beside = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(beside, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; free space or choose another folder") from None
    finally:
        with suppress(OSError):  # it was moved into place, or could not be created
            beside.unlink()


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of folder `path` only when the block succeeds.

    Raises UserError if the disk is full or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        beside = _beside(path)
        whole = beside / "whole"
        whole.mkdir(parents=True)
        yield whole
        if path.exists():
            os.replace(path, beside / "old")
        os.replace(whole, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; free space or choose another folder") from None
    finally:
        shutil.rmtree(_beside(path), ignore_errors=True)


def _beside(path: Path) -> Path:
    """Return where this process writes what shall take the place of `path`; Git ignores such names."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _remove_left_behind(path: Path) -> None:
    """Remove what killed processes have left beside `path`, which may hold a patient's words."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        owner = left.name.split(".")[-2]
        if owner.isdecimal() and (int(owner) == os.getpid() or not _is_running(int(owner))):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in one step."""
    with replacing(path) as file:
        file.write(text)


def write_json(path: Path, values: Any) -> None:
    """Write JSON that a person can read in a review: indented, keys in the given order."""
    write_text(path, json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write one JSON object a line."""
    with replacing(path) as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows with the same keys; the keys become the header."""
    with replacing(path) as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
