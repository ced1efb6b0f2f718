"""Check notes against their dialogues. A clinician or any model may have written the notes. No model is loaded."""

from collections.abc import Callable, Sequence
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.decoding import has_half_character
from medsum.dialogue.characters import clean_text
from medsum.dialogue.reader import Dialogue
from medsum.serve.batch_input import Line, row_of
from medsum.serve.check_workers import in_worker
from medsum.serve.dialogue_input import check_length, described, is_english_asked, read_dialogue
from medsum.serve.note_check import counted, explained, traceable


def read_note_text(text: str) -> str:
    """Return the text of a note, cleaned for the checks. Raise UserError if it is empty or not readable text."""
    if not text.strip():
        raise UserError("there is no note to check; give its text")
    check_length(text, "note")
    if has_half_character(text) or "\x00" in text:
        raise UserError("the note is not readable text; give plain text in UTF-8")
    return clean_text(text)


def require_english() -> None:
    """Raise UserError if the dialogues may be in another language, because the checkers read only English."""
    if not is_english_asked():
        raise UserError(
            "notes cannot be checked if data.language in params.yaml is 'any', because the checkers read only English;"
            " set data.language to 'en' for English visits"
        )


@in_worker
def checked(dialogue: Dialogue, note: str) -> dict[str, Any]:
    """Return the note with evidence, flags, and the turns and speakers of the dialogue.

    Raise UserError if the dialogue or the note cannot be read.
    """
    require_english()
    return {"note": note, **described(dialogue), **traceable(dialogue.text, note)}


def check_notes(lines: Sequence[Line], report: Callable[[int], object] = lambda _: None) -> list[dict[str, Any]]:
    """Return one row per line, in order.

    A row has the keys `line`, `id`, `note`, `evidence`, `flags` and `dialogue`. If the line is bad, the row has only
    `line`, `id` and `error`.
    """
    rows = []
    for line in lines:
        row = row_of(line)
        try:
            if line.error:
                raise UserError(line.error)
            if line.note is None:
                raise UserError("no text under 'note'; add the note to check")
            row |= checked(read_dialogue(line.dialogue), read_note_text(line.note))
        except UserError as error:
            row["error"] = str(error)
        rows.append(row)
        report(1)
    return rows


def has_major(note: dict[str, Any]) -> bool:
    """Return whether a checked note has a major flag."""
    return any(flag["severity"] == "major" for flag in note.get("flags", ()))


def in_short(note: dict[str, Any]) -> str:
    """Return the flags of a checked note, one per line, and then one line with the number of sentences per standing.

    The standing of a sentence says whether the dialogue supports the sentence (standing.py).
    """
    flags = [f"{flag['severity']}, {flag['category']}: {explained(flag)}" for flag in note["flags"]]
    return "\n".join([*flags, counted(note)])
