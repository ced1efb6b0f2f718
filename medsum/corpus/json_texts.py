"""Find the only dialogue in JSON whose keys say nothing about it: a text with turns, or a notebook of Jupyter."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.transcripts import turns_in_list
from medsum.dialogue.reader import read
from medsum.dialogue.roles import person

_MOST_TEXTS = 1000  # a JSON with more texts is a data set


def only_text(values: Any) -> str | None:
    """Return the only text with turns in a JSON value, such as the value of `input`, or None if there is none.

    Raise UserError if several texts have turns.
    """
    texts = list(islice(_texts(values), _MOST_TEXTS + 1))
    found = {" ".join(text.split()): text for text in texts if len(texts) <= _MOST_TEXTS and _is_dialogue(text)}
    return _only(found, "this JSON")


def notebook_text(values: Any) -> str | None:
    """Return the only dialogue in the cells of a Jupyter notebook, or None for any other JSON.

    A cell of code may have the dialogue as a text or as a list of turns. Raise UserError if there is no dialogue
    or more than one.
    """
    cells = values.get("cells") if isinstance(values, dict) and "nbformat" in values else None
    if not isinstance(cells, list):
        return None
    found: dict[str, str] = {}
    for cell in cells:
        source = cell.get("source") if isinstance(cell, dict) else ""
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        is_code = isinstance(cell, dict) and cell.get("cell_type") == "code"
        for text in _of_code(source) if is_code else [source]:
            if _is_dialogue(text):
                found.setdefault(" ".join(text.split()), text)
    if not found:
        raise UserError(
            "this is a Jupyter notebook without a dialogue in one cell; copy the dialogue and give it as text"
        )
    return _only(found, "this notebook")


def _only(found: dict[str, str], place: str) -> str | None:
    if len(found) > 1:
        raise UserError(f"{place} has {len(found)} texts with turns; give the dialogue of one visit as text")
    return next(iter(found.values()), None)


def _texts(values: Any) -> Iterator[str]:
    """Yield the texts in a JSON value, in order."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting += reversed(list(value.values()) if isinstance(value, dict) else value)


def _of_code(source: str) -> Iterator[str]:
    """Yield the texts of a program in Python, and its lists of turns as texts."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for part in ast.walk(tree):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.List | ast.Tuple):
            try:
                turns = turns_in_list(list(ast.literal_eval(part)))
            except (ValueError, TypeError, RecursionError, MemoryError):
                turns = None
            if turns:
                yield turns


def _is_dialogue(text: str) -> bool:
    """Return whether two people speak in a text, and the role of one of them is known."""
    try:
        turns = read(text).turns if ":" in text else []
    except UserError:
        return False
    return len({turn.speaker for turn in turns}) > 1 and any(person(turn.tag).known for turn in turns)
