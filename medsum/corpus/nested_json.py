"""Find the tables and lists in a JSON object: lists at any depth, and the tables that the library pandas writes."""

from collections.abc import Iterator
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.columns import dialogue_column
from medsum.corpus.segments import SPEAKER_KEYS, TEXT_KEYS, as_key, value_of
from medsum.dialogue.reader import read

_LONGEST_NUMBER = 18  # in digits; int refuses numbers with thousands of digits


def nested(values: Any) -> Iterator[Any]:
    """Yield the objects and the lists in a JSON value, in order, and the value itself.

    Leave out records that have a dialogue of their own, such as a row of MTS-Dialog.
    """
    waiting = [values]
    while waiting:
        value = waiting.pop()
        inner: list[Any] = []
        if isinstance(value, dict) and not _is_record(value):
            inner = list(value.values())
        elif isinstance(value, list):
            inner = value
        else:
            continue
        yield value
        waiting += [one for one in reversed(inner) if isinstance(one, dict | list)]


def _is_record(values: dict[str, Any]) -> bool:
    column = dialogue_column(values)
    found = values[column] if column else None
    return (isinstance(found, str) and has_turns(found)) or (isinstance(found, list) and len(found) > 0)


def has_turns(text: str) -> bool:
    """Return whether a text is a dialogue with at least two turns."""
    try:
        return ":" in text and len(read(text).turns) > 1
    except UserError:
        return False


def records_of(values: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the rows of a table that pandas wrote as JSON, or None for any other object.

    The table may be written by columns, by rows (`orient="index"`), or as names and rows (`orient="split"`). Raise
    UserError if the speakers and the texts have different rows.
    """
    names, rows = values.get("columns"), values.get("data")
    if isinstance(names, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        return [dict(zip(map(str, names), row, strict=False)) for row in rows]
    inner = list(values.values())
    if len(inner) > 1 and all(isinstance(row, dict) for row in inner) and all(map(_is_segment, inner)):
        return [values[key] for key in _in_order(list(values))]
    return _of_columns(values)


def _is_segment(row: dict[str, Any]) -> bool:
    return value_of(row, SPEAKER_KEYS) is not None and isinstance(value_of(row, TEXT_KEYS), str)


def _of_columns(values: dict[str, Any]) -> list[dict[str, Any]] | None:
    columns = {name: _cells(cells) for name, cells in values.items()}
    speaker = next((cells for name, cells in columns.items() if cells and as_key(name) in SPEAKER_KEYS), None)
    text = next((cells for name, cells in columns.items() if cells and as_key(name) in TEXT_KEYS), None)
    if not speaker or not text:
        return None
    if speaker.keys() != text.keys():
        raise UserError("the speakers and the texts of this JSON have different rows; export the table again")
    return [{name: cells.get(key) for name, cells in columns.items() if cells} for key in _in_order(list(text))]


def _cells(column: Any) -> dict[str, Any] | None:
    """Return the cells of a column by the names of their rows, or None if the value is not a column."""
    if isinstance(column, list):
        column = {str(place): cell for place, cell in enumerate(column)}
    if not isinstance(column, dict) or any(isinstance(cell, dict | list) for cell in column.values()):
        return None
    return column


def _in_order(keys: list[str]) -> list[str]:
    """Return the names of the rows in order.

    Some programs sort names as text (`1`, `10`, `2`). Numbers in this order are sorted as numbers.
    """
    are_numbers = all(key.isdecimal() and len(key) <= _LONGEST_NUMBER for key in keys)
    return sorted(keys, key=int) if are_numbers and keys == sorted(keys) else keys
