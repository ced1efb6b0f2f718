"""Read the dialogue in a file that the user chose on the page, and check other values that the page sends."""

import json
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.decoding import has_half_character
from medsum.corpus.visits import visit_text
from medsum.serve.batch_input import HALF_CHARACTER
from medsum.serve.check_workers import in_worker
from medsum.serve.chosen_file import text_of
from medsum.serve.dialogue_input import read_dialogue, told


@in_worker
def opened(text: str) -> tuple[str, str]:
    """Return the dialogue in a file of one visit, and a message about its turns and speakers.

    The file is text, WebVTT, SRT, docx, TextGrid, JSON or a CSV of one row. Raise UserError if the file has several
    visits or none.
    """
    text, said_of_file = text_of(text)
    if not text.strip():
        raise UserError("the file has no dialogue; in JSON and CSV, name the field or column 'dialogue'")
    dialogue = visit_text(text)
    return dialogue, " ".join(filter(None, [told(read_dialogue(dialogue)), said_of_file]))


def as_texts(*values: object) -> list[str]:
    """Return the values that came over HTTP. Raise UserError if a value is not text that an answer can repeat."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise UserError("the page sent a value that is not text; load the page again")
    if any(map(has_half_character, texts)):
        raise UserError(HALF_CHARACTER)
    return texts


def sections_of(saved: str) -> dict[str, Any]:
    """Return the sections of a note in the page's JSON, or an empty dict if there is no note.

    Raise UserError if the JSON is not a note of this page.
    """
    if not saved:
        return {"section": None}
    try:
        note = json.loads(saved)
        rows = [{"section": row["section"], "heading": row["heading"]} for row in note.get("sections", ())]
        found = {"sections": rows} if "sections" in note else {"section": note["section"]}
        names = [row["section"] for row in rows] if rows else [found.get("section")]
        as_texts(*(row["heading"] for row in rows), *(name for name in names if name is not None))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, UserError):
        raise UserError("the page sent a text that is not one of its notes; summarise again") from None
    return found


def wishes_of(section: object, sections: object) -> tuple[str, str | None]:
    """Return the values of the two section fields: one section, and several sections separated by commas.

    If the field for several sections is empty, return None for it. Raise UserError if a value is not text.
    """
    [one] = as_texts(section)
    several = as_texts(*(sections if isinstance(sections, list) else [sections or ""]))
    return one, ",".join(several) or None
