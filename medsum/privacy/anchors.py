"""Find anchors: words before a name, such as titles, introductions, relatives and fields of forms."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Strength = Literal["title", "name", "relative", "field", "weak"]

_TITLES = (
    r"Dr|Doctor|Doc|Mr|Mrs|Ms|Miss|Mister|Missus|Mx|Prof|Professor|Nurse|Matron|Rev|Reverend|Pastor|Rabbi|Imam"
    r"|Sgt|Sergeant"
    r"|Captain|Capt|Lt|Lieutenant|Colonel|Col|Officer|Detective|Judge|Aunt|Auntie|Aunty|Uncle|RN|NP|HCA|CNA|LPN"
    r"|Sir|Madam|Dame"
    r"|Sra|Sr|Señora|Señor|Coach|PC|Constable|Cllr|Sister|Father|Brother|Consultant|Registrar|Attending|Midwife"
    r"|Paramedic|Therapist|Pharmacist|Radiologist|Pathologist|Physiotherapist"
    r"|Dietitian|Master|Bishop|Sheikh|Hajji|Madame|Monsieur|Herr|Frau|Se[ñn]orita"
)
RELATIVES = (
    r"wife|husband|hubby|son|daughter|brother|sister|mother|father|mom|mum|mommy|mummy|dad|daddy|aunt|auntie"
    r"|uncle|cousin|niece"
    r"|nephew|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|grandad|gran|nan|partner|ex"
    r"|ex-partner|ex-wife"
    r"|ex-husband|boyfriend|girlfriend|fianc[eé]e?|friend|mate|buddy|neighbou?r|boss|manager|carer|caregiver"
    r"|caretaker|roommate"
    r"|housemate|twin|baby|boy|girl|kid|sibling|landlord|landlady|cow?orker|colleague|supervisor|teacher"
    r"|therapist|pharmacist"
    r"|dentist|social worker|midwife|health visitor|case manager|case worker|counsell?or|surgeon|cardiologist"
    r"|neurologist"
    r"|oncologist|specialist|gp|pcp|physician|in-law|son-in-law|daughter-in-law|mother-in-law|father-in-law"
    r"|brother-in-law"
    r"|sister-in-law|stepson|stepdaughter|stepfather|stepmother|stepdad|stepmom|godmother|godfather|godson"
    r"|goddaughter"
    r"|guardian|widow|widower|youngest|eldest|oldest|lady|woman|man|guy|fella|bloke|receptionist|secretary"
    r"|interpreter"
    r"|translator|chaperone|trainer|coach|priest|pastor|lawyer|solicitor|resident|intern|student|paramedic"
    r"|driver|aide|helper"
    r"|sitter|babysitter|nanny|child|infant|toddler|spouse|gentleman|patient|pt|nurse|doctor|assistant"
    r"|technician|tech"
)
_FIELDS = (
    r"(?:patient|pt|client|full|first|last|legal|maiden|middle|given|family|preferred|mother'?s|father'?s"
    r"|parent'?s)?[ ]?names?"
    r"|patient|pt|attending|resident|surgeon|assistant|an(?:a)?esthetist|an(?:a)?esthesiologist|pcp|gp"
    r"|consultant|provider|physician"
    r"|next of kin|nok|emergency contact|guardian|chaperone|interpreter|author|signed|cc|attn|dear|re|from|to"
    r"|witness|carer"
    r"|caregiver|mother|father|spouse|contact|ordering provider|referring (?:provider|physician|doctor|gp)"
    r"|referred by|reviewer"
    r"|radiologist|pathologist|scribe|nurse|rn|midwife|therapist|pharmacist|driver|employee|subscriber"
    r"|policyholder|guarantor"
    r"|cardholder|power of attorney|poa|hcp|proxy|husband|wife|son|daughter|dictated by|transcribed by|seen by"
    r"|signed by"
)
_ABBREVIATED = r"Dr|Mr|Mrs|Ms|Prof|Rev|Sgt|Capt|Lt|Col|Sr|Sra|St|Mx"
_TITLE = rf"(?:(?:{_ABBREVIATED})\. ?|(?:{_TITLES}) )"
_TITLED = re.compile(rf"(?<![\w-]){_TITLE}(?=[^\W\d_])", re.IGNORECASE)
_TITLE_AGAIN = re.compile(rf"{_TITLE}{{1,2}}", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:(?:sur|first |last |maiden |middle |full |given |nick)?name(?:'s|’s|s| is| was"
    r"|d)?(?: is)?(?: actually| really| now| not)?"
    r"|names?,?|nicknamed|née|nee|(?:I|he|she|they) (?:usually |just |mostly )?go(?:es)? by"
    r"|prefers? (?:to be called|to go by)?"
    r"|known as|calls (?:himself|herself|themselves)|(?:is|was|'s|’s) called|aka|a\.k\.a\.?|call (?:me|him|her)"
    r"|answers to|under the name(?: of)?"
    r"|signed(?: electronically)?(?: by)?"
    r"|(?:dictated|transcribed|witnessed|prepared|verified|countersigned|authored|entered) by|woman called"
    r"|man called|lady called"
    r"|guy called|bloke called|someone called|somebody called|yours sincerely,?|sincerely,?|regards,?|dear"
    r"|ask for|care of|c/o"
    r"|attention|hello,?|hi,?|hey,?|thanks,?|thank you,?|good (?:morning|afternoon|evening),?|nurse manager"
    r"|in memory of)"
    r"[ ,:]{1,3}(?=[^\W\d_])",
    re.IGNORECASE,
)
_RELATED = re.compile(
    rf"\b(?:{RELATIVES})(?:'s name is|’s name is|,| is| was| named| called| is called| —| -)? (?=[^\W\d_])",
    re.IGNORECASE,
)
_FIELD = re.compile(rf"(?:^|[\n.;|,(] ?|\b)(?:{_FIELDS}) ?[:\-–] ?(?=[^\W\d_])", re.IGNORECASE)
_WEAK = re.compile(
    r"\b(?:I'm|I’m|I am|this is|it's|it’s|it is|that's|that’s|that is|here's|here is|he's|she's|called|was|with"
    r"|by|to|for|from|than|like"
    r"|and|or|told|tell|ask|asked|is that|old|Big|saw|see|met|spoke|per|Baby|about|of|under|but|as|is|not"
    r"|actually|meet|say|Cousin|Grandma|Grandpa"
    r"|Nana|Grandad|Papa|Granny) (?=[^\W\d_])",
    re.IGNORECASE,
)
_BY_STRENGTH: tuple[tuple[Strength, re.Pattern[str]], ...] = (
    ("weak", _WEAK),
    ("field", _FIELD),
    ("relative", _RELATED),
    ("name", _NAMED),
    ("title", _TITLED),
)


class Anchor(NamedTuple):
    """The words before a place where a name may begin, and the strength with which these words suggest a name."""

    strength: Strength
    said: str


def anchors(text: str) -> dict[int, Anchor]:
    """Return the places where names may begin, each with its strongest anchor."""
    return dict(_anchors(text))


def _anchors(text: str) -> Iterator[tuple[int, Anchor]]:
    for strength, pattern in _BY_STRENGTH:
        for found in pattern.finditer(text):
            again = _TITLE_AGAIN.match(text, found.end()) if strength in ("field", "name", "relative") else None
            yield (again or found).end(), Anchor(strength, found[0].strip(" .,:-–").lower())
