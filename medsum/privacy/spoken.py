"""Find spoken numbers, such as `four one five, five five five, oh one nine eight`. They may contain spoken letters.

A run is a sequence of spoken digits, numbers and letters.
"""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

_DIGITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, **{str(digit): digit for digit in range(10)},
}  # fmt: skip
_MORE_WORDS = """
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
eighty ninety hundred thousand
"""
_MORE = frozenset(_MORE_WORDS.split())
_LETTER_WORDS = """
alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec
romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu a b c d e f g h i j k l m
n o p q r s t u v w x y z
"""
_LETTERS = frozenset([*_LETTER_WORDS.split(), "x ray"])
_TIMES = frozenset(("double", "triple"))
_BETWEEN_WORDS = "uh um er dash hyphen slash underscore then space stroke as in"
_BETWEEN = frozenset(_BETWEEN_WORDS.split())
_TOKEN = re.compile(r"[xX] ray\b|[A-Za-z]+(?:-[A-Za-z]+)?|\d+|[.?!\n;:]|[^\w\s]")


class Run(NamedTuple):
    """A sequence of spoken digits, numbers and letters."""

    start: int
    end: int
    digits: int  # the number of single digits
    tens: int  # the number of number words above nine, such as `forty`
    letters: int
    amount: bool  # whether the run is an amount: it contains `hundred` or `thousand`
    counts: bool  # whether the run only counts up or only counts down by one: `one two three`


def runs(text: str) -> Iterator[Run]:
    """Yield runs of at least three words. At least two words of each run are numbers."""
    run: list[tuple[int, int, str]] = []
    held: list[tuple[int, int, str]] = []  # words that may be inside a run, such as `dash`
    for match in _TOKEN.finditer(text):
        word = match[0].lower()
        parts = word.split("-") if "-" in word and not word.startswith("x-") else [word]
        if all(_is_number(part) or part in _TIMES for part in parts) or (
            text[max(0, match.start() - 1) : match.start()] not in ("'", "’") and _is_letter(match[0], run)
        ):
            if held and run and (match.start() - run[-1][1] > 24 or held[-1][2] in ("as", "in")):
                yield from _finished(run)
                run = []
            run += [(match.start(), match.end(), part) for part in parts]
            held = []
        elif run and word not in _BETWEEN and [word for _, _, word in held[-2:]] == ["as", "in"] and word.isalpha():
            held = []  # these words explain a letter, as in `B as in boy`
        elif run and len(held) < 3 and (word in _BETWEEN or word in (",", "-", ".")):
            held.append((match.start(), match.end(), word))
        else:
            yield from _finished(run)
            run, held = [], []
    yield from _finished(run)


def _is_number(word: str) -> bool:
    return word in _DIGITS or word in _MORE


def _is_letter(word: str, run: list[tuple[int, int, str]]) -> bool:
    """Return whether a word spells a letter. The words `a` and `I` spell a letter only after another letter."""
    if word in ("a", "I", "i", "A"):
        return bool(run) and len(run[-1][2]) == 1 and run[-1][2].isalpha()
    return word.lower() in _LETTERS


def _finished(run: list[tuple[int, int, str]]) -> Iterator[Run]:
    while run and run[-1][2] in _TIMES:
        run = run[:-1]
    while run and run[0][2] in _LETTERS and len(run[0][2]) > 1 and not any(word in _LETTERS for _, _, word in run[1:2]):
        run = run[1:]  # in `hotel five`, the first word is an ordinary word and not a letter
        if not run:
            return
    digits = [_DIGITS[word] for _, _, word in run if word in _DIGITS]
    tens = sum(word in _MORE for _, _, word in run)
    letters = sum(word in _LETTERS and word not in _DIGITS for _, _, word in run)
    if len(digits) + tens < 2 or len(run) < 3:
        return
    steps = {after - before for before, after in itertools.pairwise(digits)}
    amount = any(word in ("hundred", "thousand") for _, _, word in run)
    doubled = sum(word in _TIMES for _, _, word in run)
    yield Run(
        run[0][0], run[-1][1], len(digits) + doubled, tens, letters, amount, counts=steps in ({1}, {-1}) and not letters
    )
