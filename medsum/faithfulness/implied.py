"""Find whether a dialogue implies an amount, or says an amount in another way than notes do."""

import re
from collections.abc import Sequence
from functools import cache

from medsum.facts.fact import Fact

_ONE_OF_MANY = 3  # speech often implies counts up to 3: `both`, `another`
_MORNING = re.compile(r"\bmorning|\bbreakfast", re.IGNORECASE)
_NIGHT = re.compile(r"\bnight|\bevening|\bbed(?:time)?\b|\bsupper|\bdinner", re.IGNORECASE)
_BABY_ASPIRIN = re.compile(r"\b(?:baby|low[- ]dose|children['’]?s?)[ \t]+aspirin\b", re.IGNORECASE)
_INCHES_A_FOOT = 12


def is_implied(fact: Fact, turns: Sequence[str]) -> bool:
    """Return whether turns may contain an amount that the rules of medsum/facts did not find.

    The turns have their numbers as digits.
    """
    if fact.kind == "frequency" and fact.value == "prn":
        return True
    if (fact.kind, fact.value, fact.unit) == ("dose", "81", "mg"):
        return any(_BABY_ASPIRIN.search(turn) for turn in turns)
    if fact.value == "1" and fact.kind in ("frequency", "duration"):
        return any(_one(fact.unit.removeprefix("per ")).search(turn) for turn in turns)
    if fact.kind in ("count", "frequency") and _is_few(fact):
        return True
    if (fact.kind, fact.value, fact.unit) == ("frequency", "2", "per day"):
        return any(_MORNING.search(turn) and _NIGHT.search(turn) for turn in turns)
    pieces = _pieces(fact)
    return bool(pieces) and any(re.search(pieces, turn) for turn in turns)


@cache
def _one(unit: str) -> re.Pattern[str]:
    """Return a pattern for one period of time without a number: `it's been a year`, `this past month`, `on Fridays`."""
    article = r"an?|1|the|this|that|last|past|whole|one|every|each|per|all"
    names = unit if unit != "day" else "day|night|morning|evening|afternoon"
    others = {"day": r"|\bat (?:night|bedtime|noon|breakfast|dinner)\b|\b(?:daily|nightly)\b|\bbefore bed\b"}
    others["week"] = r"|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    return re.compile(
        rf"\b(?:{article})[ \t]+(?:past[ \t]+|last[ \t]+|single[ \t]+)?(?:{names})\b{others.get(unit, '')}",
        re.IGNORECASE,
    )


def _is_few(fact: Fact) -> bool:
    """Return whether an amount is a very small count or a range of very small counts: `a drink or two`."""
    numbers = fact.value.split("-")
    if fact.kind == "frequency" and len(numbers) == 1:
        return False
    return all(number.replace(".", "", 1).isdigit() and float(number) <= _ONE_OF_MANY for number in numbers)


def _pieces(fact: Fact) -> str:
    """Return a pattern for an amount that is spoken as two numbers: `ninety nine five`, `five foot four`."""
    if fact.kind == "height" and fact.value.isdigit():
        feet, inches = divmod(int(fact.value), _INCHES_A_FOOT)
        return rf"\b{feet}[ ,'’]*(?:foot|feet)?[ ,]*(?:and )?{inches}\b"
    whole, point, part = fact.value.partition(".")
    return rf"\b{whole}[ ,]+{part}\b" if point and "-" not in fact.value else ""
