"""The dialogue in a file that was chosen on the page, and what is said of it."""

import json
from typing import Any

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


def sections_of(saved: str) -> dict[str, Any]:
    """The section or sections of a note as the page keeps it, no section where there is no note; raises UserError."""
    if not saved:
        return {"section": None}
    try:
        note = json.loads(saved)
        rows = [{"section": row["section"], "heading": row["heading"]} for row in note.get("sections", ())]
        found = {"sections": rows} if "sections" in note else {"section": note["section"]}
        names = [row["section"] for row in rows] if rows else [found.get("section")]
        as_texts(*(row["heading"] for row in rows), *(name for name in names if name is not None))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, UserError):
        raise UserError("what was sent is no note of this page; summarise again") from None
    return found


def wishes_of(section: object, sections: object) -> tuple[str, str]:
    """What the page's two fields ask for: one section, and several with commas between; raises UserError."""
    [one] = as_texts(section)
    return one, ",".join(as_texts(*(sections if isinstance(sections, list) else [sections or ""])))
