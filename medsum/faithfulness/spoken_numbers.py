"""Find the numbers of a summary that the dialogue contains, as digits or as words."""

import re

from medsum.facts.normalise import NormalisedText
from medsum.facts.quantities import quantities

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")


def numbers(text: str) -> list[str]:
    """Return every number of the text in order. `twenty six` gives 26, and `07/31/2008` gives three numbers."""
    return [_plain(found) for found in _NUMBER.findall(NormalisedText(text).text)]


def placed_numbers(text: str) -> list[tuple[str, int, int]]:
    """Return every number of the text, with its start and end in the text."""
    normalised = NormalisedText(text)
    return [(_plain(found[0]), *normalised.span(*found.span())) for found in _NUMBER.finditer(normalised.text)]


def said_numbers(dialogue: str) -> set[str]:
    """Return the numbers that a dialogue contains.

    Dates, frequencies and durations also give numbers: `July thirty first` gives 7, and `twice a day` gives 2.
    """
    said = set(numbers(dialogue))
    for quantity in quantities(NormalisedText(dialogue).text):
        said |= {_plain(found) for found in _NUMBER.findall(quantity.value)}
    return said


def supported(summary: str, dialogue: str) -> tuple[int, int]:
    """Return how many of the summary's numbers the dialogue contains, and how many numbers the summary has."""
    said, claimed = said_numbers(dialogue), numbers(summary)
    return sum(number in said for number in claimed), len(claimed)


def _plain(digits: str) -> str:
    """Return a number in its shortest form: `1,000` → `1000`, `07` → `7`, `.50` → `0.5`."""
    return f"{float(digits.replace(',', '')):.12g}"
