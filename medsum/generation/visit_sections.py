"""The sections that a visit holds material for: each stretch of its turns is guessed by itself."""

from collections import Counter
from collections.abc import Iterator

from medsum.generation.section_guess import SectionGuess

TURNS = 4  # of a stretch; chosen on the first ten visits of benchmarks/generation/long_visits
STEP = 2  # turns from one stretch to the next
LEAST_STRETCHES = 2  # that a section needs, since one alone is often a wrong guess


def held_sections(dialogue: str, guess: SectionGuess) -> list[str]:
    """Return the sections that several stretches of a dialogue are guessed as, the most frequent first.

    A dialogue of few turns is one stretch. Where no section has enough of them, the guess for the whole stands alone;
    the list is empty where no word is known.
    """
    counts = Counter(section for stretch in _stretches(dialogue) if (section := guess.guess(stretch)))
    held = [section for section, count in counts.most_common() if count >= LEAST_STRETCHES]
    whole = guess.guess(dialogue)
    return held or ([whole] if whole else [])


def _stretches(dialogue: str) -> Iterator[str]:
    turns = dialogue.split("\n")
    for start in range(0, max(1, len(turns) - STEP), STEP):
        yield "\n".join(turns[start : start + TURNS])
