"""Find the bound of a quantity, such as `<7`, `at least 65` or `under 200`, and compare two bounds.

A loose bound (`under`, `over`) does not say whether the number itself is included. Everyday words such as `below` are
loose bounds.
"""

import re
from typing import Literal

Bound = Literal["", "less", "at most", "greater", "at least", "under", "over"]
_NAMES: tuple[tuple[Bound, str], ...] = (
    ("at most", r"<=|=<|[≤⩽≦]|\b(?:less than or equal to|at most|(?:no|not) more than)"),
    ("at least", r">=|=>|[≥⩾≧]|\b(?:greater than or equal to|at least|(?:no|not) less than)"),
    ("less", r"(?<![-<])<|\bless than"),
    ("greater", r"(?<![-=>])>|\b(?:greater|more) than"),
    ("under", r"\b(?:under|below|lower than|fewer than)"),
    ("over", r"\b(?:over|above|higher than|exceed(?:s|ing|ed)?)"),
)
_AT_END = [(bound, re.compile(rf"(?:{words})[ \t]*\$?$", re.IGNORECASE)) for bound, words in _NAMES]
_LONGEST = len("less than or equal to  $")
_BELOW, _ABOVE = frozenset({"less", "at most", "under"}), frozenset({"greater", "at least", "over"})
_LOOSE = frozenset({"", "under", "over"})


def bound_before(text: str, start: int, spoken: bool = False) -> Bound:
    """Return the bound directly before the number at `start`, or an empty string if there is no bound.

    In speech, only symbols such as `<` keep their exact meaning. Words become loose bounds: `at least two weeks` may
    mean a little more than two weeks.
    """
    before = text[max(0, start - _LONGEST) : start]
    bound: Bound = next((bound for bound, pattern in _AT_END if pattern.search(before)), "")
    if bound and spoken and before.rstrip(" \t$")[-1].isalpha():
        return "under" if bound in _BELOW else "over"
    return bound


def _opposed(one: Bound, other: Bound) -> bool:
    """Return whether one bound is a lower bound and the other bound is an upper bound."""
    return (one in _BELOW and other in _ABOVE) or (one in _ABOVE and other in _BELOW)


def differ(one: Bound, other: Bound) -> bool:
    """Return whether two bounds differ in meaning. An empty string means that the number has no bound.

    `under` does not differ from any upper bound, and `over` does not differ from any lower bound. A number without a
    bound does not differ from a number with `under` or `over`.
    """
    if one == other:
        return False
    loose = one in _LOOSE, other in _LOOSE
    return _opposed(one, other) or not any(loose) or (not all(loose) and "" in (one, other))
