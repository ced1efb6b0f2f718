"""Allergies with allergen, reaction and context."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medsum.dialogue.sentences import sentences
from medsum.facts.answers import polarity
from medsum.facts.blocks import pieces
from medsum.facts.fact import DRUGS, Fact, Flag
from medsum.facts.lexicon import PhraseFinder, phrase_names, read, words
from medsum.facts.relatives import relatives

_FINDER = PhraseFinder(phrase_names(read("allergens.txt")))
_ABOUT = re.compile(
    r"\b(?:allerg\w*|intoleran\w+|ADRs?|anaphyla\w+|react(?:s|ed|ions?)?(?: (?:badly )?to)?|break(?:s|ing)? out|"
    r"precautions|sensitiv\w+ to)\b|\bAll:|\ball(?= -)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\bN\.?K\.?D?\.?A\b|\bNKMA\b|\b(?:no|denies|denied|without|negative for)(?: (?:any|known|"
    r"current))*(?P<kind> (?:drug or food|medication or food|drug|medication|"
    r"medicine|food))?(?: (?:allerg\w+)(?! to\b))|\bnot allergic to any\w*|"
    r"\ballerg\w+:?[ \t]*(?:none|nil|no|denied|denies)\b(?![ \t]+\w)",
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
    r"[^.;]*?\b(?:in error|mistaken\w*|(?:was )?(?:removed|ruled out|disproved)|twice without|without (?:a |"
    r"any )?(?:reaction|bother|trouble))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r";|\bbut\b|,[ \t]*\+|\bexcept\b|,[ \t]*(?:and )?(?:he|she|I)\b|[.!?]", re.IGNORECASE)
_TOLERATED = re.compile(
    r"\b(?:tol\b|tolerat\w+|premed\w*|treated with|given|takes?|carries|carry|now on)[^.;]*$", re.IGNORECASE
)


class _Allergen(NamedTuple):
    name: str
    start: int
    end: int


def allergies(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the allergies of a note or dialogue. `facts` are the facts of the text, in order.

    The value of an allergy is the allergen. It is `none` if all allergies are denied, and `medication` or `food` if
    only these are denied. The unit is the reaction.
    """
    found: list[Fact] = []
    asked = asked_none = False
    for line_start, line in _lines(text):
        here: list[Fact] = []
        about_before = asked
        for start, end in pieces(line, sentences(line)):
            sentence = line[start:end]
            about = bool(_ABOUT.search(sentence) or _NONE.search(sentence))
            if (about or asked) and not sentence.rstrip().endswith("?"):
                here += _of_sentence(text, line_start + start, line_start + end, facts)
            answers = re.match(r"\W*(?:\w+:)?\W*(?:correct|right|that['’]s right|none)\b", sentence, re.IGNORECASE)
            if answers and asked_none and not here:
                here.append(Fact("allergy", "none", "", line_start + start, line_start + end))
            asked_none = asked_none if not sentence.rstrip().endswith("?") else bool(_NONE.search(sentence))
            asked = about if sentence.rstrip().endswith("?") else (asked and not about)
        said = line.partition(":")[2].strip()
        if about_before and not here and polarity(said, said) == "no":
            here.append(Fact("allergy", "none", "", line_start, line_start + len(line)))
        found += here
    return list(dict.fromkeys(found))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _of_sentence(text: str, start: int, end: int, facts: Sequence[Fact]) -> list[Fact]:
    """Return the allergies of a sentence that mentions allergies."""
    first, last = (bisect_left(facts, place, key=lambda fact: fact.start) for place in (start, end))
    here = facts[first:last]
    drugs = [_Allergen(fact.value, fact.start, fact.end) for fact in here if fact.kind in DRUGS]
    others = [
        _Allergen(term.name, term.start + start, term.end + start)
        for term in _FINDER.find(text[start:end], words(text[start:end]))
    ]
    taken = [(one.start, one.end) for one in others]
    allergens = others + [one for one in drugs if not any(one.start < e and s < one.end for s, e in taken)]
    allergens.sort(key=lambda one: one.start)
    found = []
    for place, one in enumerate(allergens):
        if _TOLERATED.search(text[start : one.start]) and place:
            continue
        until = allergens[place + 1].start if place + 1 < len(allergens) else end
        reaction = next(
            (f.value for f in here if f.kind == "finding" and one.end <= f.start < until and f.value != "allergy"), ""
        )
        context = _context(text, start, end, one)
        found.append(
            Fact("allergy", one.name, "" if "negated" in context else reaction, one.start, one.end, context=context)
        )
    found += _denials(text, start, end, bool(found))
    return found


def _denials(text: str, start: int, end: int, others: bool) -> Iterator[Fact]:
    """Yield `none` if the sentence denies all allergies, else the kind that it denies."""
    none = _NONE.search(text, start, end)
    if none:
        kinds = (none["kind"] or "").strip().lower()
        only = others and kinds
        names = [
            name for name in ("medication", "food") if name[:3] in kinds or (name == "medication" and "drug" in kinds)
        ]
        if " or " in kinds or only:
            for name in names:
                yield Fact("allergy", name, "", none.start(), none.end(), context=frozenset({"negated"}))
        else:
            yield Fact("allergy", "none", "", none.start(), none.end())
    for match in _KIND_DENIED.finditer(text, start, end):
        if others and not none:
            name = "food" if match["kind"].lower().startswith("food") else "medication"
            yield Fact("allergy", name, "", match.start(), match.end(), context=frozenset({"negated"}))


def _context(text: str, start: int, end: int, one: _Allergen) -> frozenset[Flag]:
    """Return the flags of an allergy: its clause may deny or suspect it, or name a relative."""
    breaks = [match.end() for match in _CLAUSE.finditer(text, start, one.start)]
    clause = text[max([start, *breaks]) : one.start]
    flags: set[Flag] = set()
    if _DENIED.search(clause) or _LATER_DENIED.match(text[one.end : end]):
        flags.add("negated")
    if re.search(r"\?[ \t]?$|\bpossible\b", clause):
        flags.add("uncertain")
    if relatives(clause):
        flags.add("family")
        if re.search(r"\bnot (?:he|she|me|the patient)\b", clause):
            flags.discard("negated")
    return frozenset(flags)
