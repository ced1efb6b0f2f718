"""Find the sections of a note for which a dialogue has content.

A stretch is a sequence of a few turns. The module guesses the section of each stretch.
"""

from collections import Counter
from collections.abc import Iterator

from medsum.generation.section_guess import SectionGuess

TURNS = 4  # a stretch has 4 turns; the first ten visits of benchmarks/generation/long_visits decided this number
STEP = 2  # each stretch starts 2 turns after the start of the previous stretch
LEAST_STRETCHES = 2  # a section needs at least 2 stretches, because a single guess is often wrong


def held_sections(dialogue: str, guess: SectionGuess) -> list[str]:
    """Return the sections that are guessed for at least LEAST_STRETCHES stretches. Frequent sections come first.

    A dialogue of at most TURNS turns is one stretch. If no section has enough stretches, return only the guess for the
    whole dialogue. The list is empty if `guess` knows no word of the dialogue.
    """
    counts = Counter(section for stretch in _stretches(dialogue) if (section := guess.guess(stretch)))
    held = [section for section, count in counts.most_common() if count >= LEAST_STRETCHES]
    whole = guess.guess(dialogue)
    return held or ([whole] if whole else [])


def _stretches(dialogue: str) -> Iterator[str]:
    turns = dialogue.split("\n")
    for start in range(0, max(1, len(turns) - STEP), STEP):
        yield "\n".join(turns[start : start + TURNS])
