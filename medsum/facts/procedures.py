"""Find procedures, tests, imaging, vaccines and devices. Each has one name and one group, such as `imaging`."""

import re
from collections.abc import Iterator

from medsum.facts.lexicon import PhraseFinder, Term, Word, phrase_names, read

_PROCEDURES = read("procedures.txt")
GROUP_OF = {entry.fields[0]: entry.fields[1] for entry in _PROCEDURES}
TESTS = frozenset({"test", "imaging", "endoscopy", "examination"})  # the groups whose procedures have results
SELDOM_NAMED = "examination"  # a clinician rarely says the name of an examination aloud
_FINDER = PhraseFinder(phrase_names(_PROCEDURES))

# These names count only in capitals, because in small letters most of them are words or have another meaning.
_IN_CAPITALS = """
pet pt lp tee tha thr aka ua ct bso td ppd us va ef cr hb pm ce ck alt ast des nc cx bun rf ana le peg ect leep prp
prk oct acr alp ldl hdl msu cea abi dbs spc ius hct moca pcv hib cbt dhs esi fit tah wle vns nst gtt ctr ett top mps
ncs vf hd slr toe cvs niv fsh anca mua icd afp ppm tens eos xr hsg cgm pth gc
"""
_CAPITALS = frozenset(_IN_CAPITALS.split())
# If a value follows the name of a test, only the first letter must be a capital: `Cr 2.0`.
_VALUE = re.compile(r"[ \t:=]*(?:was |is |of |stable |nl\b|normal|up|down|↑|↓|\d)", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?[ \t]+$")
# This pattern matches the heading of a list of operations. Such a heading is not an operation.
_HISTORY_OF = r"(?i)[a-z ]+:[ \t]*(?!no|neg|nil|unremarkable|as above)\w"
# In British English, `Ask the surgery` means the doctor's practice.
_PRACTICE = re.compile(
    r"\b(?:(?:ask(?:ed)?|ring|rang|phone[d]?|call(?:ed)?|contact(?:ed)?|tell|told|visit(?:ed)?)[ \t]+(?:the|your|"
    r"her|his|my)|"
    r"(?:at|from|to)[ \t]+(?:the|our|her|his|your)(?:[ \t]+GP)?|GP|doctor['’]?s['’]?)[ \t]+$",
    re.IGNORECASE,
)
# If this text follows the name, the name does not mean a procedure.
_NONE_WITH = {
    "cast": re.compile(r"\bcast(?:ing|s)?[ \t]+(?:a|doubt|iron|of)\b", re.IGNORECASE),
    "shots": re.compile(r"\bshots[ \t]+of\b", re.IGNORECASE),
    "port": re.compile(r"\bport[ \t]+(?:of|wine|in a)\b", re.IGNORECASE),
    "pm": re.compile(r"PM\b(?![ \t]+(?:placed|implanted|inserted|in situ|check|in place))"),
    "oxygen": re.compile(r"\boxygen[ \t-]+(?:saturation|sats?|levels?)\b", re.IGNORECASE),
    "o2": re.compile(r"\bo2[ \t-]+(?:saturation|sats?)\b", re.IGNORECASE),
    "d/c": re.compile(r""),
    "c/d": re.compile(r"c/d/i\b", re.IGNORECASE),
    "surgical history": re.compile(_HISTORY_OF),
    "past surgical history": re.compile(_HISTORY_OF),
    "psh": re.compile(_HISTORY_OF),
    "stick": re.compile(r"\bsticks?[ \t]+(?:to|with|out|it)\b", re.IGNORECASE),
    "frame": re.compile(r"\bframes?[ \t]+(?:of|size)\b", re.IGNORECASE),
    "enzymes": re.compile(r"\benzymes?[ \t]+(?:tablets?|supplements?)\b", re.IGNORECASE),
    "stitches": re.compile(r"\bstitches[ \t]+in[ \t]+(?:my|his|her)[ \t]+side\b", re.IGNORECASE),
    "radiation": re.compile(r"\bradiation[ \t]+(?:of|to|into|down)\b", re.IGNORECASE),
}


def procedures(text: str, words: list[Word]) -> Iterator[Term]:
    """Yield the procedures in the text."""
    for term in _FINDER.find(text, words):
        said = text[term.start : term.end]
        word = said.lower()
        if _TITLE.search(text[max(0, term.start - 6) : term.start]):
            continue  # the name `Mr. Walker`
        if word == "surgery" and _PRACTICE.search(text[max(0, term.start - 24) : term.start]):
            continue
        none = _NONE_WITH.get(word)
        if not (_is_lower(text, term) or (none and none.match(text, term.start))):
            yield term


def _is_lower(text: str, term: Term) -> bool:
    """Return whether a name that counts only in capitals is written in small letters."""
    said = text[term.start : term.end]
    if said.lower() not in _CAPITALS:
        said = re.sub("['’]?s$", "", said)
    if said.lower() not in _CAPITALS or said.isupper():
        return False
    return not (said[:1].isupper() and GROUP_OF.get(term.name) == "test" and _VALUE.match(text, term.end))


def is_general(name: str) -> bool:
    """Return whether a name means any procedure of its group: `surgery`, `vaccine`."""
    return GROUP_OF.get(name) == name
