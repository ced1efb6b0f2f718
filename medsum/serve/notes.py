"""Notes: a summary, its section or sections and, where asked for, what supports it and what does not."""

from collections.abc import Callable, Sequence
from typing import Any

from medsum.core.errors import UserError
from medsum.generation.summarizer import Summarizer
from medsum.serve.batch_input import Line
from medsum.serve.dialogue_input import described, read_dialogue
from medsum.serve.section_choice import Choice, choice_of
from medsum.serve.sign_messages import of_note
from medsum.serve.visit import written

Check = Callable[[str, dict[str, Any]], dict[str, Any]]  # dialogue, note → evidence and flags


def write_notes(
    lines: Sequence[Line],
    summarizer: Summarizer,
    choice: Choice,
    check: Check | None = None,
    report: Callable[[int], object] = lambda _: None,
) -> list[dict[str, Any]]:
    """One row a line, in order: line, id, what the reader found, the note, what `check` finds; or an error.

    A row has `signs` too where the model cannot read the dialogue as it stands (signs.py).

    A line's own sections, or its own section, come before the choice for all. One bad line does not touch the others.
    """
    rows: list[dict[str, Any]] = []
    good, visits = [], []
    for line in lines:
        row: dict[str, Any] = {"line": line.number, "id": line.id}
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
    return rows
