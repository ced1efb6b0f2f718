"""The column names of well-known data sets, such as MTS-Dialog, ACI-Bench, MEDIQA, SAMSum and DialogSum."""

import re
from collections.abc import Iterable

from medsum.core.errors import UserError
from medsum.params.data import Columns

DIALOGUE = ("dialogue", "dialog", "conversation", "transcript", "transcription", "src", "utterances")
SUMMARY = ("section_text", "note", "summary", "tgt", "reference", "clinical_note", "soap_note", "soap", "summary1")
ID = ("ID", "id", "encounter_id", "dialogue_id", "dialog_id", "conversation_id", "record_id", "visit_id", "fname",
      "TestID", "file", "file_name", "filename", "idx")  # fmt: skip
OF_VISIT = ("encounter_id", "dialogue_id", "dialog_id", "conversation_id", "visit_id", "file", "file_name", "filename")
SECTION = ("section_header", "section")
_COLUMN_NAME = re.compile(r"[^\W\d][\w-]{0,29}(?:[ .][\w-]{1,20}){0,2}")  # one to three words
_ONE_WORD = re.compile(r"[\w-]+")


def _first(names: Iterable[str], known: tuple[str, ...]) -> str | None:
    """Return the column whose name comes first in `known`, or None. Upper and lower case do not matter."""
    lower = {str(name).strip().lower(): name for name in names}
    return next((lower[name.lower()] for name in known if name.lower() in lower), None)


def dialogue_column(names: Iterable[str]) -> str | None:
    """Return the column of dialogues, or None if no column has a known name for dialogues."""
    return _first(names, DIALOGUE)


def id_column(names: Iterable[str]) -> str | None:
    """Return the column of ids, or None if no column has a known name for ids."""
    return _first(names, ID)


def section_column(names: Iterable[str]) -> str | None:
    """Return the column of section headers, or None if no column has a known name for section headers."""
    return _first(names, SECTION)


def resolved(names: list[str], wanted: Columns, place: str) -> Columns:
    """Return the columns to read.

    params.yaml names the columns (`wanted`). If the data have no column with such a name, but the name is used in a
    well-known data set, use a column whose name is used in another well-known data set. If there is no such column,
    raise UserError with the existing columns and the parameter to set.
    """
    found = {
        key: _column(names, getattr(wanted, key), known, key, place)
        for key, known in (("id", ID), ("dialogue", DIALOGUE), ("summary", SUMMARY))
    }
    of_other_set = any(found[key] != getattr(wanted, key) for key in found)
    section = wanted.section
    if section is not None and section not in names:
        section = _first(names, SECTION)
        if section is None and not of_other_set:
            raise UserError(_missing(place, "section", str(wanted.section), names))
    return Columns(**found, section=section, split=wanted.split if wanted.split in names else None)


def _column(names: list[str], wanted: str, known: tuple[str, ...], key: str, place: str) -> str:
    column: str | None = wanted if wanted in names else None
    if column is None and wanted in known:  # a name that the user chose must exist
        column = _first(names, known)
    if column is None:
        raise UserError(_missing(place, key, wanted, names))
    return column


def _missing(place: str, key: str, column: str, names: list[str]) -> str:
    readable = all(_COLUMN_NAME.fullmatch(str(name)) for name in names)  # otherwise line 1 may be a record
    known = f"it has {_shown(names)}" if readable else "line 1 does not look like a header"
    return f"{place}: no column '{column}'; {known}: rename it or set data.columns.{key} in params.yaml"


def _shown(names: list[str]) -> str:
    """Return the names of columns for a message. Count names of several words, because a cell of text may be there."""
    shown = [name for name in map(str, names) if _ONE_WORD.fullmatch(name)]
    others = len(names) - len(shown)
    counted = [f"{others} name{'s' if others > 1 else ''} of several words"] if others else []
    return ", ".join([*shown, *counted])
