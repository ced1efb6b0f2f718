"""Find dates without a year: two numbers such as 3/14, and single days such as `the 9th`.

Doses, scores, ratios and periods are written in the same way, as in 1/2 tablet, 4/5 and 6/52 (weeks). Therefore a pair
of numbers counts as a date only if its numbers or the words around it show this.
"""

import re
from collections.abc import Iterator

from medsum.privacy.span import Span

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:s|nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_BEFORE_A_COLON = re.compile(rf"(?<![\w.,/-]){_DAY}/{_DAY}(?=: )|(?:^|(?<=\n)){_DAY}/{_DAY}(?= ?[-–] ?[A-Za-z])")
_DAY_FIRST = re.compile(  # some pairs of numbers, such as 24/7, 16/8 and 28/7, are excluded, because they are not dates
    r"(?<![\w.,/-])(?!24/7|16/8|18/6)(?:1[3-9]|2\d|3[01])/(?:0?[1-68-9]|1[01])(?![\w%/]|[.-]\d)"
    r"(?! ?(?:mg|mcg|ml|g|units?|tabs?|tablets?|fasting|puffs?|vision|pain|mmhg|nodes?|points?|positive|criteria"
    r"|of|on|the|score|for|correct|insulin|mix|split|months?|weeks?|days?|hours?)\b)",
    re.IGNORECASE,
)
_LEADING_ZERO = re.compile(
    rf"(?<![\w.,/-])(?:{_WEEKDAY}\.?,? )?"
    rf"((?:0[1-9]/(?:0[1-9]|[12]\d|3[01])|1[0-2]/0[1-9]|{_MONTH}/(?:1[3-9]|2[1-9]|3[01])))(?![\w%/]|[.-]\d)"
    r"(?! (?:nodes?|points?|positive|criteria|of|on the|score|for|correct|mg)\b)"
)
_NO_NOUN = (
    r"(?! (?:tab|tabs|tablets?|of|cups?|pills?|strength|vision|murmur|dose|doses|teaspoons?|mg|inch|inches|pain"
    r"|ratio|hours?|normal saline|saline|cigarettes?|packs?|days|weeks|months|years|times|power|positive|sets?|criteria"
    r"|points?|ampules?|negative|ago|antibiotics|course|history|treatment|therapy|samples?|tests?|items?|cases?|full|bottle|pints?|glass(?:es)?)\b)"
)
_PAIR = rf"((?:{_WEEKDAY}\.?,? )?{_MONTH}[/-]{_DAY})(?![\w%]|[/-]\d|[.]\d){_NO_NOUN}"
_SHORT = re.compile(
    r"\b(?:on|since|until|till|from|to|by|dated?|born|dob|before|after|of|through|and|visit|seen|admitted|discharged"
    r"|surgery|scan|labs?|due|lmp|rtc|edd|edc|log|performed|done|collected|taken|booked|mon|tues?|wed|thurs?"
    r"|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|started|stopped|last|next|appt|dos"
    r"|off|movement|period|menses|adm|disch|op|biopsy|ct|mri|x-?ray|echo|ultrasound|bloods|clinic|ed|weds|cast"
    r"|stitches|appointment|follow-?up|w/c|w/e|w/b|week (?:of|beginning|ending|commencing)|rv|review|reviewed"
    rf"|between|around|scheduled)[:,]? (?:was |is |on )?{_PAIR}",
    re.IGNORECASE,
)
_NO_EVENT = (
    r"rated|scored|graded|reduced|improved|increased|decreased|halved|need(?:ed)?|used|responded|passed|failed"
    r"|answered|corrected|missed|tapered|weaned|titrated|dilated|compared|limited|filled|divided|raised|lowered"
    r"|dropped|eased|estimated|measured|recorded|speed|feed|bleed|red|worsened|recalled|completed|lifted|involved"
    r"|positive|described|remained|averaged|cut|split|exceeded|lasted"
)
_OF_AN_EVENT = re.compile(  # `Catheter changed 9/3`, `next due 10/8`, `last drink 2/2`, `f/u 6/5`
    rf"\b(?:(?!(?:{_NO_EVENT})\b)[a-z]{{3,14}}ed|given|placed|fell|home|here|out|sent|seen|effective|eff|expires?|exp"
    r"|f/?u|r/?v|onset|(?:last|next|first|previous|prior|latest) (?!score|rating|pain|reading)[a-z]{3,12}|dialysis|hd"
    r"|cxr|pap|smear|mammo(?:gram)?|brain|head|chest|abdo(?:men)?|pelvis|spine|tte|eeg|emg|ecg|ekg|colonoscopy|egd"
    r"|endoscopy|injury|doi|loi|accident|incident|crash|fall|delivery|delivered|birth|death|died|transplant"
    r"|infusion|injection|vaccine|shot|jab|booster|swab|culture|consult|call|message|note|letter|email|form"
    r"|yesterday|today|tomorrow|tonight|this (?:morning|evening|afternoon)|anniversary|birthday|trip|flight|court"
    rf"|interview|exam|wedding|holiday|hearing|symptoms)[:,]? (?:on |was |is |for )?{_PAIR}(?! [a-z]{{4,12}}s\b)",
    re.IGNORECASE,
)
_SCORED = re.compile(  # words of scores and shares before a pair of numbers
    r"\b(?:acuity|vision|VA|snellen|logmar|eyes?|apgars?|pain|strength|power|mrc|mmt|reflex\w*|murmur|grade|gcs|score"
    r"|scored|rat(?:e|ed|ing)|scale|improved|reduced|increased|decreased|severity|fatigue|mmse|moca|bristol|curb"
    r"|cage|audit|nyha|tone|fev1|nodes|dtrs?|pulses)\b[^.,;\n]{0,30}$",
    re.IGNORECASE,
)
_RANGE = re.compile(  # `3/5-3/9` and `3/5 to 3/9`, but not `8/10 to 3/10`, which has the same second number twice
    rf"(?<![\w.,/-]){_MONTH}/({_DAY}) ?(?:-|–|to|through|thru|until|till) ?{_MONTH}/(?!\1(?!\d)){_DAY}(?![\w%/]|[.-]\d)"
    rf"{_NO_NOUN}",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"(?<![\w.,/-])(?:{_MONTH}/{_DAY},? (?:and )?){{1,20}}{_MONTH}/{_DAY}(?![\w%/])",
)
_DOTTED = re.compile(  # `on 14.03` and, as in German, `on 12.3., ...`
    rf"\b(?:on|since|seen|dated|until|from|till|and again) "
    rf"({_DAY}\.(?:0[1-9](?![\w%]|\.\d)|{_MONTH}\.(?=[,;)]| [a-z])))"
    r"(?! ?(?:mg|mcg|ml|g|mmol|units?|kg|cm|mm|l)\b)",
    re.IGNORECASE,
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_BARE_NTH = re.compile(  # `Seen 5th in clinic`, `due 9th`
    r"\b(?:on|since|seen|due|until|till|admitted|discharged|booked|appt|appointment|review|reviewed|edd|edc|lmp|scan"
    rf"|surgery|rv|rtc|born) ({_NTH}(?:(?:,| and| or| &) (?:the )?{_NTH}){{0,3}})"
    r"(?=[.,;:)\n]|$| (?:in (?:clinic|the|my|a)|at|with|and|when|by|then|no|not|wants|but|so|for (?:a|the|his|her|my)"
    r"|am|pm)\b)",
    re.IGNORECASE,
)
_NTHS = re.compile(  # `the 1st and the 15th`
    rf"\bthe {_NTH}(?:,? (?:and|or|to|through|until|&)|,) (?:the )?{_NTH}"
    r"(?=[.,;:)\n]|$| (?:at|of (?:each|every|the|this|next|last)|for|with|when|so|but|if|in)\b)",
    re.IGNORECASE,
)
_DAY_OF_A_SEASON = re.compile(
    r"\b(?:day|night|morning|eve|evening|afternoon) (?:before|after|of) "
    r"(?:Halloween|Thanksgiving|Christmas|Easter|Diwali|Eid|Hanukkah|Passover|New Year['’]?s?)\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"1/[2-8]|2/3|3/[48]|[57]/8")
_WEAK = re.compile(r"\b(?:and|to|of|by|from|through|between|off|last|next|take|takes) $", re.IGNORECASE)
_SCALE = re.compile(r"\d-10$")  # `rate it from 1-10`


def short_dates(text: str) -> Iterator[Span]:
    """Yield dates without a year that are written in digits."""
    for pattern in (_BEFORE_A_COLON, _DAY_FIRST, _RANGE, _DOTTED, _BARE_NTH, _NTHS, _DAY_OF_A_SEASON):
        for found in pattern.finditer(text):
            group = found.lastindex if found.lastindex and pattern is not _RANGE else 0
            yield Span(found.start(group), found.end(group), "DATE")
    for found in _LIST.finditer(text):
        if any(int(day) > 12 for day in re.findall(r"/(\d+)", found[0])):
            yield Span(found.start(), found.end(), "DATE")
    for pattern in (_SHORT, _OF_AN_EVENT, _LEADING_ZERO):
        for found in pattern.finditer(text):
            if not _is_score(text, found.start(1), found[1]):
                yield Span(found.start(1), found.end(1), "DATE")


def _is_score(text: str, start: int, pair: str) -> bool:
    """Return whether the words before a pair of numbers, or an earlier pair, show that the pair is a score."""
    before = text[max(0, start - 45) : start]
    if _FRACTION.fullmatch(pair) and _WEAK.search(before):
        return True
    if pair.endswith("/10") and re.search(r"/10\b", before):
        return True
    return bool(_SCALE.search(pair) or _SCORED.search(before))
