"""Find amounts whose symbol a text has lost or changed: a bound (`<`), a prefix (`µ`), a fraction or an exponent."""

import re
from collections.abc import Sequence

from medsum.facts.bounds import differ
from medsum.facts.fact import Fact

_SCALES = ("mcg", "mg", "g")
_FRACTIONS = {".5": "12", ".33": "13", ".67": "23", ".25": "14", ".75": "34", ".125": "18"}
_POWER = re.compile(r"10\^-?(\d+)")


def another_bound(fact: Fact, other: Fact) -> bool:
    """Return whether two facts have different bounds. A spoken amount without a bound agrees with every bound."""
    if other.turn >= 0 and not other.bound:
        return False
    return differ(fact.bound, other.bound)


def run_together(fact: Fact, others: Sequence[Fact]) -> Fact | None:
    """Return the fact of `others` that looks like `fact` if its symbol is lost or changed, or None.

    For example, ½ tablet becomes 12 tablets, 10⁹ becomes 109, and 10⁹ becomes 10⁶.
    """
    for other in others:
        power, own = _POWER.match(other.unit), _POWER.match(fact.unit)
        if power and own and fact.value == other.value:
            return other  # the powers differ, because the caller has already searched for an equal fact
        if power and not own and fact.kind == "count" and fact.value == f"10{power[1]}":
            return other
        whole, point, part = other.value.partition(".")
        digits = _FRACTIONS.get(point + part)
        if digits and other.unit == fact.unit and fact.value == ("" if whole == "0" else whole) + digits:
            return other
    return None


def another_scale(fact: Fact, others: Sequence[Fact]) -> Fact | None:
    """Return a dose of the same number in another unit of mass (50 g for 50 µg), or None."""
    unit, slash, by = fact.unit.partition("/")
    if fact.kind != "dose" or unit not in _SCALES:
        return None
    rivals = {f"{scale}{slash}{by}" for scale in _SCALES} - {fact.unit}
    return next((o for o in others if o.kind == "dose" and o.value == fact.value and o.unit in rivals), None)
