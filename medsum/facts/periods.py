"""Find durations and measures that are written without a number in digits, such as `for a month`."""

import re
from collections.abc import Iterator

from medsum.facts.amounts import Quantity, number
from medsum.facts.units import TIME_UNITS, UNIT_OF, names_of

TIME = names_of(TIME_UNITS)
_AND_HALF = re.compile(
    rf"(?:(?P<low>\d+)[ \t]+|\b(?:an?|one)[ \t]+)?\b(?P<unit>{TIME})[ \t]+and[ \t]+0\.5(?!\d)", re.IGNORECASE
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
    rf"probably|every)[ \t]+(?P<article>an?)[ \t]+(?:full[ \t]+|whole[ \t]+)?(?P<unit>{TIME})|"
    rf"(?P<article2>an?)[ \t]+(?P<unit2>{TIME})(?=[ \t]+(?:ago|or so|later|long|before|earlier|or two|history)\b)|"
    rf"(?:for|over|during|in|within)[ \t]+the[ \t]+(?:past|last)[ \t]+(?P<unit3>{TIME}))\b(?![ \t]+(?:old|and 0\.5))",
    re.IGNORECASE,
)
_TO_ONE = re.compile(
    rf"(?<![\d.])(?P<low>\d*\.\d+)[ \t]+(?P<unit>{TIME})[ \t]+(?:to|or)[ \t]+an?[ \t]+(?P=unit)\b", re.IGNORECASE
)
_OR_TWO = re.compile(rf"\b(?P<article>an?)[ \t]+(?P<unit>{TIME})[ \t]+or[ \t]+2\b", re.IGNORECASE)


def periods(text: str) -> Iterator[Quantity]:
    """Yield durations and measures without such a number: `for a month`, `a centimeter`, `a week ago`, `day 5`."""
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
