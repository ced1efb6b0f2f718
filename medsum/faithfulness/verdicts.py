"""Facts held against the facts of another text: supported, contradicted, or said nowhere."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from medsum.facts.fact import QUANTITIES, STATED, Fact
from medsum.faithfulness.lost_signs import another_bound, another_scale, run_together

Status = Literal["supported", "contradicted", "unsupported"]
Conflict = Literal["", "negation", "person", "quantity", "time", "side", "sign"]

_ONE_EACH = {"age", "blood_pressure", "temperature", "pulse", "respiratory_rate", "weight", "height"}  # of a patient
_BARE = {"count", "score", "measure", "percent"}  # kinds of a number whose unit was not said, or not understood
_SURE = QUANTITIES - _BARE - {"time"}  # a time may be none: `tubes at two` says an age
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OF_SPAN = {"age", "duration", "frequency", "date"}
_OF_TIME = {"date", "time", "duration"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another text says of `fact`; `other` is its fact that decided, and `conflict` in what they differ."""

    fact: Fact
    status: Status
    other: Fact | None = None
    conflict: Conflict = ""


def verdicts(facts: Sequence[Fact], others: Sequence[Fact], text: str = "") -> list[Verdict]:
    """Each fact held against `others`, the facts of the text that should support it.

    `text` is that text in digits (`Passage.text`): a number that stands there, and that no fact took for an amount of
    another kind, supports a quantity too.
    """
    free = Counter(_NUMBER.findall(text.replace(",", "")))
    free.subtract(number for other in others if other.kind in _SURE for number in _numbers(other))
    numbers = {number for number, count in free.items() if count > 0}
    numbers |= {number for other in others if other.kind in _BARE for number in _numbers(other)}
    return [_verdict(fact, others, numbers) for fact in facts]


def _verdict(fact: Fact, others: Sequence[Fact], numbers: set[str]) -> Verdict:
    if fact.kind in STATED:
        return _of_statement(fact, [other for other in others if _same_thing(fact, other)])
    if fact.kind == "laterality":
        return _of_side(fact, [other for other in others if other.kind == "laterality"])
    return _of_quantity(fact, [other for other in others if other.kind in QUANTITIES], numbers)


def _same_thing(fact: Fact, other: Fact) -> bool:
    """The same drug or finding: a class stands for its drugs, and `pain` for `knee pain`."""
    if fact.kind == other.kind:
        if fact.kind != "finding":
            return fact.value == other.value
        return (
            fact.value == other.value
            or fact.value.endswith(f" {other.value}")
            or other.value.endswith(f" {fact.value}")
        )
    return {fact.kind, other.kind} == {"medication", "drug_class"} and (
        fact.unit == other.value or other.unit == fact.value
    )


def _of_statement(fact: Fact, same: list[Fact]) -> Verdict:
    same = [other for other in same if other.value == fact.value] or [
        other
        for other in same
        if _polarity(other) == _polarity(fact)  # `no pain` denies no `knee pain`
    ]
    if not same:
        return Verdict(fact, "unsupported")
    settled = [other for other in same if "hypothetical" not in other.context]
    if not settled or "hypothetical" in fact.context:
        return Verdict(fact, "supported", same[0])  # asked and not answered: nothing to hold against it
    agreeing = [other for other in settled if _polarity(other) == _polarity(fact)]
    if agreeing:
        sided = [other for other in agreeing if other.laterality]
        if fact.laterality and sided and not _is_on_side(fact.laterality, [other.laterality for other in sided]):
            return Verdict(fact, "contradicted", sided[0], "side")
        return Verdict(fact, "supported", agreeing[0])
    person = [other for other in settled if ("family" in other.context) == ("family" in fact.context)]
    if person:
        if any("uncertain" in other.context for other in person):
            return Verdict(fact, "supported", person[0])
        return Verdict(fact, "contradicted", person[0], "negation")
    return Verdict(fact, "contradicted", settled[0], "person")


def _polarity(fact: Fact) -> tuple[bool, bool]:
    return "negated" in fact.context, "family" in fact.context


def _is_on_side(side: str, others: list[str]) -> bool:
    """Whether others have this side; both sides together are bilateral."""
    return side in others or "bilateral" in others or (side == "bilateral" and {"left", "right"} <= set(others))


def _of_side(fact: Fact, sides: list[Fact]) -> Verdict:
    of_part = [other for other in sides if fact.unit and other.unit == fact.unit] or [
        other for other in sides if not other.unit or not fact.unit
    ]
    said = of_part or sides  # another part's side speaks for this one, never against it
    if _is_on_side(fact.value, [other.value for other in said]):
        return Verdict(fact, "supported", next((other for other in said if other.value == fact.value), said[0]))
    return Verdict(fact, "contradicted", of_part[0], "side") if of_part else Verdict(fact, "unsupported")


def _of_quantity(fact: Fact, quantities: list[Fact], numbers: set[str]) -> Verdict:
    same = [other for other in quantities if other.key == fact.key or _dates_agree(fact, other)]
    if same:
        return _by_bound(fact, same)
    if whole := run_together(fact, quantities):
        return Verdict(fact, "contradicted", whole, "sign")
    alike = [other for other in quantities if other.unit == fact.unit or {fact.kind, other.kind} <= _OF_SPAN]
    numbers = numbers | {number for other in alike for number in _numbers(other)}
    if _numbers(fact) <= numbers:  # the same number under another kind: `fifty three!` may answer `your age`
        said = [other for other in quantities if _numbers(other) & _numbers(fact)]
        bare = [other for other in said if {fact.kind, other.kind} <= _BARE | _ONE_EACH]
        return _by_bound(fact, bare) if bare else Verdict(fact, "supported", said[0] if said else None)
    if other := another_scale(fact, quantities):
        return Verdict(fact, "contradicted", other, "sign")
    rivals = [other for other in quantities if other.kind == fact.kind]
    if rivals and (fact.kind in _ONE_EACH or any(other.unit == fact.unit for other in rivals)):
        return Verdict(fact, "contradicted", rivals[0], conflict_of(fact))
    return Verdict(fact, "unsupported")


def _by_bound(fact: Fact, same: list[Fact]) -> Verdict:
    """The verdict on a quantity by facts of the same number: supported unless all of them have another bound."""
    agreeing = next((other for other in same if not another_bound(fact, other)), None)
    if agreeing:
        return Verdict(fact, "supported", agreeing)
    return Verdict(fact, "contradicted", same[0], "sign")


def conflict_of(fact: Fact) -> Conflict:
    """In what another value of the same kind differs."""
    if fact.kind == "laterality":
        return "side"
    return "time" if fact.kind in _OF_TIME else "quantity"


def _numbers(fact: Fact) -> set[str]:
    """The numbers in a quantity as they are written: `5-6` has two."""
    if fact.kind == "time":
        return {fact.value.partition(":")[0].lstrip("0")}
    if fact.kind == "date":
        return {fact.value}
    if fact.value.endswith("s"):
        return {fact.value, fact.value[:-1]}  # `in the 140s`
    return {f"{float(part):g}" for part in fact.value.replace("/", "-").split("-") if _is_number(part)} or {fact.value}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _dates_agree(fact: Fact, other: Fact) -> bool:
    """Partial dates agree where one is a part of the other: `--04-15` and `2005-04-15`, `2005` and `2005-04`."""
    if fact.kind != "date" or other.kind != "date":
        return False
    short, long = sorted((fact.value, other.value), key=len)
    return long.startswith(short) or long.endswith(short.lstrip("-"))
