"""Find offers that a note says were accepted although the dialogue declines them, or the other way round.

For example, the dialogue says `What about the ablation?` `I don't want that.`, and the note says `wants ablation`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from medsum.dialogue.turns import speaker_role, turn_speaker
from medsum.facts.answers import polarity
from medsum.facts.fact import ContextFlag, Fact
from medsum.faithfulness.sided_words import content
from medsum.faithfulness.verdict import Verdict

Answer = Literal["accepted", "declined", ""]

_CONTEXT: dict[Answer, frozenset[ContextFlag]] = {"accepted": frozenset(), "declined": frozenset({"negated"})}
_DECLINES = re.compile(
    r"\b(?:declin\w+|refus\w+|reject\w*|not (?:keen|interested|willing|wanting|wanted|agreeable|happy)|"
    r"(?:does|did|would|do) not (?:want|wish)|(?:doesn|didn|wouldn|don)['’]?t (?:want|wish)|unwilling|reluctant|"
    r"prefers not|opted (?:out|against))\b",
    re.IGNORECASE,
)
_ACCEPTS = re.compile(
    r"\b(?:accept(?:s|ed|ing)|agree(?:s|d|ing|able)|consent(?:s|ed|ing)|willing|keen|happy (?:to|for|with)|"
    r"wants|wanted|would like|opted for|amenable)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no,? thank|(?:don['’]?t|do not|doesn['’]?t|didn['’]?t) want|not right now|not yet|not today|rather not|"
    r"(?:won['’]?t|will not) (?:have|take|do|be|go|try)|i['’]?ll pass|not keen|not for me|not interested|no way|"
    r"not ready|not doing)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\b(?:go on then|do it|(?:i|we)['’]?(?:ll| will) (?:do|try|take|have|go|give)|"
    r"i['’]?d (?:do|like|love|take|be happy)|happy to|sounds (?:good|great|fine)|let['’]?s (?:do|try)|yes,? please|"
    r"(?:she|he|they) can)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;:](?=\s|$)|\n")
_ITSELF = content(
    "offered declined accepted agrees consents wants wanted happy willing keen patient review follow further treatment"
    " currently moment present"
)
_ASKED = re.compile(r"(?:would you|do you want|shall we|how about|what about)", re.IGNORECASE)


def offer_verdicts(note: str, dialogue: str) -> list[Verdict]:
    """Return a verdict for each offer that the note accepts and the dialogue only declines, or the other way round."""
    named = list(_of_note(note))
    if not named:
        return []
    said = _answers(dialogue.split("\n"))
    found = []
    for fact, stems in named:
        answers = [answer for stem in stems for answer in said.get(stem, {}).items()]
        kinds = {kind for kind, _ in answers}
        if kinds in ({"accepted"}, {"declined"}) and fact.value not in kinds:
            turn = min(turn for _, turn in answers)
            other = Fact("finding", fact.value, "", 0, 0, turn, context=_CONTEXT[kinds.pop()])
            found.append(Verdict(fact, "contradicted", other, "negation"))
    return found


def _of_note(note: str) -> Iterator[tuple[Fact, set[str]]]:
    """Yield each statement of a note that the patient accepts or declines something, with the stems of its words."""
    start = 0
    for end in [*(mark.start() for mark in _SENTENCE_END.finditer(note)), len(note)]:
        declined, accepted = _DECLINES.search(note, start, end), _ACCEPTS.search(note, start, end)
        if declined and accepted and not declined.start() <= accepted.start() < declined.end():
            declined = accepted = None  # the sentence has one offer of each kind
        if match := declined or accepted:
            value: Answer = "declined" if declined else "accepted"
            stems = content(note[start:end]) - _ITSELF
            yield Fact("finding", value, "", *match.span(), context=_CONTEXT[value]), stems
        start = end + 1


def _answers(lines: Sequence[str]) -> dict[str, dict[Answer, int]]:
    """Return for each content word of the dialogue the answers to the offers that name it, each with its first turn."""
    found: dict[str, dict[Answer, int]] = {}
    for turn, line in enumerate(lines):
        answer = _answer(lines, turn)
        for stem in content(line[len(turn_speaker(line)) :]):
            found.setdefault(stem, {}).setdefault(answer, turn)
    return found


def _answer(lines: Sequence[str], turn: int) -> Answer:
    """Return whether the patient's side accepts or declines what a turn names: in this turn, or in the next turn."""
    speaker = turn_speaker(lines[turn])
    said = lines[turn][len(speaker) :]
    if _is_of_patient(speaker):
        return _plain(said)
    following = lines[turn + 1] if turn + 1 < len(lines) else ""
    who = turn_speaker(following)
    if not _is_of_patient(who):
        return ""
    answer = following[len(who) + 1 :].strip()
    if plain := _plain(answer):
        return plain
    asked = said.rstrip().endswith("?") and _ASKED.search(said)
    verdict = polarity(answer, answer) if asked else "open"
    return "accepted" if verdict == "yes" else "declined" if verdict == "no" else ""


def _plain(said: str) -> Answer:
    no, yes = _NO.search(said), _YES.search(said)
    return "" if bool(no) == bool(yes) else "declined" if no else "accepted"


def _is_of_patient(speaker: str) -> bool:
    return speaker_role(speaker).startswith(("Patient", "Guest_family"))
