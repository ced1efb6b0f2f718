"""The section or sections that a note is for: named by the user, or guessed."""

from functools import cache
from typing import Protocol

from medsum.core.errors import UserError
from medsum.core.paths import SECTION_GUESS
from medsum.dialogue.section_headers import SECTION_HEADERS, normalise
from medsum.generation import section_guess
from medsum.generation.visit_sections import held_sections
from medsum.params.params_section import closest
from medsum.serve.note_sections import ordered, templates

AUTO = "auto"
MOST_SECTIONS = 40


class Choice(Protocol):
    """What a note is for; `several` tells a note of several sections, with headings, from one of a single section."""

    several: bool

    def sections(self, dialogue: str) -> list[str | None]:
        """Return the sections to write for a dialogue, in the order of the note."""


@cache
def learnt() -> section_guess.SectionGuess:
    """What sections are guessed from, read once; raises UserError where it is not."""
    return section_guess.load(SECTION_GUESS)


class SectionChoice:
    """One wish for all dialogues: a header such as `HPI`, `any` (no section), or `auto`.

    Raises UserError for a header that is none of MTS-Dialog's, none of their aliases, none of params.yaml and none that
    was trained on, and for `auto` where there is nothing to guess from.
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
        """The section to write for a dialogue."""
        return self.guess.guess(dialogue) if self.guess else self.fixed

    def sections(self, dialogue: str) -> list[str | None]:
        """The same as a list of one."""
        return [self.section(dialogue)]


class SectionsChoice:
    """A wish for notes of several sections: headers with commas between; `auto` adds those the dialogue has matter for.

    Raises UserError as SectionChoice does.
    """

    several = True

    def __init__(self, wish: str) -> None:
        headers = [header.strip() for header in wish.split(",") if header.strip()]
        if not 0 < len(headers) <= MOST_SECTIONS:
            raise UserError(f"{len(headers)} sections are named; name 1 to {MOST_SECTIONS}, or auto")
        named = [header for header in headers if header.lower() != AUTO]
        self.guess = _guess() if len(named) < len(headers) else None
        self.fixed = [known_section(header) for header in named]

    def sections(self, dialogue: str) -> list[str | None]:
        """The sections of a dialogue's note in the order of params.yaml; raises UserError where none can be guessed."""
        found = ordered([*self.fixed, *(held_sections(dialogue, self.guess) if self.guess else ())])
        if not found:
            raise UserError("no section can be guessed from this dialogue; name the sections")
        return [*found]


def choice_of(section: str | None, sections: str | None) -> Choice:
    """The choice that two wishes make: several sections come before one."""
    return SectionsChoice(sections) if sections else SectionChoice(section or AUTO)


def known_section(header: str) -> str:
    """`hpi` → `GENHX`; raises UserError with a hint for an unknown header."""
    section = normalise(header)
    known = {*SECTION_HEADERS, *templates()}
    if section not in known and SECTION_GUESS.is_file():
        known |= set(learnt().sections)
    if section is None or section not in known:
        raise UserError(f"there is no such section; {closest(section or '', sorted(known))}")
    return section


def _guess() -> section_guess.SectionGuess:
    if not SECTION_GUESS.is_file():
        raise UserError(
            f"{SECTION_GUESS}, from which sections are guessed, is not there;"
            " run `dvc repro` to make it, or name a section, or any"
        )
    return learnt()
