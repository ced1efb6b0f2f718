"""Patterns for numbers and ranges that are written in digits, and functions that normalise the matches."""

import re
from typing import NamedTuple

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,12})?(?![\d.]*\d)|\.\d{1,12}"
APART = r"(?<![A-WYZa-wyz_\d.,/:])"  # the number after this pattern is not part of a longer word or number
NUMBER = rf"{APART}(?P<low>{_NUMBER})"
RANGE = rf"{NUMBER}(?:[ \t]*(?:-|–|\bto\b|\bor\b|\band maybe\b|\bmaybe\b|,? or maybe)[ \t]*(?P<high>{_NUMBER}))?"
# In speech, a range may be two numbers in a row: `thirty, forty times`, `a week, ten days`.
LOOSE_RANGE = (
    rf"{NUMBER}(?:(?:[ \t]*(?:-|–|\bto\b|\bor\b|\bmaybe\b)[ \t]*|,[ \t]+(?:maybe[ \t]+)?|[ \t]+)(?P<high>{_NUMBER}))?"
)


class Quantity(NamedTuple):
    """A quantity in a text: its kind, its normalised value, its unit as the text writes it, and its start and end."""

    kind: str
    value: str
    unit: str
    start: int
    end: int


def number(text: str) -> str:
    """Return a number in its shortest form: `1,000` → `1000`, `.50` → `0.5`, `08` → `8`."""
    return f"{float(text.replace(',', '')):.10g}"


def amounts(match: re.Match[str]) -> list[tuple[str, int, int]]:
    """Return the amount of a match, with the start and end of the amount in the text.

    If the second number is smaller than the first, return two amounts: `from 185 to 149 pounds` is not a range.
    """
    low, high = match["low"], match["high"]
    if high and float(number(high)) < float(number(low)):
        return [(number(low), *match.span("low")), (number(high), match.start("high"), match.end())]
    return [(amount(match), match.start("low"), match.end())]


def amount(match: re.Match[str]) -> str:
    """Return the number or range of a match of one of the patterns above.

    If the second number is not larger than the first (`9 to 2`), return only the first number.
    """
    low, high = number(match["low"]), match["high"]
    if high and float(number(high)) > float(low):
        return f"{low}-{number(high)}"
    return low
