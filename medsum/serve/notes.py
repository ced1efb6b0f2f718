"""Write notes. A note has a summary, its section or sections and, if requested, evidence and flags."""

from collections.abc import Callable, Sequence
from typing import Any

from medsum.core.errors import UserError
from medsum.generation.summarizer import Summarizer
from medsum.serve.batch_input import Line, row_of
from medsum.serve.dialogue_input import described, read_dialogue
from medsum.serve.holding import hold_back, without_text
from medsum.serve.section_choice import Choice, choice_of
from medsum.serve.sign_messages import of_note
from medsum.serve.visit import evidence_of, written

Check = Callable[[str, dict[str, Any]], dict[str, Any]]  # takes a dialogue and a note; returns evidence and flags


def write_notes(
    lines: Sequence[Line],
    summarizer: Summarizer,
    choice: Choice,
    check: Check | None = None,
    report: Callable[[int], object] = lambda _: None,
) -> list[dict[str, Any]]:
    """Return one row per line, in order.

    A row has the line, the id, the turns, the speakers, the note and the result of `check`. The row of a bad line has
    an error instead, and other lines are not affected. A row also has the key `signs` if the model cannot read all
    signs of the dialogue (sign_messages.py). If a line names at least one section, its sections replace `choice`. If
    `note.hold_back` is set, every row has `risk` and `held_back`, and a row that is held back has no text.
    """
    check = check or (risk_alone if hold_back() is not None else None)
    rows: list[dict[str, Any]] = []
    good, visits = [], []
    for line in lines:
        row = row_of(line)
        rows.append(row)
        try:
            if line.error:
                raise UserError(line.error)
            read = read_dialogue(line.dialogue)
            own = choice_of(line.section, line.sections) if line.section or line.sections else choice
            sections = own.sections(read.text)
            visits.append([summarizer.prompts(read.text, section) for section in sections])
            row |= {**described(read), **of_note(summarizer.signs(read.text))}
        except UserError as error:
            row["error"] = str(error)
        else:
            good.append((row, read.text, sections, own.several))
    report(len(rows) - len(good))
    for (row, dialogue, sections, several), merged in zip(good, summarizer.write_visits(visits, report), strict=True):
        row |= written(merged, sections, several)
        if check:
            row |= check(dialogue, row)
    return [without_text(row) for row in rows]


def risk_alone(dialogue: str, note: dict[str, Any]) -> dict[str, Any]:
    """Return only the keys `risk` and `held_back` of a note. A note that was not checked has no `risk`."""
    found = evidence_of(dialogue, note)
    return {key: found[key] for key in ("risk", "held_back") if key in found}
