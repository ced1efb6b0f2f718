"""Find which findings and medications are negated, familial, historical, hypothetical or uncertain.

The method is ConText (Harkema et al., 2009). A trigger is a phrase such as `denies`. The scope of a trigger is the part
of the clause to which the trigger applies. Every finding or medication (a term) in the scope gets the trigger's flag.
The rules for scopes were written for this project, for notes and for speech.
"""

import re
from collections.abc import Sequence

from medsum.facts.conditions import is_in_use
from medsum.facts.fact import ContextFlag, Kind
from medsum.facts.lexicon import Term
from medsum.facts.triggers import Trigger, triggers

_SUBJECT = (
    r"(?:I|he|she|it|they|we|you|there|this|that|the patient|patient|my|his|her|their|the|who|which|what|these|those|"
    r"it['’]s|he['’]s|she['’]s|I['’]m|I['’]ve|that['’]s|they['’]re)"
)
_ADDS = (
    r"(?:just|only|also|still|mild|moderate|some|a little|a bit|a few|a lot|occasional|slight|severe|positive|plus|"
    r"now|lots of)"
)
_VERB = (
    r"(?:is|are|was|were|has|had|have|having|reports?|reported|complains?|complaining|states?|takes?|took|presents?|"
    r"admits|endorses|notes|developed|does|did|with|continues?|uses|smokes|drinks|works|lives|feels|started|began|"
    r"received|given|prescribed|underwent|responded|made|makes|gave|gives|helped|shows?|showed|reveals?|revealed|"
    r"advised|counsel+ed|recommended|referred)"
)
# `_CLAUSE` ends the scope of every trigger. `_NEGATION_END` also ends the scope of a negation.
_CLAUSE = re.compile(
    r"\b(?:but|however|although|though|except|nevertheless|whereas|aside from|other than|apart from|yet|otherwise)\b|"
    r";|\b(?:because|secondary to|due to|which|until|so that|while|which causes?)\b|[ \t]-+[ \t]|,[ \t]+(?:(?:and|so|"
    r"then|or)[ \t]+)?(?:I|he|she|it|they|we|you|there|the patient|it['’]s|he['’]s|she['’]s|I['’]m|I['’]ve|that['’]s|"
    r"patient|call|please|go|stop|come|return|let)\b|\b(?:and|so|then)[ \t]+(?:I|he|she|it|they|we|you|there|"
    r"the patient|I['’]m|I['’]ve|he['’]s|she['’]s|it['’]s)\b|:(?=[ \t])",
    re.IGNORECASE,
)
_NEGATION_END = re.compile(
    rf",[ \t]+(?:(?:and|so|then|or)[ \t]+)?(?:{_SUBJECT}|{_ADDS}|{_VERB})\b|\band[ \t]+(?:{_SUBJECT}|{_ADDS}|"
    rf"{_VERB})\b|,[ \t]+\d|\b(?:despite|resolved|he|she|still|therefore|hence)\b|"
    r"\bso\b(?![ \t]+(?:far|much|many|severe|bad|long|often|that)\b)|\b(?:is|are|was|were|has|reports|caused|causing|"
    rf"causes|relieved|worse|made|makes|excludes?|exclude)\b",
    re.IGNORECASE,
)
# An aside is a remark within the scope of a negation. A term in an aside is not negated: `no vomiting since the fever,
# chills` does not deny the fever. A comma ends the aside.
_ASIDE = re.compile(
    r"\b(?:since|when|after|before|for|with|from|during|while)\b(?:(?!\b(?:and|or)\b)[^,;])*$", re.IGNORECASE
)
_LONGEST_ASIDE = 120  # in characters
# These words do not begin an aside, because they say what is negated: `never diagnosed with asthma`.
_TIED = re.compile(
    r"^(?:[ \t]+(?:be|been|being|ever|previously|recently|formally|currently|actually|yet))*[ \t]+(?:diagnosed|"
    r"associated|present(?:s|ed|ing)?|treated|hospitali[sz]ed)[ \t]+(?:with|for)\b",
    re.IGNORECASE,
)
_FAMILY_END = re.compile(
    r"\b(?:patient|(?<!type )I|me|my own|myself|he himself|she herself)\b(?!['’]s)|\bthe[ \t]+patient\b",
    re.IGNORECASE,
)
_UNCERTAIN_END = re.compile(
    rf",[ \t]+(?!(?:or|and|maybe|possibly)\b)(?:{_SUBJECT}|{_VERB}|and|{_ADDS})\b|\b(?:when|in|with|for|after|since|"
    rf"from|on|radiat\w+)\b(?![ \t]+(?:the|a)?[ \t]*$)",
    re.IGNORECASE,
)
# A pronoun that fits the sex of a relative means this relative: `my mom, she had a stroke`.
_FAMILY_CLAUSE = re.compile(
    r"\b(?:but|however|although|though|except|whereas)\b|;|[ \t]-+[ \t]|\b(?:and|so|then)[ \t]+(?:I|you|we|"
    r"the patient|I['’]m|I['’]ve|(?:now[ \t]+)?(?:my|our|his own|her own))\b|,[ \t]+(?:I|we|you|the patient|patient)\b",
    re.IGNORECASE,
)
# A pronoun that does not fit the sex of a relative means another person: `her husband had the flu and now she has a
# cough`.
_OTHER_PERSON = [
    (
        re.compile(rf"\b(?:{relatives})s?\b", re.IGNORECASE),
        re.compile(rf"\b(?:and|but|so)[ \t]+(?:now[ \t]+)?{other}\b", re.I),
    )
    for relatives, other in (
        ("(?:grand)?father|dad|grandpa|papa|son|brother|husband|boyfriend|uncle|nephew", "she"),
        ("(?:grand)?mother|mom|mum|grandma|nana|daughter|sister|wife|girlfriend|aunt|niece", "he"),
    )
]
_ENDS: dict[ContextFlag, re.Pattern[str] | None] = {
    "negated": _NEGATION_END,
    "family": _FAMILY_END,
    "historical": re.compile(
        rf"\b(?:for|now|currently|today|presents?|who|here)\b|,[ \t]+(?:{_ADDS}|{_VERB})\b", re.IGNORECASE
    ),
    "hypothetical": None,
    "uncertain": _UNCERTAIN_END,
}
_NEGATED_FROM = re.compile(
    r"[,?:]|\b(?:yes|and|that|as well as|with)\b", re.IGNORECASE
)  # the scope of `… was negative` begins after these words
_FAMILY_NEGATED = re.compile(r"^(?:no|neg|negative|nobody|no one)\b|\bnegative\b", re.IGNORECASE)
_NEGATED_HISTORY = re.compile(r"\b(?:history|h/o)\b|\b(?:prior|previous)\b", re.IGNORECASE)
# These words deny the term before them: `seizure-free`, `pain free.`.
_FREE_OF = re.compile(r"[ \t]?-free\b|[ \t]+free\b(?![ \t]+\w)", re.IGNORECASE)
_NO_LONGER = re.compile(r"\bno longer\b|\bnot any ?more\b", re.IGNORECASE)
_HAD = re.compile(r"\b(?:had|have had|has had|I['’]ve had)\b", re.IGNORECASE)
_LONG_AGO = re.compile(
    r"\b(?:in|back in)[ \t]+(?:the[ \t]+)?(?:19|20)\d\d|\b(?:in|back in)[ \t]+(?:['’]|0)\d|\b(?:\d+|many|several|"
    r"few)[ \t]+years?[ \t]+ago|\byears[ \t]+ago|\bas a (?:child|kid)|\blast time was\b",
    re.IGNORECASE,
)


def contexts(
    text: str, start: int, end: int, terms: Sequence[Term], kinds: Sequence[Kind] = ()
) -> list[frozenset[ContextFlag]]:
    """Return the flags of each term of the sentence `text[start:end]`, in the order of `terms`.

    `kinds` are the kinds of the terms. If `kinds` is empty, all terms count as findings.
    """
    if not terms:
        return []
    flags: list[set[ContextFlag]] = [set() for _ in terms]
    kinds = kinds or ["finding"] * len(terms)
    for trigger in triggers(text, start, end):
        if trigger.context == "none" or any(term.start <= trigger.start < term.end for term in terms):
            continue  # the `can't` of `can't sleep` is part of the finding and negates nothing
        low, high = _scope(text, start, end, trigger)
        said = text[trigger.start : trigger.end]
        given = _flags(said, trigger.context)
        for term, of_term, kind in zip(terms, flags, kinds, strict=True):
            inside = trigger.start < term.start < trigger.end
            if given <= of_term or not (inside or (low <= term.start and term.end <= high)):
                continue
            if trigger.context == "negated" and _is_in_aside(text[trigger.end : term.start]):
                continue
            if trigger.context == "hypothetical" and is_in_use(said, text[low : term.start], kind):
                continue
            of_term |= given
    _add_long_ago(text, start, end, terms, flags)
    for term, of_term in zip(terms, flags, strict=True):
        if _FREE_OF.match(text, term.end, end):
            of_term.add("negated")
    for of_term in flags:
        if "family" in of_term:
            of_term.discard("historical")
    return [frozenset(of_term) for of_term in flags]


def _is_in_aside(between: str) -> bool:
    """Return whether the text between a negation and a term opens an aside that contains the term."""
    return bool(_ASIDE.search(_TIED.sub("", between)[-_LONGEST_ASIDE:]))


def _flags(said: str, context: ContextFlag) -> set[ContextFlag]:
    """Return the flags that a trigger gives. `no history of`, for example, gives `negated` and `historical`."""
    flags: set[ContextFlag] = {context}
    if context in ("negated", "historical") and _NO_LONGER.search(said):
        flags |= {"negated", "historical"}
    if context == "family" and _FAMILY_NEGATED.search(said):
        flags.add("negated")
    if context == "negated" and _NEGATED_HISTORY.search(said):
        flags.add("historical")
    if context == "historical" and re.search("questionable", said, re.IGNORECASE):
        flags.add("uncertain")
    return flags


def _scope(text: str, start: int, end: int, trigger: Trigger) -> tuple[int, int]:
    """Return the start and end of a trigger's scope."""
    extra = _ENDS[trigger.context] if trigger.context != "none" else None
    clause = _FAMILY_CLAUSE if trigger.context == "family" else _CLAUSE
    if trigger.reach == "after":
        first = clause.search(text, trigger.end, end)
        breaks = [first.start()] if first else []
        if extra:
            first = extra.search(text, trigger.end + 1, end)
            breaks += [first.start()] if first else []
        if trigger.context == "family":
            said = text[trigger.start : trigger.end]
            pronouns = [pronoun for relative, pronoun in _OTHER_PERSON if relative.search(said)]
            firsts = (pronoun.search(text, trigger.end, end) for pronoun in pronouns)
            breaks += [first.start() for first in firsts if first]
        return trigger.end, min(breaks, default=end)
    breaks = [match.end() for match in _CLAUSE.finditer(text, start, trigger.start) if match.end() <= trigger.start]
    if trigger.context == "negated":
        breaks += [match.end() for match in _NEGATED_FROM.finditer(text, start, trigger.start)]
    return max(breaks, default=start), trigger.start


def _add_long_ago(text: str, start: int, end: int, terms: Sequence[Term], flags: list[set[ContextFlag]]) -> None:
    """Add `historical` to the terms of sentences such as `I had pneumonia in 2015` and `had a stroke ten years ago`."""
    had = _HAD.search(text, start, end)
    if had and _LONG_AGO.search(text, had.end(), end):
        for term, of_term in zip(terms, flags, strict=True):
            if term.start >= had.end():
                of_term.add("historical")
