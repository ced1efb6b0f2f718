"""Find parts of the body. Each part has one name: `belly` and `stomach` are `abdomen`."""

import re
from collections.abc import Iterator
from functools import cache

from medsum.facts.lexicon import PhraseFinder, Term, Word, phrase_names, read, words

_FINDER = PhraseFinder(phrase_names(read("sites.txt")))
# After this text, the word does not name a part of the body: in `came right back`, `back` is not a part of the body.
_NOT_AFTER = {
    "back": re.compile(
        r"\b(?:come|came|coming|comes|go|went|going|goes|get|got|been|be|is|call|follow|way|bring|see|you|him|her|it|"
        r"them|cut|think|looking|far|dating|years?|months|weeks|date|set|turn|give|gave|put|then|stay|"
        r"welcome)(?:[ \t]+right)?[ \t]+$",
        re.IGNORECASE,
    ),
    "hand": re.compile(r"\b(?:the other|on)[ \t]+$", re.IGNORECASE),
    "face": re.compile(r"\bto[ \t]+$", re.IGNORECASE),
}


def sites(text: str, text_words: list[Word]) -> Iterator[Term]:
    """Yield the parts of the body in the text."""
    for term in _FINDER.find(text, text_words):
        not_after = _NOT_AFTER.get(text[term.start : term.end].lower())
        if not (not_after and not_after.search(text[max(0, term.start - 16) : term.start])):
            yield term


# The names of these findings and procedures do not contain their part of the body.
_PART_OF = {
    "mastectomy": "breast", "lumpectomy": "breast", "mammogram": "breast", "nephrectomy": "kidney",
    "pyelonephritis": "kidney", "cataract": "eye", "cataract surgery": "eye", "glaucoma": "eye", "blindness": "eye",
    "blurred vision": "eye", "hearing loss": "ear", "tinnitus": "ear", "otitis media": "ear", "pneumothorax": "lung",
    "pleural effusion": "lung", "pneumonia": "lung", "carpal tunnel syndrome": "wrist", "rotator cuff tear": "shoulder",
    "rotator cuff repair": "shoulder", "meniscus tear": "knee", "acl reconstruction": "knee", "bell palsy": "face",
    "inguinal hernia": "groin", "hernia repair": "groin", "ptosis": "eye", "hearing aid": "ear", "chest tube": "chest",
    "ear tubes": "ear", "otitis media with effusion": "ear", "ear infection": "ear", "strabismus": "eye",
    "intraocular lens": "eye", "pterygium": "eye", "retinal detachment": "eye", "undescended testis": "testicle",
    "sixth nerve palsy": "eye", "hydronephrosis": "kidney", "truss": "groin", "colectomy": "colon", "uveitis": "eye",
    "ankle swelling": "ankle", "leg swelling": "leg", "frozen shoulder": "shoulder", "breast lump": "breast",
    "facial droop": "face", "plantar fasciitis": "foot", "bunion": "foot", "sciatica": "leg",
}  # fmt: skip


@cache
def part_of(name: str) -> str:
    """Return the part of the body of the finding or procedure `name`, or an empty string if there is none."""
    named = next(iter(_FINDER.find(name, words(name))), None)
    return named.name if named else _PART_OF.get(name, "")
