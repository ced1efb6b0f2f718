"""Compare the amounts of a text with the amounts of another text. A verdict says whether both amounts agree.

An equal number is not enough to support an amount. Three days support neither three years nor three times a day. An
amount of one drug does not support an amount of another drug. Equal amounts in different units agree.

A bare number has no unit in the text, or a unit that medsum/facts does not know.
"""

import re
from collections import Counter
from collections.abc import Sequence

from medsum.facts import conversion
from medsum.facts.fact import QUANTITIES, Fact
from medsum.facts.regimens import is_same_drug
from medsum.faithfulness.lost_signs import another_bound, another_scale, run_together
from medsum.faithfulness.verdict import Conflict, Verdict

_ONE_EACH = {"age", "blood_pressure", "temperature", "pulse", "respiratory_rate", "weight", "height"}  # one value each
_BARE = {"count", "score", "measure", "percent"}  # a number of one of these kinds is bare
_SURE = QUANTITIES - _BARE - {"time"}  # times are left out, because `tubes at two` may be an age
_SPANS = frozenset({"age", "duration"})
_OF_TIME = {"date", "time", "duration"}
_SIZES = frozenset({"dose", "measure", "weight", "height"})  # `ten pounds` may be a weight or a measure
_MOST_TIMES = 24  # a frequency of more than 24 times per day is in fact a dose without a unit
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def unnamed_numbers(text: str, others: Sequence[Fact]) -> set[str]:
    """Return the bare numbers of `text`: all numbers that are not part of an amount with a known unit.

    `others` are the facts of `text`, and `text` has its numbers as digits. It is not known what a bare number counts.
    So a bare number may support an amount of any kind.
    """
    free = Counter(_NUMBER.findall(text.replace(",", "")))
    free.subtract(
        number for other in others if other.kind in _SURE and not _is_loose(other) for number in _numbers(other)
    )
    found = {number for number, count in free.items() if count > 0}
    return found | {number for other in others if other.kind in _BARE or _is_loose(other) for number in _numbers(other)}


def of_amount(fact: Fact, others: Sequence[Fact], numbers: set[str]) -> Verdict:
    """Return the verdict on an amount from the amounts and the bare `numbers` of another text.

    If the other text gives an amount of this kind for the same drug, only the amounts of this drug count.
    """
    if fact.kind == "frequency":
        others = [other for other in others if not _is_dose_a_day(other)]
    of_drug = [other for other in others if other.drug and is_same_drug(fact.drug, other.drug)] if fact.drug else []
    bare = [other for other in of_drug if (other.kind == "count" or _is_without_unit(other)) and fact.kind == "dose"]
    if bare and _numbers(fact) <= {number for other in bare for number in _numbers(other)}:
        return Verdict(fact, "supported", bare[0])  # `metformin, five hundred` supports 500 mg
    if fact.kind == "dose" and (fact.value, fact.unit) == ("1", "") and (once := _once(of_drug)):
        return Verdict(fact, "supported", once)
    rivals = [other for other in of_drug if _is_rival(fact, other)]
    if fact.kind == "duration" and any(_agree(fact, other) for other in others if not other.drug):
        rivals = []  # the duration in the note may be the duration of the illness and not of the drug
    if rivals and not any(_agree(fact, other) for other in of_drug) and not _is_within(fact, of_drug):
        lost = run_together(fact, rivals) or another_scale(fact, rivals)
        return Verdict(fact, "contradicted", lost or rivals[0], "sign" if lost else conflict_of(fact))
    return _of_any(fact, others, numbers)


def _once(of_drug: Sequence[Fact]) -> Fact | None:
    """Return a frequency with the number one. It means the same as a dose of one: `one daily` and `one a day`."""
    return next((other for other in of_drug if other.kind == "frequency" and other.value == "1"), None)


def _is_without_unit(other: Fact) -> bool:
    return other.kind == "dose" and not other.unit


def _is_loose(other: Fact) -> bool:
    """Return whether an amount has no unit, so that its number may have another meaning."""
    return _is_without_unit(other) or _is_dose_a_day(other)


def _is_dose_a_day(fact: Fact) -> bool:
    """Return whether a frequency is in fact a dose without its unit: `a hundred a day`."""
    low = fact.value.partition("-")[0]
    return fact.kind == "frequency" and conversion.is_number(low) and float(low) > _MOST_TIMES


def _is_rival(fact: Fact, other: Fact) -> bool:
    """Return whether two amounts of one drug can be compared: two frequencies, or two doses in units of one scale."""
    if fact.kind != other.kind or fact.kind == "count" or "prn" in (fact.value, other.value):
        return False
    return fact.kind == "frequency" or _scale(fact.unit) == _scale(other.unit)


def _scale(unit: str) -> str:
    return "mass" if unit in ("mg", "mcg", "g") else unit


def _of_any(fact: Fact, quantities: Sequence[Fact], numbers: set[str]) -> Verdict:
    same = [other for other in quantities if _agree(fact, other)]
    if same:
        return _by_bound(fact, same)
    if unnamed := _said_without_kind(fact, quantities, numbers):
        return unnamed
    if whole := run_together(fact, quantities):
        return Verdict(fact, "contradicted", whole, "sign")
    if _is_within(fact, quantities):
        return Verdict(fact, "supported", next(o for o in quantities if _may_hold(fact, o)))
    own = [other for other in quantities if not (fact.drug and other.drug) or is_same_drug(fact.drug, other.drug)]
    if other := another_scale(fact, own):
        return Verdict(fact, "contradicted", other, "sign")
    in_another_unit = [other for other in quantities if _is_in_another_unit(fact, other)]
    if _numbers(fact) <= numbers and not in_another_unit:
        said = [other for other in quantities if _numbers(other) & _numbers(fact)]
        bare = [other for other in said if {fact.kind, other.kind} <= _BARE | _ONE_EACH]
        return _by_bound(fact, bare) if bare else Verdict(fact, "supported", said[0] if said else None)
    if _is_bare_in_another_unit(fact, numbers):
        return Verdict(fact, "supported")
    if in_another_unit:
        return Verdict(fact, "contradicted", in_another_unit[0], conflict_of(fact))
    rivals = [other for other in quantities if other.kind == fact.kind]
    if rivals and (fact.kind in _ONE_EACH or any(other.unit == fact.unit for other in rivals)):
        return Verdict(fact, "contradicted", rivals[0], conflict_of(fact))
    return Verdict(fact, "unsupported")


def _said_without_kind(fact: Fact, quantities: Sequence[Fact], numbers: set[str]) -> Verdict | None:
    """Return `supported` if an age supports the count `fact` (`he's forty`) or a number supports the time `fact`."""
    if fact.kind == "count":
        age = next((o for o in quantities if o.kind == "age" and _numbers(o) == _numbers(fact)), None)
        return Verdict(fact, "supported", age) if age else None
    if fact.kind == "time" and fact.value.replace(":", "") in numbers:
        return Verdict(fact, "supported")
    return None


def _is_in_another_unit(fact: Fact, other: Fact) -> bool:
    """Return whether another text gives the same number in another unit: three days instead of three years."""
    if other.kind != fact.kind and not {fact.kind, other.kind} <= _SPANS:
        return False
    if fact.drug and other.drug and not is_same_drug(fact.drug, other.drug):
        return False
    return bool(fact.unit and other.unit) and fact.unit != other.unit and bool(_numbers(fact) & _numbers(other))


def _is_bare_in_another_unit(fact: Fact, numbers: set[str]) -> bool:
    """Return whether a bare number is the same amount in another system of units: `a hundred and one` is 38.3 °C."""
    unit = {"C": "F", "F": "C", "kg": "lb", "lb": "kg", "cm": "in", "in": "cm"}.get(fact.unit)
    own = conversion.amounts(fact.value, fact.unit)
    if fact.kind not in _ONE_EACH or unit is None or own is None:
        return False
    said = [amount for number in numbers for amount in conversion.amounts(number, unit) or []]
    return all(any(conversion.equal(one, other) for other in said) for one in own)


def _may_hold(fact: Fact, other: Fact) -> bool:
    """Return whether two amounts have kinds that allow them to be the same amount."""
    if fact.kind == other.kind:
        return True
    if fact.kind in _SPANS:
        return other.kind in _SPANS
    if fact.unit:
        return fact.kind in _SIZES and other.kind in _SIZES
    return not other.unit and other.kind != "frequency"


def _agree(fact: Fact, other: Fact) -> bool:
    """Return whether two amounts are equal. Their units may differ."""
    if other.key == fact.key or _dates_agree(fact, other):
        return True
    if not (fact.unit and other.unit and _may_hold(fact, other)):
        return False
    own, theirs = conversion.amounts(fact.value, fact.unit), conversion.amounts(other.value, other.unit)
    if own is None or theirs is None or len(own) != len(theirs):
        return False
    return all(conversion.equal(one, another) for one, another in zip(own, theirs, strict=True))


def _is_within(fact: Fact, quantities: Sequence[Fact]) -> bool:
    """Return whether the other text has each number of an amount, or a number within its range."""
    like = [other for other in quantities if _may_hold(fact, other)]
    if not fact.unit:
        return _numbers(fact) <= {number for other in like for number in _numbers(other)}
    own = conversion.amounts(fact.value, fact.unit)
    theirs = [amount for other in like for amount in conversion.amounts(other.value, other.unit) or []]
    if not own:
        return False
    if all(any(conversion.equal(one, other) for other in theirs) for one in own):
        return True
    return len(own) > 1 and any(o.unit == fact.unit and own[0].number <= o.number <= own[1].number for o in theirs)


def _by_bound(fact: Fact, same: list[Fact]) -> Verdict:
    """Return the verdict from facts with the same number: contradicted if all have a different bound, such as `<`."""
    agreeing = next((other for other in same if not another_bound(fact, other)), None)
    if agreeing:
        return Verdict(fact, "supported", agreeing)
    return Verdict(fact, "contradicted", same[0], "sign")


def conflict_of(fact: Fact) -> Conflict:
    """Return the kind of conflict if the value of this fact differs in the other text."""
    if fact.kind == "laterality":
        return "side"
    return "time" if fact.kind in _OF_TIME else "quantity"


def _numbers(fact: Fact) -> set[str]:
    """Return the numbers in a quantity as the text writes them: `5-6` has two numbers."""
    if fact.kind == "time":
        return {fact.value.partition(":")[0].lstrip("0")}
    if fact.kind == "date":
        return {fact.value}
    if fact.value.endswith("s"):
        return {fact.value, fact.value[:-1]}  # `in the 140s` has the numbers 140s and 140
    return {f"{float(part):g}" for part in fact.value.replace("/", "-").split("-") if conversion.is_number(part)} or {
        fact.value
    }


def _dates_agree(fact: Fact, other: Fact) -> bool:
    """Return whether one date is part of the other: `--04-15` is part of `2005-04-15`, and `2005` of `2005-04`."""
    if fact.kind != "date" or other.kind != "date":
        return False
    short, long = sorted((fact.value, other.value), key=len)
    return long.startswith(short) or long.endswith(short.lstrip("-"))
