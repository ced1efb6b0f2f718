"""The dialogue in a file that was chosen on the page, and what is said of it."""

import json

from medsum.core.errors import UserError
from medsum.corpus.visits import visit_text
from medsum.serve.chosen_file import text_of
from medsum.serve.dialogue_input import read_dialogue, told


def opened(text: str) -> tuple[str, str]:
    """Return the dialogue in a file of one visit, and what the reader found in it.

    The file is text, WebVTT, SRT, docx, TextGrid, JSON or a CSV of one row. Raises UserError where it holds more
    visits, or none.
    """
    text, said_of_file = text_of(text)
    if not text.strip():
        raise UserError("that file holds no dialogue; in JSON and CSV it is called 'dialogue'")
    dialogue = visit_text(text)
    return dialogue, " ".join(filter(None, [told(read_dialogue(dialogue)), said_of_file]))


def as_texts(*values: object) -> list[str]:
    """What came over HTTP, if it is text; raises UserError."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise UserError("what was sent is no text; load the page again")
    return texts


def section_of(saved: str) -> str | None:
    """The section of a note as the page keeps it, None where there is none yet; raises UserError."""
    try:
        section = json.loads(saved)["section"] if saved else None
    except (ValueError, LookupError, TypeError, RecursionError):
        section = 0
    if section is not None and not isinstance(section, str):
        raise UserError("what was sent is no note of this page; summarise again")
    return section
