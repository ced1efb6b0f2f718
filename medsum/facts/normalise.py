"""Normalise text: spoken numbers become digits, and abbreviations spelled with spaces become one word.

Every position in the normalised text can be converted to the position in the original text.
"""

import re
from bisect import bisect_right

from medsum.facts.numbers import spoken_numbers

_HALVED = (
    r"hour|day|week|month|year|tablet|tab|pill|capsule|pack|mile|inch|teaspoon|tablespoon|cup|glass|bottle|pint|dose|"
    r"can|block|ounce|gram|milligram|liter|pound|patch|dozen"
)
_MICRO = re.compile(r"[µμ](?=(?:gm?s?|[lL])(?![^\W\d_]))")  # `50 µg` becomes `50 mcg`
_COUPLED = r"hours?|minutes?|days?|weeks?|months?|years?|times|nights?|pounds?|tablets?|pills?|beers|drinks|doses|puffs"
# These words are numbers only before a noun that they count.
_OTHERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bhalf[ \t]+a[ \t]+dozen\b", re.IGNORECASE), "6"),
    (re.compile(r"\ba[ \t]+dozen\b", re.IGNORECASE), "12"),
    (re.compile(r"\b(?:(?:a|one)[ \t]+)?fortnight\b", re.IGNORECASE), "2 weeks"),
    (re.compile(r"\bfortnightly\b", re.IGNORECASE), "every 2 weeks"),
    (re.compile(rf"\b(?:(?<!\band )a[ \t]+)?half(?:[ \t]+an?)?(?=[ \t-]+(?:{_HALVED}))", re.IGNORECASE), "0.5"),
    (re.compile(r"(?<=\band )a[ \t]+half\b", re.IGNORECASE), "0.5"),
    (re.compile(rf"\b(?:a[ \t]+)?couple(?:[ \t]+of)?(?=[ \t]+(?:{_COUPLED})\b)", re.IGNORECASE), "2"),
    (re.compile(r"\b(?:a[ \t]+)?quarter(?:[ \t]+of)?(?:[ \t]+an?)?(?=[ \t]+(?:inch|mile|tablet|cup))"), "0.25"),
)
# Shorthand of several findings in one word: `N/V/D`, `D&V`. Each letter is one finding.
_JOINED = re.compile(r"(?<![\w/&+])(?:(?=[NVDFC][/&+])[NVDFC](?:[/&+][NVDFC]){1,3})(?![\w/&+])")
_LETTER_OF = {"N": "nausea", "V": "vomiting", "D": "diarrhea", "F": "fever", "C": "chills"}
_LETTER = re.compile(r"[A-Z]")
_QUERY = re.compile(r"(?<![^\s(,;:/])\?[ \t]?(?=[A-Za-z])")  # `?PE` means a suspected PE (pulmonary embolism)
# Abbreviations spelled as letters: `G E R D`, `M G`. Two letters with A or I are left out: `a` and `I` are words.
_LETTERS = re.compile(r"\b(?:[A-Z](?: [A-Z]){2,}|(?![AI])[A-Z] (?![AILR])[A-Z]|M I|I V)\b(?!['’])")
_MIXED = re.compile(r"(?<![\d/.])(?:(\d{1,12})[ -]?)?(?:(1/2|1/3|2/3|1/4|3/4|1/8)(?![\d/])|([½⅓⅔¼¾⅛]))")
_FRACTIONS = {
    "1/2": 0.5, "½": 0.5, "1/3": 0.33, "⅓": 0.33, "2/3": 0.67, "⅔": 0.67,
    "1/4": 0.25, "¼": 0.25, "3/4": 0.75, "¾": 0.75, "1/8": 0.125, "⅛": 0.125,
}  # fmt: skip


# Python's re.IGNORECASE treats these letters as ASCII letters. They are replaced by these ASCII letters.
_LIKE_ASCII = str.maketrans("\u017f\u212a\u0131\u0130", "sKiI")


class NormalisedText:
    """The normalised `text` of an original text. `span` converts positions in `text` to positions in the original."""

    def __init__(self, original: str) -> None:
        original = original.translate(_LIKE_ASCII)
        pieces: list[str] = []
        self._starts = [0]  # the start of each piece of the normalised text; a piece is replaced or copied
        self._origins = [(0, 0)]  # each piece's start and length in the original; the length is 0 if it is copied
        length = position = 0
        for start, end, digits in _replacements(original):
            pieces += [original[position:start], digits]
            length += start - position
            self._starts += [length, length + len(digits)]
            self._origins += [(start, end - start), (end, 0)]
            length += len(digits)
            position = end
        self.text = "".join([*pieces, original[position:]])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the start and end in the original text of the part `text[start:end]` of the normalised text.

        If `text[start:end]` is only a part of a spoken number, return the span of the whole spoken number.
        """
        return self._original(start)[0], self._original(end - 1)[1]

    def _original(self, index: int) -> tuple[int, int]:
        stretch = bisect_right(self._starts, index) - 1
        origin, replaced = self._origins[stretch]
        if replaced:
            return origin, origin + replaced
        place = origin + index - self._starts[stretch]
        return place, place + 1


def _replacements(text: str) -> list[tuple[int, int, str]]:
    """Return spans and their replacements, from left to right without overlaps."""
    found = list(spoken_numbers(text))
    candidates: list[tuple[int, int, str]] = [*found]
    for pattern, digits in _OTHERS:
        candidates += [(match.start(), match.end(), digits) for match in pattern.finditer(text)]
    candidates += [(match.start(), match.end(), "mc") for match in _MICRO.finditer(text)]
    for match in _JOINED.finditer(text):
        candidates += [
            (match.start() + letter.start(), match.start() + letter.end(), _LETTER_OF[letter[0]])
            for letter in _LETTER.finditer(match[0])
        ]
    candidates += [(match.start(), match.end(), "query ") for match in _QUERY.finditer(text)]
    for match in _LETTERS.finditer(text):
        candidates.append((match.start(), match.end(), match[0].replace(" ", "")))
    for match in _MIXED.finditer(text):
        value = int(match[1] or 0) + _FRACTIONS[match[2] or match[3]]
        candidates.append((match.start(), match.end(), f"{value:g}"))
    kept: list[tuple[int, int, str]] = []
    for candidate in sorted(candidates, key=lambda item: (item[0], -item[1])):
        if not kept or candidate[0] >= kept[-1][1]:
            kept.append(candidate)
    return kept
