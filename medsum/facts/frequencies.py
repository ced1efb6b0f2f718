"""Find frequencies: `b.i.d.`, `twice daily`, `every twelve hours` and `two times a day` are all `2 per day`."""

import re
from collections.abc import Iterator
from fractions import Fraction

from medsum.facts.amounts import APART, LOOSE_RANGE, RANGE, Quantity, amount, number
from medsum.facts.units import DOSE_UNITS, MEASURE_UNITS, TIME_UNITS, UNIT_OF, WEIGHT_UNITS, names_of

_TIME = names_of(TIME_UNITS)
_PERIOD = (
    r"(?P<period>hour|day|night|week|month|year|morning|evening|afternoon)(?!s?[ \t]+(?:ago|later|earlier|before)\b)"
)
_PERIOD_OF = {"night": "day", "morning": "day", "evening": "day", "afternoon": "day"}
_ADVERB = {
    "daily": "per day", "nightly": "per day", "weekly": "per week", "monthly": "per month", "yearly": "per year",
    "annually": "per year", "hourly": "per hour",
}  # fmt: skip
_ADVERBS = "|".join(_ADVERB)
_LATIN = {
    r"q\.?\s?d|q\.?\s?h\.?\s?s|q\.?\s?a\.?\s?m|q\.?\s?p\.?\s?m|h\.?s": "1 per day",
    r"b\.?\s?i\.?\s?d": "2 per day",
    r"t\.?\s?i\.?\s?d": "3 per day",
    r"q\.?\s?i\.?\s?d": "4 per day",
    r"b\.?d": "2 per day",  # the abbreviations bd, tds, qds, nocte and mane are British
    r"t\.?d\.?s": "3 per day",
    r"q\.?d\.?s": "4 per day",
    # `OD` may also be the right eye (oculus dexter), as in `14 OD`.
    r"(?<=g[ ])od|(?<=ms[ ])od|(?<=to[ ])od|(?<=g[ ])om|(?<=ms[ ])om|nocte|mane": "1 per day",
    r"q\.?\s?o\.?\s?d": "1 per 2 day",
    r"p\.?\s?r\.?\s?n": "prn",
}
_MEASURED = names_of((*DOSE_UNITS, *MEASURE_UNITS, *TIME_UNITS, *WEIGHT_UNITS))
_TIMES = r"(?:times|x|time)"
_EACH = r"(?:an?|per|each|every|/|in[ \t]+(?:a|the))"
_NO_ADVERB = r"(?![ \t]+(?:activit|living|life|lives|routine|basis|function|tasks|chores|calor))"
_THING = rf"(?!(?:{_MEASURED}|mg|times|x)\b)[a-z][a-z'-]+"  # the thing that is counted, such as `drinks`

_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    *((value, re.compile(rf"\b(?:{name})(?:\.|\b)(?!\w)", re.IGNORECASE)) for name, value in _LATIN.items()),
    ("meals", re.compile(r"\b(?:with|before|after)[ \t]+(?:each[ \t]+meal|every[ \t]+meal|meals)\b", re.IGNORECASE)),
    (
        "2 per day",
        re.compile(
            r"\bin[ \t]+the[ \t]+morning,?[ \t]+and[ \t]+(?:again[ \t]+)?(?:\d+[ \t]+)?(?:at[ \t]+(?:night|"
            r"bedtime)|in[ \t]+the[ \t]+evening|before[ \t]+bed)\b",
            re.IGNORECASE,
        ),
    ),
    ("2 per day", re.compile(r"\bwith[ \t]+breakfast[ \t]+and[ \t]+(?:supper|dinner|tea)\b", re.IGNORECASE)),
    (
        "1 per week",
        re.compile(
            r"\b(?:every|each)[ \t]+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bq\.?[ \t]?(?:wk|week)\b",
            re.IGNORECASE,
        ),
    ),
    ("1 per month", re.compile(r"\bq\.?[ \t]?(?:mo|month)\b", re.IGNORECASE)),
    (
        "units a week",
        re.compile(
            rf"{RANGE}[ \t]+units?(?:[ \t]+of[ \t]+alcohol)?[ \t]+(?:a|per|"
            rf"each)[ \t]+{_PERIOD}",
            re.IGNORECASE,
        ),
    ),
    (
        "moment",
        re.compile(
            r"\b(?:in[ \t]+the[ \t]+(?:morning|evening)|at[ \t]+(?:night|lunchtime|teatime)|"
            r"with[ \t]+(?:breakfast|supper|dinner|lunch))\b",
            re.IGNORECASE,
        ),
    ),
    ("prn", re.compile(r"\b(?:as|when|if)[ \t](?:needed|required|I need it)\b", re.IGNORECASE)),
    (
        "interval",
        re.compile(
            rf"\b(?:every|each|q\.?)[ \t]*{LOOSE_RANGE.removeprefix(APART)}[ \t-]*(?P<unit>{_TIME}|h|d)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "q hours",
        re.compile(
            rf"\bq\.?[ \t]?{RANGE.removeprefix(APART)}(?![ \t-]*(?:{_TIME}|h|d|w|m)\b|[\d.]*\d|-)", re.IGNORECASE
        ),
    ),
    (
        "other",
        re.compile(
            r"\b(?:every|each)[ \t]+(?:other|2nd|second)[ \t]+(?P<unit>day|night|week|month|year|"
            r"hour)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "once",
        re.compile(
            rf"\b(?P<first>once|twice)(?:[ \t]+(?:or|to)[ \t]+(?P<second>twice|"
            rf"\d))?(?:[ \t]+{_TIMES})?[ \t]*-?(?:{_EACH}[ \t]*{_PERIOD}\b|(?P<adverb>daily|nightly|weekly|monthly|"
            rf"yearly|annually)\b|every[ \t]+{RANGE}[ \t]+(?P<unit>{_TIME})\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "times",
        re.compile(
            rf"{LOOSE_RANGE}[ \t-]*{_TIMES}[ \t]*(?:{_EACH}[ \t]*{_PERIOD}\b|(?P<adverb>daily|nightly|weekly|monthly|"
            rf"yearly))",
            re.IGNORECASE,
        ),
    ),
    (
        "times",
        re.compile(
            rf"{LOOSE_RANGE}[ \t]+(?:days|nights|mornings|evenings)[ \t]+(?:out[ \t]+of[ \t]+(?:the|every)|{_EACH})"
            r"[ \t]*(?P<period>week|month|year)\b(?P<adverb>)",
            re.IGNORECASE,
        ),
    ),
    (
        "rate",
        re.compile(
            rf"(?!(?<=\band )0\.5\b){RANGE}(?:(?:[ \t-]+{_THING}){{0,3}}(?:[ \t]+(?:a|per|each|every)[ \t]+|"
            rf"[ \t]*/[ \t]*){_PERIOD}\b|(?:[ \t]+{_THING}){{1,2}}[ \t]+(?P<adverb>{_ADVERBS})\b)|"
            r"(?P<packs>[\d.]+(?:-[\d.]+)?)[ \t]*ppd\b",
            re.IGNORECASE,
        ),
    ),
    (
        "pack",
        re.compile(
            rf"\b(?:a|1(?=[ \t]+\w+[ \t]+and[ \t]))[ \t]+(?:pack|pint|bottle|drink|beer|"
            rf"glass)(?:[ \t]+of[ \t]+[a-z]+)?"
            rf"(?P<half>[ \t]+and[ \t]+0\.5)?[ \t]+(?:an?|per|each|every)[ \t]+{_PERIOD}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "adverb",
        re.compile(
            rf"(?:(?<![\w.])1(?:[ \t]+(?:p\.?o\.?|by[ \t]mouth|"
            rf"orally))?[ \t]+)?\b(?P<adverb>{_ADVERBS})\b{_NO_ADVERB}",
            re.IGNORECASE,
        ),
    ),
    (
        "each",
        re.compile(
            rf"(?:\b(?:every|each)(?:[ \t]+single)?|(?<=\w)[ \t]+(?:a|per))[ \t]+{_PERIOD}\b(?![ \t]+(?:life|people))"
            r"|\bat[ \t]+bedtime\b|\bbefore[ \t]+bed\b",
            re.IGNORECASE,
        ),
    ),
]
_HINT = re.compile(  # this fast check comes first: a text without a match has no frequency
    r"\b(?:every|each|once|twice|per|ppd|daily|nightly|weekly|monthly|yearly|annually|hourly|needed|required|need|"
    r"bed|bedtime|"
    r"h\.?s|"
    r"q\.?\s?(?:[dhiaopwm]|\d)|meals?|breakfast|supper|dinner|lunch|night|morning|evening|om|[bt]\.?\s?i\.?\s?d|"
    r"bd|[tq]\.?d\.?s|od|nocte|mane|p\.?\s?r\.?\s?n|"
    r"an?[ \t]+\w+)|\d[ \t]*(?:/|x\b|times\b)",
    re.IGNORECASE,
)
# After these words, the text is not a frequency: `16 hours a day`, `worse every day`, `never daily`.
_NO_FREQUENCY = re.compile(r"\b(?:hours?|minutes?|hrs?|mins?|worse|better|never|not|day to)[ \t]*$", re.IGNORECASE)
_AFTER_DOSE = re.compile(rf"\b(?:{names_of(DOSE_UNITS)}|p\.?o\.?|by mouth)[ \t]*$", re.IGNORECASE)
_BEFORE_A_DAY = re.compile(rf"(?:\d|\b(?:{_MEASURED}|p\.?o|mouth|needed))\W*$", re.IGNORECASE)


def frequencies(text: str) -> Iterator[Quantity]:
    """Yield the frequencies of a text whose numbers are digits. If two overlap, the caller must use the first one."""
    for name, pattern in _PATTERNS if _HINT.search(text) else ():
        for match in pattern.finditer(text):
            if name in ("moment", "meals") and not _AFTER_DOSE.search(text[max(0, match.start() - 16) : match.start()]):
                continue  # `at night` is a frequency only after a dose
            said = {"moment": "1 per day", "meals": "3 per day"}.get(name) or _said(name, match)
            if name == "each" and match[0][0] in " \t" and not _BEFORE_A_DAY.search(text[: match.start()][-16:]):
                continue  # `a day` is a frequency only after a number, a unit, `by mouth` or `needed`
            if name in ("each", "adverb") and _NO_FREQUENCY.search(text[max(0, match.start() - 16) : match.start()]):
                continue
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            if name == "times" and _is_dose_first(match):  # in `Keflex 500 four times daily`, 500 is a dose
                start = match.start("high")
                said = f"{number(match['high'])} {said.partition(' ')[2]}"
            value, _, unit = said.partition(" ")
            yield Quantity("frequency", value, unit, start, match.end())


def _is_dose_first(match: re.Match[str]) -> bool:
    """Return whether the first of two numbers is larger.

    If the first number is larger, it is a dose (`Keflex 500 four times daily`), because a range begins with its smaller
    number.
    """
    return bool(match["high"]) and float(number(match["high"])) < float(number(match["low"]))


def _said(name: str, match: re.Match[str]) -> str:
    """Return the value and unit of a match as one text, such as `2 per day`."""
    if name == "prn" or name[0].isdigit():
        return name
    if name == "q hours":
        return _interval(amount(match), "hour")
    if name == "interval":
        return _interval(
            amount(match), UNIT_OF.get(match["unit"].lower(), {"h": "hour"}.get(match["unit"].lower(), "day"))
        )
    if name == "other":
        return f"1 per 2 {UNIT_OF[match['unit'].lower()].replace('night', 'day')}"
    groups = match.groupdict()
    if groups.get("adverb"):
        unit = _ADVERB[groups["adverb"].lower()]
    elif groups.get("unit"):
        return _interval(amount(match), UNIT_OF[groups["unit"].lower()])
    else:
        period = (groups.get("period") or "day").lower()
        unit = f"per {_PERIOD_OF.get(period, period)}"
    if name == "once":
        low = "1" if match["first"].lower() == "once" else "2"
        second = (match["second"] or "").lower().replace("twice", "2")
        return f"{low}-{second} {unit}" if second else f"{low} {unit}"
    alone = "1.5" if groups.get("half") else "1"  # for `a pack and a half`
    return f"{amount(match) if groups.get('low') else groups.get('packs') or alone} {unit}"


def _interval(value: str, unit: str) -> str:
    """Convert an interval to a frequency.

    `every 12 hours` → `2 per day`, `every 4-6 hours` → `4-6 per day`, `every 3 days` → `1 per 3 day`.
    """
    unit = "day" if unit == "night" else unit
    if unit == "hour":
        rates = [Fraction(24) / Fraction(hours) for hours in reversed(value.split("-")) if float(hours)]
        days = Fraction(value) / 24 if value.replace(".", "", 1).isdigit() else Fraction(0)
        if days > 1 and days.denominator == 1:
            return f"1 per {days} day"
        if rates and all(rate.denominator == 1 for rate in rates):
            return f"{'-'.join(str(rate) for rate in rates)} per day"
    return f"1 per {unit}" if value == "1" else f"1 per {value} {unit}"
