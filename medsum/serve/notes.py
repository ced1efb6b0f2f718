"""Notes: a summary, its section and, where asked for, what supports it and what does not."""

from collections.abc import Callable, Sequence
from typing import Any

from medsum.core.errors import UserError
from medsum.generation.summarizer import Summarizer
from medsum.serve.batch_input import Line
from medsum.serve.dialogue_input import described, read_dialogue
from medsum.serve.section_choice import SectionChoice
from medsum.serve.sign_messages import of_note

Check = Callable[[str, str], dict[str, Any]]  # dialogue, summary → evidence and flags


def write_notes(
    lines: Sequence[Line],
    summarizer: Summarizer,
    choice: SectionChoice,
    check: Check | None = None,
    report: Callable[[int], object] = lambda _: None,
) -> list[dict[str, Any]]:
    """One row a line, in order: line, id, what the reader found, section, summary, what `check` finds; or an error.

    A row has `signs` too where the model cannot read the dialogue as it stands (signs.py).

    A line's own section comes before the choice for all. One bad line does not touch the others.
    """
    rows: list[dict[str, Any]] = []
    good, prompts, dialogues = [], [], []
    for line in lines:
        row: dict[str, Any] = {"line": line.number, "id": line.id}
        rows.append(row)
        try:
            if line.error:
                raise UserError(line.error)
            read = read_dialogue(line.dialogue)
            dialogue = read.text
            row |= described(read)
            row["section"] = (SectionChoice(line.section) if line.section else choice).section(dialogue)
            prompts.append(summarizer.prompts(dialogue, row["section"]))
            row |= of_note(summarizer.signs(dialogue))
        except UserError as error:
            for key in ("section", "turn_count", "speakers"):
                row.pop(key, None)
            row["error"] = str(error)
        else:
            good.append(row)
            dialogues.append(dialogue)
    report(len(rows) - len(good))
    for row, dialogue, summary in zip(good, dialogues, summarizer.write(prompts, report), strict=True):
        row["summary"] = summary
        if check:
            row |= check(dialogue, summary)
    return rows
