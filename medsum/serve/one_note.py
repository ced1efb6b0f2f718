"""One note of one dialogue, for whoever asks: the page, the API."""

from typing import Any, NamedTuple

from medsum.dialogue.reader import Dialogue
from medsum.generation.summarizer import Summarizer, Window
from medsum.serve.dialogue_input import described, read_dialogue
from medsum.serve.note_check import traceable
from medsum.serve.section_choice import SectionChoice
from medsum.serve.sign_messages import of_note
from medsum.serve.turns_at_the_model import Report, Runs, quietly, write_windows


class Draft(NamedTuple):
    """A dialogue that was read, its section, and what the model is to read."""

    read: Dialogue
    section: str | None
    windows: list[Window]


def draft_of(summarizer: Summarizer, text: str, wish: str) -> Draft:
    """Return what a note is to be written of; raises UserError. `wish` is a section header, `any` or `auto`."""
    read = read_dialogue(text)
    section = SectionChoice(wish).section(read.text)
    return Draft(read, section, summarizer.prompts(read.text, section))


def write_note(summarizer: Summarizer, runs: Runs, draft: Draft, report: Report = quietly) -> dict[str, Any]:
    """Return the note of a draft as `noted` does, and its `signs`; raises what `report` raises."""
    with runs.model:
        summary = write_windows(summarizer, draft.windows, report)
    return noted(draft.read, draft.section, summary) | of_note(summarizer.signs(draft.read.text))


def noted(read: Dialogue, section: str | None, summary: str) -> dict[str, Any]:
    """A note: summary, section, how many turns and whose, evidence, flags, and the turns that these number from 1."""
    return {"summary": summary, "section": section, **described(read), **traceable(read.text, summary)}
