"""Read tables of turns in plain text: Markdown tables, and tab-separated tables without a header, as ELAN exports."""

import re

from medsum.core.errors import UserError
from medsum.corpus.segments import SPEAKER_KEYS, TEXT_KEYS, as_key, sure_turns
from medsum.corpus.word_tables import column_of_speakers, columns_of_words
from medsum.dialogue.known_tags import is_turn
from medsum.dialogue.titles import is_about_visit

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*:?-+:?\s*")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_ROWS = 3
_LEAST_TABS = 2


def table_text(text: str) -> str | None:
    """Return the text with the rows of its table as turns, or None if it has no such table.

    Text below a Markdown table is left out, because nobody says it. Titles of visits and turns stay, so that the reader
    finds a second visit.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    return _of_tabs(lines) or _of_markdown(lines)


def _of_tabs(lines: list[str]) -> str | None:
    filled = [line for line in lines if line.strip()]
    tabs = {line.count("\t") for line in filled}
    if len(filled) < _LEAST_ROWS or len(tabs) != 1 or max(tabs) < _LEAST_TABS:
        return None
    rows = _without_header([[" ".join(cell.split()) for cell in line.split("\t")] for line in filled])
    found = column_of_speakers(rows)
    if found is None or len(set(filled)) < _LEAST_ROWS:
        return None
    column, first = found
    columns = columns_of_words(rows[first:], column)
    if len(columns) > 1:
        raise UserError(
            f"this table has {len(columns)} columns of text besides the speakers; keep only the column with their words"
        )
    if not columns:
        return None
    turns = [(row[column].rstrip(":"), row[columns[0]]) for row in rows[first:] if row[columns[0]]]
    return "\n".join(sure_turns(turns))


def _without_header(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without a header. A header has a word above a column of times or numbers."""
    for at, name in enumerate(rows[0]):
        cells = [row[at] for row in rows[1:]]
        if _LETTER.search(name) and any(cells) and not any(map(_LETTER.search, cells)):
            return rows[1:]
    return rows


def _of_markdown(lines: list[str]) -> str | None:
    rules = [place for place, line in enumerate(lines) if place and _is_rule(line) and _BAR.search(lines[place - 1])]
    if len(rules) != 1:
        return None
    begin = rules[0] - 1
    end = next((at for at in range(begin, len(lines)) if not _BAR.search(lines[at])), len(lines))
    below = lines[end:]
    if (below and below[0].strip()) or any(is_turn(line.strip()) for line in lines[:begin] + below):
        return None
    turns = turns_of_rows(_cells(lines[begin]), [_cells(line) for line in lines[begin + 2 : end]])
    if turns is None:
        return None
    said = iter(sure_turns([turn for turn in turns if isinstance(turn, tuple)]))
    kept = [next(said) if isinstance(turn, tuple) else turn for turn in turns]
    visits = [line if is_about_visit(line.strip()) else "" for line in below]
    return "\n".join([*lines[:begin], "", "", *kept, *visits])


def turns_of_rows(names: list[str], body: list[list[str]]) -> list[tuple[str, str] | str] | None:
    """Return the turn of each row below the header, or the title of a visit. Return None for another table.

    A row without a speaker continues the row above it. Raise UserError if there is no such row, or if it ends with a
    question, because another person may answer.
    """
    found = _columns(names, [row for row in body if any(row)])
    if found is None:
        return None
    speakers, words = found
    turns: list[tuple[str, str] | str] = []
    last: int | None = None
    for number, row in enumerate(body, start=1):
        if len(row) > len(names) and words == len(names) - 1:  # a bar within the words
            row = [*row[:words], " | ".join(filter(None, row[words:]))]
        row = [*row, *[""] * len(names)]
        if row[words] and not row[speakers] and last is not None and _goes_on(turns, last):
            turns[last] = (turns[last][0], f"{turns[last][1]} {row[words]}")
            turns.append("")
            continue
        if row[words] and not row[speakers]:
            raise UserError(f"row {number} of the table has words but no speaker; add its speaker")
        title = next((cell for cell in row if is_about_visit(cell)), "")
        last = len(turns) if row[words] else last
        turns.append((row[speakers].strip("*_: "), row[words]) if row[words] else title)
    return turns


def _goes_on(turns: list[tuple[str, str] | str], above: int) -> bool:
    """Return whether a row without a speaker continues the last turn: no title follows, and it asks no question."""
    return turns[-1] in ("", turns[above]) and not turns[above][1].endswith("?")


def _columns(names: list[str], body: list[list[str]]) -> tuple[int, int] | None:
    """Return the places of the speakers and of the words. The names of the columns show them, or else the cells."""
    keys = [as_key(name.strip("*_")) for name in names]
    speakers = [at for at, key in enumerate(keys) if key in SPEAKER_KEYS]
    words = [at for at, key in enumerate(keys) if key in TEXT_KEYS]
    if len(speakers) == len(words) == 1:
        return speakers[0], words[0]
    grid = [[cell.strip("*_ ") for cell in (*row, *[""] * len(names))][: len(names)] for row in body]
    found = column_of_speakers(grid) if grid else None
    columns = columns_of_words(grid, found[0]) if found else []
    return (found[0], columns[0]) if found and len(columns) == 1 else None


def _is_rule(line: str) -> bool:
    cells = line.strip().strip("|").split("|")
    return "|" in line and all(_RULE.fullmatch(cell) for cell in cells)


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [" ".join(_BREAK.sub(" ", cell).replace("\\|", "|").split()) for cell in _BAR.split(inner)]
