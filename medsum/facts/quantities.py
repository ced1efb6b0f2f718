"""Find quantities (numbers with their kind and unit) in a text whose numbers are written as digits.

Each pattern claims its characters. The most reliable pattern comes first.
"""

import re
from collections.abc import Iterator, Sequence

from medsum.facts import dates
from medsum.facts.amounts import LOOSE_RANGE, NUMBER, RANGE, Quantity, amount, amounts, number
from medsum.facts.bare_doses import bare_doses, changed_doses
from medsum.facts.frequencies import frequencies
from medsum.facts.powers import powers
from medsum.facts.short_spans import short_spans
from medsum.facts.units import DOSE_UNITS, MEASURE_UNITS, TIME_UNITS, UNIT_OF, WEIGHT_UNITS, names_of
from medsum.facts.vitals import ages, bare_ages, blood_pressures, heights, named_vitals

_DIGIT = re.compile(r"\d")
_TIME = names_of(TIME_UNITS)
_COUNT_CONTEXT = re.compile(
    r"(?:\b(?:type|stage|grade|class|room|vitamin|step|phase|tylenol|hepatitis|gestational age|S|L|T|C|B|P|O|H|covid|"
    r"omega|call|dial|ring|factor|chapter|lot|dob|phone|baby number|page)[ \t-]*|[#$]|[A-Za-z]-|['’])$",
    re.IGNORECASE,
)
_AFTER_COUNT = re.compile(r"(?:st|nd|rd|th)\b|[ \t]*percentile|[A-Za-z]*\d|/\d|:\d|-\d|[ \t]+C\b|%", re.IGNORECASE)
_LIST_NUMBER = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:] )|(?<=  ))[ \t]*\d{1,2}[.)](?=[ \t]+[A-Z])|(?<=[.;:] )\d{1,2}[.)][ \t]+$"
)
# Shorthand with a number that counts nothing: oriented in three ways, `secondary to`, a grade.
_NO_QUANTITY = re.compile(
    r"\bA(?:&|/|\+| and )?O[ \t]?x[ \t]?[1-4]\b|\boriented[ \t]x[ \t]?[1-4]\b|\b2/2\b(?=[ \t]+[A-Za-z])|"
    r"(?<![\w.])[1-4]\+(?!\d)|\bBI-?RADS[ \t]?\d",
    re.IGNORECASE,
)
_NOT_MEASURED = r"(?![ \t-]*(?:old\b|of[ \t]+age\b))"


def quantities(text: str, drugs: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the quantities in the order of the text, without overlaps. `drugs` are the spans of medications."""
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
        yield from _periods(text)
        yield from _moments(dates.dates(text))
        yield from _moments(dates.years_and_days(text))
        yield from _occasions(text)
        return
    yield from powers(text)
    yield from _combined_doses(text, drugs)
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
    yield from _doses(text)
    yield from short_spans(text)
    yield from _periods(text)
    yield from _with_units(text)
    yield from _moments(dates.years_and_days(text))
    yield from _occasions(text)
    yield from bare_ages(text)
    yield from _counts(text)


def _moments(moments: Iterator[dates.Moment]) -> Iterator[Quantity]:
    for moment in moments:
        yield Quantity(moment.kind, moment.value, "", moment.start, moment.end)


_COMBINED = re.compile(
    rf"{NUMBER}(?:[ \t]*-?m?c?g)?(?:/|[ \t]+over[ \t]+)(?P<second>\d{{1,4}}(?:\.\d+)?)(?![\d/]|\.\d)"
    r"(?:[ \t]*-?(?P<unit>mg|mcg|milligrams|micrograms)\b)?",
    re.IGNORECASE,
)
_FORM = re.compile(r"[ \t-]*(?:(?:diskus|hfa|inhaler|xr|hct|mix|strength|dose)[ \t]+)?", re.IGNORECASE)
_OF_PRESSURE = re.compile(r"\b(?:BP|pressures?)\b[^.;\n]*$", re.IGNORECASE)


def _combined_doses(text: str, drugs: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
    """Yield the doses of combined drugs: `Percocet 5/325` has 5 and 325, `875/125 mg` has 875 mg and 125 mg.

    The numbers of `Novolin 70/30` are part of its name.
    """
    for match in _COMBINED.finditer(text):
        if any(start <= match.start() < end for start, end in drugs):
            yield Quantity("none", "", "", *match.span())
            continue
        follows = any(_FORM.fullmatch(text, end, match.start()) for _, end in drugs)
        if match["unit"] or (follows and not _OF_PRESSURE.search(text, 0, match.start())):
            for group in ("low", "second"):
                unit = UNIT_OF[match["unit"].lower()] if match["unit"] else ""
                yield Quantity("dose", number(match[group]), unit, *match.span(group))


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
        is_acuity = match["low"] == "20" and "/" in match[0]  # 20/30 is vision
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
    """Yield each dimension with the unit: `2 x 3 cm` is 2 cm and 3 cm."""
    for match in _DIMENSIONS.finditer(text):
        for group in ("low", "second", "third"):
            if match[group]:
                value = number(match[group].split(" ")[0])
                yield Quantity("measure", value, UNIT_OF[match["unit"].lower()], *match.span(group))


_PER = r"(?:[ \t]*/[ \t]*|[ \t]+per[ \t]+)"
_DOSE = re.compile(
    rf"{RANGE}[ \t]*-?(?P<unit>{names_of(DOSE_UNITS)})\b(?!{_PER}(?:d?l|ml|cc|(?:deci|milli)?lit(?:er|re))\b|-?\d)"
    rf"(?!-?[ \t]*(?:year|week)(?!ly))(?P<by_weight>{_PER}(?:kg|kilo(?:gram)?)\b)?"
    r"(?:[ \t]*/[ \t]*(?P<by_time>hour|hr|h|minute|min)\b)?",
    re.IGNORECASE,
)
_FLUID_BEFORE = re.compile(
    r"\b(?:loss|EBL|output|UOP|drain\w*|residual|aspirat\w*|removed|yielded|tapped)\b[^.;\n]{0,20}$", re.IGNORECASE
)
_FLUID_AFTER = re.compile(r"[ \t]+of[ \t]+(?:[\w-]+[ \t]+){0,2}?(?:blood|fluid|urine|pus)\b", re.IGNORECASE)


_TRANSFUSED = re.compile(r"\btransfus\w+[ \t]+(?:\w+[ \t]+)?$", re.IGNORECASE)
_OF_BLOOD = re.compile(r"[ \t]+(?:of[ \t]+)?(?:packed|red cells|blood|platelets|plasma|p?RBCs?|FFP)\b", re.IGNORECASE)


def _doses(text: str) -> Iterator[Quantity]:
    """Yield doses. A dose per weight or per time has a unit such as `mg/kg` or `ml/hour`.

    The volume of a lost fluid is a measure and not a dose.
    """
    for match in _DOSE.finditer(text):
        unit = UNIT_OF[match["unit"].lower()]
        before = text[max(0, match.start() - 30) : match.start()]
        lost = unit == "ml" and (_FLUID_BEFORE.search(before) or _FLUID_AFTER.match(text, match.end()))
        if match["by_weight"]:
            unit += "/kg"
        if match["by_time"]:
            unit += "/minute" if match["by_time"].lower().startswith("m") else "/hour"
        if unit == "unit" and (_TRANSFUSED.search(before) or _OF_BLOOD.match(text, match.end())):
            yield Quantity("count", amount(match), "", match.start(), match.end())
            continue
        yield Quantity("measure" if lost else "dose", amount(match), unit, match.start(), match.end())


_MEASURED = [
    ("percent", re.compile(rf"{RANGE}[ \t]*(?:%|percent\b|per[ \t]cent\b)", re.IGNORECASE)),
    ("weight", re.compile(rf"{RANGE}[ \t]*-?(?P<unit>{names_of(WEIGHT_UNITS)})\b(?!/)", re.IGNORECASE)),
    (
        "duration",
        re.compile(
            rf"{LOOSE_RANGE}[ \t]*-?(?:(?:full|more|whole|straight)[ \t]+)?(?P<unit>{_TIME})\b{_NOT_MEASURED}", re.I
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


_AND_HALF = re.compile(
    rf"(?:(?P<low>\d+)[ \t]+|\b(?:an?|one)[ \t]+)?\b(?P<unit>{_TIME})[ \t]+and[ \t]+0\.5(?!\d)", re.IGNORECASE
)
_HALVED = names_of(("in", "ft", "mile", "cm", "mm", "cup", "block"))
_MEASURE_AND_HALF = re.compile(
    rf"(?:(?P<low>\d+)[ \t]+|\b(?:an?|one)[ \t]+)\b(?P<unit>{_HALVED})"
    r"[ \t]+and[ \t]+0\.5(?!\d)",
    re.IGNORECASE,
)
_ONE_MEASURE = re.compile(
    rf"\ban?[ \t]+(?:full[ \t]+|whole[ \t]+)?(?P<unit>{names_of(('cm', 'mm', 'mile', 'km', 'block'))}|inch)\b"
    r"(?![ \t]+and[ \t]+0\.5|[ \t-]+\w*[ \t]*(?:block|guarded))",
    re.IGNORECASE,
)
_DAY_NUMBER = re.compile(r"\bday[ \t]+#?(?P<low>\d{1,3})(?!\d|[/:]|\.\d|[ \t]*(?:mg|days?|to)\b)", re.IGNORECASE)
_ONE_PERIOD = re.compile(
    rf"\b(?:(?:for|over|about|around|within|in|past|after|last|lasts|lasted|lasting|maybe|took|almost|nearly|"
    rf"roughly|like|to|or|"
    rf"probably|every)[ \t]+(?P<article>an?)[ \t]+(?:full[ \t]+|whole[ \t]+)?(?P<unit>{_TIME})|"
    rf"(?P<article2>an?)[ \t]+(?P<unit2>{_TIME})(?=[ \t]+(?:ago|or so|later|long|before|earlier|or two|history)\b)|"
    rf"(?:for|over|during|in|within)[ \t]+the[ \t]+(?:past|last)[ \t]+(?P<unit3>{_TIME}))\b(?![ \t]+(?:old|and 0\.5))",
    re.IGNORECASE,
)
_TO_ONE = re.compile(
    rf"(?<![\d.])(?P<low>\d*\.\d+)[ \t]+(?P<unit>{_TIME})[ \t]+(?:to|or)[ \t]+an?[ \t]+(?P=unit)\b", re.IGNORECASE
)
_OR_TWO = re.compile(rf"\b(?P<article>an?)[ \t]+(?P<unit>{_TIME})[ \t]+or[ \t]+2\b", re.IGNORECASE)


def _periods(text: str) -> Iterator[Quantity]:
    """Yield durations and measures without a plain number: `for a month`, `a centimeter`, `a week ago`, `day 5`."""
    for match in _AND_HALF.finditer(text):
        value = number(f"{match['low'] or 1}") + ".5"
        yield Quantity("duration", value, UNIT_OF[match["unit"].lower()], match.start(), match.end())
    for match in _MEASURE_AND_HALF.finditer(text):
        value = number(f"{match['low'] or 1}") + ".5"
        yield Quantity("measure", value, UNIT_OF[match["unit"].lower()], match.start(), match.end())
    for match in _ONE_MEASURE.finditer(text):
        yield Quantity("measure", "1", UNIT_OF[match["unit"].lower()], *match.span())
    for match in _DAY_NUMBER.finditer(text):
        yield Quantity("duration", number(match["low"]), "day", *match.span())
    for match in _TO_ONE.finditer(text):
        yield Quantity("duration", f"{number(match['low'])}-1", UNIT_OF[match["unit"].lower()], *match.span())
    for match in _OR_TWO.finditer(text):
        yield Quantity("duration", "1-2", UNIT_OF[match["unit"].lower()], match.start(), match.end())
    for match in _ONE_PERIOD.finditer(text):
        group = next(name for name in ("unit", "unit2", "unit3") if match[name])
        start = match.start(group.replace("unit", "article")) if group != "unit3" else match.start()
        yield Quantity("duration", "1", UNIT_OF[match[group].lower()], start, match.end(group))


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
