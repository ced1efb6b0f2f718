"""Find a record in the files of the project's folder, and in other folders that the user names."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from medsum.core.catalogue import entries
from medsum.core.errors import UserError
from medsum.core.output_folder import PIPELINE
from medsum.core.paths import BASES, CHECKPOINTS, SCORERS, SOURCES, WHEELS
from medsum.corpus.columns import id_column
from medsum.corpus.raw import RawRow
from medsum.erase.content import texts_of
from medsum.erase.finding import Finding, shown_path
from medsum.erase.records import row_text
from medsum.erase.tables import SUFFIXES, WHOLE_FILE, remove_rows, rows_of
from medsum.erase.traces import Traces, is_distinct

NOT_SEARCHED = {".git", ".venv", "venv", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
WORKSPACES = Path(".dvc/tmp/exps")  # copies of the project, in which DVC runs experiments
TEMPORARY = (Path(".dvc/tmp"), Path("logs"), Path(".medsum"))


def files_below(root: Path, left_out: set[Path]) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders in sorted order. Leave out caches, base models and `left_out`."""
    for folder, folders, files in os.walk(root):
        place = Path(folder)
        folders[:] = sorted(
            name for name in folders if name not in NOT_SEARCHED and (place / name).resolve() not in left_out
        )
        paths = (place / name for name in sorted(files))
        yield from (path for path in paths if not path.is_symlink() and path.resolve() not in left_out)


def not_searched(cache: Path) -> set[Path]:
    """Return the folders of the project whose files are not searched: DVC's cache and fetched models."""
    return {path.resolve() for path in (cache, BASES, SCORERS, WHEELS)}


def files_with(traces: Traces, roots: list[Path], left_out: set[Path]) -> list[Path]:
    """Return the files that have the text of the record, or that have its id in their content or their name."""
    files = [file for root in roots for file in files_below(root, left_out)]
    return [file for file in files if traces.names(file.name) or traces.in_any(texts_of(file))]


def source_findings(rows: dict[Path, list[int]], ids: set[str]) -> Iterator[Finding]:
    """Yield a finding for each file of the source that has the records."""
    for file, lines in rows.items():
        place = shown_path(file, ids)
        if entries(SOURCES).get(file.relative_to(SOURCES).parts[0], {}).get("kind") not in (None, "git"):
            effect = (
                "a published source, which the next run would fetch again; use a copy of the folder without the record"
            )
            yield Finding(place, effect)
        else:
            yield Finding(place, _rows_removed(lines), partial(remove_rows, file, lines))


def findings(files: list[Path], traces: Traces) -> Iterator[Finding]:
    """Yield a finding for each of the files."""
    seen: set[Path] = set()
    for file in files:
        whole = _removed_whole(file)
        if whole in seen:
            continue
        if whole is not None:
            seen.add(whole)
            yield Finding(shown_path(whole, traces.ids), "deleted", partial(_delete, whole))
        elif file.parts[0] == "models" or file == Path("params.yaml"):
            yield Finding(shown_path(file, traces.ids), "has the record; train again or edit the file by hand")
        else:
            yield _in_a_table(file, traces)


def _removed_whole(file: Path) -> Path | None:
    """Return the file or folder to delete. Return None if the file belongs to the user.

    A file is deleted as a whole if the project can make the file again.
    """
    for place in (file, *file.parents):
        if place.name.startswith(".") and place.name.endswith((".part", ".parts")):
            return place
    if file.is_relative_to(WORKSPACES):
        copies = [place for place in file.parents if (place / ".git").exists() and place.is_relative_to(WORKSPACES)]
        return copies[-1] if copies else file
    if any(file.is_relative_to(folder) for folder in TEMPORARY):
        return file
    if file.parts[0] in PIPELINE and file.parts[0] != "models" and not file.is_relative_to(SOURCES):
        return file
    return None


def _in_a_table(file: Path, traces: Traces) -> Finding:
    """Return the finding of a user's file.

    If the file is a table, the command removes rows of it. Otherwise the user must remove the record.
    """
    place = shown_path(file, traces.ids)
    rows = rows_of(file) if file.suffix.lower() in SUFFIXES else []
    lines = [row.line for row in rows if row.line != WHOLE_FILE and _is_of(row, traces)]
    if not lines:
        return Finding(place, "not a table, so no row can be removed; delete the file or its record by hand")
    return Finding(place, _rows_removed(lines), partial(remove_rows, file, lines))


def _is_of(row: RawRow, traces: Traces) -> bool:
    name = str(row.values.get(id_column(row.values) or ""))
    return (name in traces.ids and is_distinct(name)) or traces.in_text(row_text(row.values))


def _rows_removed(lines: list[int]) -> str:
    if WHOLE_FILE in lines:
        return "deleted, together with the file of its note"
    return f"{len(lines)} row{'s' * (len(lines) > 1)} removed"


def checkpoint_findings() -> Iterator[Finding]:
    """Yield a finding for each training run that was interrupted. Raise UserError if a training run is in progress."""
    for folder in sorted(CHECKPOINTS.glob("*")):
        if not folder.is_dir():
            continue
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
            lock.release()
        except Timeout:
            raise UserError(f"a training run writes to {folder}; stop it, then run the same command again") from None
        yield Finding(f"{folder}, which may be trained on the record", "deleted", partial(_delete, folder))


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
