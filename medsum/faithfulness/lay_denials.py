"""Find whether a dialogue denies a finding only in lay words: `any blood in it?` `No.` denies haemoptysis."""

import re

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.answers import answer_to, is_question, polarity
from medsum.facts.context import contexts
from medsum.facts.lexicon import Term
from medsum.faithfulness.lay_words import has_lay_words, mentions

_DENIAL = re.compile(r"\b(?:no|not|never|none|without|denies|nope)\b|n['’]t\b", re.IGNORECASE)
_NEXT_CLAUSE = re.compile(r",[ \t]+(?:and|but|so)\b", re.IGNORECASE)
# Each of these findings is a lack, and its lay words name what is lacking. So a denial of these words affirms the
# finding: `No appetite.`
_OF_LACK = re.compile(
    r"^(?:loss|lack|absence|difficulty|poor|reduced|decreased|limited|impaired|delayed) |"
    r"(?:appetite|anhedonia|constipation|dysphagia|numbness|weakness|infertility|"
    r"(?:hearing|memory|visual|vision) loss)$"
)
# These findings are left out, because a denial of their lay words often means something else. For example, `no
# reaction` may be about one drug.
_TOO_LOOSE = frozenset(
    {"allergy", "aphasia", "confusion", "distress", "insomnia", "irritability", "near-syncope", "stress"}
)
_LONGEST_TURN = 600  # in characters; if a turn is longer, it is not clear what the answer denies


def is_denied_in_lay_words(finding: str, dialogue: str) -> bool:
    """Return whether a turn denies the finding in lay words and no turn affirms it."""
    if finding in _TOO_LOOSE or _OF_LACK.search(finding) or not has_lay_words(finding):
        return False  # for example, a denial of `pain` may be about another part of the body
    lines = dialogue.split("\n")
    found = [_denies(finding, lines, turn) for turn, line in enumerate(lines) if mentions(finding, line)]
    return True in found and False not in found


def _denies(finding: str, lines: list[str], turn: int) -> bool | None:
    """Return True if a turn or the answer to this turn denies the finding. Return False if one of them affirms it.

    Return None if the turn asks about the finding, and the answer neither denies nor affirms it.
    """
    speaker = turn_speaker(lines[turn])
    said = lines[turn].partition(":")[2] if speaker else lines[turn]
    answer = answer_to(lines, turn)
    if len(said) > _LONGEST_TURN:
        return False
    denied: bool | None = None
    for start, end in sentences(said):
        places = [match.span() for match in mentions(finding, said[start:end])]
        if any(_DENIAL.search(said[start + first : start + last]) for first, last in places):
            return False  # `can't smell` is a finding, and no denial
        terms = [Term(finding, start + first, start + last) for first, last in places]
        if not terms:
            continue
        if is_question(said[start:end], speaker):
            asked_last = not _NEXT_CLAUSE.search(said, terms[-1].end, end)
            verdict = polarity(answer, answer)
            if verdict == "yes" or (verdict != "open" and not asked_last):
                return False
            denied = True if verdict == "no" else denied
        elif _DENIAL.search(said[start:end]) and all("negated" in f for f in contexts(said, start, end, terms)):
            denied = True
        else:
            return False
    return denied
