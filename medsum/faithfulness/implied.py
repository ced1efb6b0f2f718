"""Amounts that speech gives in other words than a note, or that nobody needs to say."""

import re
from collections.abc import Sequence

from medsum.facts.fact import Fact

_ONE_OF_MANY = 3  # counts up to this one are implied (`both`, `another`) as often as said
_MORNING = re.compile(r"\bmorning|\bbreakfast", re.IGNORECASE)
_NIGHT = re.compile(r"\bnight|\bevening|\bbed(?:time)?\b|\bsupper|\bdinner", re.IGNORECASE)
_INCHES_A_FOOT = 12


def is_implied(fact: Fact, turns: Sequence[str]) -> bool:
    """Whether turns (in digits) may say an amount that was not found in them as such."""
    if fact.kind == "frequency" and fact.value in ("1", "prn"):
        return True  # `a day`, `as needed`
    if fact.kind in ("count", "frequency") and _is_few(fact):
        return True
    if (fact.kind, fact.value, fact.unit) == ("frequency", "2", "per day"):
        return any(_MORNING.search(turn) and _NIGHT.search(turn) for turn in turns)
    pieces = _pieces(fact)
    return bool(pieces) and any(re.search(pieces, turn) for turn in turns)


def _is_few(fact: Fact) -> bool:
    """One of the smallest counts, or a range of them, whatever it counts: `a drink or two`."""
    numbers = fact.value.split("-")
    if fact.kind == "frequency" and len(numbers) == 1:
        return False
    return all(number.replace(".", "", 1).isdigit() and float(number) <= _ONE_OF_MANY for number in numbers)


def _pieces(fact: Fact) -> str:
    """How an amount is said in two numbers, as an expression: `ninety nine five`, `five foot four`."""
    if fact.kind == "height" and fact.value.isdigit():
        feet, inches = divmod(int(fact.value), _INCHES_A_FOOT)
        return rf"\b{feet}[ ,'’]*(?:foot|feet)?[ ,]*(?:and )?{inches}\b"
    whole, point, part = fact.value.partition(".")
    return rf"\b{whole}[ ,]+{part}\b" if point and "-" not in fact.value else ""
