"""Read the facts of a note or of a turn without its context. Other modules combine a question with its answer."""

import re
from dataclasses import dataclass, field, replace

from medsum.dialogue.sentences import sentences
from medsum.facts.blocks import blocks, pieces
from medsum.facts.bounds import bound_before
from medsum.facts.conditions import of_condition
from medsum.facts.context import contexts
from medsum.facts.fact import STATED, Fact, Kind
from medsum.facts.findings import findings
from medsum.facts.laterality import Side, sides
from medsum.facts.lexicon import Term, Word, words
from medsum.facts.medications import CLASS_OF, drug_classes, medications
from medsum.facts.normalise import NormalisedText
from medsum.facts.procedures import GROUP_OF, TESTS, procedures
from medsum.facts.quantities import quantities
from medsum.facts.sites import part_of, sites

_NEAR = 24  # the largest number of characters between a side and its finding
_NON = re.compile(r"non-?(?!productive)", re.IGNORECASE)  # `nonsmoker`, `nontender`
_RESULT = re.compile(r"[^.;,\n]{0,40}?\b(?:negative|normal|clear|unremarkable|show(?:s|ed))\b", re.IGNORECASE)
# These words contain a denial: `NKDA` means `no known drug allergies`.
_DENIALS = {"nkda", "nka", "nkma", "afebrile", "apyrexial", "teetotal", "teetotaler", "teetotaller", "normotensive"}
_NON_BEFORE = re.compile(r"\bnon-(?:cigarette[ -]|tobacco[ -])?$", re.IGNORECASE)


@dataclass
class Sentence:
    """The text of a sentence, with numbers as digits, and its facts. The facts' spans refer to the whole text."""

    text: str
    facts: list[Fact] = field(default_factory=list)
    before: dict[Fact, str] = field(default_factory=dict)  # by fact: the text before the fact in the sentence


@dataclass
class Reading:
    """The sentences of a note or turn, the part of the body that is named last in these sentences, and the speaker."""

    sentences: list[Sentence]
    site: str
    speaker: str


def read(
    text: str, offset: int = 0, turn: int = -1, speaker: str = "", asked_site: str = "", asked_side: bool = False
) -> Reading:
    """Read a text that starts `offset` characters into the whole text.

    `asked_site` is the last part of the body that the previous turn names. `asked_side` is true if the previous turn
    asks which side of the body is meant.
    """
    whole = Reading([], asked_site, speaker)
    for start, end in blocks(text):
        block = _read_block(text[start:end], offset + start, turn, speaker, whole.site, asked_side and not start)
        whole.sentences += block.sentences
        whole.site = block.site
    return whole


def _read_block(text: str, offset: int, turn: int, speaker: str, asked_site: str, asked_side: bool) -> Reading:
    """Read one block of a text (see blocks.py)."""
    normalised = NormalisedText(text)
    digits = normalised.text
    text_words = words(digits)
    parts = list(sites(digits, text_words))
    spans = pieces(digits, sentences(digits))
    terms = _terms(digits, text_words, parts)
    of_terms = [Term(part_of(term.name), term.start, term.end) for _, term in terms if part_of(term.name)]
    sided = sorted([*parts, *of_terms], key=lambda part: part.start)
    found_sides = list(sides(digits, sided, [start for start, _ in spans], asked_site, asked_side))
    covered = bytearray(len(digits))
    for _, term in terms:
        covered[term.start : term.end] = b"\1" * (term.end - term.start)
    drugs = [(term.start, term.end) for kind, term in terms if kind == "medication"]
    amounts = [
        amount
        for amount in quantities(digits, drugs)
        if amount.kind != "count" or not any(covered[amount.start : amount.end])
    ]

    def fact(kind: Kind, value: str, unit: str, start: int, end: int) -> Fact:
        first, last = normalised.span(start, end)
        return Fact(kind, value, unit, first + offset, last + offset, turn, speaker)

    result = []
    for start, end in spans:
        sentence = Sentence(digits[start:end])
        here = [(kind, term) for kind, term in terms if start <= term.start < end]
        flags = contexts(digits, start, end, [term for _, term in here], [kind for kind, _ in here])
        flags = of_condition(digits, start, end, here, flags)
        for (kind, term), of_term in zip(here, flags, strict=True):
            unit = {"medication": CLASS_OF, "procedure": GROUP_OF}.get(kind, {}).get(term.name, "")
            side = _side_of(digits, term, found_sides, start, end) if kind in ("finding", "procedure") else ""
            if unit in TESTS and _RESULT.match(digits, term.end):
                of_term -= {"negated"}  # a negative result of a test does not mean that the test was not done
            if _is_non(digits, term) or digits[term.start : term.end].lower() in _DENIALS:
                of_term |= {"negated"}
            made = replace(fact(kind, term.name, unit, term.start, term.end), context=of_term, laterality=side)
            sentence.facts.append(made)
            sentence.before[made] = digits[start : term.start]
        sentence.facts += [
            replace(fact(a.kind, a.value, a.unit, a.start, a.end), bound=bound_before(digits, a.start, turn >= 0))  # type: ignore[arg-type]
            for a in amounts
            if start <= a.start < end
        ]
        sentence.facts += [
            fact("laterality", s.side, s.site, s.start, s.end) for s in found_sides if start <= s.start < end
        ]
        result.append(sentence)
    named = [part.name for part in parts if part.name != "side"]
    return Reading(result, named[-1] if named else "", speaker)


def _terms(digits: str, text_words: list[Word], parts: list[Term]) -> list[tuple[Kind, Term]]:
    """Return the terms of a text: medications, drug classes, procedures and findings.

    If two terms overlap, keep the term whose kind comes first in this list.
    """
    found: list[tuple[Kind, Term]] = [("medication", term) for term in medications(digits, text_words)]
    for kind, candidates in (
        ("drug_class", drug_classes(digits, text_words)),
        ("procedure", procedures(digits, text_words)),
        ("finding", findings(digits, text_words, parts)),
    ):
        taken = [term for _, term in found]
        found += [
            (kind, term)  # type: ignore[misc]
            for term in candidates
            if not any(term.start < other.end and other.start < term.end for other in taken)
        ]
    return found


def _is_non(digits: str, term: Term) -> bool:
    """Return whether a term is negated by `non` at its start or directly before it: `nontender`, `non-smoker`."""
    before = digits[max(0, term.start - 16) : term.start]
    return bool(_NON.match(digits, term.start) or _NON_BEFORE.search(before))


def _side_of(digits: str, term: Term, found: list[Side], start: int, end: int) -> str:
    """Return the side of a finding or procedure. If no side is near it in the same clause, return an empty string."""
    for side in found:
        if start <= side.start < end:
            low, high = (term.end, side.start) if term.end <= side.start else (side.end, term.start)
            if high <= low or (high - low <= _NEAR and not re.search(r"[.,;:?!]|\b(?:and|but)\b", digits[low:high])):
                return side.side
    return ""


def stated(fact: Fact) -> bool:
    """Return whether a fact can have context flags, such as negated or family."""
    return fact.kind in STATED
