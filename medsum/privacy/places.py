"""Find places smaller than a state: addresses, cities, counties, and places after words such as `lives in`."""

import re
from collections.abc import Iterator

from medsum.privacy.addresses import CAP, CAPS, STATE_NAMES, STATES, addresses
from medsum.privacy.lexicon import common_words, countries, drugs, eponyms, places
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_clinical
from medsum.privacy.word_features import known_words

_FIELD = re.compile(  # `School: Oakfield`, `Employer: Brannigan Freight`, `employed by Brannigan Freight`
    r"(?:(?:^|(?<=\n)|(?<=[.;] )|(?<=, ))(?i:care home|nursing home|residential home|home|nh|school|college|nursery"
    r"|employer|workplace|works at|church|parish|pharmacy|chemist|surgery|practice|clinic|facility|hospital|hospice"
    r"|hometown|home town|town|city|village|place of birth|birthplace): ?"
    r"|\b(?i:employed (?:by|at)|employer is|works? for|working for|worked for|job (?:at|with|for)) (?:the )?)"
    rf"({CAPS}(?:['’]s)?)"
)
_LIVES_ON = re.compile(rf"\b(?:[Ll]ives?|[Ll]iving|[Hh]ouse|[Hh]ome|[Aa]partment|[Ff]lat) (?:on|off) ({CAP})(?![\w-])")
_STATED = re.compile(
    r"\b(?:address(?: is| was|:| on file[:,]?| changed to)?|addr\b:?|lives at|living at(?! age)|resides at"
    r"|residing at|live at(?! age)|home is at|mail(?:ed)? (?:it )?to|deliver(?:ed)? to"
    r"|send (?:it )?to|copy to:? [^,\n]{3,40},) ?((?=[^.;\n]{0,80}?[A-Z\d])[^.;?!\n]{4,90}?)(?=[.;?!\n]|$"
    r"| (?:and|with|but|since|for|so|please|near)\b)"
)
_PLACE_START = re.compile(r"(?:Lake|Mount|Mt|Fort|Port|San|Santa|Los|Las|El|Saint|St) ")
_BASED = re.compile(r"(?<![\w-])([A-ZÀ-Þ][\w'’]{1,30}(?: [A-ZÀ-Þ][\w'’]{1,30}){0,2})-(?:based|born|bred|area)\b")
_AT_THE = re.compile(rf"(?<=[a-z] )(?:at|in|to|from|of) (The {CAP}(?: {CAP})?)")  # `lives at The Willows`
_INSTITUTION = re.compile(
    r"\b(?:Clinic|Hospital|Medical|Health|University|College|Infirmary|Center|Centre"
    r"|General)\b"
)
_CITY_STATE = re.compile(
    rf"(?<![\w-])({CAPS}), (?:{STATES})(?![\w-])|(?<![\w-])({CAPS}), (?:{STATE_NAMES}|[A-Z][a-z]+shire)\b"
)
_CITY_THEN_STATE = re.compile(rf"(?<![\w-])({CAPS}) (?:{STATES})(?![\w-])")
_NAMED_PLACE = re.compile(
    rf"(?<![\w-])(?:{CAP} ){{1,3}}(?:County|Parish|Borough|Township|Lake|Creek|Springs|Heights|Falls|Beach"
    rf"|Valley|Island|Village|Park"
    rf"|Harbor|Harbour|Bay|City|Junction|Hills|Woods|Ridge|Estates|Mills|Bridge|Crossing|District|Precinct"
    rf"|Reservation|Square|Common"
    rf"|Gardens)\b|\b(?:Lake|Mount|Mt\.?|Fort|Port|Point|County|Camp|Upper|Lower|North|South|East|West|New"
    rf"|Saint|St\.?|San|Santa|Los|Las"
    rf"|El) {CAP}(?: {CAP})?\b"
)
_RESIDENCE = (
    r"(?:liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing|ent of)|born(?: and raised)?|raised|grew up|grow up|from"
    r"|mov(?:e|ed|ing)|commut\w+"
    r"|stay(?:s|ed|ing)?|travel\w*|flew|fly|drove|driv\w+|work(?:s|ed|ing)?|transferred|airlifted|flown"
    r"|evacuated|came|comes?|hails?|arriv\w+|return\w+|visit(?:s|ed|ing)?"
    r"|emigrated|immigrated|trip"
    r"|house|home|apartment|place|back|native|nursing home|retired|settled|based|holiday|vacation|hospital"
    r"|clinic|school|factory|plant"
    r"|family|sister|brother|cousin|aunt|uncle|mother|father|mom|dad|son|daughter|up|down|over|out|here|farm"
    r"|shop|store|job|office)"
)
_LIVED = re.compile(
    rf"\b{_RESIDENCE}(?: [a-z]{{1,12}}){{0,4}}? (?:in|from|to|near|outside|around|at|of) (?:downtown |central "
    rf"|north |south |east |west "
    rf"|rural |the )?({CAPS})"
)
_LIVED_LOWER = re.compile(
    rf"\b{_RESIDENCE}(?: [a-z]{{1,12}}){{0,3}}? (?:in|from|to|near"
    rf"|outside) ([a-z][a-z'-]{{1,20}}(?: [a-z'-]{{3,20}})?)\b"
)
_PREPOSED = re.compile(
    rf"\b(?:in|from|near|outside|to|around|at|of|through|via|visiting|leaving|over in) (?:the )?({CAPS})(?! state\b)"
)
_IN_UNKNOWN = re.compile(rf"\b(?:in|near|outside|around|at) (?:the )?({CAPS})(?! state\b|['’]s|-)")
STANDARD = re.compile(  # examples: `Boston brace`, `Ottawa rules`, `Vancouver B2`
    r"['’]?s? (?:brace|rules?|stool|hip|knee|shoulder|ankle|grade|boots?|sausages?|fries|dinner|syndrome|mix|oil"
    r"|salts?"
    r"|cheese|lamb|burger|sandwich|hat|beans?|belly|blue|royal|consensus|guidelines?|protocol|definition|knot"
    r"|breakfast"
    r"|cream|rolls?|buns?|terrier|hound|cat|dog|flu|heart|cognitive|coma|outcome|handicap|visual|reference"
    r"|[A-Z]\d\w*|wort|dance|fire|state|strain|variant|rating)\b"
)
_NO_PLACE = re.compile(
    rf"(?:Government|Council|Resus|Benefits|Disability|Army|Navy|Marines|Air Force"
    rf"|Royal (?:Navy|Marines|Air Force)|Coast ?guard|Church"
    rf"|{STATE_NAMES}|English|Spanish|French|German|Clinic|Hospital|United|Great|UK|USA|US|America|Europe"
    rf"|Africa|Asia|England|Scotland"
    r"|Wales|Ireland|Canada|Mexico|India|China|Japan|France|Germany|Spain|Italy|Poland|Russia|Medicare|Medicaid"
    r"|January|February|March"
    r"|April|May|June|July|August|September|October|November|December|New York state|West Nile|South"
    r"|North America|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


_DEPARTMENTS_WORDS = """
outpatients outpatient inpatients theatres resus majors minors triage recovery endoscopy epilepsy maternity casualty
a&e itu icu hdu nicu picu ccu obs gynae paeds peds ortho neuro cardio uro onc haem ent max-fax geriatrics orthopaedics
orthopedics obstetrics antenatal postnatal physio x-ray ultrasound phlebotomy occupational
"""
_DEPARTMENTS = frozenset(_DEPARTMENTS_WORDS.split())


def find_places(text: str) -> Iterator[Span]:
    """Yield addresses, post codes, cities and other places. `Boston brace` and `Los Angeles grade` are not places."""
    yield from (span for span in _all_places(text) if not STANDARD.match(text, span.end))


def _all_places(text: str) -> Iterator[Span]:
    yield from addresses(text)
    for pattern in (_CITY_STATE, _AT_THE, _BASED):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            if pattern in (_CITY_STATE, _BASED) and not _may_be_place(found[group]):
                continue
            yield Span(found.start(group), found.end(group), "PLACE")
    for pattern in (_FIELD, _LIVES_ON):
        for found in pattern.finditer(text):
            ordinary = all(word in known_words() or word in common_words() for word in found[1].lower().split())
            if _may_be_place(found[1]) and (pattern is _LIVES_ON or not ordinary):
                yield Span(found.start(1), found.end(1), "PLACE")
    for found in _CITY_THEN_STATE.finditer(text):
        if found[1].lower() in places():
            yield Span(found.start(1), found.end(1), "PLACE")
    for found in _NAMED_PLACE.finditer(text):
        if found[0].lower() in places() or _may_be_place(found[0]) or _PLACE_START.match(found[0]):
            yield Span(found.start(), found.end(), "PLACE")
    for found in _STATED.finditer(text):
        if any(word[:1].isupper() or word[:1].isdigit() for word in found[1].split()[:4]):
            yield Span(found.start(1), found.end(1), "PLACE")
    yield from _cities(text)


def _cities(text: str) -> Iterator[Span]:
    for pattern, must_be_listed in ((_LIVED, False), (_PREPOSED, True), (_IN_UNKNOWN, False)):
        for found in pattern.finditer(text):
            name = _listed_start(found[1])
            if name:
                yield Span(found.start(1), found.start(1) + len(name), "PLACE")
            elif not must_be_listed and _may_be_place(found[1]):
                yield Span(found.start(1), found.end(1), "PLACE")
    for found in _LIVED_LOWER.finditer(text):
        name = _listed_start(found[1])
        if name and name not in common_words():
            yield Span(found.start(1), found.start(1) + len(name), "PLACE")


def _listed_start(found: str) -> str:
    """Return the longest place of the lists with which the text begins, or an empty string."""
    if _INSTITUTION.search(found):
        return ""
    parts = found.split(" ")
    for count in range(len(parts), 0, -1):
        name = " ".join(parts[:count])
        if name.lower() in places():
            return name
    return ""


def _may_be_place(found: str) -> bool:
    """Return whether capitalised words may be a place, although no list of places has them."""
    first = found.replace(",", "").split(" ")[0].lower()
    ordinary = found.lower() in known_words() or is_clinical(found.lower()) or found.lower() in _DEPARTMENTS
    if ordinary and found.lower() not in places():
        return False
    department = re.search(r" (?:unit|ward|department|room|clinic|service|team|suite|block)$", found.lower())
    if department and all(word in known_words() or word in common_words() for word in found.lower().split()):
        return False
    barred = first in common_words() or first in drugs() or first in eponyms() or first in countries()
    return not _NO_PLACE.match(found) and not barred and not found.isupper()
