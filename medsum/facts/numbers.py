"""Convert spoken numbers to digits: cardinals, ordinals, decimals, fractions, years and pairs such as `one twenty`.

`twenty six` is 26, `one oh five` is 105, `one twenty` is 120, `nineteen ninety nine` is 1999, `O eight` is 08, `ninety
eight point six` is 98.6, `two and a half` is 2.5, `thirty first` is 31st, `eighties` is 80s.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_UNIT_WORDS = "one two three four five six seven eight nine"
_TEEN_WORDS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINAL_TENS_WORDS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split(), 1)}
TEENS = {word: value for value, word in enumerate(_TEEN_WORDS.split(), 10)}
TENS = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), 2)} | {"fourty": 40}
ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), 1)}
ORDINAL_TENS = {word: 10 * value for value, word in enumerate(_ORDINAL_TENS_WORDS.split(), 2)}
DECADES = {word[:-1] + "ies": value for word, value in TENS.items()}
SCALES = {"thousand": 1000, "million": 1_000_000}
ZEROS = {"zero", "oh", "o"}
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourths": 4, "fifths": 5}

_YEAR_CENTURIES = (18, 19, 20)  # `nineteen ninety` is one number, but `fifteen twenty` is two numbers
_ATOMS = {*UNITS, *TEENS, *TENS, *ORDINALS, *ORDINAL_TENS, *DECADES, *SCALES, *ZEROS, *PARTS, "hundred"}
_ATOM = "|".join(sorted(_ATOMS, key=len, reverse=True))
_RUN = re.compile(
    rf"\b(?:(?:a[ \t]+(?=hundred|thousand|million)|point[ \t]+)?(?:{_ATOM}))(?:(?:[ \t]+|-)(?:and[ \t-]+(?:a[ \t-]+)?|"
    rf"point[ \t]+|a[ \t]+(?=hundred|thousand))?(?:{_ATOM}))*\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_TIMES_A_DAY = re.compile(r"[ \t]+times[ \t]+(?:an?|per|each|every|daily)\b", re.IGNORECASE)

# In `the blue one`, `one` is a pronoun and not a number. These patterns match the text before or after such a pronoun.
_NOT_BEFORE_ONE = re.compile(
    r"\b(?:no|any|every|some|which|that|this|these|those|the|each|another|other|neither|either|last|next|new|old|"
    r"right|left|bad|good|better|worse|worst|best|same|loved|little|big|small|younger|older|youngest|oldest|regular|"
    r"whole|wrong|real|great|nice|tough|long|short|only|right)[ \t-]+$",
    re.IGNORECASE,
)
_NOT_AFTER_ONE = re.compile(
    r"['’]|[ \t]+(?:of|who|that|which|is|was|isn|wasn|are|were|has|had|have|did|does|do|will|would|can|could|should|"
    r"might|may|at|on|in|to|for|with|and|but|so|because|when|while|if|than|from|about|like|another|else|goes|went|"
    r"feels|makes|made|gets|got|hurts|said|says|knows|knew|thing|yesterday|today|here|there|reason|way|else|more|side|"
    r"over|i|he|she|it|they|we|you)\b",
    re.IGNORECASE,
)
_RANGE_AFTER_ONE = re.compile(
    r"[ \t]+(?:or|to)[ \t]+(?:\d|" + "|".join([*UNITS, *TEENS]) + r")|[ \t]+(?:in the|at night|on the first|every)\b",
    re.IGNORECASE,
)
_END_AFTER_ONE = re.compile(r"-?[ \t]*(?:$|[.,;:?!)\n])")
_ANSWER_ONE = re.compile(r"(?:^|[.:?!\n][ \t]*|\b(?:just|about|maybe|number|type|age|stage|grade|[A-Z])[ \t]+)$")
_BEFORE_OH = re.compile(r"\b(?:in|of|since|year)[ \t]+$", re.IGNORECASE)
_BEFORE_SECOND = re.compile(r"(?:\b(?:a|per|every|each|split|this)|\d)[ \t]+$", re.IGNORECASE)


class Spoken(NamedTuple):
    """A spoken number: its span in the text, and its digits."""

    start: int
    end: int
    digits: str


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def spoken_numbers(text: str) -> Iterator[Spoken]:
    """Yield every spoken number of the text, from left to right."""
    for run in _RUN.finditer(text):
        words = [_Word(word[0].lower(), word.start(), word.end()) for word in _WORD.finditer(text, *run.span())]
        if _ends_with_times_a_day(text, words, run.end()):
            yield from _of_words(text, words[:-1])
            words = words[-1:]
        yield from _of_words(text, words)


def _of_words(text: str, words: list[_Word]) -> Iterator[Spoken]:
    position = 0
    while position < len(words):
        digits, after = _read(words, position)
        if digits and not _is_no_number(text, words, position, after):
            yield Spoken(words[position].start, words[after - 1].end, digits)
        position = max(after, position + 1)


def _ends_with_times_a_day(text: str, words: list[_Word], end: int) -> bool:
    """Return whether the last word belongs to `times a day` and not to a dose: `six hundred three times a day`."""
    if len(words) < 2 or words[-1].text not in UNITS or text[words[-2].end : words[-1].start].strip(" \t"):
        return False  # `twenty-three` has a hyphen, so it is one number
    return words[-2].text in {"hundred", *TENS} and bool(_TIMES_A_DAY.match(text, end))


def _is_no_number(text: str, words: list[_Word], position: int, after: int) -> bool:
    """Return whether a number word is not a number: `no one`, `wait a second`, `oh two of them`, `a third`."""
    first = words[position]
    before = text[max(0, first.start - 16) : first.start]
    following = text[words[after - 1].end : words[after - 1].end + 24]
    if first.text in {"oh", "zero"} and after - position == 2:
        return first.text == "oh" and not _BEFORE_OH.search(before)
    if after - position > 1:
        return False
    if first.text == "second":
        return bool(_BEFORE_SECOND.search(before)) or (position > 0 and words[position - 1].text in UNITS)
    if first.text != "one":
        return False
    if position > 0 or _RANGE_AFTER_ONE.match(following):
        return False
    if _NOT_BEFORE_ONE.search(before) or _NOT_AFTER_ONE.match(following):
        return True
    return bool(_END_AFTER_ONE.match(following)) and not _ANSWER_ONE.search(before)


def _text(words: list[_Word], position: int) -> str:
    return words[position].text if position < len(words) else ""


def _read(words: list[_Word], position: int) -> tuple[str, int]:
    """Return the digits of the number that starts at `position`, and its end.

    If there is no number, the digits are an empty string.
    """
    word = _text(words, position)
    if word == "point":
        digits, after = _decimals("0", words, position)
        return (digits, after) if after > position else ("", position + 1)
    if word in ZEROS:
        if _text(words, position + 1) in UNITS:
            return f"0{UNITS[_text(words, position + 1)]}", position + 2
        if word == "zero":
            return _decimals("0", words, position + 1)
        return "", position + 1
    if word in DECADES:
        return f"{DECADES[word]}s", position + 1
    if word in ORDINALS or word in ORDINAL_TENS:
        return _ordinal(ORDINALS.get(word) or ORDINAL_TENS[word]), position + 1
    whole, after, ordinal = _cardinal(words, position)
    if not after:
        return "", position + 1
    if ordinal:
        return _ordinal(whole), after
    if _text(words, after) in DECADES:
        return f"{100 * whole + DECADES[_text(words, after)]}s", after + 1
    digits, after = _decimals(str(whole), words, after)
    return _with_fraction(digits, words, after)


def _below_hundred(words: list[_Word], position: int) -> tuple[int, int, bool]:
    """Return a number below 100, its end (0 if there is no number), and whether its last word is an ordinal."""
    word, following = _text(words, position), _text(words, position + 1)
    if word in TENS:
        if following in UNITS:
            return TENS[word] + UNITS[following], position + 2, False
        if ORDINALS.get(following, 10) < 10:
            return TENS[word] + ORDINALS[following], position + 2, True
        return TENS[word], position + 1, False
    value = UNITS.get(word) or TEENS.get(word)
    return (value, position + 1, False) if value else (0, 0, False)


def _cardinal(words: list[_Word], position: int) -> tuple[int, int, bool]:
    """Return a whole number up to the millions; a pair (`one twenty`) counts too. If there is none, the end is 0."""
    total = 0
    while True:
        value, after, ordinal = (
            (1, position + 1, False) if _text(words, position) == "a" else _below_hundred(words, position)
        )
        if not after:
            return total, position if total else 0, False
        if not ordinal and _text(words, after) == "hundred":
            value, after, ordinal = _hundreds(value, words, after + 1)
        elif not ordinal and not total:
            value, after, ordinal = _paired(value, words, after)
        scale = SCALES.get(_text(words, after))
        if ordinal or scale is None or (total and total % (scale * 1000)):
            return total + value, after, ordinal
        total += value * scale
        position = after + 1
        if _text(words, position) == "and":
            position += 1
        if _text(words, position - 1) == "and" and not _below_hundred(words, position)[1]:
            return total, position - 1, False


def _hundreds(value: int, words: list[_Word], after: int) -> tuple[int, int, bool]:
    """If a number follows the hundreds, such as `and five` after `two hundred`, add this number."""
    start = after + 1 if _text(words, after) == "and" else after
    rest, end, ordinal = _below_hundred(words, start)
    return (100 * value + rest, end, ordinal) if end else (100 * value, after, False)


def _paired(value: int, words: list[_Word], after: int) -> tuple[int, int, bool]:
    """Return the number of a pair (`[one] oh five`, `[one] twenty`, `[nineteen] ninety nine`), or else `value`."""
    word = _text(words, after)
    if word in ZEROS and _text(words, after + 1) in UNITS:
        return 100 * value + UNITS[_text(words, after + 1)], after + 2, False
    rest, end, ordinal = _below_hundred(words, after)
    if end and not ordinal and rest >= 10 and (value < 10 or value in _YEAR_CENTURIES):
        if _text(words, end) == "hundred":
            return value, after, False
        return 100 * value + rest, end, False
    return value, after, False


def _decimals(whole: str, words: list[_Word], after: int) -> tuple[str, int]:
    """Add the decimals after `point`, spoken as single digits or as one number. If it is not there, return `whole`."""
    if _text(words, after) != "point":
        return whole, after
    position, digits = after + 1, ""
    while (word := _text(words, position)) in UNITS or word in ZEROS:
        digits += str(UNITS.get(word, 0))
        position += 1
    if not digits:
        value, position, _ = _below_hundred(words, position)
        digits = str(value)
    return (f"{whole}.{digits}", position) if position else (whole, after)


def _with_fraction(digits: str, words: list[_Word], after: int) -> tuple[str, int]:
    """Add a fraction: `[two] and a half`, `[two] thirds`, `[one] half`. If there is none, return `digits`."""
    if _text(words, after) == "and":
        position = after + 1
        above = 1
        if _text(words, position) in {"a", "one"}:
            position += 1
        elif _text(words, position) == "three":
            above, position = 3, position + 1
        if _text(words, position) in {"half", "quarter", "third", "quarters"}:
            return f"{float(digits) + above / PARTS[_text(words, position)]:g}", position + 1
        return digits, after
    word = _text(words, after)
    if word in PARTS and digits.isdigit() and (word.endswith("s") or digits == "1") and int(digits) < 10:
        return f"{int(digits) / PARTS[word]:.2g}", after + 1
    return digits, after


def _ordinal(value: int) -> str:
    suffix = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"
