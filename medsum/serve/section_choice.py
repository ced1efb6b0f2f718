"""Choose the sections of a note: the user names the sections, or the program guesses them."""

from functools import cache
from typing import Protocol

from medsum.core.errors import UserError
from medsum.core.params_section import closest
from medsum.dialogue.section_headers import SECTION_HEADERS, normalise
from medsum.generation import section_guess
from medsum.generation.visit_sections import held_sections
from medsum.review.promoted import guess_file
from medsum.serve.note_sections import ordered, templates

AUTO = "auto"
MOST_SECTIONS = 40


class Choice(Protocol):
    """The choice of the sections of a note. `several` is true if the note has several sections and so has headings."""

    several: bool

    def sections(self, dialogue: str) -> list[str | None]:
        """Return the sections to write for a dialogue, in the order of the note."""


@cache
def learnt() -> section_guess.SectionGuess:
    """Return the weights with which the program guesses sections. Only the first call reads their file.

    Raise UserError if the file is missing.
    """
    return section_guess.load(guess_file())


class SectionChoice:
    """The section that the user wants for notes of one section.

    The wish is a header such as `HPI`, `any` (the note has no section) or `auto` (the program guesses the section). The
    wish holds for all dialogues. Raise UserError if the header is unknown. Known headers are the headers of
    MTS-Dialog, their aliases, the headers in params.yaml, and the headers of the training data. For `auto`, also raise
    UserError if the weights are missing.
    """

    several = False

    def __init__(self, wish: str) -> None:
        self.guess: section_guess.SectionGuess | None = None
        self.fixed: str | None = None
        if wish.lower() == AUTO:
            self.guess = _guess()
        elif wish.lower() != "any":
            self.fixed = known_section(wish)

    def section(self, dialogue: str) -> str | None:
        """Return the section to write for a dialogue."""
        return self.guess.guess(dialogue) if self.guess else self.fixed

    def sections(self, dialogue: str) -> list[str | None]:
        """Return a list with only this section."""
        return [self.section(dialogue)]


class SectionsChoice:
    """The user's wish for notes of several sections: headers separated by commas.

    The header `auto` adds the sections for which the dialogue has content. Raise UserError for the same reasons as
    SectionChoice.
    """

    several = True

    def __init__(self, wish: str) -> None:
        headers = [header.strip() for header in wish.split(",") if header.strip()]
        if not 0 < len(headers) <= MOST_SECTIONS:
            raise UserError(
                f"{len(headers)} sections are named; name 1 to {MOST_SECTIONS} sections, separated by commas, or auto"
            )
        self.guess = _guess() if AUTO in map(str.lower, headers) else None
        self.fixed = [
            known_section(header, f" as number {number} of the list")
            for number, header in enumerate(headers, start=1)
            if header.lower() != AUTO
        ]

    def sections(self, dialogue: str) -> list[str | None]:
        """Return the sections of a note in the order of params.yaml. Raise UserError if no section can be guessed."""
        found = ordered([*self.fixed, *(held_sections(dialogue, self.guess) if self.guess else ())])
        if not found:
            raise UserError("no section can be guessed from this dialogue; name the sections")
        return [*found]


def choice_of(section: str | None, sections: str | None) -> Choice:
    """Return the choice for the two options. If `sections` is not None, it replaces `section`."""
    return SectionChoice(section or AUTO) if sections is None else SectionsChoice(sections)


def known_section(header: str, place: str = "") -> str:
    """Return the section of a header, such as `GENHX` for `hpi`. Raise UserError if the header is unknown.

    The message does not quote the header. `place` says where the header is, if the user gave several.
    """
    section = normalise(header)
    known = {*SECTION_HEADERS, *templates()}
    if section not in known and guess_file().is_file():
        known |= set(learnt().sections)
    if section is not None and section in known:
        return section
    if "," in header:
        raise UserError("'section' takes one header; write several headers, separated by commas, as 'sections'")
    raise UserError(f"there is no such section{place}; {closest(section or '', sorted(known))}")


def _guess() -> section_guess.SectionGuess:
    if not guess_file().is_file():
        raise UserError(
            f"{guess_file()}, which has the weights to guess sections, is not there;"
            " run `dvc repro` to make it, or name a section or 'any'"
        )
    return learnt()
