"""Find the numbers of a summary that the dialogue says, in digits or in words."""

import re

from medsum.facts.normalise import NormalisedText
from medsum.facts.quantities import quantities

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")


def numbers(text: str) -> list[str]:
    """Return every number of the text in order, `twenty six` as 26. `07/31/2008` is three numbers."""
    return [_plain(found) for found in _NUMBER.findall(NormalisedText(text).text)]


def supported(summary: str, dialogue: str) -> tuple[int, int]:
    """Count the summary's numbers that occur in the dialogue, and all its numbers.

    Dates, frequencies and durations of the dialogue also count with their numbers: `July thirty first` has a 7, and
    `twice a day` has a 2.
    """
    said = set(numbers(dialogue))
    for quantity in quantities(NormalisedText(dialogue).text):
        said |= {_plain(found) for found in _NUMBER.findall(quantity.value)}
    claimed = numbers(summary)
    return sum(number in said for number in claimed), len(claimed)


def _plain(digits: str) -> str:
    """Return a number in its shortest form: `1,000` → `1000`, `07` → `7`, `.50` → `0.5`."""
    return f"{float(digits.replace(',', '')):.12g}"
