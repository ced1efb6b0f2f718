"""The section that a summary is for: named by the user, or guessed."""

from functools import cache

from medsum.core.errors import UserError
from medsum.core.paths import SECTION_GUESS
from medsum.dialogue.section_headers import SECTION_HEADERS, normalise
from medsum.generation import section_guess
from medsum.params.params_section import closest

AUTO = "auto"


@cache
def learnt() -> section_guess.SectionGuess:
    """What sections are guessed from, read once; raises UserError where it is not."""
    return section_guess.load(SECTION_GUESS)


class SectionChoice:
    """One wish for all dialogues: a header such as `HPI`, `any` (no section), or `auto`.

    Raises UserError for a header that is none of MTS-Dialog's, none of their aliases and none that was trained on,
    and for `auto` where there is nothing to guess from.
    """

    def __init__(self, wish: str) -> None:
        self.guess: section_guess.SectionGuess | None = None
        self.fixed: str | None = None
        if wish.lower() == AUTO:
            if not SECTION_GUESS.is_file():
                raise UserError(
                    f"{SECTION_GUESS}, from which sections are guessed, is not there;"
                    " run `dvc repro` to make it, or name a section, or any"
                )
            self.guess = learnt()
        elif wish.lower() != "any":
            self.fixed = known_section(wish)

    def section(self, dialogue: str) -> str | None:
        """The section to write for a dialogue."""
        return self.guess.guess(dialogue) if self.guess else self.fixed


def known_section(header: str) -> str:
    """`hpi` → `GENHX`; raises UserError with a hint for an unknown header."""
    section = normalise(header)
    known = set(SECTION_HEADERS)
    if section not in known and SECTION_GUESS.is_file():
        known |= set(learnt().sections)
    if section is None or section not in known:
        raise UserError(f"there is no such section; {closest(section or '', sorted(known))}")
    return section
