"""Write one note from one dialogue, for the page and the API."""

from typing import Any, NamedTuple

from medsum.dialogue.reader import Dialogue
from medsum.generation.summarizer import Summarizer, Window
from medsum.serve.dialogue_input import described, read_dialogue
from medsum.serve.section_choice import choice_of
from medsum.serve.sign_messages import of_note
from medsum.serve.turns_at_the_model import Report, Runs, quietly, write_visit
from medsum.serve.visit import evidence_of, written


class Draft(NamedTuple):
    """A note that is not yet written: its dialogue, its sections, and the windows of the dialogue for each section.

    `several` is true if the note has several sections. Such a note has headings.
    """

    read: Dialogue
    sections: list[str | None]
    several: bool
    visit: list[list[Window]]

    @property
    def windows(self) -> list[Window]:
        """Return the windows of all sections."""
        return [window for part in self.visit for window in part]


def draft_of(summarizer: Summarizer, text: str, wish: str | None, several: str | None) -> Draft:
    """Return the draft of a note: its dialogue, sections and windows.

    `wish` is a section header, `any` or `auto`. `several` has headers separated by commas. If `several` is not None, it
    replaces `wish`. Raise UserError if the text or a header is wrong.
    """
    read, choice = read_dialogue(text), choice_of(wish, several)
    sections = choice.sections(read.text)
    return Draft(read, sections, choice.several, [summarizer.prompts(read.text, section) for section in sections])


def write_draft(summarizer: Summarizer, runs: Runs, draft: Draft, report: Report = quietly) -> dict[str, Any]:
    """Return the note of a draft without evidence and flags. `report` may raise an exception to stop the work."""
    with runs.model:
        merged = write_visit(summarizer, draft.visit, report)
    return written(merged, draft.sections, draft.several)


def write_note(summarizer: Summarizer, runs: Runs, draft: Draft, report: Report = quietly) -> dict[str, Any]:
    """Return the note of a draft. The note also has the keys that `noted` adds and the key `signs` (sign_messages.py).

    `report` may raise an exception to stop the work.
    """
    note = write_draft(summarizer, runs, draft, report)
    return noted(draft.read, note) | of_note(summarizer.signs(draft.read.text))


def noted(read: Dialogue, note: dict[str, Any]) -> dict[str, Any]:
    """Return the note with its number of turns, its speakers, its evidence, its flags and its dialogue."""
    return {**note, **described(read), **evidence_of(read.text, note)}
