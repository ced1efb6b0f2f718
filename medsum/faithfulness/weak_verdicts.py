"""Find verdicts that are too weak for a flag. A verdict says whether a dialogue supports a fact of a note.

A verdict can be wrong for three reasons: the speakers imply the fact, the speakers say the fact in other words, or the
rules of medsum/facts misread the text. Many false alarms would make a reviewer ignore all flags. So a weak verdict
gives no flag.
"""

import re
from collections.abc import Sequence

from medsum.dialogue.sentences import sentence_at
from medsum.facts.answers import answer_to
from medsum.facts.fact import DRUGS, STATED, Fact
from medsum.facts.procedures import TESTS
from medsum.facts.regimens import is_same_drug
from medsum.faithfulness.denials import is_denied_outright
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.implied import is_implied
from medsum.faithfulness.lay_words import mentions
from medsum.faithfulness.spared_side import is_of_a_healthy_side
from medsum.faithfulness.verdict import Verdict

_GENERIC = {"pain", "tenderness", "allergy", "swelling", "mass", "surgery"}
_YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|mm|uh|sure|right|correct|exactly|i do|i am|i have|i did|he does|she does|it does|a little|"
    r"a bit|some|sometimes|often|maybe|lots?|both|always|only|just (?:a|the|some))\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:never|ever)\b", re.IGNORECASE)
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
_OF_REPORTS = ("since", "but")  # `no cough since Monday` still denies the patient's cough
_CORRECTED = re.compile(r"\b(?:wait|actually|sorry|scratch that)\b,? no\b|\bI['’]m mixing\b", re.IGNORECASE)
_NO = re.compile(
    r"\W*(?:oh|well|um|uh)?\W*(?:no|nope|never|not (?:since|for|in|lately|recently|any ?more))\b", re.IGNORECASE
)
_NORMAL = re.compile(
    r"[ \t]+(?:\w+[ \t]+){0,2}(?:clear|normal|unremarkable|unaffected|intact|fine|good|NAD)\b", re.IGNORECASE
)
_OTHER_ONE = re.compile(
    r"\bother (?:one|side|eye|ear|arm|hand|leg|foot|knee|hip|ankle|wrist|shoulder|elbow|"
    r"breast)\b",
    re.IGNORECASE,
)  # the side that the dialogue does not name
_EXCEPT = re.compile(r"\bexcept\b[^.;\n]*$", re.IGNORECASE)
# If a newborn's note has one of these findings, the finding is about the mother.
_OF_MOTHER = frozenset({"pregnancy", "gestational diabetes", "preeclampsia", "contractions"})
_PAST = re.compile(
    r"\b(?:until|stop\w*|discontinu\w*|held|quit|prior|previous\w*|former\w*|resol\w+|ago|childhood|possibl\w+|"
    r"probabl\w+|repair\w*|test\w*|screen\w*|prevent\w*|if|history)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if (?!I\b)|in case|should you|unless|watch (?:out )?for|look out for)", re.IGNORECASE)
_ASKED = re.compile(r"[^.!?\n]*\?")  # the rest of a sentence that is a question
_NEAR = 25  # the largest distance between a fact and a word that limits it, in characters
_OPEN_QUESTION = re.compile(r"\b(?:when|how|where|why|which|what['’]?s?)\b", re.IGNORECASE)


def is_weak(verdict: Verdict, summary: str, dialogue: DialogueFacts) -> bool:
    """Return whether a verdict from the dialogue is too weak for a flag."""
    fact, other = verdict.fact, verdict.other
    if other is not None and other.turn >= 0 and _CORRECTED.search(dialogue.turns[other.turn].text):
        return True
    if fact.kind == "laterality":
        if _NORMAL.match(summary, fact.end) or _may_be_side(fact, dialogue.facts):
            return True
        return (
            verdict.conflict == "side"
            and bool(_OTHER_ONE.search(dialogue.text))
            and is_of_a_healthy_side(fact, summary)
        )
    if fact.kind not in STATED:
        of_drug = verdict.status == "contradicted" and other is not None and is_same_drug(fact.drug, other.drug)
        return not (fact.drug and of_drug) and is_implied(fact, [turn.text for turn in dialogue.turns])
    if (fact.value, "negated" in fact.context) == ("fever", True) and verdict.status == "unsupported":
        # A measured temperature may show that there is no fever.
        return any(other.kind == "temperature" for other in dialogue.facts)
    if verdict.status != "contradicted" or other is None:
        return False
    if fact.value.endswith(f" {other.value}") and _is_elsewhere(fact, other, dialogue.text.split("\n")):
        return True
    if verdict.conflict == "person" and (fact.kind in DRUGS or fact.unit == "device" or fact.value in _OF_MOTHER):
        return True
    if fact.kind == "procedure" and verdict.conflict == "negation":
        if _EXCEPT.search(summary[max(0, fact.start - _NEAR) : fact.start]):
            return True  # in `up to date except for the flu shot`, the shot is missing
        denied = "negated" in fact.context  # a general denial is weak, because some of the tests may be done
        return _is_open(other, dialogue.text) or (
            denied and (fact.unit in TESTS or not is_denied_outright(fact, summary))
        )
    if fact.value in _GENERIC and not _is_clear_in_general(fact, summary, dialogue):
        return True
    if _is_qualified(summary, fact, "negated" in fact.context):
        return True
    if verdict.conflict == "negation":
        past = "historical" in fact.context - other.context and not _NEVER.search(dialogue.turns[other.turn].text)
        return past or (_is_open(other, dialogue.text) and not _is_repeated(other, dialogue))
    return verdict.conflict == "person" and _may_be_kin(fact, other, dialogue.text.split("\n"))


def _is_clear_in_general(fact: Fact, summary: str, dialogue: DialogueFacts) -> bool:
    """Return whether a general finding such as a mass is wrong for every part of the body.

    The note denies every allergy outright, or the note affirms the finding and the dialogue only denies it.
    """
    if "negated" in fact.context:
        return fact.value == "allergy" and is_denied_outright(fact, summary)
    said = [other for other in dialogue.facts if _is_or_ends_with(other, fact.value)]
    return fact.value not in ("pain", "allergy") and all("negated" in other.context for other in said)


def _is_or_ends_with(other: Fact, value: str) -> bool:
    return other.kind == "finding" and (other.value == value or other.value.endswith(f" {value}"))


def _is_repeated(other: Fact, dialogue: DialogueFacts) -> bool:
    """Return whether the first sentence of the next turn affirms the same finding, without a denial or a relative."""
    if other.value in _GENERIC:
        return False  # an allergy to cats is no allergy to drugs
    for again in dialogue.facts:
        if again.turn == other.turn + 1 and again.value == other.value and not again.context:
            line = dialogue.text.split("\n")[again.turn].partition(":")[2]
            first = re.split(r"[.!?]\s", line, maxsplit=1)[0]
            return dialogue.text[again.start : again.end] in first and not (_NOBODY.search(first) or _KIN.search(first))
    return False


def _is_elsewhere(fact: Fact, other: Fact, lines: Sequence[str]) -> bool:
    """Return whether words may mean the finding in other turns than the turn of `other` and the turn after it."""
    rest = [*lines[: other.turn], *lines[other.turn + 2 :]] if other.turn >= 0 else []
    return any(mentions(fact.value, line) for line in rest)


def is_advice(verdict: Verdict, dialogue: str) -> bool:
    """Return whether a finding is supported only by advice for the future: `if you get a fever, call us`."""
    fact, other = verdict.fact, verdict.other
    if fact.kind != "finding" or other is None or other.turn < 0 or "hypothetical" in fact.context:
        return False
    if "hypothetical" not in other.context or fact.context & {"negated", "uncertain", "family"}:
        return False
    before = re.split(r"[.!?]\s|\n", dialogue[: other.start])[-1]
    return bool(_CONDITION.search(before)) and not _ASKED.match(dialogue, other.end)


def _may_be_side(fact: Fact, said: Sequence[Fact]) -> bool:
    """Return whether the dialogue may mean a side without saying it clearly.

    A plural may mean both sides. `the left is good` may be about a part of the body that the previous or next turn
    names.
    """
    sides = [other for other in said if other.kind == "laterality"]
    if fact.value == "bilateral":
        return not any(other.unit == fact.unit for other in sides)
    about = {other.turn for other in sides if other.unit == fact.unit}
    return any(
        other.value == fact.value and not other.unit and about & {other.turn - 1, other.turn, other.turn + 1}
        for other in sides
    )


def _is_open(other: Fact, dialogue: str) -> bool:
    """Return whether it is unclear if the dialogue affirms or denies the fact `other`.

    The fact is unclear in three cases: the answer to a question is not a plain yes, the answer is no, or a word near
    the fact may deny the fact.
    """
    if other.turn < 0 or "negated" in other.context:
        return False
    lines = dialogue.split("\n")
    asked, answer = lines[other.turn], answer_to(lines, other.turn)
    if "?" in asked and _NO.match(answer):
        return True  # for example `When did you last have a fever?` `Not since the flu.`
    if "?" in asked:  # `when did the cough start?` is clear: it assumes a cough
        return not (_OPEN_QUESTION.search(asked) or any(map(_YES.match, _sentences(answer))))
    if _NO.match(answer):
        return True
    near = re.split(r"[.!?]\s|\n", dialogue[max(0, other.start - _NEAR) : other.end])[-1]
    return bool(_NOBODY.search(near))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s", text)


def _may_be_kin(fact: Fact, other: Fact, lines: Sequence[str]) -> bool:
    """Return whether it is unclear in the dialogue who has the finding: the patient or a relative."""
    if other.turn < 0:
        return False
    if "family" in fact.context:
        return bool(_KIN.search(" ".join(lines[max(0, other.turn - 2) : other.turn + 2])))
    return "negated" in fact.context or not _KIN.search(" ".join(lines[max(0, other.turn - 1) : other.turn + 1]))


def contradicts_itself(first: Fact, second: Fact, summary: str) -> bool:
    """Return whether one of two facts of a summary denies the other outright, for the same side, place and time."""
    denials = [fact for fact in (first, second) if "negated" in fact.context]
    if len(denials) != 1 or _sentence_start(summary, first.start) == _sentence_start(summary, second.start):
        return False
    denial, report = denials[0], second if denials[0] is first else first
    same_side = denial.laterality in ("", report.laterality)
    return same_side and is_plain(denial, summary) and is_plain(report, summary)


def is_plain(fact: Fact, summary: str) -> bool:
    """Return whether a fact can contradict another fact. It must be a denial without a limit, or a report about now."""
    if "negated" in fact.context:
        return is_denied_outright(fact, summary)
    return not _PAST.search(_around(summary, fact))


def _sentence_start(text: str, place: int) -> int:
    return sentence_at(text, place)[0]


def _is_qualified(text: str, fact: Fact, denied: bool) -> bool:
    """Return whether a word near the fact, in the same sentence, limits the fact to another time or place."""
    return any(not (denied and word[0].lower() in _OF_REPORTS) for word in _QUALIFIED.finditer(_around(text, fact)))


def _around(text: str, fact: Fact) -> str:
    """Return the text near a fact, before and after it, in the sentence of the fact."""
    start = max(_sentence_start(text, fact.start), fact.start - _NEAR)
    return text[start : fact.start] + " " + re.split(r"[.;\n]", text[fact.end : fact.end + _NEAR])[0]
