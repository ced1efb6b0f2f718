"""Plans for drugs: a drug is started, stopped, continued, increased or decreased."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import DRUGS, Fact

_VERBS = {
    "start": r"start(?:s|ed|ing)?|begin(?:s|ning)?|began|initiat\w+|put (?:you|him|her|me) on",
    "stop": r"stop(?:s|ped|ping)?|discontinu\w+|quit|(?:come|came|go|took (?:me|you|him|her)|take (?:you|him|her)) off",
    "continue": r"continu\w+|keep (?:taking|on|up)|stay(?:s|ing)? on|carry on",
    "increase": r"increas\w+|rais(?:e|ed|ing)|doubl(?:e|ed|ing)|bump\w* up|go(?:ing)? up on|titrat\w+ up|up-?titrat\w+",
    "decrease": r"decreas\w+|reduc\w+|lower(?:ed|ing)?|cut(?:ting)? (?:down|back)|halv\w+|go(?:ing)? down on|taper\w*",
}
_PATTERN = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _VERBS.items()), re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\b(?:not|never|without|no need to|don['’]?t|didn['’]?t|won['’]?t)|n['’]t)[ \t]+(?:\w+[ \t]+)?$", re.I
)
_BETWEEN = re.compile(r"[^,.;:\n]{0,40}")
_LATER_TURNS = 2  # for this many turns after a drug is named, a plan without a drug is about that drug


def plans(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the plans of a note or dialogue, each with its drug. `facts` are the facts of the text, in its order."""
    drugs = [fact for fact in facts if fact.kind in DRUGS]
    found = []
    for start, end in sentences(text) if drugs else ():
        if text[start:end].rstrip().endswith("?"):
            continue  # a question is not a plan
        for match in _PATTERN.finditer(text, start, end):
            drug = _drug(text, match, drugs, start, end)
            if drug is not None and not _DENIED.search(text[max(start, match.start() - 24) : match.start()]):
                turn = drug.turn + text.count("\n", drug.start, match.start()) if drug.turn >= 0 else -1
                name = str(match.lastgroup)
                found.append(Fact("plan", name, "", *match.span(), turn=turn, drug=drug.value))
    return found


def _drug(text: str, verb: re.Match[str], drugs: Sequence[Fact], start: int, end: int) -> Fact | None:
    """Return the drug right after a verb in its clause, or else the last drug shortly before the verb."""
    place = bisect_left(drugs, verb.end(), key=lambda drug: drug.start)
    after = drugs[place] if place < len(drugs) and drugs[place].start < end else None
    before = drugs[place - 1] if place else None
    if after is not None and _BETWEEN.fullmatch(text, verb.end(), after.start):
        return after
    if before is None or before.start >= start:
        return before or after
    turns = text.count("\n", before.start, verb.start())
    return before if before.turn >= 0 and turns <= _LATER_TURNS else None
