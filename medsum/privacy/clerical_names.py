"""Find names that are written as in lists and letterheads.

Examples are `VASQUEZ, TEODORO M`, `RUTHERFORD, Agnes` and `Kaminski P, 66`.
"""

import re
from collections.abc import Iterator

from medsum.privacy.lexicon import common_words, drugs, eponyms, given_names, surnames
from medsum.privacy.span import Span
from medsum.privacy.word_features import known_words

_CAP = r"[A-ZÀ-Þ][\w'’-]{1,30}"
_LOUD = r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]{1,30}"
_AFTER_A_FIELD = re.compile(
    rf"\b(?i:patient(?: name)?|pt|name|re|nok|client"
    rf"|surname)[ :]{{1,2}}({_LOUD}(?: {_LOUD})?, ?{_LOUD}(?: {_LOUD})?(?: [A-Z]\b)?)"
)
_REVERSED = re.compile(rf"(?<![\w-])({_LOUD}, ?{_CAP})(?: [A-Z]\b\.?)?(?=[ \n,.;:(]|$)")
_LISTED = re.compile(rf"(?:^|(?<=\n)|(?<=[;•] ))({_CAP}(?: {_CAP})?,? [A-Z]{{1,2}})(?=,? \(?\d{{1,3}}(?:[MFy, )]|$))")
_NUMBERED = re.compile(
    rf"(?:^|(?<=\n)|(?<=[;•] ))\d{{1,2}}[).] ?({_CAP}(?: {_CAP})?)(?= ?[-–:] )"
)  # example: `1) Nakamura - echo`
_INITIALS_SAID = re.compile(r"\b(?i:initials?)(?i: are| is)?[ :]{1,2}((?:[A-Z]\.? ?){1,3}[A-Z]\b\.?)")
_INITIALS = re.compile(
    r"(?:^|(?<=[.\n] )|(?<=\n)|(?<=[Pp]atient )|(?<=[Cc]lient )|(?<=[Pp]t ))((?:[A-Z]\.? ?){1,2}[A-Z]\.?)"
    r"(?= (?:is an? \d|was seen|is a (?:man|woman|boy|girl|child|baby|lady|gentleman)|attended|declined"
    r"|reports that))"
)
# Findings of an examination and headings: `PERRLA, EOMI`, `RRR, NAD`.
EXAMINED = {
    *("abd", "cns", "ctab", "cvs", "ent", "eom", "eomi", "ext", "fh", "gcs", "gi", "gu", "heent", "hpi", "hr", "jvd"),
    *("jvp", "msk", "nad", "nc", "ncat", "neuro", "nkda", "nsr", "pe", "perl", "perla", "perrl", "perrla", "pmh"),
    *(
        "fundi",
        "fundus",
        "fundoscopy",
        "funduscopy",
        "conjunctivae",
        "sclerae",
        "pupils",
        "lids",
        "adnexa",
        "oropharynx",
    ),
    *("dentition", "carotids", "precordium", "genitalia", "lymphatics", "auscultation", "palpation", "percussion"),
    *("inspection", "obs", "bloods", "vitals", "ix", "mx", "dx", "rx", "hx", "tx", "sx", "pmhx", "fhx", "shx", "dhx"),
    *(
        "dob",
        "ot",
        "pt",
        "slt",
        "wbat",
        "nwb",
        "pwb",
        "fwb",
        "ii",
        "iii",
        "iv",
        "vi",
        "vii",
        "viii",
        "mets",
        "po",
        "prn",
    ),
    *("psh", "resp", "ros", "rr", "rrr", "sh", "skin", "soap", "wnl"),
}
_BRACKETED = re.compile(
    r"\b(?i:(?:typed|dictated|checked|signed|seen|entered|witnessed|transcribed) by|signed|typed):? "
    r"([A-Z]{2,3})\b(?![-\d])"
)


def clerical_names(text: str) -> Iterator[Span]:
    """Yield names that are written as in lists. Headings and drugs in capitals look the same, but are left out."""
    for found in _NUMBERED.finditer(text):
        first = found[1].split(" ")[0].lower()
        listed = first in given_names() or first in surnames()
        if listed and not any(first in words for words in (known_words(), common_words(), drugs(), eponyms())):
            yield Span(found.start(1), found.end(1), "NAME")
    for pattern in (_AFTER_A_FIELD, _REVERSED, _LISTED):
        for found in pattern.finditer(text):
            parts = [part.lower() for part in re.findall(r"[\w'’-]{2,}", found[1])]
            no_names = (known_words(), common_words(), drugs(), eponyms(), EXAMINED)
            if not any(part in words for part in parts for words in no_names):
                yield Span(found.start(1), found.end(), "NAME")
    for pattern in (_INITIALS, _INITIALS_SAID, _BRACKETED):
        for found in pattern.finditer(text):
            yield Span(found.start(1), found.end(1), "NAME")
