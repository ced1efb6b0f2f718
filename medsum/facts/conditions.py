"""Find the terms that depend on a condition. These terms get the flag `hypothetical`.

In `If the fever comes back, give Motrin.`, Motrin is hypothetical, because the patient does not take it yet. In `If the
atenolol makes you dizzy, halve it.`, the patient already takes atenolol, so atenolol is not hypothetical.
"""

import re
from collections.abc import Sequence

from medsum.facts.fact import DRUGS, ContextFlag, Kind
from medsum.facts.lexicon import Term

_AS_NEEDED = re.compile(r"(?:p\.?r\.?n|as (?:needed|required))\b", re.IGNORECASE)
_IN_USE = re.compile(
    r"\b(?:(?:on|from|with|after|of|off|due to)[ \t]+(?:the|your|his|her|this|that|my)?|the|your|his|her|my|hold|stop|"
    r"halve|continue)[ \t]*$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|in case|only when)\b|\bshould[ \t]+(?:she|he|they|you|it|the|her|his|any|there)\b", re.IGNORECASE
)
_TAKE_UP = re.compile(
    r"\b(?:take|give|treat(?: (?:you|him|her|it|them))? with|try|start|add|begin|prescribe|have|use|consider|commence"
    r"|restart|offer|call in|reach for)"
    r"(?:[ \t]+(?:you|him|her|them|a|an|some|one|two|the|1|2|rectal|oral|sublingual|delayed|script|of|another|extra|"
    r"basal|dose|low-dose)){0,4}[ \t]*$",
    re.IGNORECASE,
)
_TAKEN_UP = re.compile(
    r"[^.;\n,]{0,20}?[ \t]+(?:(?:will|would|to|should|may|can|could|is to|are to)[ \t]+be[ \t]+|be[ \t]+)"
    r"(?:only[ \t]+)?(?:started|given|added|used|taken|commenced|prescribed|tried|considered)\b",
    re.IGNORECASE,
)
# If advice to seek help follows a finding, the finding is only a condition: `Any bleeding, ring the ward.`.
_SEEK_HELP = re.compile(
    r"(?:,|->|→|-)[ \t]*(?:(?:please|just|then|to|you|he|she|they|we|must|should|need to|have to|either of those|"
    r"any of those|any of these|straight away|back)[ \t,]+){0,5}(?:press|ring|call|phone|dial|attend|contact|report|"
    r"seek|return|come (?:back|in|straight|to)|go (?:straight |back |right )?(?:to|in)|let (?:me|us)|see (?:the|"
    r"your|a)|"
    r"ED\b|ER\b|A&E\b|999|911)",
    re.IGNORECASE,
)
_ANY = re.compile(r"^\W*(?:\w+:[ \t]*)?any\b|\b(?:either|any) of (?:those|these|them)\b", re.IGNORECASE)
# A planned procedure is hypothetical. So the plan does not contradict a text that says that the procedure was not done.
_PLANNING = re.compile(
    r"\b(?:schedul|order|book|arrang|request|recommend|offer|plan|propos|advis|consider|obtain|refer)\w*"
    r"(?:[ \t]+(?:for|to have|to get|a|an|his|her|their|the|first|1st|another|repeat|routine|urgent)){0,4}"
    r"[ \t]*:?[ \t]*$|"
    r"\b(?:will|to|needs?|due for|going to|should|would like to)[ \t]+(?:have|get|undergo|do|check|give|see about)"
    r"(?:[ \t]+(?:a|an|his|her|their|the|first|another|repeat)){0,3}[ \t]*$",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"[ \t]+(?:(?:is|are|was|were|will be|to be)[ \t]+)?(?:today|scheduled|ordered|booked|arranged|requested|"
    r"recommended|offered|planned|proposed|advised|pending|due|to follow|next (?:visit|week|month))\b",
    re.IGNORECASE,
)
_MOST_BEFORE = 60  # in characters; the largest distance between a drug and a verb such as `give` before the drug


def is_in_use(said: str, before: str, kind: Kind) -> bool:
    """Return whether the patient takes the drug, although a trigger marks the drug as hypothetical.

    The trigger is the phrase `said`, and `before` is the text before the drug. There are two cases: the trigger is
    `PRN` (as needed), or words such as `on the Eliquis` say that the patient takes the drug.
    """
    return kind in DRUGS and bool(_AS_NEEDED.match(said) or _IN_USE.search(before[-_MOST_BEFORE:]))


def of_condition(
    text: str, start: int, end: int, terms: Sequence[tuple[Kind, Term]], flags: Sequence[frozenset[ContextFlag]]
) -> list[frozenset[ContextFlag]]:
    """Return the flags of the terms of `text[start:end]`. Add `hypothetical` to terms that depend on a condition."""
    condition = _CONDITION.search(text, start, end)
    help_place = _help_place(text, start, end)
    found = []
    for (kind, term), of_term in zip(terms, flags, strict=True):
        taken_up = kind in DRUGS and condition and _is_taken_up(text, start, end, term)
        watched_for = kind == "finding" and term.end <= help_place and "negated" not in of_term
        planned = kind == "procedure" and "negated" not in of_term and _is_planned(text, start, end, term)
        if taken_up or watched_for or planned:
            of_term |= {"hypothetical"}
        found.append(of_term)
    return found


def _help_place(text: str, start: int, end: int) -> int:
    """Return where a sentence advises to seek help if a finding appears. Return -1 if it gives no such advice."""
    seek = _SEEK_HELP.search(text, start, end)
    return seek.start() if seek and _ANY.search(text[start:end]) else -1


def _is_planned(text: str, start: int, end: int, term: Term) -> bool:
    before = text[max(start, term.start - _MOST_BEFORE) : term.start]
    return bool(_PLANNING.search(before) or _PLANNED.match(text, term.end, end))


def _is_taken_up(text: str, start: int, end: int, term: Term) -> bool:
    before = text[max(start, term.start - _MOST_BEFORE) : term.start]
    return bool(_TAKE_UP.search(before) or _TAKEN_UP.match(text, term.end, end))
