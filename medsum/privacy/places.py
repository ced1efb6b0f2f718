"""Find places smaller than a state: addresses, post codes, cities and counties."""

import re
from collections.abc import Iterator

from medsum.privacy.lexicon import common_words, countries, drugs, eponyms, places
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_clinical
from medsum.privacy.word_features import known_words

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH"
    "|OK|OR|PA|RI|SC|SD"
    "|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa"
    "|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
    "|Nebraska|Nevada"
    "|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon"
    "|Pennsylvania|Rhode Island"
    "|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
STATE = re.compile(_STATE_NAMES)
_CAP = r"[A-ZÀ-Þ][\w'’-]{1,30}"
_CAPS = rf"{_CAP}(?: (?:de|la|del|los|of|on|upon|the|le|di)? ?{_CAP}){{0,3}}"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Ter|Way|Circle"
    r"|Cir|Highway|Hwy|Parkway"
    r"|Pkwy|Square|Sq|Trail|Trl|Close|Crescent|Cres|Gardens|Grove|Mews|Row|Walk|Hill|Loop|Alley|Pike|Turnpike"
    r"|Route|Freeway|Expressway"
    r"|Green|Rise|Gate|Wharf|Quay|Parade|View|Ridge|Run|Path|Crossing|Broadway|Plaza)"
)
_UNIT = r"(?:,? ?(?:#|(?:Apt|Apartment|Unit|Suite|Ste|Flat|Room|Rm|Floor|Lot|Bldg|Building|No)\.? ?#?) ?[\w-]{1,6})"
_UK_CODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_ZIP = r"\d{5}(?:-\d{4})?"
_ADDRESS = re.compile(
    rf"(?:(?:Flat|Apt|Apartment|Unit|Suite"
    rf"|Room) \w{{1,5}},? )?(?<![\w.,/-])\d{{1,6}}[A-Za-z]?(?:-\d{{1,4}})?(?: block of)? "
    rf"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?(?:\d{{1,3}}(?:st|nd|rd|th)"
    rf"|{_CAP})(?: {_CAP}){{0,3}}? {_STREET}\b\.?"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW)\b\.?)?{_UNIT}?(?:,? {_CAPS}){{0,2}}(?:,? (?:{_STATES})\b)?(?:,? (?:{_ZIP}"
    rf"|{_UK_CODE}|\d{{4,6}}\b))?"
)
_STREET_ALONE = re.compile(
    rf"(?:(?:corner|junction) of )?(?<![\w-])(?:{_CAP} ){{1,3}}(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane"
    rf"|Crescent|Terrace|Highway"
    rf"|Parkway|Turnpike|Close|Mews)\b(?:,? {_UK_CODE})?"
)
_LOWER_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,6}|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|zero)[ -]){1,5}) ?"
    r"(?:(?:north|south|east|west) )?(?:(?!(?:and|have|has|to|the|an|of|my|in|or|is|was|so|but|then|for|with|on|at"
    r"|i|you|we|he|she|they|it)\b)\w[\w'-]{1,20} ){1,3}(?:street|avenue|road|boulevard|lane|drive|court"
    r"|terrace|highway|parkway"
    r"|circle|crescent|close|row|gardens|grove|mews|way|walk|hill|square|place|view|rise)\b(?: (?:apartment|apt"
    r"|unit|flat"
    r"|number) [\w-]{1,8}(?: [a-z]\b)?)?(?:,? (?:in )?[A-Z][\w-]{2,20})?",
    re.IGNORECASE,
)
_ON_STREET = re.compile(
    rf"\b(?:on|at|in|off|along|of|down|from|to|by|near|past|outside|into|behind) "
    rf"((?:{_CAP} ){{1,3}}(?:St|Street|Walk|Way|Drive|Place|Row|Grove"
    rf"|Gardens|Hill|Court|Square|Circle|Trail|Green"
    r"|Rise|Wharf|Quay|Parade|Broadway|Plaza|Bypass|Bridge|Flats|Towers?|Estate|House|Cottage|Farm|Lodge|Manor))\b"
)
_NUMBER_WORD = (
    r"(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve"
    r"|[A-Za-z][a-z]{2,5}teen|[TtFfSsEeNn][a-z]{3,6}ty(?:[ -][a-z]{3,5})?)"
)
_NUMBER_STREET = re.compile(
    rf"\b(?:[Nn]umber |[Nn]o\.? |(?={_NUMBER_WORD} {_CAP}))(?:\d{{1,5}}|[a-z]{{3,9}}(?:[ -][a-z]{{3,9}})?),? (?:on "
    rf"|in )?(?:{_CAP} ){{1,3}}{_STREET}\b(?:, {_CAPS})?"
)
_CORNER = re.compile(
    rf"\b(?:[Cc]orner|[Jj]unction|[Ii]ntersection) of ((?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th)) (?:{_CAP} )?(?:and"
    rf"|&) (?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th))(?: {_STREET}\b)?)"
)
_FOREIGN_STREET = re.compile(
    r"\b(?:\d{1,5}[a-z]? )?(?:calle|avenida|camino|paseo|rue|rua|plaza|boulevard|chemin|ulica|piazza"
    r"|platz) (?:d[aeou]s? "
    r"(?:la |los |las )?|della )?[\wÀ-ÿ]{3,20}(?:,? \d{1,5})?"
    rf"(?:, {_CAPS})?",
    re.IGNORECASE,
)
_STREET_WORD = re.compile(  # `Hauptstrasse 14`
    r"(?<![\w-])[A-ZÀ-Þ][a-zà-ÿ]{2,20}(?:strasse|straße|gasse|gatan|straat|laan|platz|vej) \d{1,4}[a-z]?(?!\w)"
)
_FIELD = re.compile(  # `School: Oakfield`, `Employer: Brannigan Freight`, `employed by Brannigan Freight`
    r"(?:(?:^|(?<=\n)|(?<=[.;] )|(?<=, ))(?i:care home|nursing home|residential home|home|nh|school|college|nursery"
    r"|employer|workplace|works at|church|parish|pharmacy|chemist|surgery|practice|clinic|facility|hospital|hospice"
    r"|hometown|home town|town|city|village|place of birth|birthplace): ?"
    r"|\b(?i:employed (?:by|at)|employer is|works? for|working for|worked for|job (?:at|with|for)) (?:the )?)"
    rf"({_CAPS}(?:['’]s)?)"
)
_LIVES_ON = re.compile(rf"\b(?:[Ll]ives?|[Ll]iving|[Hh]ouse|[Hh]ome|[Aa]partment|[Ff]lat) (?:on|off) ({_CAP})(?![\w-])")
_ROAD = re.compile(
    rf"\b(?:the )?(?:(?<=the )[AMB]\d{{1,4}}|I-\d{{1,3}}|(?:Route|Highway|Interstate|Hwy|Rte"
    rf"|US) \d{{1,3}})\b(?: (?:near|outside|at|in|by) {_CAPS})?"
)
_HOUSE = re.compile(
    rf"(?<![\w-])(?:The )?(?:{_CAP} )?(?:{_CAP}) (?:Cottage|House|Farm|Lodge|Villa|Manor|Barn|Court|Hall|Flats"
    rf"|Towers?|Surgery),(?: \d{{1,4}})?(?: {_CAPS},?){{1,3}}"
    rf"(?: {_UK_CODE})?"
)
_STATED = re.compile(
    r"\b(?:address(?: is| was|:| on file[:,]?| changed to)?|addr\b:?|lives at|living at(?! age)|resides at"
    r"|residing at|live at(?! age)|home is at|mail(?:ed)? (?:it )?to|deliver(?:ed)? to"
    r"|send (?:it )?to|copy to:? [^,\n]{3,40},) ?((?=[^.;\n]{0,80}?[A-Z\d])[^.;?!\n]{4,90}?)(?=[.;?!\n]|$"
    r"| (?:and|with|but|since|for|so|please|near)\b)"
)
_PLACE_START = re.compile(r"(?:Lake|Mount|Mt|Fort|Port|San|Santa|Los|Las|El|Saint|St) ")
_RURAL = re.compile(
    r"\b(?:rural route|rr(?= ?\d{1,3},? box)|star route) (?:\d{1,3}|[a-z]{3,6})(?:,? box (?:\d{1,5}"
    r"|[a-z]{3,9}))?\b",
    re.IGNORECASE,
)
_LOWER_STREET = re.compile(
    r"\b(?:on|at|off|down) (?!the |this |that |our |your |his |her |their |some |any |each |every |one |wrong "
    r"|right |busy |other |same |memory )"
    r"(?:[a-z]{3,15} ){1,2}(?:street|avenue|lane|road|boulevard)\b"
)
_LOWER_SHORT_STREET = re.compile(  # `12b foundry st`, `at 9 station rd`
    r"(?<![\w.,/-])\d{1,5}[a-z]? (?:(?:north|south|east|west|[nsew]) )?"
    r"(?!(?:and|or|of|to|in|for|the|per|more|times)\b)[a-z][a-z'’]{2,15}(?: [a-z][a-z'’]{2,15})? "
    r"(?:rd|ave|ln|blvd|cres|hwy|terr|st(?! (?:elevation|segment|depression|change))|(?<=\d[a-z] )dr|pl|ct)\b"
    r"(?:,? (?:apt|flat|unit|ste|#) ?\w{1,5})?|\b\d{1,5}[a-z]? [nsew] \d{1,3}(?:st|nd|rd|th) (?:st|ave|rd|street"
    r"|avenue)\b(?:,? (?:apt|flat|unit|ste|#) ?\w{1,5})?"
)
_BASED = re.compile(r"(?<![\w-])([A-ZÀ-Þ][\w'’]{1,30}(?: [A-ZÀ-Þ][\w'’]{1,30}){0,2})-(?:based|born|bred|area)\b")
_AT_THE = re.compile(rf"(?<=[a-z] )(?:at|in|to|from|of) (The {_CAP}(?: {_CAP})?)")  # `lives at The Willows`
_PO_BOX = re.compile(r"\bP\.?\s?O\.? ?Box \d{1,6}\b", re.IGNORECASE)
_STATE_ZIP = re.compile(rf"(?:{_CAPS},? )?\b(?:{_STATES}|{_STATE_NAMES}),? {_ZIP}(?![\w-])")
_ZIP_SAID = re.compile(
    rf"\b(?:zip|zip ?code|postal code|post ?code|postcode)\b[^\n\d]{{0,20}}?(?<!\d)({_ZIP}|{_UK_CODE}"
    rf"|\d{{3,4}})(?![\w-])",
    re.IGNORECASE,
)
_ZIP_BEFORE = re.compile(r"(?<![\w.,-])(\d{5}) (?:zip|area zip|post) ?code\b", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"\b(?:Clinic|Hospital|Medical|Health|University|College|Infirmary|Center|Centre"
    r"|General)\b"
)
_POST_CODE = re.compile(
    r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![\w-])"
    r"|\b[A-CEGHJ-NPR-TVXY]\d[A-Z] \d[A-Z]\d\b"
)
_CITY_STATE = re.compile(
    rf"(?<![\w-])({_CAPS}), (?:{_STATES})(?![\w-])|(?<![\w-])({_CAPS}), (?:{_STATE_NAMES}|[A-Z][a-z]+shire)\b"
)
_CITY_THEN_STATE = re.compile(rf"(?<![\w-])({_CAPS}) (?:{_STATES})(?![\w-])")
_NAMED_PLACE = re.compile(
    rf"(?<![\w-])(?:{_CAP} ){{1,3}}(?:County|Parish|Borough|Township|Lake|Creek|Springs|Heights|Falls|Beach"
    rf"|Valley|Island|Village|Park"
    rf"|Harbor|Harbour|Bay|City|Junction|Hills|Woods|Ridge|Estates|Mills|Bridge|Crossing|District|Precinct"
    rf"|Reservation|Square|Common"
    rf"|Gardens)\b|\b(?:Lake|Mount|Mt\.?|Fort|Port|Point|County|Camp|Upper|Lower|North|South|East|West|New"
    rf"|Saint|St\.?|San|Santa|Los|Las"
    rf"|El) {_CAP}(?: {_CAP})?\b"
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
    rf"|rural |the )?({_CAPS})"
)
_LIVED_LOWER = re.compile(
    rf"\b{_RESIDENCE}(?: [a-z]{{1,12}}){{0,3}}? (?:in|from|to|near"
    rf"|outside) ([a-z][a-z'-]{{1,20}}(?: [a-z'-]{{3,20}})?)\b"
)
_PREPOSED = re.compile(
    rf"\b(?:in|from|near|outside|to|around|at|of|through|via|visiting|leaving|over in) (?:the )?({_CAPS})(?! state\b)"
)
_IN_UNKNOWN = re.compile(rf"\b(?:in|near|outside|around|at) (?:the )?({_CAPS})(?! state\b|['’]s|-)")
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
    rf"|{_STATE_NAMES}|English|Spanish|French|German|Clinic|Hospital|United|Great|UK|USA|US|America|Europe"
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
    for pattern in (
        _RURAL,
        _LOWER_STREET,
        _LOWER_SHORT_STREET,
        _NUMBER_STREET,
        _FOREIGN_STREET,
        _STREET_WORD,
        _ROAD,
        _HOUSE,
        _ADDRESS,
        _STREET_ALONE,
        _LOWER_ADDRESS,
        _PO_BOX,
        _STATE_ZIP,
        _POST_CODE,
    ):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "PLACE")
    for pattern in (_ZIP_SAID, _ZIP_BEFORE, _CITY_STATE, _ON_STREET, _CORNER, _AT_THE, _BASED):
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
