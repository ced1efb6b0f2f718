"""Find medications by their generic or brand names, and drug classes by their lay names.

The lexicons were written for this project; the first lines of their files say how. The module uses no package for drug
names. The only such package that can be installed together with numpy 2.4 is drug-named-entity-recognition 2.0.9. It
stores its names as a pickle, and loading a pickle can run code.
"""

import re
from collections.abc import Iterator

from medsum.facts.lexicon import PhraseFinder, Term, Word, phrase_names, read
from medsum.facts.misspellings import Misspellings

_MEDICATIONS = read("medications.txt")
CLASS_OF = {entry.fields[0]: entry.fields[1] for entry in _MEDICATIONS}
_MEDICATION_FINDER = PhraseFinder(phrase_names(_MEDICATIONS))
_MISSPELLINGS = Misspellings(phrase_names(_MEDICATIONS).items())
_CLASS_FINDER = PhraseFinder(phrase_names(read("drug_classes.txt")))

# These names are also words or laboratory values. They are medications only if the pattern matches at the start of the
# name.
_ONLY_AS = {
    "yaz": re.compile(r"Y"), "nix": re.compile(r"N(?=ix)"), "alli": re.compile(r"A"), "soma": re.compile(r"S"),
    "depo": re.compile(r"D"), "azo": re.compile(r"A"), "inh": re.compile(r"INH"), "asa": re.compile(r"ASA|asa"),
    "ery": re.compile(r"E"), "sonata": re.compile(r"S"), "ptu": re.compile(r"PTU"), "thyroid": re.compile(r"$"),
}  # fmt: skip
_LABORATORY = re.compile(r"[ \t]+(?:level|levels|pumps?|resistance|resistant|test|sensitivity)\b", re.IGNORECASE)


def medications(text: str, words: list[Word]) -> Iterator[Term]:
    """Yield the medications in a text under their generic names. `insulin level` names a test and not a medication."""
    known = list(_MEDICATION_FINDER.find(text, words))
    starts = {term.start for term in known}
    misspelt = [term for term in _MISSPELLINGS.find(words) if term.start not in starts]
    for term in sorted([*known, *misspelt], key=lambda term: term.start):
        only_as = _ONLY_AS.get(text[term.start : term.end].lower())
        if (only_as is None or only_as.match(text, term.start)) and not _LABORATORY.match(text, term.end):
            yield term


def drug_classes(text: str, words: list[Word]) -> Iterator[Term]:
    """Yield the drug classes in a text. Patients use lay names: a `water pill` is a diuretic."""
    for term in _CLASS_FINDER.find(text, words):
        if not _LABORATORY.match(text, term.end):
            yield term
