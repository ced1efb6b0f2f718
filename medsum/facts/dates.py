"""Find dates and times of day: `07/31/2008`, `July 31st 08`, `in May`, `at 9:30 pm`. Numbers must be digits."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTH_WORDS = "january february march april may june july august september october november december"
MONTHS = {word: number for number, word in enumerate(_MONTH_WORDS.split(), 1)}
MONTHS |= {word[:3]: number for word, number in MONTHS.items()} | {"sept": 9}
_MONTH = (
    r"(?P<month>(?:[Jj]anuary|[Ff]ebruary|March|[Aa]pril|May|[Jj]une|[Jj]uly|August|[Ss]eptember|[Oo]ctober|"
    r"[Nn]ovember|[Dd]ecember)|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:19|20)\d\d|['’]\d\d|0\d)\b"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FEASTS = {"new year's day": "--01-01", "christmas": "--12-25", "christmas day": "--12-25"}
_PIVOT = 30  # two-digit years up to 30 mean 2000 to 2030, and later years mean 1931 to 1999

_DATES = [
    re.compile(r"\b(?P<month>1[0-2]|0?[1-9])[/-](?P<day>3[01]|[12]\d|0?[1-9])[/-](?P<year>(?:19|20)?\d\d)\b(?![/-])"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>1[0-2]|0[1-9])-(?P<day>3[01]|[12]\d|0[1-9])\b"),
    re.compile(
        rf"\b{_MONTH}[ \t]*(?:the[ \t]+)?{_DAY}(?:(?:,|[ \t]+of|[ \t]+in)?[ \t]*{_YEAR})?(?![\d/]|[ \t]*(?:mg|%))"
    ),
    re.compile(rf"\b{_DAY}[ \t]+(?:of[ \t]+)?{_MONTH}\b(?:(?:,|[ \t]+of)?[ \t]*{_YEAR})?"),
    re.compile(rf"\b{_MONTH}(?:,|[ \t]+of|[ \t]+in)?[ \t]*{_YEAR}"),
    re.compile(
        r"(?:(?<=\bin )|(?<=\bsince )|(?<=\buntil )|(?<=\bby )|(?<=\blast )|(?<=\bthis )|(?<=\bof )|(?<=\bearly )|"
        r"(?<=\blate )|(?<=\bmid )|(?<=\bfrom )|(?<=\bthrough )|(?<=\baround )|(?<=\bnext )|(?<=\bto )|(?<=\bduring ))"
        rf"{_MONTH}\b(?![ \t]+\d)"
    ),
    re.compile(
        r"\b(?P<month>[Jj]anuary|[Ff]ebruary|[Aa]pril|[Jj]une|[Jj]uly|[Ss]eptember|[Oo]ctober|[Nn]ovember|"
        r"[Dd]ecember)\b"
    ),
    re.compile(r"(?<![\d/])\b(?P<month>1[0-2]|0[1-9])/(?P<year>(?:19|20)\d\d)\b(?!/)"),
    re.compile(r"(?<![\d/])\b(?P<month>0[1-9]|1[0-2])/(?P<day>3[01]|[12]\d|0[1-9])\b(?!/)"),
    re.compile(r"(?:(?<=\bin )|(?<=\bof )|(?<=\bsince )|(?<=\btill )|(?<=\bin the ))(?P<year>(?:['’]|\b)0\d)\b"),
]
# This fast check comes first: a text without a match has no date.
_HINT = re.compile(r"\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", re.IGNORECASE)
_BARE_YEAR = re.compile(
    r"(?<![\d$#/.,-])\b(?P<year>19[2-9]\d|20[0-4]\d)\b(?![\d/%-]|,\d|\.\d|[ \t]*(?:mg|mcg|ml|units?|calories|kcal|"
    r"feet|steps|people|grams|times|dollars|meters|pounds|cc)\b)"
)
_DECADE = re.compile(r"\b(?P<decade>(?:19|20)\d0)['’]?s\b|(?<=\bthe )['’]?(?P<short>[5-9]0)['’]?s\b")
_DAY_NAME = re.compile(
    rf"\b(?P<weekday>{_WEEKDAY})s?\b|\b(?P<feast>New Year's Day|Christmas(?: Day)?)\b", re.IGNORECASE
)
_SHORT_DAY = re.compile(
    r"\b(?:since|on|next|last|this|until|by)[ \t]+(?P<after>Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\b(?!day)|"
    r"\b(?P<alone>Mon|Tues|Weds|Thurs|Fri)\b(?=[ \t]*(?:[.,;)]|$))"
)
_DAYS = {
    "m": "monday",
    "tu": "tuesday",
    "w": "wednesday",
    "th": "thursday",
    "f": "friday",
    "sa": "saturday",
    "su": "sunday",
}
_LMP = re.compile(r"\bLMP:?[ \t]+(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])\b(?!/)")
_HALF_OF_DAY = r"[ap]\.?m\.?(?![a-z])|o['’]?clock|in[ \t]+the[ \t]+(?:morning|afternoon|evening)|at[ \t]+night"
_TIMES = [
    re.compile(r"(?<![\d:/])(?P<hour>2[0-3]|1\d|0?\d):(?P<minute>[0-5]\d)(?![\d:])"),
    re.compile(
        rf"(?<![\d./])\b(?P<hour>1[0-2]|0?[1-9])(?:[ \t]?(?P<minute>[0-5]\d))?[ \t]*(?:{_HALF_OF_DAY})", re.IGNORECASE
    ),
    re.compile(  # `around nine thirty` becomes `around 930` in digits
        r"(?:(?<=\bat )|(?<=\baround )|(?<=\babout )|(?<=\bto )|(?<=\buntil )|(?<=\btill )|(?<=\bby )|(?<=\bsince ))"
        r"(?P<hour>1[0-2]|[1-9])(?P<minute>15|30|45)\b(?=[ \t]*[.,;?!]|$)"
    ),
    re.compile(
        r"(?:(?<=\bat )|(?<=\bat about )|(?<=\bat around ))(?P<hour>1[0-2]|[1-9])(?:[ \t](?P<minute>[0-5]\d))?"
        r"(?=[.,;?!]|[ \t]+(?:and|on|this|every|yesterday|today|when|with)\b|$)(?!\.\d)"
    ),
]


class Moment(NamedTuple):
    """A date or time of day: its kind, its normalised value, and its span of characters."""

    kind: str
    value: str
    start: int
    end: int


def dates(text: str) -> Iterator[Moment]:
    """Yield dates. The most explicit dates come first. If two dates overlap, the caller must use the first one."""
    for match in _LMP.finditer(text):
        yield Moment("date", _iso(match.groupdict()), match.start("month"), match.end())
    for pattern in _DATES if _HINT.search(text) else ():
        for match in pattern.finditer(text):
            yield Moment("date", _iso(match.groupdict()), match.start(), match.end())


def years_and_days(text: str) -> Iterator[Moment]:
    """Yield years without a month, decades, weekdays and two holidays.

    The caller uses them only if no other quantity overlaps them.
    """
    yield from _short_days(text)
    for match in _DECADE.finditer(text):
        yield Moment("date", f"{match['decade'] or '19' + match['short']}s", match.start(), match.end())
    for match in _BARE_YEAR.finditer(text):
        yield Moment("date", match["year"], match.start(), match.end())
    for match in _DAY_NAME.finditer(text):
        feast = (match["feast"] or "").lower()
        value = _FEASTS[feast] if feast else match["weekday"].lower()
        yield Moment("date", value, match.start(), match.end())


def _short_days(text: str) -> Iterator[Moment]:
    """Yield abbreviated weekdays: `since Thurs`."""
    for match in _SHORT_DAY.finditer(text):
        said = (match["after"] or match["alone"]).lower()
        name = next(day for start, day in _DAYS.items() if said.startswith(start))
        group = "after" if match["after"] else "alone"
        yield Moment("date", name, *match.span(group))


def times(text: str) -> Iterator[Moment]:
    """Yield times of day on a 12-hour clock. Speech rarely says whether a time is before or after noon."""
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            hour = int(match["hour"])
            value = f"{hour - 12 if hour > 12 else hour}:{match['minute'] or '00'}"
            yield Moment("time", value, match.start(), match.end())


def _iso(parts: dict[str, str | None]) -> str:
    """Return a date as `2008-07-31`, `2008-07`, `2008`, `--07-31` or `--07`."""
    year = (parts.get("year") or "").strip("'’")
    if len(year) == 2:
        year = f"{'20' if int(year) <= _PIVOT else '19'}{year}"
    month, day = parts.get("month") or "", parts.get("day") or ""
    if month and not month.isdigit():
        month = str(MONTHS[month.lower().rstrip(".")])
    value = year or "-"
    if month:
        value += f"-{int(month):02}"
    return f"{value}-{int(day):02}" if day else value
