"""Find what a question asks, and whether the answer to the question says yes, no or neither.

For example, `Any fever? No.` negates fever, and `Do you smoke? I quit.` makes smoking historical.
"""

import re
from collections.abc import Sequence
from typing import Literal

from medsum.dialogue.turns import turn_speaker
from medsum.facts.patterns import read_blocks
from medsum.facts.triggers import RELATIVE

Polarity = Literal["yes", "no", "unsure", "past", "open"]

_LEAD_IN = (
    r"^[\s\"“]*(?:(?:and|so|okay|ok|well|but|now|alright|all right|hm+|um|uh|oh|great|good|then|i see)\b[\s,.]*)*"
)
_PRESUMING = re.compile(
    rf"{_LEAD_IN}(?:(?:how|what)(?! about)\b|how['’]s|what['’]s|when|where|why|which|who\b)|"
    r"\b(?:help(?:ed|ing|s)?|work(?:ed|ing|s)?|relie(?:f|ve|ved)|what kind|how long|how many|how often|how much|"
    r"what makes|tell me (?:more )?about)\b",
    re.IGNORECASE,
)
_ON_OR_TAKES = re.compile(
    r"\b(?:on|take|taking|takes|use|using|have|having|get|getting|got|need|needing)\s+(?:the|your|his|her|that|"
    r"any)\s+$",
    re.I,
)
_OF_PATIENT = re.compile(
    r"^\W*(?:(?:and|so|but|then|well|okay|doctor|or)\W+)*(?:is|are|am|was|were|do|does|did|can|could|should|will|"
    r"would|have|has|might|may|what|how|why|when|where|which|who)\b",
    re.IGNORECASE,
)
# Speech recognition and hasty writers leave out the question mark: `any fever or chills`.
_ASKS_WITHOUT_MARK = re.compile(
    rf"{_LEAD_IN}(?:any(?:one|body|thing)?|ever|do|does|did|have|has|had|are|is|was|were|can|could|how|what|"
    rf"when|where|"
    r"which|who|why)\b(?![ \t]+(?:way|case|time|how)\b)",
    re.IGNORECASE,
)
_NO_WITHOUT_STOPS = re.compile(r"^\W*(?:no|nope|nah|never)\b[^.,;:!?]*$", re.IGNORECASE)
_TURNS = re.compile(
    r"^\W*no (?:problem|doubt|idea|worries|change|one|longer)\b|\b(?:but|except|yes|yeah|just|only)\b", re.I
)
_TAG = re.compile(
    r",?\s*(?:right|correct|is that (?:right|correct|so|true)|huh|okay|is(?:n['’]t)? it|don['’]t you|haven['’]t you|"
    r"didn['’]t you|aren['’]t you|yes|no)\s*\?+\s*$",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"(?<!have )(?<!had )(?<!get )(?<!got )\b(?:the|your|this|that|these|those|his|her|their)\s+(?:\w+\s+)?$", re.I
)
_ABOUT_FAMILY = re.compile(
    rf"\b(?:famil(?:y|ial)|run in|runs in|(?:your|his|her|their)(?: \w+)? {RELATIVE}|any(?:one|body)(?: else|"
    rf" with| have| has| had| ever)|relatives|"
    rf"(?:on|from) (?:your|either|that|his|her) (?:\w+['’]s )?side|blood relative|related to (?:you|him|her)|"
    rf"first degree)\b",
    re.IGNORECASE,
)

_WHICH_SIDE = re.compile(
    r"\bwhich one(?:['’]s| is| was)?\b(?! do| did| are| of)|"
    r"\b(?:which|what) (?:side(?! effect)|eye|ear|shoulder|breast|arm|elbow|wrist|hand|hip|leg|knee|ankle|foot)\b|"
    r"\bleft\b.*\bor\b.*\bright\b|\bright\b.*\bor\b.*\bleft\b",
    re.IGNORECASE,
)

_ANSWERS = {
    head.strip("[]"): re.compile(pattern, re.IGNORECASE)
    for head, pattern in read_blocks("answers.txt")
    if head.startswith("[")
}
_FAMILY_ANSWER = re.compile(rf"\b{RELATIVE}\b", re.IGNORECASE)


def is_question(sentence: str, speaker: str) -> bool:
    """Return whether a sentence is a question.

    If the patient or the family speaks, a question mark may only show a rising voice (`Four hundred?`). A clinician's
    sentence that has no punctuation at its end is a question if it begins like a question.
    """
    if not sentence.rstrip().endswith("?"):
        is_clinician = bool(speaker) and not speaker.startswith(("Patient", "Guest_family"))
        return is_clinician and sentence.rstrip()[-1:] not in (".", "!") and bool(_ASKS_WITHOUT_MARK.search(sentence))
    return not speaker.startswith(("Patient", "Guest_family")) or bool(_OF_PATIENT.search(sentence))


def is_about_known(sentence: str, before_term: str) -> bool:
    """Return whether a question assumes that the patient has the finding: `How long have you had the cough?`."""
    return bool(_PRESUMING.search(sentence) or (_KNOWN.search(before_term) and not _ON_OR_TAKES.search(before_term)))


def is_presumed(sentence: str, before_term: str) -> bool:
    """Return whether a question assumes that the answer is yes: `…, right?`, `Still on your pills?`."""
    return bool(_TAG.search(sentence) or _ON_OR_TAKES.search(before_term))


def denies_remainder(answer: str) -> bool:
    """Return whether an answer denies all findings that it does not name: `Runny nose, yes. The others, no.`."""
    return bool(_ANSWERS["rest denied"].search(answer))


def asks_about_family(sentence: str) -> bool:
    """Return whether a question is about the patient's family."""
    return bool(_ABOUT_FAMILY.search(sentence))


def asks_which_side(sentence: str) -> bool:
    """Return whether a question asks which side of the body is meant: `Left or right?`."""
    return bool(_WHICH_SIDE.search(sentence))


def names_relative(answer: str) -> bool:
    """Return whether an answer names a relative."""
    return bool(_FAMILY_ANSWER.search(answer))


def answer_to(lines: Sequence[str], turn: int) -> str:
    """Return the words of the turn after a turn of a dialogue, without the speaker.

    The dialogue has one line for each turn. After its last turn, the result is empty.
    """
    line = lines[turn + 1] if turn + 1 < len(lines) else ""
    return line.partition(":")[2].strip() if turn_speaker(line) else line.strip()


def polarity(answer: str, first_sentence: str) -> Polarity:
    """Return how a turn answers the previous question. The result is `open` if the turn says neither yes nor no."""
    if _ANSWERS["no"].search(answer) or (_NO_WITHOUT_STOPS.search(answer) and not _TURNS.search(answer)):
        return "no"
    if _ANSWERS["unsure"].search(answer):
        return "unsure"
    if _ANSWERS["past"].search(first_sentence):
        return "past"
    return "yes" if _ANSWERS["yes"].search(answer) else "open"


_TOKEN = re.compile(r"\b(yes|yeah|yep|no|nope)\b", re.IGNORECASE)
_TOKENS = re.compile(r"\W*(?:(?:yes|yeah|yep|no|nope|and|then|but|uh|um)\b\W*){2,12}", re.IGNORECASE)
_GONE = re.compile(r"\b(?:gone|went away|cleared up|any ?more|stopped|resolved|no longer|settled)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(
    r"\b(?:what|and|but|so|even|happens|do|doctor)[ \t]+if\b|^\W*if\b|\b(?:could|might|can|will)[ \t]+(?:it|this|"
    r"that)[ \t]+"
    r"(?:turn|become|lead|cause|develop|be(?:come)?|spread)\b",
    re.IGNORECASE,
)


def answers_in_turn(answer: str) -> list[Polarity]:
    """Return the answers to several questions: `No, no, and yes.`.

    Return an empty list if the turn says anything else.
    """
    if not _TOKENS.fullmatch(answer):
        return []
    return ["no" if token[0].lower() in ("no", "nope") else "yes" for token in _TOKEN.finditer(answer)]


def is_over(answer: str) -> bool:
    """Return whether an answer says that the finding in the question has ended: `No, it's gone.`."""
    return bool(_GONE.search(answer))


def is_conditional(question: str) -> bool:
    """Return whether a question is about a possible future: `What if I get a rash?`."""
    return bool(_CONDITIONAL.search(question))


def is_contrary(answer: str) -> bool:
    """Return whether an answer affirms a finding that the question denied: `You don't smoke?` `Yes, I do.`."""
    return bool(_ANSWERS["contrary"].search(answer))


def is_yes_to_all(answer: str) -> bool:
    """Return whether an answer affirms everything that was asked and adds something: `Yes, and I also cough.`."""
    return bool(_ANSWERS["yes to all"].search(answer))


def is_plain_yes(answer: str) -> bool:
    """Return whether an answer begins with a plain yes."""
    return bool(_ANSWERS["plain yes"].search(answer))


_EXPECTED = [
    ("age", "year", r"how old|(?:what|your|his|her)(?:['’]s| is)? (?:is )?(?:your |his |her )?age"),
    ("weight", "lb", r"(?:how much|what) (?:do|did|does) (?:you|he|she) weigh|what.{0,12} weight|what.{1,20} scale"),
    ("height", "in", r"how tall|what.{0,10} height"),
    ("temperature", "F", r"what.{0,15} temperature|how high"),
    ("score", "10", r"scale|out of 10|rate (?:your|the|it)"),
    ("dose", "", r"(?:what|which) (?:dose|dosage|strength)"),
]
_EXPECTED_PATTERNS = [(kind, unit, re.compile(rf"\b(?:{asks})\b", re.IGNORECASE)) for kind, unit, asks in _EXPECTED]


def expected(question: str) -> tuple[str, str]:
    """Return the kind and unit of the fact that a question asks for, or two empty strings.

    An answer may have only a number. After `How old are you?`, `Sixteen.` is an age.
    """
    return next(((kind, unit) for kind, unit, pattern in _EXPECTED_PATTERNS if pattern.search(question)), ("", ""))
