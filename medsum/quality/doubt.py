"""Verdicts too weak for a flag: what speech implies, what extraction may have misread, what other words may say.

A reviewer who is shown ten false alarms stops reading, so doubt falls to the summary's favour.
"""

import re
from collections.abc import Sequence

import numpy as np

from medsum.quality.facts.fact import STATED, Fact
from medsum.quality.facts.sentences import sentences
from medsum.quality.faithfulness.alignment import Similarity, best_match
from medsum.quality.faithfulness.passage import Passage
from medsum.quality.faithfulness.verdicts import Verdict

SAME_MEANING = 0.27  # mean similarity of a finding's words (encoder's last layer) above which the dialogue may mean it
SAME_MEANING_BESIDE_REFERENCE = 0.4  # where the reference does not say it either

_GENERIC = {"pain", "tenderness", "allergy", "swelling", "mass", "surgery"}
_AMBIGUOUS = {"pain", "tenderness", "allergy", "alcohol use"}  # of which a note may deny one and report another
_ONE_OF_MANY = 3  # counts up to this one are implied (`both`, `another`) as often as said
_YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|mm|uh|sure|right|correct|exactly|i do|i am|i have|i did|he does|she does|it does|a little|"
    r"a bit|some|sometimes|often|maybe|lots?|both|always|only|just (?:a|the|some))\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"\b(?:nobody|no one|none|not|n't|never|no|without|stopped|quit|off)\b", re.IGNORECASE)
_KIN = re.compile(
    r"\b(?:mom|mum|mother|dad|father|parents?|brothers?|sisters?|siblings?|sons?|daughters?|child(?:ren)?|kids?|aunts?|"
    r"uncles?|cousins?|grand\w+|nana|family|relatives?|husband|wife|spouse|in-law|side|anyone|anybody|nobody|he|she|"
    r"his|her|they|their)\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\b(?:other|another|since|until|except|but|stop\w*|discontinu\w*|held|quit|prior|previous\w*|former\w*|current\w*|"
    r"at rest|resol\w+|further|either|unless|tolerat\w+|possibl\w+|probabl\w+)\b",
    re.IGNORECASE,
)
_NEAR = 25  # characters in which a qualifying word counts
_OPEN_QUESTION = re.compile(r"\b(?:when|how|where|why|which|what['’]?s?)\b", re.IGNORECASE)


def is_weak(verdict: Verdict, summary: str, dialogue: str) -> bool:
    """Whether a verdict against the dialogue should raise no flag."""
    fact, other = verdict.fact, verdict.other
    if fact.kind not in STATED:
        return _is_implied(fact)
    if verdict.status != "contradicted" or other is None:
        return False
    if fact.value in _GENERIC or _is_qualified(summary, fact):
        return True
    if verdict.conflict == "negation":
        return _is_open(other, dialogue)
    return verdict.conflict == "person" and _may_be_kin(fact, other, dialogue.split("\n"))


def _is_implied(fact: Fact) -> bool:
    if fact.kind == "frequency":
        return fact.value in ("1", "prn")  # `a day`, `as needed`
    small = fact.value.replace(".", "", 1).isdigit() and float(fact.value) <= _ONE_OF_MANY
    return fact.kind == "count" and small


def _is_open(other: Fact, dialogue: str) -> bool:
    """Whether the dialogue's fact comes from a question without a plain yes, or beside a word that may deny it."""
    if other.turn < 0 or "negated" in other.context:
        return False
    lines = dialogue.split("\n")
    asked, answer = lines[other.turn], " ".join(lines[other.turn + 1 : other.turn + 2])
    if "?" in asked:  # `when did the cough start?` takes the cough for granted
        return not (_OPEN_QUESTION.search(asked) or _YES.match(answer.partition(":")[2]))
    return bool(_NOBODY.search(dialogue[max(0, other.start - _NEAR) : other.end].rpartition("\n")[2]))


def _may_be_kin(fact: Fact, other: Fact, lines: Sequence[str]) -> bool:
    """Whether speech leaves open whose it is: relatives are spoken of shortly before."""
    if other.turn < 0:
        return False
    if "family" in fact.context:
        return bool(_KIN.search(" ".join(lines[max(0, other.turn - 2) : other.turn + 2])))
    return "negated" in fact.context or not _KIN.search(" ".join(lines[max(0, other.turn - 1) : other.turn + 1]))


def contradicts_itself(first: Fact, second: Fact, summary: str) -> bool:
    """Whether two opposite facts of a summary can't both be true: nothing about them says when or where else."""
    if first.value in _AMBIGUOUS:
        return False
    return _sentence_start(summary, first.start) != _sentence_start(summary, second.start) and not any(
        _is_qualified(summary, fact) for fact in (first, second)
    )


def _sentence_start(text: str, place: int) -> int:
    return max(start for start, _ in [(0, 0), *sentences(text)] if start <= place)


def _is_qualified(text: str, fact: Fact) -> bool:
    """Whether a word near the fact, in its sentence, says that it holds of another time or place only."""
    start = max(_sentence_start(text, fact.start), fact.start - _NEAR)
    after = re.split(r"[.;\n]", text[fact.end : fact.end + _NEAR])[0]
    return bool(_QUALIFIED.search(text[start : fact.start] + " " + after))


def may_mean(
    fact: Fact, summary: Passage, turns: Sequence[Passage], similarity: Similarity, same_meaning: float
) -> bool:
    """Whether some turns say a finding in other words."""
    own = [
        index
        for index, word in enumerate(summary.words)
        if fact.start <= summary.origin(word.start, word.end)[0] < fact.end and summary.is_content[index]
    ]
    spoken = [turn for turn in turns if turn.words]
    if not own or not spoken:
        return False
    best = np.max([best_match(similarity(turn, summary)) for turn in spoken], axis=0)
    return bool(best[own].mean() >= same_meaning)
