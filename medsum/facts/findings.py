"""Find problems and findings: names in the lexicon, and words such as `pain` together with a part of the body.

For example, `my knee has been killing me`, `pain in the knee` and `knee pain` all give the finding `knee pain`.
"""

import re
from collections.abc import Iterator

from medsum.facts.lexicon import FOLDER, PhraseFinder, Term, Word, phrase_names, read

_ENTRIES = read("findings.txt")
_NAMES = phrase_names(_ENTRIES)
_FINDER = PhraseFinder(_NAMES)
COMPOSED = {"pain", "swelling", "stiffness", "fracture", "injury", "cramping", "tenderness", "numbness", "weakness"}
COMPOSED |= {"laceration", "dislocation", "itching", "mass", "tingling"}

# These abbreviations count only in capitals, because in small letters most of them are words or have another meaning.
_CAPITALS = {"ms", "mi", "ra", "loc", "sob", "aids", "tb", "als", "add", "cad", "std", "sti", "pnd", "uri", "pvd"}
_CAPITALS |= {"ipf", "rsv", "si", "hi", "cp", "af", "pe", "oa", "hld", "doe", "nka", "ha", "ams", "pid", "vt", "lof"}
_CAPITALS |= {
    "ild",
    "pad",
    "vb",
    "scd",
    "ich",
    "mds",
    "eds",
    "pots",
    "cf",
    "pd",
    "rd",
    "pco",
    "apd",
    "sah",
    "acs",
    "dm",
}
_CAPITALS |= {"cap", "asd", "mh", "sids", "ddh", "thc", "luts", "pmb", "pfo", "vsd", "crf", "ihd", "sab", "amd"}
# If the lexicon writes an abbreviation in capitals, this abbreviation also counts only in capitals.
_CAPITALS |= {name.lower() for entry in _ENTRIES for name in entry.names if name.isupper() and name.isalpha()}
# These words are findings only with a part of the body: `broke my wrist`, but not `broken sleep`.
_OF_PART = {"broke", "broken"}


def _ambiguous() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    """Return two patterns for each ambiguous word.

    The word is not a finding if the first pattern matches directly before the word, or if the second pattern matches
    directly after the word.
    """
    words_of = {}
    for line in (FOLDER / "ambiguous.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, before, after = line.split(" : ")
            words_of[word] = (
                re.compile(rf"\b(?:{before})[ \t-]+$", re.IGNORECASE) if before != "-" else None,
                re.compile(rf"[ \t-]+(?:{after})", re.IGNORECASE) if after != "-" else None,
            )
    return words_of


_AMBIGUOUS = _ambiguous()

# The text between a finding and its part of the body: a space in `knee pain`, and `in both my left` in `pain in both my
# left knees`.
_SIDE_BY_SIDE = re.compile(r"[ \t-]*(?:area[ \t]+|joint[ \t]+|muscle[ \t]+)?(?:['’]s[ \t]+)?(?:region[ \t]+)?")
_OF_SITE = re.compile(
    r"[ \t]*(?:\w+[ \t]+)?(?:in|of|on|to|at|around|over|from|down|across|involving|behind|under|along|near|throughout|"
    r"near)[ \t]+(?:both[ \t]+(?:of[ \t]+)?|all[ \t]+over[ \t]+|either[ \t]+|one[ \t]+of[ \t]+|"
    r"the[ \t]+back[ \t]+of[ \t]+|top[ \t]+of[ \t]+)?(?:(?:my|your|his|her|the|their|this|that|a|both|any|"
    r"an)[ \t]+)?(?:(?:left|right|bilateral|lower|upper|whole|entire|anterior|posterior|lateral|medial|"
    r"whole)[ \t]+){0,2}",
    re.IGNORECASE,
)
_SITE_IS = re.compile(
    r"(?:['’]s)?[ \t]+(?:(?:has|have|had|is|are|was|were|been|really|still|gets?|got|just|always|started|starts|kind|"
    r"of|so|very|also|a|bit|little|keeps?|that(?:['’]s)?|which|do|does|did|feels?|be|sometimes|often|so|badly|both|"
    r"look|looks)[ \t]+){0,4}|(?:['’]s)[ \t]+(?:been[ \t]+)?",
    re.IGNORECASE,
)


# These findings may stand directly before their part of the body: `swollen right knee`, `broke two ribs`.
_ADJECTIVES = {"swollen", "painful", "sore", "stiff", "aching", "broken", "broke", "fractured", "achy", "injured"}
_SIDED = re.compile(r"[ \t]+(?:(?:left|right|L|R|\d{1,2}|both|my|his|her|the|a)[ \t]+){0,2}", re.IGNORECASE)


def canonical(name: str) -> str:
    """Return the lexicon's main name of a finding. A name that is not in the lexicon is returned unchanged."""
    return _NAMES.get(name.lower(), name)


def findings(text: str, words: list[Word], parts: list[Term]) -> Iterator[Term]:
    """Yield the findings in the text. `parts` are the parts of the body in the text, from left to right."""
    for term in _FINDER.find(text, words):
        if not _counts(text, term):
            continue
        composed = _composed(text, term, parts) if term.name in COMPOSED else term
        if composed.name != term.name or text[term.start : term.end].lower() not in _OF_PART:
            yield composed


def _counts(text: str, term: Term) -> bool:
    said = text[term.start : term.end]
    word = said.lower()
    stem = re.sub("['’]?s$", "", word)
    if (word in _CAPITALS and not said.isupper()) or (stem in _CAPITALS and not said[: len(stem)].isupper()):
        return False
    before, after = _AMBIGUOUS.get(word, (None, None))
    if before and before.search(text[max(0, term.start - 20) : term.start]):
        return False
    return not (after and after.match(text, term.end))


def _composed(text: str, term: Term, parts: list[Term]) -> Term:
    """Return the term joined with its part of the body, such as `knee pain`, or the term itself if it has no part."""
    for part in parts:
        if part.name == "side":
            continue
        before = part.end <= term.start and (
            _SIDE_BY_SIDE.fullmatch(text, part.end, term.start) or _SITE_IS.fullmatch(text, part.end, term.start)
        )
        after = term.end <= part.start and _OF_SITE.fullmatch(text, term.end, part.start)
        said = text[term.start : term.end].lower()
        after = after or (
            said in _ADJECTIVES and term.end <= part.start and _SIDED.fullmatch(text, term.end, part.start)
        )
        if before or after:
            name = canonical(f"{part.name} {term.name}")
            return Term(name, min(part.start, term.start), max(part.end, term.end))
    return term
