"""Find institutions, rivers and roads, because they show where a person lives, works or was treated."""

import re
from collections.abc import Iterator

from medsum.privacy.lexicon import common_words, countries, eponyms
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_clinical, is_ordinary
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word, has_capitals

_CAP = r"(?:(?:St|Mt|Dr|Ste)\.|[A-ZÀ-Þ](?:[\w'’-]|\.(?=\w)){1,30})"
_CARE = (
    r"(?:Hospital|Infirmary|Hospice|Sanatorium|Medical Cent(?:er|re)|Health Cent(?:er|re)|Surgery|Clinic|Care Home"
    r"|(?:Nursing|Residential|Rest|Retirement|Care|Children['’]s|Group) Home|Assisted Living|Sheltered Housing"
    r"|Rehab(?:ilitation)?(?: (?:Cent(?:er|re)|Hospital|Unit))?(?: (?:and|&) (?:Nursing|Care|Wellness"
    r"|Health(?:care)?)(?: Cent(?:er|re))?)?"
    r"|(?:Nursing|Care|Health(?:care)?|Convalescent) (?:and|&) (?:Rehab(?:ilitation)?|Nursing"
    r"|Wellness)(?: Cent(?:er|re))?"
    r"|Skilled Nursing(?: Facility| Home| Cent(?:er|re))?|(?:Senior|Sober|Transitional|Supported|Independent"
    r"|Extra[- ]Care) (?:Living|Housing)(?: Cent(?:er|re))?"
    r"|(?:Medical|Dental|Group|Family|GP|Veterinary|Physiotherapy|Optometry|Doctors['’]?) (?:Practice|Group"
    r"|Associates|Partners|Surgery"
    r"|Cent(?:er|re)|Clinic|Health|Medicine|Care|Office|Arts)|(?:General )?Dental(?: Practice| Care| Studio)?"
    r"|Dentistry|Orthodontics"
    r"|P[a]?ediatrics|Physicians|Urgent Care(?: Cent(?:er|re))?|Walk-[Ii]n Cent(?:er|re)|Treatment Cent(?:er|re)"
    r"|Dialysis(?: Unit| Cent(?:er|re))?"
    r"|(?:NHS )?(?:Foundation )?Trust|Health(?:care)?(?: System| Board| Service)|Healthcare|Medical Campus"
    r"|Polyclinic|Birth(?:ing)? Cent(?:er|re)"
    r"|Recovery Cent(?:er|re)|Detox(?: Cent(?:er|re))?|Psychiatric Unit|Eye (?:Hospital|Institute|Unit)"
    r"|Cancer (?:Cent(?:er|re)|Institute|Unit)"
    r"|Heart (?:Institute|Cent(?:er|re))|Drug ?store|Chemists|Apothecary|Opticians|Hospice (?:Care|House)"
    r"|Hospitals?|Practice(?! (?:Manager|Nurse|Pharmacist|Partner))|(?:[A-Z][a-z]{2,12}(?:['’]s)? )?(?:Care|Kidney"
    r"|Wellness|Imaging|Spine|Health|Support"
    r"|Resource|Family|Women['’]s|Children['’]s|Living) Cent(?:er|re)"
    r"|Memory Care|Almshouses?|Day Cent(?:er|re)|Pharmacy|Chemist)"
)
_OTHER = (
    r"(?:(?:Sixth Form|Community|State|Technical|Junior) (?:College|University)|(?:Primary|Elementary|Middle|High"
    r"|Secondary|Grammar"
    r"|Infants?|Juniors?|Comp(?:rehensive)?|Prep|Elem|Sixth Form)(?! (?:School|Academy|College|blood|dose|risk"
    r"|fever|fat|pressure))"
    r"|(?:Charter|Day|Convent|Special|Montessori|Sunday|Language|Law|Medical|Business) School"
    r"|Day ?care|Montessori|Head Start|Pre-?K|Youth (?:Club|Cent(?:er|re))|Community Cent(?:er|re)|(?:Town|Village"
    r"|Church|Parish|Guild) Hall"
    r"|Library|Cemetery|Crematorium|Racecourse|Stadium|Arena|Ballpark|Zoo|Distribution Cent(?:er|re)"
    r"|Fulfil?lment Cent(?:er|re)|Foundry"
    r"|Steelworks|Brewery|Power Station|Paper Mill|Sawmill|Shipbuilders|Caravan Park|Trailer Park|Mobile Home Park"
    r"|Holiday Park|Campground"
    r"|Detention Cent(?:er|re)|Courthouse|Job ?[Cc]entre|Homeless Shelter|Women's Refuge|Hostel|Shelter"
    r"|(?:(?:Primary|Elementary|Middle|High|Secondary|Grammar|Infant|Junior|Comprehensive|Preparatory|Boarding"
    r"|Nursery) )?"
    r"(?:School|Academy|College|University|Polytechnic)|Nursery|Kindergarten|Preschool|Playgroup"
    r"|(?:Baptist |Methodist |Parish |Lutheran )?(?:Church|Cathedral|Chapel|Mosque|Synagogue|Temple|Abbey|Priory"
    r"|Minster)"
    r"|Prison|Jail|Penitentiary|Correctional(?: Facility| Institution)?|Barracks|Air Force Base|Naval Base"
    r"|Airport|Station|Shopping Cent(?:er|re)|Mall|Leisure Cent(?:er|re)|Golf Club|Quarry|Colliery|Shipyard|Docks"
    r"|River|Reservoir|Canal|Beach|Moor|Forest|National Park|Fire (?:Station|Department)|Police (?:Station"
    r"|Department))"
)
_VERB = re.compile(
    r"(?:Attend|Visit|Use|Like|Want|Need|Join|Leave|Miss|Contact|Call|Phone|Ring|Inform|Admitted|See|Transfer)\w{0,4}"
)
_NAMED = re.compile(rf"(?<![\w-])(?:[Tt]he )?((?:{_CAP} (?:and |of |the )?){{1,3}}){_CARE}(?![\w-])")
_NAMED_OTHER = re.compile(rf"(?<![\w-])((?:{_CAP} (?:and |of |the )?){{1,3}}){_OTHER}(?![\w-])")
_UNIT = (
    r"(?:Unit|Ward|Imaging|Radiology|Diagnostics|Institute|Cent(?:er|re)|Associates|Foundation|Partnership|Outpatients)"
)
_NAMED_UNIT = re.compile(  # these words need a name that is no ordinary word: `Kestrel Unit`, but not `Stroke Unit`
    rf"(?<![\w-])((?:{_CAP} ){{1,3}}){_UNIT}(?:, (?:Suite|Ste|Floor|Level|Room) \w{{1,5}})?(?![\w-])"
)
_LOWER_AFTER_A_NAME = re.compile(  # the name has a capital, but the kind has none: `at Oakhurst rehab`
    rf"\b(?:at|to|from|in|by|of|near|outside|with|via|the) ((?:{_CAP} ){{1,2}})(?:(?:steel|car|paper|chemical|power"
    r"|food|textile|bottling|medical|dental|leisure|care|nursing|health|shopping|primary|high|middle|secondary"
    r"|grammar|elementary|community|general|fire|police|bus|train) ){0,2}(?:rehab|hospital|infirmary|surgery|clinic"
    r"|practice|hospice|home|school|college|academy|university|nursery|primary|elementary|church|chapel|mosque"
    r"|temple|prison|barracks|pharmacy|chemist|library|pub|hotel|hostel|plant|factory|mill|mine|colliery|quarry"
    r"|works|depot|station|airport|docks|market|cent(?:er|re)|farm|estate|park|stadium|unit|ward)(?![\w'’-])"
)
_LOWER_KIND = (
    r"(?:(?:general|memorial|community|district|royal|university|county|regional|children's) ){0,2}"
    r"(?:hospital|infirmary|hospice|care home|nursing home|rest home|retirement home|medical cent(?:er|re)"
    r"|health cent(?:er|re)"
    r"|medical practice|dental practice|pharmacy|primary school|high school|middle school|elementary school"
    r"|secondary school|grammar school"
    r"|academy|college|university|nursery school|rehab|prison|church|mosque|cathedral"
    r"|(?:primary|elementary|secondary|grammar|juniors|infants)(?=[.,;!?\n]|$"
    r"| (?:and|but|so|since|until|where|school)\b))"
)
_LOWER_NAMED = re.compile(rf"(?<![\w'’-])((?:[a-z][a-z'’-]{{1,20}} (?:and |of )?){{1,3}}){_LOWER_KIND}(?![\w'’-])")
_LOWER_SURGERY = re.compile(
    r"\b(?:registered (?:with|at)|at|from|over at|to|in) ((?:[a-z][a-z-]{2,20} ){1,3})"
    r"(?:surgery|house|lodge|manor|grange|court|towers|ward|place|hall|farm|close|gardens|practice|clinic)(?![\w'’-])"
)
_ARTICLE = re.compile(r"\b(?:the|an?|my|our|your|his|her|their|this|that|to|at|in|for|from|with|by)\b")
_GENERAL = re.compile(
    rf"\b(?:at|to|from|in|by|of|via) ((?:(?:{_CAP} ){{1,2}}(?:General|Memorial|Royal Infirmary|Regional|Mercy)"
    rf"|(?:Mercy|Mount|Mt\.?|St\.?|Saint|Our Lady of|Royal|Queen|King|Prince|Princess|Good) {_CAP}"
    rf"(?: {_CAP})?(?:['’]s)?))(?![\w-])"
)
_PRISON = re.compile(rf"\b(?:HMP|HMYOI|YOI|FCI|USP|RAF|RNAS|HMS|USS|FOB|Camp|Fort|Ysbyty) {_CAP}(?: {_CAP})?")
_RIVER = re.compile(
    rf"\b(?:River|Loch|Lough|Mount|Mt\.?|Isle of|Bay of|Firth of|Vale of|Forest of) {_CAP}\b"
    rf"|(?:(?<=\bup )|(?<=\bdown )|(?<=\bin )|(?<=\bon )|(?<=\bnear )|(?<=\bclimbed )|(?<=\bclimbing ))"
    rf"(?:Ben|Glen|Pen|Carn|Strath) {_CAP}\b"  # without such a word before it, Ben is a given name
)
_SAINT = re.compile(rf"\b(?:St\.?|Saint) {_CAP}['’]s\b(?! (?:wort|fire|dance|vitus|disease))", re.IGNORECASE)
_ON_ROAD = re.compile(
    r"\b(?:on|along|off|down|up|outside|corner of) ((?:[A-ZÀ-Þ][a-zà-ÿ'’-]{2,20}(?:gate|gatan|strasse|straße|weg"
    r"|wynd|bank"
    r"|side|ford|bridge|market|dale|head|more)))\b(?! (?:disease|syndrome))"
)
_GENERIC_WORDS = """
general community district university children's childrens local day field mental teaching state county city national
regional central the our this that a my your his her their women's maternity psychiatric cottage royal rural eye dental
travel walk-in minor urgent primary high middle secondary elementary junior senior infant grammar nursing care pain
medical fracture sleep memory foot chest heart skin diabetes diabetic fertility antenatal outpatient surgical renal
breast asthma falls stroke wound flu vaccine virtual headache anticoagulation warfarin methadone veterans public
private catholic baptist methodist medical law art summer sunday night nursery police fire train bus petrol gas space
hepatitis movement voice allergy oncology orthopaedic orthopedic cardiology neurology dermatology hand hip knee
telephone online hospital follow preoperative preop pre-op pre-assessment joint bariatric weight
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())


def institutions(text: str, its_words: list[Word]) -> Iterator[Span]:
    """Yield hospitals, homes, schools, churches, prisons, rivers and roads that have a name.

    `General Hospital`, for example, has no name.
    """
    for pattern in (_NAMED, _NAMED_OTHER):
        for found in pattern.finditer(text):
            parts = re.findall(r"[\w'’.-]+", found[1])
            named = [part for part in parts if not _is_generic(part)]
            if len(named) == 1 and named[0] == parts[0] and len(parts) > 1 and _VERB.fullmatch(named[0]):
                continue  # `Attends the Diabetes Clinic`
            if named:
                whole = named[0] == parts[0] or parts[0] in ("The", "Saint", "St.", "St")
                start = found.start() if whole else text.index(named[0], found.start(1))
                yield Span(start, found.end(), "PLACE")
    for pattern in (_NAMED_UNIT, _LOWER_AFTER_A_NAME):
        for found in pattern.finditer(text):
            parts = list(re.finditer(r"[\w'’.-]+", found[1]))
            own = [part for part in parts if not _is_generic(part[0]) and not _is_known(part[0])]
            if own:
                yield Span(found.start(1) + own[0].start(), found.end(), "PLACE")
    yield from _in_lower_case(text, its_words)
    for found in _GENERAL.finditer(text):
        yield Span(found.start(1), found.end(1), "PLACE")
    for pattern in (_PRISON, _RIVER, _SAINT):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "PLACE")
    for found in _ON_ROAD.finditer(text):
        yield Span(found.start(1), found.end(1), "PLACE")


def _in_lower_case(text: str, its_words: list[Word]) -> Iterator[Span]:
    """Yield named institutions of a text without capitals, such as `mercy ridge hospital`."""
    if has_capitals(text, its_words):
        return
    for found in (*_LOWER_NAMED.finditer(text), *_LOWER_SURGERY.finditer(text)):
        for part in re.finditer(r"[\w'’-]+", found[1]):
            plain = _is_generic(part[0]) or part[0] in known_words()
            if not plain and not _ARTICLE.search(found[1], part.end()):
                yield Span(found.start(1) + part.start(), found.end(), "PLACE")
                break


def _is_generic(word: str) -> bool:
    """Return whether a word before `Hospital`, for example, is a kind of hospital, an article or a common word."""
    lower = word.lower().strip(".")
    return lower in _GENERIC or lower in ("and", "of", "the") or lower in common_words() or is_clinical(lower)


def _is_known(word: str) -> bool:
    """Return whether a word is an ordinary word, a drug, a country or the surname in the name of a disease."""
    return is_ordinary(word.lower().removesuffix("'s")) or word.lower().removesuffix("'s") in countries() | eponyms()
