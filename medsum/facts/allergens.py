"""Find the allergies that one sentence states or denies.

An allergy has an allergen, a reaction, and context flags such as `negated` (see fact.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from medsum.facts.fact import DRUGS, ContextFlag, Fact
from medsum.facts.lexicon import PhraseFinder, phrase_names, read, words
from medsum.facts.relatives import relatives

_FINDER = PhraseFinder(phrase_names(read("allergens.txt")))
_ABOUT = re.compile(
    r"\b(?:allerg(?:y|ies|ic|ens?)?|intoleran\w+|ADRs?|anaphyla\w+|react(?:s|ed|ions?)?(?: (?:badly )?to)|break(?:s|"
    r"ing)? out|"
    r"broke out|precautions|sensitiv\w+ to)\b|\bAll:|\ball(?= (?:-|per\b|:))|(?<=\w)[ -]sensitive\b",
    re.IGNORECASE,
)
# These phrases state an allergy without the word `allergy`. They say that a person cannot take a drug or food, or
# becomes ill from a drug or food.
_MAKES_ILL = re.compile(
    r"\b(?:makes?|made|gives?|gave|brings?|brought|sends?|sent|turns?|turned)[ \t]+(?:me|him|her|them|us|my|his)\b|"
    r"\bcaus(?:es|ed|ing)\b",
    re.IGNORECASE,
)
_CANNOT_TAKE = re.compile(
    r"\b(?:can(?:no|['’])?t|unable to|does not|doesn['’]t|did not|didn['’]t|could not|couldn['’]t)[ \t]+"
    r"(?:take|have|tolerate|eat|use|wear|handle)\b(?=[^.;\n]{0,60}\b(?:because|due to|since|made|makes|caus\w+|"
    r"secondary|2/2|as (?:it|they)))|\b(?:hives|rash|reactions?|itching|welts)[ \t]+(?:from|to)\b(?! the (?:sun|heat))",
    re.IGNORECASE,
)
_HELPS = re.compile(r"\b(?:relief|reliev\w+|help\w*|better|went away|settled|cleared)\b", re.IGNORECASE)
_REACTIONS = frozenset(
    {"rash", "hives", "itching", "swelling", "facial swelling", "anaphylaxis", "angioedema", "vomiting", "wheezing"}
    | {"nausea", "shortness of breath", "blister", "throat swelling", "lip swelling", "diarrhea", "muscle pain"}
    | {"eczema", "cough", "bronchospasm", "tongue swelling", "eye swelling", "redness", "skin peeling", "allergy"}
)
_REACTS = re.compile(
    r"\b(?:swell\w*|puff\w*|hives|welts?|rash\w*|blister\w*|itch\w*|anaphyla\w+|wheez\w+|throw(?:s|ing)? up|"
    r"br(?:eak|oke|eaks|eaking) out|come(?:s)? (?:out|up) in|bring(?:s)? (?:me|him|her) (?:out|up)|closes? up|"
    r"epi-?pen)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\bN\.?K\.?D?\.?A\b|\bNKMA\b|\b(?:no|denies|denied|without|negative for)(?: (?:any|known|"
    r"current))*(?P<kind> (?:(?:drug|medication|medicine|med)s? (?:or|and|nor) foods?|foods? (?:or|and|nor) "
    r"(?:drug|medication|medicine)s?|drug|medication|medicine|med|food))? allerg(?:y|ies)"
    r"(?:(?P<to> to (?:any )?(?:drugs?|medications?|medicines?|foods?)(?:(?:,| or| and| nor)+ (?:drugs?|medications?|"
    r"medicines?|foods?))?)|(?! to\b))|\bnot allergic to any\w*|"
    r"\ballerg(?:y|ies)\b(?: (?:list|status|history))?(?: reviewed| checked| confirmed)?[:,]?[ \t]*-?[ \t]*"
    r"(?:none|nil|no|denied|denies)(?: known| reported| noted| to date)?\b(?![ \t]+\w)",
    re.IGNORECASE,
)
_KIND_DENIED = re.compile(
    r"\b(?:none|no) (?:known )?(?:to (?:any )?)?(?P<kind>medications?|medicines?|drugs?|foods?)\b(?: bothers?|"
    r" allerg\w+)?",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|neg|negative|denies|denied|not|nor|without|never|tolerat\w+|tol|in error|isn['’]t|wasn['’]t|"
    r"mistake)\b|n['’]t\b",
    re.IGNORECASE,
)
_LATER_DENIED = re.compile(
    r"[^.;]{0,120}?\b(?:in error|mistaken\w*|(?:was )?(?:removed|ruled out|disproved|delabel+ed|de-labelled)|"
    r"twice without|"
    r"(?:without|no) (?:a |any )?(?:reactions?|bother|trouble|problems?|issues?|incident)|(?:pt|patient|she|"
    r"he) (?:now )?denies(?! \w)|"
    r"(?:out)?grown(?: out of)?|outgrew|grew out of|no longer (?:allergic|a problem))\b|"
    r"[ \t]*(?:['’]s|is|are|was|were)?[ \t]*(?:fine|okay|ok|tolerated|no problem|all right|alright|safe)\b(?! \w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r";|\bbut\b|,[ \t]*\+|\bexcept\b|,[ \t]*(?:and )?(?:he|she|I)\b|[.!?]", re.IGNORECASE)
_TOLERATED = re.compile(
    r"\b(?:tol\b|tolerat\w+|premed\w*|treated with|given|takes?|carries|carry|now on)[^.;]{0,80}$", re.IGNORECASE
)
_EXCEPTED = re.compile(
    r"\b(?:except|other than|apart from|aside from|besides|but|though|reacts?|reactions?|intoleran\w+|causes?|"
    r"gives?|gave)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[ \t]*(?:,|/|&|\band\b|\bor\b)(?:[ \t]*(?:and|or)\b)?[ \t]*")
_CANNOT = re.compile(
    r"\b(?:can(?:no|['’])?t|unable to|(?:does|did|could)(?: not|n['’]t))\b[^.;\n]{0,40}$", re.IGNORECASE
)
_SUSPECTED = re.compile(r"\?[ \t]?$|\b(?:possible|query|may be|might be|questionable)\b", re.IGNORECASE)
_NO_FIRST = re.compile(r"(?:\w[\w ]{0,30}:)?\W*(?:no|nope)\W*", re.IGNORECASE)  # it answers `Penicillin all right?`
_NOT_PATIENT = re.compile(r"\bnot (?:he|she|me|the patient)\b")


class Allergen(NamedTuple):
    """The name of an allergen, and the start and end of this name in the text."""

    name: str
    start: int
    end: int


def is_about(text: str, start: int, end: int, facts: Sequence[Fact]) -> bool:
    """Return whether the sentence `text[start:end]` is about allergies. `facts` are the sentence's facts."""
    if _ABOUT.search(text, start, end) or _NONE.search(text, start, end):
        return True
    sentence = text[start:end]
    ill = _MAKES_ILL.search(text, start, end)
    if not (ill or _CANNOT_TAKE.search(text, start, end)) or _HELPS.search(sentence) or not reacts(sentence, facts):
        return False
    allergens = allergens_in(text, start, end, facts)
    return any(one.end <= ill.start() for one in allergens) if ill else bool(allergens)


def reacts(sentence: str, facts: Sequence[Fact]) -> bool:
    """Return whether a sentence states a reaction such as hives."""
    named = any(fact.kind == "finding" and fact.value in _REACTIONS for fact in facts)
    return named or bool(_REACTS.search(sentence))


def allergens_in(text: str, start: int, end: int, facts: Sequence[Fact]) -> list[Allergen]:
    """Return the drugs and other allergens that `text[start:end]` names. `facts` are the facts in this text."""
    drugs = [Allergen(fact.value, fact.start, fact.end) for fact in facts if fact.kind in DRUGS]
    others = [
        Allergen(term.name, term.start + start, term.end + start)
        for term in _FINDER.find(text[start:end], words(text[start:end]))
    ]
    found = others + [one for one in drugs if not any(one.start < o.end and o.start < one.end for o in others)]
    return sorted(found, key=lambda one: one.start)


def of_sentence(text: str, start: int, end: int, facts: Sequence[Fact]) -> list[Fact]:
    """Return the allergies that a sentence about allergies states. `facts` are the sentence's facts."""
    if _only_denies(text, start, end):
        return list(denials(text, start, end, False))
    allergens = allergens_in(text, start, end, facts)
    found = []
    for place, one in enumerate(allergens):
        if place and _TOLERATED.search(text[max(start, one.start - 100) : one.start]):
            continue
        until = allergens[place + 1].start if place + 1 < len(allergens) else end
        reaction = next(
            (f.value for f in facts if f.kind == "finding" and one.end <= f.start < until and f.value != "allergy"), ""
        )
        context = _context(text, start, until, one)
        found.append(
            Fact("allergy", one.name, "" if "negated" in context else reaction, one.start, one.end, context=context)
        )
    for first, second in pairwise(reversed(found)):  # in `Eggs, nuts, no trouble.`, the denial also applies to eggs
        if "negated" in first.context and _LISTED.fullmatch(text, second.end, first.start):
            found[found.index(second)] = replace(second, unit="", context=second.context | {"negated"})
    found += denials(text, start, end, bool(found))
    return found


def _only_denies(text: str, start: int, end: int) -> bool:
    """Return whether a sentence denies all allergies and states no allergy: `IV morphine and fluids; no allergies.`."""
    denied = list(_NONE.finditer(text, start, end))
    if not denied or any(one["to"] for one in denied) or _EXCEPTED.search(text, start, end):
        return False
    named = list(_ABOUT.finditer(text, start, end))
    return all(any(a.start() < one.end() and one.start() < a.end() for one in denied) for a in named)


def denials(text: str, start: int, end: int, others: bool) -> Iterator[Fact]:
    """Yield `none` if the sentence denies all allergies, and `medication` or `food` for a denial of one kind.

    `others` is true if the sentence also names an allergen.
    """
    matches = list(_NONE.finditer(text, start, end))
    kinds = " ".join(f"{match['kind'] or ''}{match['to'] or ''}" for match in matches).lower()
    names = [name for name, word in (("medication", "drug|med"), ("food", "food")) if re.search(word, kinds)]
    if matches and names and (others or "food" in names):
        for name in names:
            yield Fact("allergy", name, "", *matches[0].span(), context=frozenset({"negated"}))
    elif matches:
        yield Fact("allergy", "none", "", *matches[0].span())
    for match in _KIND_DENIED.finditer(text, start, end):
        if others and not matches:
            name = "food" if match["kind"].lower().startswith("food") else "medication"
            yield Fact("allergy", name, "", match.start(), match.end(), context=frozenset({"negated"}))


def _context(text: str, start: int, end: int, one: Allergen) -> frozenset[ContextFlag]:
    """Return the context flags of an allergy.

    The clause of the allergen may deny or suspect the allergy, or say that a relative has the allergy.
    """
    breaks = [match.end() for match in _CLAUSE.finditer(text, start, one.start)]
    clause = text[max([start, *breaks]) : one.start]
    flags: set[ContextFlag] = set()
    if _NO_FIRST.fullmatch(clause) and _MAKES_ILL.search(text, one.end, end):
        clause = ""
    if (_DENIED.search(clause) and not _CANNOT.search(clause)) or _LATER_DENIED.match(text, one.end, end):
        flags.add("negated")
    if _SUSPECTED.search(clause):
        flags.add("uncertain")
    if relatives(clause):
        flags.add("family")
        if _NOT_PATIENT.search(clause):
            flags.discard("negated")
    return frozenset(flags)
