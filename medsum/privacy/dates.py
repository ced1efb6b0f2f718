"""Find dates that are more exact than a year. Doses, ratios and scores that look like dates are not found."""

import re
from collections.abc import Iterator

from medsum.privacy.span import Span

_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth"
    "|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ]first|twenty[- ]second|twenty[- ]third"
    "|twenty[- ]fourth|twenty[- ]fifth|twenty[- ]sixth|twenty[- ]seventh|twenty[- ]eighth|twenty[- ]ninth|thirtieth"
    "|thirty[- ]first"
)
_SMALL = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_BELOW_100 = rf"(?:(?:{_TENS})(?:[- ](?:{_SMALL}))?|{_TEENS}|{_SMALL})"
_YEAR_WORDS = (
    rf"(?:(?:nineteen|twenty) (?:(?:oh|hundred)(?: (?:and )?(?:{_SMALL}))?|(?:{_TENS})(?:[- ](?:{_SMALL}))?|{_TEENS})"
    rf"|two thousand(?: and)?(?: {_BELOW_100})?)"
)
_YEAR = rf"(?:(?:19|20)\d\d|['’]\d\d|{_YEAR_WORDS})"
_DAY = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|(?:{_ORDINALS})|(?:twenty|thirty)(?:[- ](?:{_SMALL}))?"
    rf"|{_TEENS})"
)
_NO_UNIT = (
    r"(?![\w%]|[.,]\d|/\d| ?(?:mg|mcg|ml|g|kg|mm|cm|percent|tablets?|pills?|units?|times|weeks?|days?|hours?|minutes?"
    r"|months?|years?|doses?|puffs?|drops?|people|visits?|milligrams?|degrees?|out of)\b)"
)
_WEEKDAY = (
    r"(?:\b(?:(?:a|this|next|last) (?:week|fortnight) on )?(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri"
    r"|Sat(?:ur)?|Sun)(?:day)?\.?,? (?:the )?)?"
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}\b{_MONTHS}\.? (?:the )?{_DAY}{_NO_UNIT}(?: ?[-–] ?(?:{_MONTHS} )?\d\d?(?![\d/]))?(?:,? "
    rf"(?:of )?{_YEAR}\b)?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?<![\w.,/-])(?:the )?{_DAY}(?: of|-| day of)?[ -]{_MONTHS}\b\.?(?:[,-]? ?(?:of )?{_YEAR}\b"
    rf"|-\d\d\b)?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"\b{_MONTHS}\b\.?,?(?: of)?[ -]{_YEAR}\b", re.IGNORECASE)
_SLASHED = re.compile(
    r"(?<![\w.,/-])(?:(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]"
    r"|1[0-2]))"
    r"[/.-](?:(?:19|20)\d\d|\d\d)(?![\w/]|[.-]\d)"
)
_ISO = re.compile(
    r"(?<![\w/.-])(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:T[\d:.]{4,15}Z?)?(?![\w/-])"
)
_COMPACT = re.compile(
    r"\b(?:dob|born|birth ?date|date of birth|admitted|discharged|dos|performed|dated?|on|done|collected|taken"
    r"|seen)\b[^\n\w]{0,3}(?:on |is |was )?"
    r"((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19"
    r"|20)?\d\d)\b",
    re.IGNORECASE,
)
_LEADING_ZERO = re.compile(
    r"(?<![\w.,/-])(?:(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)(?:day|nesday|urday)?\.?,? )?"
    r"((?:0[1-9]/(?:0[1-9]|[12]\d|3[01])|1[0-2]/0[1-9]|(?:0?[1-9]|1[0-2])/(?:1[3-9]|2[1-9]|3[01])))(?![\w%/]|[.-]\d)"
    r"(?! (?:nodes?|points?|positive|criteria|of|on the|score|for|correct|mg)\b)"
)
_HOLIDAY = re.compile(
    r"\b((?:Christmas Eve|Christmas Day|Boxing Day|New Year['’]?s (?:Eve|Day)|Valentine['’]?s Day"
    r"|(?:St\.? Patrick|Mother|Father)['’]?s Day|Halloween"
    r"|Independence Day|Memorial Day|Labou?r Day|Veterans Day|Thanksgiving(?: Day)?|Easter(?: Sunday| Monday)?"
    r"|Good Friday|Bonfire Night"
    r"|Christmas|Juneteenth|Diwali|Eid|the fourth of july)(?:,? (?:of )?(?:19|20)\d\d))\b"
    r"|\b(?:on|since|until|before|after) ((?:Christmas (?:Eve|Day)|Boxing Day|New Year['’]?s (?:Eve|Day)"
    r"|Valentine['’]?s Day|Memorial Day"
    r"|(?:St\.? Patrick|Mother|Father)['’]?s Day|Labou?r Day|Veterans Day|Independence Day|Good Friday"
    r"|Easter (?:Sunday|Monday))(?:,? (?:of )?(?:19|20)\d\d)?)\b",
    re.IGNORECASE,
)
_SPOKEN_BIRTH = re.compile(
    rf"\b(?:born|dob|date of birth|birth ?date|birthday)\b[^\n\d]{{0,25}}?\b((?:(?:oh|zero|{_SMALL}|{_TEENS}"
    rf"|{_TENS})[ -](?:slash |dash )?)"
    rf"{{2,6}}(?:{_BELOW_100}|oh|hundred|zero)\b)",
    re.IGNORECASE,
)
_MONTH_YEAR_DIGITS = re.compile(r"(?<![\w.,/-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/-])")
_SHORT = re.compile(
    r"\b(?:on|since|until|till|from|to|by|dated?|born|dob|before|after|of|through|and|visit|seen|admitted|discharged"
    r"|surgery|scan|labs?|due|lmp|rtc|edd|edc|log|performed|done|collected|taken|booked|mon|tues?|wed|thurs?"
    r"|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|started|stopped|last|next|appt|dos"
    r"|appointment|follow-?up|between|around|scheduled)[:,]? (?:was |is |on )?"
    r"((?:(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)(?:day|nesday|urday)?\.?,? )?(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]"
    r"|[12]\d|3[01]))(?![\w%]|[/-]\d|[.]\d)"
    r"(?! (?:tab|tabs|tablets?|of|cups?|pills?|strength|vision|murmur|dose|doses|teaspoons?|mg|inch|inches|pain"
    r"|ratio|hours?"
    r"|normal|saline|cigarettes?|packs?|days|weeks|months|years|times|power|positive|sets?|criteria|points?"
    r"|ampules?)\b)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?<![\w.,/-])(?:(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01]),? (?:and )?){1,20}(?:0?[1-9]"
    r"|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\w%/])"
)
_OF_MONTH = re.compile(rf"\b(?:the )?{_DAY} of (?:the same|this|that|last|next|the) month\b", re.IGNORECASE)
_THE_NTH = re.compile(
    rf"\b(?:on|since|until|till|by|before|after|from|through|for|was|is|and|to|(?:night|morning|evening"
    rf"|afternoon|week|day) of) (the (?:(?:[12]?\d|3[01])(?:st"
    rf"|nd|rd|th)|(?:{_ORDINALS})))"
    r"(?=[.,;?!\n]|$| (?:of (?:this|last|next|the) month|at \d|for (?:my|his|her|the|your|a)|and|so|when|we"
    r"|they|he|she|in the)\b)",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Span]:
    """Yield dates with a day, or with a month and a year."""
    for pattern in (_MONTH_DAY, _DAY_MONTH, _MONTH_YEAR, _SLASHED, _ISO, _MONTH_YEAR_DIGITS):
        for found in pattern.finditer(text):
            if not _is_no_date(found[0]):
                yield Span(found.start(), found.end(), "DATE")
    for found in _LIST.finditer(text):
        if any(int(day) > 12 for day in re.findall(r"/(\d+)", found[0])):
            yield Span(found.start(), found.end(), "DATE")
    for pattern in (_OF_MONTH, _COMPACT, _SHORT, _LEADING_ZERO, _THE_NTH, _HOLIDAY, _SPOKEN_BIRTH):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            yield Span(found.start(group), found.end(group), "DATE")


def _is_no_date(found: str) -> bool:
    """Return whether the name of a month is in lower case and likely a verb, as in `may first` and `march ten`."""
    return bool(re.search(r"\b(?:may|march|mar|dec|sep|jan)\b", found)) and not re.search(
        r"\d|teen|ty|th\b|third", found
    )
