"""Compare facts with another text.

A verdict says that the other text supports a fact, contradicts the fact, or does not mention the fact.
"""

from collections.abc import Sequence

from medsum.facts.fact import QUANTITIES, STATED, Fact
from medsum.facts.procedures import is_general
from medsum.faithfulness.amount_verdicts import of_amount, unnamed_numbers
from medsum.faithfulness.verdict import Verdict

# The names of pains that do not end with `pain`.
_AS_PAIN = {"earache": "ear pain", "toothache": "tooth pain", "sore throat": "throat pain"}


def verdicts(facts: Sequence[Fact], others: Sequence[Fact], text: str = "") -> list[Verdict]:
    """Return a verdict on each fact. `others` are the facts of the other text.

    `text` is the other text, with its numbers as digits (`Passage.text`). A number in `text` also supports a quantity,
    unless the number is part of an amount whose kind is known.
    """
    numbers = unnamed_numbers(text, others)
    return [_verdict(fact, others, numbers) for fact in facts]


def _verdict(fact: Fact, others: Sequence[Fact], numbers: set[str]) -> Verdict:
    if fact.kind in STATED:
        return _of_statement(fact, [other for other in others if _same_thing(fact, other)])
    if fact.kind == "laterality":
        return _of_side(fact, [other for other in others if other.kind == "laterality"])
    return of_amount(fact, [other for other in others if other.kind in QUANTITIES], numbers)


def _same_thing(fact: Fact, other: Fact) -> bool:
    """Return whether two facts name the same thing.

    A drug class includes its drugs, and `pain` includes `knee pain`.
    """
    if fact.kind == other.kind:
        if fact.kind == "procedure":
            return fact.value == other.value or _is_any_of_group(fact, other)
        if fact.kind != "finding":
            return fact.value == other.value
        return (
            fact.value == other.value
            or _AS_PAIN.get(fact.value, fact.value).endswith(f" {other.value}")
            or fact.value == f"{other.value} exacerbation"
            or other.value.endswith(f" {fact.value}")
        )
    return {fact.kind, other.kind} == {"medication", "drug_class"} and (
        fact.unit == other.value or other.unit == fact.value
    )


def _is_any_of_group(fact: Fact, other: Fact) -> bool:
    """Return whether one procedure is the group to which the other belongs: `surgery` and `hysterectomy`."""
    return fact.unit == other.unit and (is_general(other.value) or is_general(fact.value))


def _of_statement(fact: Fact, same: list[Fact]) -> Verdict:
    named = [other for other in same if other.value == fact.value]
    generals = same
    if fact.kind == "procedure":
        same = named or _of_group(fact, same)
    else:
        agreeing = [other for other in same if _polarity(other) == _polarity(fact)]  # `no pain`, `no knee pain`
        agrees = not named or (fact.kind == "finding" and not any(_polarity(one) == _polarity(fact) for one in named))
        same = agreeing if agrees and agreeing else named
    if not same and fact.kind == "finding" and (denied := _denial_of_general(fact, generals)):
        return Verdict(fact, "contradicted", denied, "negation")
    if not same:
        return Verdict(fact, "unsupported")
    settled = [other for other in same if "hypothetical" not in other.context]
    if not settled and fact.kind == "medication" and not named:
        return Verdict(fact, "unsupported")  # a question such as `any blood thinners?` names no drug
    if not settled or "hypothetical" in fact.context:
        return Verdict(fact, "supported", same[0])  # a question without an answer does not contradict the fact
    agreeing = [other for other in settled if _polarity(other) == _polarity(fact)]
    if agreeing:
        sided = [other for other in agreeing if other.laterality]
        if fact.laterality and sided and not _is_on_side(fact.laterality, [other.laterality for other in sided]):
            return Verdict(fact, "contradicted", sided[0], "side")
        return Verdict(fact, "supported", agreeing[0])
    of_family = [other for other in settled if _polarity(other) == (False, True)]
    if of_family and _polarity(fact) == (False, False):
        return Verdict(fact, "contradicted", of_family[0], "person")
    person = [other for other in settled if ("family" in other.context) == ("family" in fact.context)]
    if person:
        if any("uncertain" in other.context for other in person):
            return Verdict(fact, "supported", person[0])
        return Verdict(fact, "contradicted", person[0], "negation")
    return Verdict(fact, "contradicted", settled[0], "person")


def _denial_of_general(fact: Fact, same: list[Fact]) -> Fact | None:
    """Return the fact that denies all pain, if the finding is a pain and no fact affirms any pain."""
    if fact.context & {"negated", "family", "uncertain", "hypothetical", "historical"}:
        return None
    of_patient = [other for other in same if "family" not in other.context]
    is_pain = _AS_PAIN.get(fact.value, fact.value).endswith(" pain")
    general = [other for other in of_patient if other.value == "pain" and is_pain]
    if not general or not all("negated" in other.context for other in of_patient):
        return None
    return general[0]


def _of_group(fact: Fact, same: list[Fact]) -> list[Fact]:
    """Return the other text's facts about the group of a procedure. The other text does not name the procedure itself.

    `same` are these facts. The result leaves out the hypothetical facts. `no surgeries` denies a hysterectomy, but `a
    surgery` does not affirm a hysterectomy. So the result is empty if a fact affirms the group.
    """
    settled = [other for other in same if "hypothetical" not in other.context]
    if is_general(fact.value):
        return settled
    return settled if all("negated" in other.context for other in settled) else []


def _polarity(fact: Fact) -> tuple[bool, bool]:
    return "negated" in fact.context, "family" in fact.context


def _is_on_side(side: str, others: list[str]) -> bool:
    """Return whether the sides `others` include `side`. Left and right together are bilateral."""
    return side in others or "bilateral" in others or (side == "bilateral" and {"left", "right"} <= set(others))


def _of_side(fact: Fact, sides: list[Fact]) -> Verdict:
    unnamed = [other for other in sides if not other.unit or not fact.unit]  # `the right one` may be any part
    of_part = [other for other in sides if fact.unit and other.unit == fact.unit] or unnamed
    # A side of another part of the body can support the fact, but cannot contradict it.
    said = [*of_part, *unnamed] or sides
    if _is_on_side(fact.value, [other.value for other in said]):
        return Verdict(fact, "supported", next((other for other in said if other.value == fact.value), said[0]))
    return Verdict(fact, "contradicted", of_part[0], "side") if of_part else Verdict(fact, "unsupported")
