"""Find quantities (numbers with their kind and unit) in a text whose numbers are written as digits.

The patterns are tried from the most reliable to the least reliable. A later pattern cannot use characters that an
earlier pattern has matched.
"""

import re
from collections.abc import Iterator, Sequence

from medsum.facts import dates
from medsum.facts.amounts import LOOSE_RANGE, NUMBER, RANGE, Quantity, amount, amounts, number
from medsum.facts.bare_doses import bare_doses, changed_doses
from medsum.facts.doses import combined_doses, doses
from medsum.facts.frequencies import frequencies
from medsum.facts.periods import TIME, periods
from medsum.facts.powers import powers
from medsum.facts.short_spans import short_spans
from medsum.facts.units import MEASURE_UNITS, UNIT_OF, WEIGHT_UNITS, names_of
from medsum.facts.vitals import ages, bare_ages, blood_pressures, heights, named_vitals

_DIGIT = re.compile(r"\d")
_COUNT_CONTEXT = re.compile(
    r"(?:\b(?:type|stage|grade|class|room|vitamin|step|phase|tylenol|hepatitis|gestational age|S|L|T|C|B|P|O|H|covid|"
    r"omega|call|dial|ring|factor|chapter|lot|dob|phone|baby number|page)[ \t-]*|[#$]|[A-Za-z]-|['’])$",
    re.IGNORECASE,
)
_AFTER_COUNT = re.compile(r"(?:st|nd|rd|th)\b|[ \t]*percentile|[A-Za-z]*\d|/\d|:\d|-\d|[ \t]+C\b|%", re.IGNORECASE)
_LIST_NUMBER = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:] )|(?<=  ))[ \t]*\d{1,2}[.)](?=[ \t]+[A-Z])|(?<=[.;:] )\d{1,2}[.)][ \t]+$"
)
# In this shorthand, a number is not a quantity: `A&O x3` (oriented), `2/2` (secondary to), `2+` (a grade).
_NO_QUANTITY = re.compile(
    r"\bA(?:&|/|\+| and )?O[ \t]?x[ \t]?[1-4]\b|\boriented[ \t]x[ \t]?[1-4]\b|\b2/2\b(?=[ \t]+[A-Za-z])|"
    r"(?<![\w.])[1-4]\+(?!\d)|\bBI-?RADS[ \t]?\d",
    re.IGNORECASE,
)
_NOT_MEASURED = r"(?![ \t-]*(?:old\b|of[ \t]+age\b))"


def quantities(text: str, drugs: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the quantities in the order of the text, without overlaps. `drugs` are the spans of the medications."""
    taken = bytearray(len(text))
    for match in (*_LIST_NUMBER.finditer(text), *_NO_QUANTITY.finditer(text)):
        taken[match.start() : match.end()] = b"\1" * len(match[0])
    found = []
    for quantity in _candidates(text, drugs):
        width = quantity.end - quantity.start
        if not any(taken[quantity.start : quantity.end]):
            taken[quantity.start : quantity.end] = b"\1" * width
            if quantity.kind != "none":
                found.append(quantity)
    return sorted(found, key=lambda quantity: quantity.start)


def _candidates(text: str, drugs: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
    if not _DIGIT.search(text):
        yield from frequencies(text)
        yield from periods(text)
        yield from _moments(dates.dates(text))
        yield from _moments(dates.years_and_days(text))
        yield from _occasions(text)
        return
    yield from powers(text)
    yield from combined_doses(text, drugs)
    yield from changed_doses(text)
    yield from bare_doses(text, drugs)
    yield from _scores(text)
    yield from blood_pressures(text)
    yield from _moments(dates.dates(text))
    yield from ages(text)
    yield from heights(text)
    yield from named_vitals(text)
    yield from frequencies(text)
    yield from _moments(dates.times(text))
    yield from _dimensions(text)
    yield from doses(text)
    yield from short_spans(text)
    yield from periods(text)
    yield from _with_units(text)
    yield from _moments(dates.years_and_days(text))
    yield from _occasions(text)
    yield from bare_ages(text)
    yield from _counts(text)


def _moments(moments: Iterator[dates.Moment]) -> Iterator[Quantity]:
    for moment in moments:
        yield Quantity(moment.kind, moment.value, "", moment.start, moment.end)


_SCALE = re.compile(
    r"\b(?:scale|rang\w+)[ \t]+(?:of|from|is)?[ \t]*(?:zero|\d)[ \t]*(?:to|-|through)[ \t]*10\b|\b10[ \t]+(?:being|"
    r"is)\b|\b[01][ \t]*(?:to|-)[ \t]*10[ \t]+(?:pain[ \t]+)?scale\b",
    re.IGNORECASE,
)
_SCORE = re.compile(
    rf"{RANGE}(?:/|[ \t]*-?out of(?: a)?[ \t]*|[ \t]+on a scale of[ \t]+)(?P<of>10|5|15|30|100)(?![\d/%]|\.\d)"
)


_RATED = re.compile(
    r"\ban?[ \t]+(?P<low>10|[1-9])(?=[ \t]*(?:[.,;?!](?!\d)|$)|"
    r"[ \t]+(?:on|at|after|when|and|now|today|right|or|most|in)\b)"
)


def _scores(text: str) -> Iterator[Quantity]:
    """Yield scores: `7/10`, `eight out of ten`, `it is a six`. The scale itself (`one to ten`) is not a score."""
    for match in _SCALE.finditer(text):
        yield Quantity("none", "", "", match.start(), match.end())
    for match in _SCORE.finditer(text):
        is_acuity = match["low"] == "20" and "/" in match[0]  # `20/30` is the sharpness of vision and not a score
        if float(number(match["low"])) <= float(match["of"]) and not is_acuity:
            yield Quantity("score", f"{amount(match)}/{match['of']}", "", match.start(), match.end())
    for match in _RATED.finditer(text):
        yield Quantity("score", f"{match['low']}/10", "", *match.span("low"))


_DIMENSIONS = re.compile(
    rf"{NUMBER}[ \t]*(?:x|by|×)[ \t]*(?P<second>[\d.]+\d|\d)(?:[ \t]*(?:x|by|×)[ \t]*(?P<third>[\d.]+\d|"
    rf"\d))?[ \t-]*(?P<unit>{names_of(('cm', 'mm', 'in', 'm'))})\b",
    re.IGNORECASE,
)


def _dimensions(text: str) -> Iterator[Quantity]:
    """Yield each dimension as a measure: `2 x 3 cm` is 2 cm and 3 cm."""
    for match in _DIMENSIONS.finditer(text):
        for group in ("low", "second", "third"):
            if match[group]:
                value = number(match[group].split(" ")[0])
                yield Quantity("measure", value, UNIT_OF[match["unit"].lower()], *match.span(group))


_MEASURED = [
    ("percent", re.compile(rf"{RANGE}[ \t]*(?:%|percent\b|per[ \t]cent\b)", re.IGNORECASE)),
    ("weight", re.compile(rf"{RANGE}[ \t]*-?(?P<unit>{names_of(WEIGHT_UNITS)})\b(?!/)", re.IGNORECASE)),
    (
        "duration",
        re.compile(
            rf"{LOOSE_RANGE}[ \t]*-?(?:(?:full|more|whole|straight)[ \t]+)?(?P<unit>{TIME})\b{_NOT_MEASURED}", re.I
        ),
    ),
    ("measure", re.compile(rf"{RANGE}[ \t]*-?(?P<unit>{names_of(MEASURE_UNITS)})(?![\w/])", re.IGNORECASE)),
]


def _with_units(text: str) -> Iterator[Quantity]:
    for kind, pattern in _MEASURED:
        for match in pattern.finditer(text):
            unit = UNIT_OF[match["unit"].lower()] if kind != "percent" else ""
            if unit == "m" and match["unit"] != "m" and len(match["unit"]) == 1:
                continue  # `M` is not a metre
            if unit == "in" and match["unit"].lower() == "in":
                continue  # the word `in` is not an inch
            for value, start, end in amounts(match):
                yield Quantity(kind, value, unit, start, end)


_TWICE = re.compile(r"\btwice\b(?![ \t]+as\b)", re.IGNORECASE)


def _occasions(text: str) -> Iterator[Quantity]:
    for match in _TWICE.finditer(text):
        yield Quantity("count", "2", "", match.start(), match.end())


_COUNT = re.compile(rf"{RANGE}")
_TENS = re.compile(r"(?<![\d.,/:-])\d{2,4}s\b")


def _counts(text: str) -> Iterator[Quantity]:
    """Yield each remaining number as a count, unless the number is part of a name (`type 2`, `S 1`, `A 1 C`)."""
    for match in _TENS.finditer(text):
        yield Quantity("count", match[0], "", match.start(), match.end())
    for match in _COUNT.finditer(text):
        before, after = text[max(0, match.start() - 16) : match.start()], text[match.end() : match.end() + 12]
        padded = match["low"].startswith("0") and match["low"].isdigit() and len(match["low"]) > 1
        if not padded and not _COUNT_CONTEXT.search(before) and not _AFTER_COUNT.match(after):
            yield Quantity("count", amount(match), "", match.start(), match.end())
