"""Find plans for drugs. A plan says that a drug is started, stopped, continued, increased or decreased."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import DRUGS, Fact

_VERBS = {
    "stop_before": r"(?:was|were|is|been|being|be) (?:stopped|discontinued|held|withheld)|"
    r"d/?c(?:['’]?d)?(?=[ \t]*(?:[.,;]|$))",
    "start": r"start(?:s|ed|ing)?|begin(?:s|ning)?|began|begun|initiat\w+|commenc\w+|put (?:you|him|her|me) on|"
    r"(?:go|went|going|placed|put) (?:back )?on(?! (?:with|for))",
    "start_after": r"add(?:s|ed|ing)?|resum\w+|restart\w*|re-?start(?:ed)?|prescrib\w+|rx|"
    r"try(?:ing)?|treat(?:ed)? (?:you |him |her )?with|give (?:you|him|her)",
    "stop": r"stop(?:s|ped|ping)?|(?:self-)?discontinu\w+|quit|(?:come|came|go|going|went|took (?:me|you|him|her)|"
    r"take (?:you|him|her)|weaned|taper(?:ed)?|wean|taken) off|"
    r"(?:leave|keep)(?: (?:it|that|this|them|him|her|you))? off|d/?c['’]?d?|holds?|held|withh[eo]ld|dropp(?:ed|ing)",
    "continue": r"continu\w+|cont\b\.?|c/w|keep (?:taking|on|up)|keep|stay(?:s|ing)? on|carr(?:y|"
    r"ies) on(?: with)?|remains? on|leave",
    "increase": r"increas\w+|incr\b\.?|rais(?:e|ed|ing)|doubl(?:e|ed|ing)|bump\w* up|go(?:ing)? up on|"
    r"titrat\w+ up|up-?titrat\w+|"
    r"step(?:s|ped|ping)? up|(?:put|turn) up|↑",
    "decrease": r"decreas\w+|decr\b\.?|reduc\w+|lower(?:ed|ing)?|cut(?:ting)?(?: (?:down|back))?|halv\w+|"
    r"go(?:ing)? down on|taper\w*|"
    r"step(?:s|ped|ping)? down|wean\w*|down-?titrat\w+|titrat\w+ down|↓",
}
_PATTERN = re.compile(
    "|".join(rf"(?P<{name}>(?<!\w)(?:{words})(?!\w))" for name, words in _VERBS.items()), re.IGNORECASE
)
_SWITCH = re.compile(r"\b(?:switch\w*|chang(?:e|ed|ing)|convert\w*|transition\w*|swap\w*|replaced)\b", re.IGNORECASE)
_FROM_TO = re.compile(r"[^.;\n]{0,40}?\b(?:from|for)\b", re.IGNORECASE)
_OVER_TO = re.compile(r"[ \t]+(?:over[ \t]+)?(?:to|for|with|into)[ \t]+(?:\w+[ \t]+)?", re.IGNORECASE)
_ALONGSIDE = re.compile(
    r"[ \t]+(?:alongside|with|as well as|in addition to|on top of|because|due to|after|before)\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|without|no need to|don['’]?t|didn['’]?t|won['’]?t)|n['’]t)[ \t]+(?:\w+[ \t]+)?$", re.I
)
_BETWEEN = re.compile(r"[^,.;:\n]{0,40}")
_MOST_SWITCHES = 3  # the largest number of switches in a sentence; further switches are ignored
_LATER_TURNS = 2  # for two turns after a drug is named, a plan without a drug is about this drug


def plans(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the plans in a note or dialogue, each with its drug. `facts` are the facts of the text, in order."""
    drugs = [fact for fact in facts if fact.kind in DRUGS]
    found = []
    for start, end in sentences(text) if drugs else ():
        if text[start:end].rstrip().endswith("?"):
            continue  # a question is not a plan
        found += _switches(text, drugs, start, end)
        for match in _PATTERN.finditer(text, start, end):
            drug = _drug(text, match, drugs, start, end)
            if drug is not None and not _DENIED.search(text[max(start, match.start() - 24) : match.start()]):
                turn = drug.turn + text.count("\n", drug.start, match.start()) if drug.turn >= 0 else -1
                name = str(match.lastgroup).partition("_")[0]
                found.append(Fact("plan", name, "", *match.span(), turn=turn, drug=drug.value))
    return found


def _switches(text: str, drugs: Sequence[Fact], start: int, end: int) -> list[Fact]:
    """Return the two plans of a switch. `switch from omeprazole to pantoprazole` stops one drug and starts another."""
    here = drugs[
        bisect_left(drugs, start, key=lambda drug: drug.start) : bisect_left(drugs, end, key=lambda d: d.start)
    ]
    for match in islice(_SWITCH.finditer(text, start, end), _MOST_SWITCHES):
        after = [drug for drug in here if drug.start >= match.end()]
        before = [drug for drug in here if drug.end <= match.start()]
        if len(after) >= 2 and (not before or _is_old_first(text, match.end(), after)):
            return [_plan("stop", match, after[0]), _plan("start", match, after[1])]
        if before and after:
            return [_plan("stop", match, before[-1]), _plan("start", match, after[0])]
    return []


def _is_old_first(text: str, start: int, after: Sequence[Fact]) -> bool:
    """Return whether the first of two drugs after the verb is stopped: `from A to B`, `A to B`."""
    between = _OVER_TO.fullmatch(text, after[0].end, after[1].start)
    return bool(between or _FROM_TO.fullmatch(text[start : after[0].start].rstrip()))


def _plan(name: str, verb: re.Match[str], drug: Fact) -> Fact:
    return Fact("plan", name, "", *verb.span(), turn=drug.turn, drug=drug.value)


def _drug(text: str, verb: re.Match[str], drugs: Sequence[Fact], start: int, end: int) -> Fact | None:
    """Return the drug of a verb such as `stop`.

    It is the drug directly after the verb, or else the last drug before the verb.
    """
    place = bisect_left(drugs, verb.end(), key=lambda drug: drug.start)
    after = drugs[place] if place < len(drugs) and drugs[place].start < end else None
    before = drugs[place - 1] if place else None
    own = before is not None and before.start >= start
    which = str(verb.lastgroup).partition("_")[2]
    if which == "before":
        return before if own else None
    if own and after is not None and _ALONGSIDE.match(text, verb.end()):
        return before  # in `gliclazide started alongside metformin`, gliclazide is started
    if after is not None and _BETWEEN.fullmatch(text, verb.end(), after.start):
        return after
    if which == "after":
        return None
    if before is None or before.start >= start:
        return before or after
    turns = text.count("\n", before.start, verb.start())
    return before if before.turn >= 0 and turns <= _LATER_TURNS else None
