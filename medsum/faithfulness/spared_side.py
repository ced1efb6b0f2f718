"""Find sides of the body that a dialogue names only because they are healthy now: `the left one is fine`.

Most dialogues name the side of the complaint once, and then speak of `it`. If the dialogue names the other side too, it
often says that this side is healthy, or that something happened there in the past. A note that puts the complaint on
this side is wrong, although the dialogue names the side.
"""

import re

from medsum.dialogue.sentences import sentence_at
from medsum.facts.answers import answer_to, polarity
from medsum.facts.fact import Fact
from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.sided_words import OTHER_SIDE, said_of_the_other_side
from medsum.faithfulness.verdict import Verdict

_HEALTHY = re.compile(
    r"\b(?:fine|normal|ok|okay|perfect(?:ly)?|all ?right|unaffected|unremarkable|healthy|champion|asymptomatic|spared|"
    r"intact|full(?:y)?(?= (?:and|rom|range|movement))|moves? (?:fully|well|freely)|"
    r"not (?:affected|involved|bothering|a problem)|no (?:problems?|trouble|issues?|pain|symptoms))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:years? (?:ago|back)|last year|(?:19|20)\d\d|in (?:high |grade |primary )?school|in college|"
    r"as a (?:kid|child|boy|girl|teenager)|used to|when i was|back in|previous\w*|prior|former\w*|once|already|before|"
    r"s/p|status post|pmhx?|psh)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(?:left|right|both)\b", re.IGNORECASE)
_ONLY_ONE = re.compile(r"\W*(?:(?:it['’]?s|its) )?(?:no|nope|nah|only|just)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;,\n]")
_NEAR = 60  # the largest distance from a side to the word that calls it healthy, in characters


def of_spared_side(verdict: Verdict, note: NoteFacts, dialogue: DialogueFacts) -> Verdict | None:
    """Return a verdict if the dialogue names the note's side, but means the other side. Otherwise return None.

    The dialogue means the other side if it names the note's side only as healthy, or if the words beside the side in
    the note are only said of the other side.
    """
    fact = verdict.fact
    if fact.kind != "laterality" or fact.value not in OTHER_SIDE or verdict.status != "supported":
        return None
    if is_of_a_healthy_side(fact, note.text):
        return None
    if other := said_of_the_other_side(fact, note.text, note.facts, dialogue.sided_words):
        return Verdict(fact, "contradicted", other, "side")
    sides = [one for one in dialogue.facts if one.kind == "laterality" and _may_be_of_part(one, fact)]
    own = [one for one in sides if one.value in (fact.value, "bilateral")]
    if not all(_is_healthy(one, dialogue.text) or _names_one_side(one, dialogue) for one in own):
        return None
    others = [one for one in sides if one.value == OTHER_SIDE[fact.value] and not _is_healthy(one, dialogue.text)]
    affected = [one for one in others if _is_affirmed(one, dialogue)]
    return Verdict(fact, "contradicted", affected[0], "side") if own and affected else None


def _may_be_of_part(side: Fact, fact: Fact) -> bool:
    return not side.unit or not fact.unit or side.unit == fact.unit


def is_of_a_healthy_side(fact: Fact, note: str) -> bool:
    """Return whether the clause of a fact in a note denies something, or is about a healthy side or the past."""
    start, end = _clause(note, fact)
    said = note[start:end]
    return bool(_HEALTHY.search(said) or _PAST.search(said) or re.search(r"\b(?:no|not|denies|without)\b", said, re.I))


def _clause(text: str, fact: Fact) -> tuple[int, int]:
    before = [mark.end() for mark in _CLAUSE.finditer(text, max(0, fact.start - 200), fact.start)]
    after = _CLAUSE.search(text, fact.end)
    return (before[-1] if before else max(0, fact.start - 200)), (after.start() if after else len(text))


def _is_healthy(side: Fact, text: str) -> bool:
    """Return whether the words between a side and the next side say that it is healthy or was ill in the past."""
    _, end = sentence_at(text, side.start)
    following = _SIDE.search(text, side.end, end)
    rest = text[side.end : min(following.start() if following else end, side.end + _NEAR)]
    return bool(_HEALTHY.search(rest) or _PAST.search(rest))


def _answer(side: Fact, dialogue: DialogueFacts) -> str | None:
    """Return the answer to the question that names a side, or None if no question names it."""
    _, end = sentence_at(dialogue.text, side.start)
    if "?" not in dialogue.text[side.end : end]:
        return None
    return answer_to(dialogue.lines, side.turn) or dialogue.text[end:].partition("\n")[0]


def _names_one_side(side: Fact, dialogue: DialogueFacts) -> bool:
    """Return whether a question asks about both sides and the answer names only one, as in `Only the right`."""
    answer = _answer(side, dialogue) if side.value == "bilateral" else None
    return answer is not None and bool(_ONLY_ONE.match(answer))


def _is_affirmed(side: Fact, dialogue: DialogueFacts) -> bool:
    """Return whether a side is stated, or is in a question with the answer yes."""
    answer = _answer(side, dialogue)
    return answer is None or polarity(answer, answer) == "yes"
