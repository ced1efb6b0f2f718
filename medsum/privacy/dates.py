"""Find dates that are more exact than a year. Leave out doses, ratios and scores that look like dates."""

import re
from collections.abc import Iterator

from medsum.privacy.short_dates import short_dates
from medsum.privacy.span import Span

MONTHS = (
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
    r"(?:\b(?:(?:a|this|next|last) (?:week|fortnight) on )?(?:Mon|Tues?|Wed(?:s|nes)?|Thu(?:rs)?|Fri"
    r"|Sat(?:ur)?|Sun)(?:day)?\.?,? (?:the )?)?"
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}\b{MONTHS}\.? (?:the )?{_DAY}{_NO_UNIT}(?: ?[-–] ?(?:{MONTHS} )?\d\d?(?![\d/]))?(?:,? "
    rf"(?:of )?{_YEAR}\b)?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?<![\w.,/-])(?:the )?{_DAY}(?: of|-| day of)?[ -]{MONTHS}\b\.?(?:[,-]? ?(?:of )?{_YEAR}\b"
    rf"|-\d\d\b)?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(
    rf"\b(?:(?:early|mid|late|end(?: of)?|start of|beginning of|middle of)[- ])?{MONTHS}\b\.?,?(?: of)?[ /-]{_YEAR}\b"
    rf"|\b{MONTHS}[-/’'](?:[0-4]\d)(?![\w/-])|(?<![\w/.-])(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])(?![\w/-]|\.\d)"
    r"|(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])[./-](?-i:[ivx]{1,4}|[IVX]{1,4})[./-](?:(?:19|20)\d\d|\d\d)(?![\w/-])",
    re.IGNORECASE,
)
_MONTH_LAST_YEAR = re.compile(rf"\b{MONTHS},? (?:of )?(?:last|this|next|that|the same) year\b", re.IGNORECASE)
_DAYS_MONTH = re.compile(
    rf"(?<![\w.,/-])(?:the )?{_DAY} ?(?:to|-|–|and|until|till|through|or|&|/) ?(?:the )?{_DAY}(?: of)?[ -]{MONTHS}\b"
    rf"(?:[,-]? ?(?:of )?{_YEAR}\b)?|\b{MONTHS} {_DAY} ?(?:to|-|–|and|until|till|through|or|&) ?{_DAY}\b{_NO_UNIT}"
    rf"(?:,? (?:of )?{_YEAR}\b)?",
    re.IGNORECASE,
)
_WEEKDAY_DAY = re.compile(
    r"\b(?:Mon|Tues?|Wed(?:s|nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,? (?:the )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}/\d{{1,2}}(?![\w/-]|\.\d)|(?:{_ORDINALS}))\b(?! (?:of|time|floor|day"
    rf"|visit|attempt|dose|week)\b)",
    re.IGNORECASE,
)
_NTH_WEEKDAY = re.compile(  # `the second Tuesday in May`
    rf"\b(?:first|second|third|fourth|last|\d(?:st|nd|rd|th)) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (?:in|of) "
    rf"{MONTHS}\b",
    re.IGNORECASE,
)
_COMPACT_MONTH = re.compile(rf"(?<![\w.,/-])(?:0?[1-9]|[12]\d|3[01]){MONTHS}(?:(?:19|20)?\d\d)?(?!\w)", re.IGNORECASE)
_BEFORE_A_DATE = re.compile(r"\b(?:on|onset|since|until|born|due|before|after|from) $", re.IGNORECASE)
_INSTANT = re.compile(r"\b\d{1,2}(?:st|nd|rd|th) (?:inst|ult|prox)\b\.?", re.IGNORECASE)
_SPACED = re.compile(r"(?<![\w.,/+-])(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d\d(?![\w-])")
_ANSWERED = re.compile(  # matches an answer to a question about a date
    r"\b(?:when|what (?:day|date)|which (?:day|date)|last period|lmp|due|appointment|date)\b[^\n]{0,60}\?\s*\n?"
    r"(?:[^\n:?]{1,30}: ?)?(?:(?:er|um|uh|oh|yes|yeah|well|on|it was|was|I think|let me see|that was|about"
    rf"|around)[, ]+){{0,3}}((?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)|(?:{_ORDINALS})))\b(?=[.,;?!\n]|$| (?:of|I|at"
    rf"|it)\b)",
    re.IGNORECASE,
)
_BIRTH_NUMBER = (
    rf"(?:{_ORDINALS}|{_BELOW_100}|{_YEAR_WORDS}|oh|zero|double|hundred|\d{{1,4}}(?:st|nd|rd|th)?"
    rf"|{MONTHS})"
)
_BIRTH_ANSWERED = re.compile(
    r"\b(?:born|d\.?o\.?b|date of birth|birth ?date|birthday|birth day)\b[^\n]{0,50}?(?:\n(?:[^\n:]{1,30}: ?)?|[ :?])"
    r"(?:(?:er|um|uh|oh|yes|yeah|well|on|it's|it is|it was|is|was|that's|sure|so|the)[, ]+){0,3}"
    rf"((?:{_BIRTH_NUMBER}(?:,? (?:of |the |of the |slash |dash |and |in )?|[ -]|, )){{2,8}}{_BIRTH_NUMBER})\b",
    re.IGNORECASE,
)
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
_EXACT_HOLIDAY = (
    r"(?:Christmas (?:Eve|Day)|Boxing Day|New Year['’]?s (?:Eve|Day)|Valentine['’]?s Day|(?:St\.? )?Patrick['’]?s Day"
    r"|(?:Mother|Father|Mothering|Grandparent)(?:['’]?s Day| Sunday)|Independence Day|Memorial Day|Labou?r Day"
    r"|Veterans Day|Presidents['’]? Day|Martin "
    r"Luther King Day|MLK Day|Canada Day|Australia Day|Anzac Day|Remembrance (?:Day|Sunday)|Bastille Day|Burns Night"
    r"|Bonfire Night|Guy Fawkes(?: Night)?|Good Friday|Easter (?:Sunday|Monday)|Palm Sunday|Ash Wednesday"
    r"|(?:Shrove|Pancake) (?:Tuesday|Day)|Maundy Thursday|Whit (?:Sunday|Monday)|May Day|Hogmanay|Groundhog Day"
    r"|April Fools?['’]?s?['’]? Day"
    r"|Columbus Day|Indigenous Peoples['’] Day|St\.? (?:George|David|Andrew|Swithin|Stephen)['’]?s Day|Pancake Day"
    r"|Tax Day|Election Day"
    r"|Twelfth Night|Halloween Night|All Saints['’] Day|Armistice Day|Waitangi Day|Rosh Hashanah|Yom Kippur"
    r"|(?:Lunar|Chinese) New Year"
    r"|Black Friday|Super Bowl Sunday|4th of July|Juneteenth|Cinco de Mayo|Eid al-\w+|the fourth of july)"
)
_HOLIDAY_SEASON = r"(?:Halloween|Thanksgiving(?: Day)?|Christmas|Easter|Diwali|Eid|Hanukkah|Passover|New Year['’]?s)"
_NO_HOLIDAY = (
    r"(?! (?:dinner|lunch|party|candy|sweets|cards?|presents?|sales?|pudding|cake|disease|eggs?|bonnet|break"
    r"|holidays?"
    r"|shopping|tree|jumper|factor|week|time|period|club|costume|turkey|island|lights?|cactus|cookies"
    r"|resolutions?)\b)"
)
_HOLIDAY = re.compile(
    rf"\b(?P<year>(?:{_EXACT_HOLIDAY}|{_HOLIDAY_SEASON})(?:,? (?:of |in )?(?:(?:19|20)\d\d|['’]\d\d)))\b"
    rf"|\b(?P<exact>{_EXACT_HOLIDAY}){_NO_HOLIDAY}\b"
    rf"|\b(?:on|since|around|admitted|discharged|collapsed|fell|died|born|seen|started|happened|before last|until) "
    rf"(?P<season>{_HOLIDAY_SEASON})(?=[.,;?!\n]|$| (?:I|he|she|we|they|it|and|when|with|last|this|at|my|the|night"
    rf"|morning)\b)",
    re.IGNORECASE,
)
_SPOKEN_BIRTH = re.compile(
    rf"\b(?:born|dob|date of birth|birth ?date|birthday)\b[^\n\d]{{0,25}}?\b((?:(?:oh|zero|{_SMALL}|{_TEENS}"
    rf"|{_TENS})[ -](?:slash |dash )?)"
    rf"{{2,6}}(?:{_BELOW_100}|oh|hundred|zero)\b)",
    re.IGNORECASE,
)
_MONTH_YEAR_DIGITS = re.compile(r"(?<![\w.,/-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/-])")
_OF_MONTH = re.compile(rf"\b(?:the )?{_DAY} of (?:the same|this|that|last|next|the) month\b", re.IGNORECASE)
_THE_NTH = re.compile(
    rf"\b(?:on|since|until|till|by|before|after|from|through|for|was|is|it's|it’s|started|began|came|due|ended"
    rf"|stopped|born|happened|and|to|or|around|about|(?:night"
    rf"|morning|evening"
    rf"|afternoon|week|day) of) (the (?:(?:[12]?\d|3[01])(?:st"
    rf"|nd|rd|th)|(?:{_ORDINALS})))"
    r"(?! (?:and|or|to) (?:the )?\d{1,2}(?:st|nd|rd|th) (?!of |at |for |in |with )[a-z]{3})"
    r"(?=[.,;?!:)\n]|$| (?:of (?:this|last|next|the) month|at \d|at (?:half|ten|noon|the)|for (?:my|his|her|the"
    r"|your|a)"
    r"|and|so|when|we|I|I'm|I've|it|it's|you|but|to|after|before|because|with|then|or|my|his|her|that|as|until|by"
    r"|was|is|had|last|next|if|not"
    r"|they|he|she|in the)\b)",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Span]:
    """Yield dates with a day, or with a month and a year."""
    whole = (_MONTH_DAY, _DAY_MONTH, _MONTH_YEAR, _SLASHED, _ISO, _MONTH_YEAR_DIGITS, _MONTH_LAST_YEAR, _DAYS_MONTH)
    for pattern in (*whole, _WEEKDAY_DAY, _INSTANT, _SPACED, _COMPACT_MONTH, _NTH_WEEKDAY):
        for found in pattern.finditer(text):
            if not _is_no_date(found[0]) or _BEFORE_A_DATE.search(text, max(0, found.start() - 8), found.start()):
                yield Span(found.start(), found.end(), "DATE")
    for pattern in (_OF_MONTH, _COMPACT, _THE_NTH, _HOLIDAY, _SPOKEN_BIRTH, _ANSWERED, _BIRTH_ANSWERED):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            yield Span(found.start(group), found.end(group), "DATE")
    yield from short_dates(text)


def _is_no_date(found: str) -> bool:
    """Return whether the name of a month is probably a verb in lower case, as in `may first` and `march ten`."""
    return bool(re.search(r"\b(?:may|march|mar|dec|sep|jan)\b", found)) and not re.search(
        r"\d|teen|ty|th\b|third", found
    )
