"""Find ages, blood pressures and heights. Also find vital signs that a text gives by name, often without a unit."""

import re
from collections.abc import Iterator

from medsum.facts.amounts import NUMBER, RANGE, Quantity, amount, amounts, number
from medsum.facts.units import UNIT_OF, WEIGHT_UNITS, names_of

_AGE_UNIT = r"(?P<unit>years?|yrs?|months?|mos?|weeks?|wks?|days?)"
_ABOUT = (
    r"(?:(?:about|around|almost|only|just|like|maybe|roughly|probably|approximately|now|currently|nearly|"
    r"over)[ \t]+)*"
)
_NO_UNIT = (
    r"(?![ \t]*(?:%|['’\"]|/|-?[ \t]*(?:years?|yrs?|months?|weeks?|days?|hours?|minutes?|pounds?|lbs?|kilos?|kg|mg|"
    r"feet|foot|ft|inches|times|percent|point|over|out|degrees?|and 0|to \d|or \d|packs?|beers?|drinks?|"
    r"children|kids|"
    r"cm|on)\b|[ \t]*\d))"
)
_AGES = [
    re.compile(rf"{RANGE}[ \t-]*{_AGE_UNIT}[ \t-]*(?:old\b|young\b|of[ \t]+age\b)", re.IGNORECASE),
    re.compile(
        rf"\bat[ \t]+{_ABOUT}{RANGE}[ \t]+(?P<unit>months?|years?)\b(?![ \t]+(?:ago|later|"
        rf"of))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:he|she)(?:['’]s|"
        rf"[ \t]+is)[ \t]+{_ABOUT}{RANGE}[ \t]+(?P<unit>months)(?=[ \t]*[.,;?!\n])",
        re.IGNORECASE,
    ),
    re.compile(rf"{NUMBER}[ \t-]*(?:y\.?/?o\.?\b|y\.o\.)(?P<unit>)(?P<high>)", re.IGNORECASE),
    re.compile(
        rf"\b(?:aged?|age[ \t]+(?:of|was|is|at)|ages|turned|"
        rf"turning)[ \t]+{_ABOUT}{RANGE}(?:[ \t-]*{_AGE_UNIT}\b)?(?![ \t]*%)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:(?:I|he|she|you|patient)(?:['’](?:m|s|re)|[ \t]+(?:am|is|are|was))|(?:dad|mom|mother|"
        r"father)(?:[ \t]+was)?|(?:when|until|till|since|before|after|and|as|while)[ \t]+(?:I|he|she|you|"
        r"they)(?:[ \t]+(?:was|were|turned|got|is)|['’]s))"
        rf"[ \t]+{_ABOUT}{NUMBER}(?P<unit>)(?P<high>){_NO_UNIT}(?=[ \t]*(?:[.,;:?!)\n-]|$)|[ \t]+(?:and|but|now|when|"
        r"with|today|in|so|this|next|last|or|because|who|she|he|I|years? young)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:died|dead|passed|diagnosed|deceased|attack|stroke|cancer|menopause|menarche|onset|surgery|disease|"
        r"placed|first[ \t]\w+|both|dementia|diabetes)\b[^.;?!\n\d]{0,40}?\bat[ \t]+"
        rf"{_ABOUT}{NUMBER}(?P<unit>)(?P<high>){_NO_UNIT}"
        r"(?=[ \t]*(?:[.,;:?!)\n-]|$)|[ \t]+(?:and|from|of|with|but|after|or|due)\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.])(?P<low>\d{1,3})(?:st|nd|rd|th)[ \t]+birthday(?P<unit>)(?P<high>)", re.IGNORECASE),
    re.compile(
        r"(?<![\d.])(?P<low>\d{2})[ \t]*(?:-|[ \t])?(?:M|F|yo[ \t]?[MF])\b(?![ \t]?[A-Z]\b)(?P<unit>)(?P<high>)"
    ),
]
_AGES += [
    re.compile(
        rf"{NUMBER}[ \t-]?(?P<unit>mo|months?|wk|weeks?|y|yr|years?|days?)[ \t-]+(?:[MF]\b(?![ \t]?[A-Z]\b)|"
        rf"(?:male|female|boy|girl|"
        r"baby|infant|toddler|check|WCC|well[ -](?:child|baby))\b)(?P<high>)"
    ),
    re.compile(r"(?:@|\bat age|\bonset)[ \t]?(?P<low>\d{1,2})(?=[ \t]*(?:[.,;)]|$))(?P<unit>)(?P<high>)"),
]
_DECADE_OF_LIFE = re.compile(
    r"\b(?:his|her|my|their|your)[ \t]+(?:(?:early|mid|late|"
    r"middle)[ \t-]+)?(?P<decade>[1-9]0s)\b",
    re.IGNORECASE,
)
_OLDEST = 125
_FEVER = range(95, 108)  # `he was a hundred and one last night` is more often a temperature than an age


def ages(text: str) -> Iterator[Quantity]:
    """Yield the ages of people. An age without a unit is in years."""
    for match in _DECADE_OF_LIFE.finditer(text):
        yield Quantity("age", match["decade"].lower(), "", *match.span("decade"))
    for pattern in _AGES:
        for match in pattern.finditer(text):
            low = float(number(match["low"]))
            if low <= _OLDEST and (match["unit"] or int(low) not in _FEVER):
                unit = UNIT_OF.get(match["unit"].lower(), "year") if match["unit"] else "year"
                start = match.start("low")
                yield Quantity("age", amount(match), unit, start, match.end())


# After `at` or `by`, a number that is too large for a time of day is an age: `quit at thirty`, `dentures by thirty`.
_BARE_AGE = re.compile(
    r"\b(?:at|by)[ \t]+(?P<low>1[3-9]|[2-9]\d|10\d)(?=[ \t]*(?:[.,;?!]|$)|[ \t]+(?:and|from|of|after|but)\b)"
)


def bare_ages(text: str) -> Iterator[Quantity]:
    """Yield ages that follow only `at` or `by`. The caller uses them only if no more reliable pattern matches there."""
    for match in _BARE_AGE.finditer(text):
        yield Quantity("age", match["low"], "year", *match.span("low"))


_PRESSURE = re.compile(
    r"(?<![\d./])(?P<systolic>\d{2,3})(?:[ \t]*/[ \t]*|[ \t]+over(?:[ \t]+a)?[ \t]+)(?P<diastolic>\d{2,3})(?![\d/]|"
    rf"\.\d|[ \t]*-?m?c?g\b|[ \t]*(?:\d[ \t]+)?(?:{names_of(('puff', 'tablet'))})\b|[ \t]*(?:daily|[bt]\.?i\.?d)\b)",
    re.IGNORECASE,
)


def blood_pressures(text: str) -> Iterator[Quantity]:
    """Yield blood pressures, such as `120/80` or `one twenty over eighty`, if a living person can have them."""
    for match in _PRESSURE.finditer(text):
        systolic, diastolic = int(match["systolic"]), int(match["diastolic"])
        if 60 <= systolic <= 280 and 20 <= diastolic <= 160 and diastolic < systolic:
            yield Quantity("blood_pressure", f"{systolic}/{diastolic}", "", match.start(), match.end())


_FEET = re.compile(
    r"(?<![\d.])(?P<feet>[3-7])(?:[ \t]*['’][ \t]*|[ \t]*-?(?:feet|foot|"
    r"ft)\.?,?[ \t]*(?:and[ \t]+)?)(?P<inches>1[01]|"
    r"\d)(?:\.\d+)?(?![\d.]*\d)[ \t]*(?:\"|”|''|-?inch(?:es)?\b|in\b\.?)?",
    re.IGNORECASE,
)
_BARE_FEET = re.compile(
    r"\b(?:tall|height(?:['’]s|[ \t]+(?:is|of|was|at))?:?|I['’]m|he['’]s|she['’]s|I am)[ \t]+(?:about[ \t]+)?"
    r"(?P<feet>[4-6])(?:[ \t]+(?P<inches>1[01]|\d)|(?P<joined>1[01]))(?=[.,;?!\n]|$|[ \t]+(?:and|tall)\b)",
    re.IGNORECASE,
)
_HEIGHT = re.compile(
    rf"\b(?:height|tall)\b[^.?!\n\d]{{0,12}}{NUMBER}[ \t]*(?P<unit>cm|centimeters|inches|in|m|meters)\b|"
    r"(?<![\d.])(?P<low2>\d{2,3}(?:\.\d+)?)[ \t]*(?P<unit2>cm|centimeters|inches)[ \t]+tall\b",
    re.IGNORECASE,
)


def heights(text: str) -> Iterator[Quantity]:
    """Yield heights. If the text uses feet, the unit is inches. Otherwise the unit is the unit in the text."""
    for pattern in (_FEET, _BARE_FEET):
        for match in pattern.finditer(text):
            inches = match["inches"] or match["joined"]
            yield Quantity("height", str(12 * int(match["feet"]) + int(inches)), "in", match.start("feet"), match.end())
    for match in _HEIGHT.finditer(text):
        low, unit = match["low"] or match["low2"], match["unit"] or match["unit2"]
        start = match.start("low") if match["low"] else match.start("low2")
        yield Quantity(
            "height", number(low), {"m": "m"}.get(unit.lower(), UNIT_OF.get(unit.lower(), "in")), start, match.end()
        )  # UNIT_OF has no `in`, because `in` is usually a preposition


_SCALE = r"[ \t]*(?:degrees?|°)?[ \t]*(?P<scale>F|C|Fahrenheit|Celsius|centigrade)?\b"
_IN_TWO_NUMBERS = re.compile(  # `thirty seven eight` means 37.8
    r"\b(?:temp(?:erature)?s?(?:['’]?s)?|fever)\b[^.?!\n\d]{0,20}(?P<low>3[5-9]|4[0-2]|9[5-9]|"
    r"10[0-5])[ \t]+(?P<tenth>\d)\b(?![ \t]*\d)",
    re.IGNORECASE,
)
_LEAST_FAHRENHEIT = 90
_TEMPERATURES = [
    re.compile(
        rf"\b(?:temp(?:erature)?s?|fevers?|febrile|T[ \t]?max|afebrile|T)\b\.?:?[^.?!\n\d]{{0,40}}?{NUMBER}{_SCALE}",
        re.I,
    ),
    re.compile(rf"{NUMBER}[ \t]*(?:degrees?|°)?[ \t]*(?P<scale>F|C|Fahrenheit|Celsius|centigrade)\b"),
    re.compile(rf"{NUMBER}[ \t]*(?:degrees|°)(?P<scale>)"),
    re.compile(r"(?<![\d.,/])(?P<low>98\.6|10[0-5]\.\d)(?![\d%])(?P<scale>)"),
]
_NAMED = [
    ("percent", r"pulse[ \t-]*ox(?:imetry|imeter)?", 50, 100),
    ("pulse", r"pulse(?![ \t-]*ox)(?:[ \t]+rate)?|heart[ \t]+rate|HR|beats", 20, 250),
    ("respiratory_rate", r"respirations?|resp(?:iratory)?(?:[ \t]+rate)?|RR|breathing at", 5, 80),
]
_NAMED_PATTERNS = [
    (kind, low, high, re.compile(rf"\b(?:{name})\b\.?:?[^.?!\n\d,;]{{0,25}}?{RANGE}(?!/|[ \t]*%)", re.IGNORECASE))
    for kind, name, low, high in _NAMED
]
_A_MINUTE = [
    ("pulse", re.compile(rf"{RANGE}[ \t]*(?:bpm|beats?[ \t]+(?:per|a)[ \t]+minute)\b", re.IGNORECASE)),
    ("respiratory_rate", re.compile(rf"{RANGE}[ \t]*breaths?[ \t]+(?:per|a)[ \t]+minute\b", re.IGNORECASE)),
]
_STONES = re.compile(
    r"(?<![\d.])(?P<stones>\d{1,2})[ \t]+(?:stones?|st)\b\.?(?:[ \t]+(?:and[ \t]+)?(?P<pounds>1[0-3]|"
    r"\d)\b(?![ \t]*(?:mg|%)))?",
    re.I,
)
_POUNDS_A_STONE = 14
_WEIGHT = re.compile(
    rf"\b(?:weigh(?:s|ed|ing|t)?|wt|scale)\b(?:['’]s)?[^.?!\n\d]{{0,30}}?{RANGE}(?!\.?\d|[ \t]*(?:%|percent)|"
    rf"[ \t]*-?(?:week|month|day|year|time|point)|/)(?:[ \t]*-?(?P<unit>{names_of(WEIGHT_UNITS)}|grams?)\b)?",
    re.IGNORECASE,
)


def named_vitals(text: str) -> Iterator[Quantity]:
    """Yield temperatures, pulses, oxygen saturations, respiratory rates and weights (in pounds if there is no unit)."""
    for match in _IN_TWO_NUMBERS.finditer(text):
        scale = "F" if int(match["low"]) >= _LEAST_FAHRENHEIT else "C"
        yield Quantity(
            "temperature", number(f"{match['low']}.{match['tenth']}"), scale, match.start("low"), match.end()
        )
    for pattern in _TEMPERATURES:
        for match in pattern.finditer(text):
            value = number(match["low"])
            scale = (match["scale"] or "").upper()[:1]
            if scale in {"", "F"} and 90 <= float(value) <= 110:
                yield Quantity("temperature", value, "F", match.start("low"), match.end())
            elif scale in {"", "C"} and 30 <= float(value) <= 43:
                yield Quantity("temperature", value, "C", match.start("low"), match.end())
    for kind, pattern in _A_MINUTE:
        for match in pattern.finditer(text):
            yield Quantity(kind, amount(match), "", match.start(), match.end())
    for kind, lowest, highest, pattern in _NAMED_PATTERNS:
        for match in pattern.finditer(text):
            if lowest <= float(number(match["low"])) <= highest:
                yield Quantity(kind, amount(match), "", match.start("low"), match.end())
    for match in _STONES.finditer(text):
        pounds = _POUNDS_A_STONE * int(match["stones"]) + int(match["pounds"] or 0)
        yield Quantity("weight", str(pounds), "lb", match.start(), match.end())
    for match in _WEIGHT.finditer(text):
        if match["unit"] or float(number(match["low"])) >= 50:
            unit = UNIT_OF[match["unit"].lower()] if match["unit"] else "lb"
            for value, start, end in amounts(match):
                yield Quantity("weight", value, unit, start, end)
