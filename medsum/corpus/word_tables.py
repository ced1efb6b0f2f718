"""Convert a table of a Word document to lines of a transcript, one turn on each line."""

import re

from medsum.core.errors import UserError
from medsum.corpus.segments import is_table_of_turns, turns_in_table
from medsum.dialogue.roles import person

_NO_TEXT = re.compile(r"[\W\d]*(?:[AaPp]\.?[Mm]\.?)?\s*")  # matches a cell without words, such as a time or a number
_MOST_WORDS_OF_NAME = 5
_LEAST_ROWS = 4  # a table must have at least 4 rows before repeated names show which column has the speakers


def lines_of_table(rows: list[list[str]]) -> list[str]:
    """Return the lines of a table: its titles, and a line `Speaker: text` for each turn.

    If cells are merged, only the first of these cells has the text, and the other cells are empty. Raise UserError if
    there are several columns with text.
    """
    titles = [text for row in rows if len(texts := list(filter(None, row))) == 1 for text in texts]
    grid = [row for row in rows if sum(map(bool, row)) > 1]
    if not grid:
        return titles
    names = grid[0]
    if is_table_of_turns(names):
        return [*titles, turns_in_table(names, grid[1:]) or ""]
    roles = [person(name).role for name in names if name]
    if all(roles) and len(set(roles)) == len(roles) and len(grid) > 1:  # each speaker has a column
        return [
            *titles,
            *(f"{name}: {text}" for row in grid[1:] for name, text in zip(names, row, strict=True) if text),
        ]
    found = column_of_speakers(grid)
    if found is None:
        return [*titles, *(_plain(row) for row in grid)]
    column, first = found
    body = grid[first:]
    spoken = columns_of_words(body, column)
    if len(spoken) != 1:
        raise UserError(
            f"a table of the Word document has {len(spoken)} columns of text besides the speakers; keep only the column"
            " with their words"
        )
    return [*titles, *(f"{row[column].rstrip(':')}: {row[spoken[0]]}" for row in body if row[spoken[0]])]


def columns_of_words(rows: list[list[str]], speakers: int) -> list[int]:
    """Return the columns that have words besides the column of the speakers.

    A column of codes is left out. In such a column, each speaker always has the same code, such as `D01`.
    """
    found = []
    for at in range(len(rows[0])):
        cells = [row[at] for row in rows]
        pairs = {(row[speakers], row[at]) for row in rows}
        people = {speaker for speaker, _ in pairs}
        is_code = len(pairs) == len(people) < len(rows) and not any(" " in cell for cell in cells)
        if at != speakers and not is_code and any(not _NO_TEXT.fullmatch(cell) for cell in cells):
            found.append(at)
    return found


def column_of_speakers(grid: list[list[str]]) -> tuple[int, int] | None:
    """Return the column of the speakers and the index of the first row below the header, or None."""
    for first in (0, 1):
        body = grid[first:]
        for column in range(len(grid[0])):
            cells = [row[column].rstrip(":") for row in body]
            if cells and all(cells) and all(person(cell).known for cell in cells):
                return column, first
    for column in sorted(range(len(grid[0])), key=lambda at: len({row[at] for row in grid}) == 1):
        cells = [row[column].rstrip(":") for row in grid]
        is_repeated = len(grid) >= _LEAST_ROWS and len(set(cells)) * 2 <= len(cells)
        if is_repeated and all(cell[:1].isupper() and len(cell.split()) <= _MOST_WORDS_OF_NAME for cell in cells):
            return column, 0
    return None


def _plain(row: list[str]) -> str:
    """Return the cells of a row as one line. The second-last cell is the speaker and gets a colon."""
    texts = list(filter(None, row))
    return " ".join([*texts[:-2], texts[-2].rstrip(":") + ":", texts[-1]])
