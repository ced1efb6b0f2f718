"""Find addresses: streets with and without numbers, roads, post codes and P.O. boxes."""

import re
from collections.abc import Iterator

from medsum.privacy.span import Span

STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH"
    "|OK|OR|PA|RI|SC|SD"
    "|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa"
    "|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
    "|Nebraska|Nevada"
    "|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon"
    "|Pennsylvania|Rhode Island"
    "|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
STATE = re.compile(STATE_NAMES)
CAP = r"[A-ZÀ-Þ][\w'’-]{1,30}"
CAPS = rf"{CAP}(?: (?:de|la|del|los|of|on|upon|the|le|di)? ?{CAP}){{0,3}}"
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
    rf"|{CAP})(?: {CAP}){{0,3}}? {_STREET}\b\.?"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW)\b\.?)?{_UNIT}?(?:,? {CAPS}){{0,2}}(?:,? (?:{STATES})\b)?(?:,? (?:{_ZIP}"
    rf"|{_UK_CODE}|\d{{4,6}}\b))?"
)
_STREET_ALONE = re.compile(
    rf"(?:(?:corner|junction) of )?(?<![\w-])(?:{CAP} ){{1,3}}(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane"
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
    rf"((?:{CAP} ){{1,3}}(?:St|Street|Walk|Way|Drive|Place|Row|Grove"
    rf"|Gardens|Hill|Court|Square|Circle|Trail|Green"
    r"|Rise|Wharf|Quay|Parade|Broadway|Plaza|Bypass|Bridge|Flats|Towers?|Estate|House|Cottage|Farm|Lodge|Manor))\b"
)
_NUMBER_WORD = (
    r"(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve"
    r"|[A-Za-z][a-z]{2,5}teen|[TtFfSsEeNn][a-z]{3,6}ty(?:[ -][a-z]{3,5})?)"
)
_NUMBER_STREET = re.compile(
    rf"\b(?:[Nn]umber |[Nn]o\.? |(?={_NUMBER_WORD} {CAP}))(?:\d{{1,5}}|[a-z]{{3,9}}(?:[ -][a-z]{{3,9}})?),? (?:on "
    rf"|in )?(?:{CAP} ){{1,3}}{_STREET}\b(?:, {CAPS})?"
)
_CORNER = re.compile(
    rf"\b(?:[Cc]orner|[Jj]unction|[Ii]ntersection) of ((?:{CAP}|\d{{1,3}}(?:st|nd|rd|th)) (?:{CAP} )?(?:and"
    rf"|&) (?:{CAP}|\d{{1,3}}(?:st|nd|rd|th))(?: {_STREET}\b)?)"
)
_FOREIGN_STREET = re.compile(
    r"\b(?:\d{1,5}[a-z]? )?(?:calle|avenida|camino|paseo|rue|rua|plaza|boulevard|chemin|ulica|piazza"
    r"|platz) (?:d[aeou]s? "
    r"(?:la |los |las )?|della )?[\wÀ-ÿ]{3,20}(?:,? \d{1,5})?"
    rf"(?:, {CAPS})?",
    re.IGNORECASE,
)
_STREET_WORD = re.compile(  # `Hauptstrasse 14`
    r"(?<![\w-])[A-ZÀ-Þ][a-zà-ÿ]{2,20}(?:strasse|straße|gasse|gatan|straat|laan|platz|vej) \d{1,4}[a-z]?(?!\w)"
)
_ROAD = re.compile(
    rf"\b(?:the )?(?:(?<=the )[AMB]\d{{1,4}}|I-\d{{1,3}}|(?:Route|Highway|Interstate|Hwy|Rte"
    rf"|US) \d{{1,3}})\b(?: (?:near|outside|at|in|by) {CAPS})?"
)
_HOUSE = re.compile(
    rf"(?<![\w-])(?:The )?(?:{CAP} )?(?:{CAP}) (?:Cottage|House|Farm|Lodge|Villa|Manor|Barn|Court|Hall|Flats"
    rf"|Towers?|Surgery),(?: \d{{1,4}})?(?: {CAPS},?){{1,3}}"
    rf"(?: {_UK_CODE})?"
)
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
_PO_BOX = re.compile(r"\bP\.?\s?O\.? ?Box \d{1,6}\b", re.IGNORECASE)
_STATE_ZIP = re.compile(rf"(?:{CAPS},? )?\b(?:{STATES}|{STATE_NAMES}),? {_ZIP}(?![\w-])")
_ZIP_SAID = re.compile(
    rf"\b(?:zip|zip ?code|postal code|post ?code|postcode)\b[^\n\d]{{0,20}}?(?<!\d)({_ZIP}|{_UK_CODE}"
    rf"|\d{{3,4}})(?![\w-])",
    re.IGNORECASE,
)
_ZIP_BEFORE = re.compile(r"(?<![\w.,-])(\d{5}) (?:zip|area zip|post) ?code\b", re.IGNORECASE)
_POST_CODE = re.compile(
    r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![\w-])"
    r"|\b[A-CEGHJ-NPR-TVXY]\d[A-Z] \d[A-Z]\d\b"
)


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses, streets, roads and post codes."""
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
    for pattern in (_ZIP_SAID, _ZIP_BEFORE, _ON_STREET, _CORNER):
        for found in pattern.finditer(text):
            yield Span(found.start(1), found.end(1), "PLACE")
