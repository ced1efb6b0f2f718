"""Which numbers of a summary were said in the dialogue, in digits or spelled out."""

import re

from medsum.facts.normalise import NormalisedText
from medsum.facts.quantities import quantities

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")


def numbers(text: str) -> list[str]:
    """Every number of the text, `twenty six` as 26, in order: `07/31/2008` is three."""
    return [_plain(found) for found in _NUMBER.findall(NormalisedText(text).text)]


def supported(summary: str, dialogue: str) -> tuple[int, int]:
    """How many of the summary's numbers occur in the dialogue, and how many numbers it has.

    What the dialogue says as a date, a frequency or a period counts with its numbers: `July thirty first` has a 7,
    `twice a day` a 2.
    """
    said = set(numbers(dialogue))
    for quantity in quantities(NormalisedText(dialogue).text):
        said |= {_plain(found) for found in _NUMBER.findall(quantity.value)}
    claimed = numbers(summary)
    return sum(number in said for number in claimed), len(claimed)


def _plain(digits: str) -> str:
    """`1,000` → `1000`, `07` → `7`, `.50` → `0.5`."""
    return f"{float(digits.replace(',', '')):.12g}"
