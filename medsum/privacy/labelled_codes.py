"""Find codes that have a label before them: user names, passwords, plates, and codes such as `Chart no. 55-417`."""

import re
from collections.abc import Iterator

from medsum.privacy.kinds import Kind
from medsum.privacy.span import Span

UNIT = re.compile(
    r" ?(?:%|m[gl]\b|mcg|units?|percent|hours?|hrs?|days?|weeks?|months?|years?|yrs|times|min(?:ute)?s?|mm|cm"
    r"|kg|lbs?|pounds|am\b|pm\b"
    r"|a\.m|p\.m|bpm|degrees|dollars|people|patients|cells|copies|feet|miles|mmhg|french|fr\b|gauge|joules|°"
    r"|steps|iu\b|mmol|meq|ng|pg"
    r"|kcal|cal(?:ories)?|/[mµu]|per|g\b|x10|women|men|cases|births|pieces|mL|L\b|an hour|a day|a week|a month"
    r"|words|k\b|blocks|stairs|mls?\b)",
    re.IGNORECASE,
)
_SITES = (
    r"insta(?:gram)?|twitter|tik ?tok|snap(?:chat)?|facebook|reddit|discord|skype|telegram|xbox|psn|steam"
    r"|youtube|strava"
)
_HANDLE = re.compile(
    rf"\b(?:user(?: ?name| ?id)?|login|log-?in|handle|gamertag|screen name|account name|{_SITES})\b"
    r"(?: (?:for|to|on|at) (?:the |my |your |his |her )?\w{1,15})?"
    r"(?:(?: ?(?:name|handle|id|account|is|was|as|page|under|tag|called|:|=|-)){0,3})[ :]{1,2}"
    r"((?=[\w.@-]{0,40}[\d_])[\w.@-]{3,40}\w)",
    re.IGNORECASE,
)
_ON_A_SITE = re.compile(  # examples: `on insta as bigjules`, `ig: mira.yoga`
    rf"\b(?:(?:on|my) (?:{_SITES})(?: (?:name|handle|id|is|as|under|called)){{1,2}}|(?:{_SITES}|ig|username"
    r"|user name|handle|screen name) ?[:=]) ?@?((?=[a-z.]{0,30}[a-z])[a-z.]{4,30})(?!\w)"
)
_SECRET = re.compile(
    r"\b(?:password|passcode|passphrase|pin|door code|key ?code|locker code|entry code)(?: is|:| was|,)? "
    r"((?=\S{0,30}\d)\S{4,30})",
    re.IGNORECASE,
)
_UNDERSCORED = re.compile(
    r"(?<![\w/.@-])(?!(?:speaker|doctor|patient|nurse|guest"
    r"|person)_)[A-Za-z]{1,30}(?:_[A-Za-z0-9]{1,30}){1,6}(?![\w@]|\.\w)",
    re.IGNORECASE,
)
_LABELLED = re.compile(  # examples: `Specimen 23:S0041`, `Iris template IRT44.17`
    r"(?<![\w-])(?:specimen|sample|accession|lab|template|reference|ref|number|no\.|id|identifier|code|scan"
    r"|profile|hash|file"
    r"|file name|serial|lot|record|case|ticket|recording|plate|tag)(?: (?:is|was|number|no\.?|id|ref))?[ :#]{1,3}"
    r"((?=[\w:./#-]{0,25}\d)(?=[\w:./#-]{0,25}[A-Za-z])[A-Za-z0-9]{1,15}(?:[:./#-][A-Za-z0-9]{1,15}){1,5})(?![\w])",
    re.IGNORECASE,
)
_PLATE_SAID = re.compile(
    r"\b(?i:licen[sc]e plates?|number ?plates?|plates?|reg(?:istration)?|rego|tags?)"
    r"(?i: (?:number|no\.?|mark|is|was|reads?|says?"
    r"|:)){0,2}[ :,]{1,2}((?=[A-Z\d -]{0,9}[A-Z])[A-Z\d]{2,8}(?:[ -][A-Z\d]{1,4})?)"
    r"(?![\w-])"
)
_NUMBERED = re.compile(  # example: `Chart no. 55-417`
    r"\b(?:chart|record|account|acct|file|case|policy|member|invoice|claim|licen[sc]e|serial|reference|ref"
    r"|patient|unit"
    r"|hospital|order|booking|specimen|badge|staff|study|passport|permit|certificate|asset|lot|group|ticket)"
    r"(?: ?(?:no|number|num|id)\.?| ?#)(?: is| was)?[ :]{1,2}(\d{1,8}(?:[-/ ]\d{2,8}){1,4})(?![\w%/-]|\.\d)"
    r"|\b(?:chart|case|file|mrn|policy|claim|serial|badge|specimen|acct|account)"
    r"[ :]{1,2}(\d{2,8}-\d{3,8})(?![\w%/-]|\.\d)",
    re.IGNORECASE,
)
_AIRCRAFT = re.compile(  # example: `aircraft G-ABCD`; without a word such as `aircraft`, `G-CSF` is a drug
    r"\b(?i:aircraft|air ambulance|helicopter|plane|tail|registration|reg|flight|call ?sign)\b[^.\n]{0,30}?"
    r"(?<![\w-])((?:[GDFN]|EI|VH|VT|ZS|C)-[A-Z]{3,4})(?![\w-])"
)
_USER = re.compile(
    r"\b(?:user ?name|user id|screen name|login|handle|password|passcode)(?: is|:"
    r"| was)? (?=[\w.@-]{0,40}\d)([\w.@-]{4,40}\w)",
    re.IGNORECASE,
)
_SAID: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_USER, "OTHER_ID"),
    (_HANDLE, "OTHER_ID"),
    (_ON_A_SITE, "OTHER_ID"),
    (_SECRET, "OTHER_ID"),
    (_UNDERSCORED, "OTHER_ID"),
    (_LABELLED, "OTHER_ID"),
    (_NUMBERED, "OTHER_ID"),
    (_PLATE_SAID, "VEHICLE"),
    (_AIRCRAFT, "VEHICLE"),
)


def labelled_codes(text: str) -> Iterator[Span]:
    """Yield codes after labels, codes with an underscore, and the registrations of aircraft."""
    for pattern, kind in _SAID:
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            if not UNIT.match(text, found.end()) and not re.fullmatch(
                r"\d+[./]\d+[a-z]*|[A-TV-Z]\d\d(?:\.\d{1,4}[A-Z]?)?", found[group]
            ):
                yield Span(found.start(group), found.end(group), kind)
