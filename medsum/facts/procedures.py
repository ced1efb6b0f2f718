"""Procedures, tests, imaging, vaccines and devices. Each has one name and one group."""

import re
from collections.abc import Iterator

from medsum.facts.lexicon import PhraseFinder, Term, Word, phrase_names, read

_PROCEDURES = read("procedures.txt")
GROUP_OF = {entry.fields[0]: entry.fields[1] for entry in _PROCEDURES}
TESTS = frozenset({"test", "imaging", "endoscopy"})  # groups with results, which may be negative
_FINDER = PhraseFinder(phrase_names(_PROCEDURES))

# Names that are also words count only in capitals.
_CAPITALS = {"pet", "pt", "lp", "tee", "tha", "thr", "aka", "ua", "ct", "bso", "td", "ppd"}
_CAPITALS |= {
    "us",
    "va",
    "ef",
    "cr",
    "hb",
    "pm",
    "ce",
    "ck",
    "alt",
    "ast",
    "des",
    "nc",
    "cx",
    "bun",
    "rf",
    "ana",
    "le",
    "peg",
}
_CAPITALS |= {
    "ect",
    "leep",
    "prp",
    "prk",
    "oct",
    "acr",
    "alp",
    "ldl",
    "hdl",
    "msu",
    "cea",
    "abi",
    "dbs",
    "spc",
    "ius",
    "hct",
}
_CAPITALS |= {"moca", "pcv", "hib", "cbt", "tee", "dhs", "esi", "fit", "tah", "wle", "vns", "nst"}
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?[ \t]+$")
# Words that do not name a procedure if this text follows.
_NONE_WITH = {
    "cast": re.compile(r"\bcast(?:ing|s)?[ \t]+(?:a|doubt|iron|of)\b", re.IGNORECASE),
    "shots": re.compile(r"\bshots[ \t]+of\b", re.IGNORECASE),
    "port": re.compile(r"\bport[ \t]+(?:of|wine|in a)\b", re.IGNORECASE),
    "pm": re.compile(r"PM\b(?![ \t]+(?:placed|implanted|inserted|in situ|check|in place))"),
    "oxygen": re.compile(r"\boxygen[ \t-]+(?:saturation|sats?|levels?)\b", re.IGNORECASE),
    "o2": re.compile(r"\bo2[ \t-]+(?:saturation|sats?)\b", re.IGNORECASE),
    "stitches": re.compile(r"\bstitches[ \t]+in[ \t]+(?:my|his|her)[ \t]+side\b", re.IGNORECASE),
    "radiation": re.compile(r"\bradiation[ \t]+(?:of|to|into|down)\b", re.IGNORECASE),
}


def procedures(text: str, words: list[Word]) -> Iterator[Term]:
    """Yield the procedures in the text."""
    for term in _FINDER.find(text, words):
        said = text[term.start : term.end]
        word = said.lower()
        none = _NONE_WITH.get(word)
        if _TITLE.search(text[max(0, term.start - 6) : term.start]):
            continue  # Mr. Walker
        if (word in _CAPITALS and not said.isupper()) or (none and none.match(text, term.start)):
            continue
        yield term


def is_general(name: str) -> bool:
    """Return whether a name stands for every procedure of its group: `surgery`, `vaccine`."""
    return GROUP_OF.get(name) == name
