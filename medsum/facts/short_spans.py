"""Find durations in shorthand: `x3d`, `x 2 wk`, `48h`, `POD3` (third day after surgery), `day 3 of`, `28w3d`."""

import re
from collections.abc import Iterator

from medsum.facts.amounts import Quantity, amount, number

_UNIT_OF = {"d": "day", "h": "hour", "hr": "hour", "w": "week", "wk": "week", "wks": "week", "mo": "month", "y": "year"}
_NUMBER = r"\d{1,3}(?:\.\d)?"
_PATTERNS = (
    re.compile(rf"(?<![\w.])x[ \t]?(?P<low>{_NUMBER})(?:-(?P<high>{_NUMBER}))?[ \t]?(?P<unit>d|h|hr|w|wks?|mo|y)\b"),
    re.compile(rf"(?<![\w./:-])(?P<low>{_NUMBER})(?:-(?P<high>{_NUMBER}))?(?P<unit>d|h|hr|wk)\b(?!/|\.\d)"),
    re.compile(rf"(?<![\w./:-])(?P<low>{_NUMBER})-(?P<high>{_NUMBER})[ \t](?P<unit>h|d)\b"),
)
_BETWEEN = re.compile(
    rf"\bbetween[ \t]+(?P<low>{_NUMBER})[ \t]+and[ \t]+(?P<high>{_NUMBER})[ \t]+(?P<unit>hours?|days?|weeks?|"
    rf"months?|years?|minutes?)\b",
    re.IGNORECASE,
)
_WEEKS_AND_DAYS = re.compile(r"(?<![\w.])(?P<low>[1-4]\d)(?:[ \t]?w(?:ks?)?[ \t]?\d[ \t]?d?|\+[0-6])(?![\w/])")
_DAY = re.compile(
    r"\bPOD[ \t]?#?(?P<low>\d{1,3})\b|\b(?:post-?op(?:erative)?[ \t]+)?day[ \t]+(?P<of>\d{1,3})(?=[ \t]+of\b)|"
    r"(?<=, )day[ \t]+(?P<last>\d{1,3})(?=[ \t]*(?:[.;]|$))",
    re.IGNORECASE,
)


def short_spans(text: str) -> Iterator[Quantity]:
    """Yield durations in shorthand. The duration of a pregnancy is in whole weeks: `28w3d` is 28 weeks."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Quantity("duration", amount(match), _UNIT_OF[match["unit"]], match.start("low"), match.end())
    for match in _BETWEEN.finditer(text):
        yield Quantity("duration", amount(match), match["unit"].lower().rstrip("s"), match.start("low"), match.end())
    for match in _WEEKS_AND_DAYS.finditer(text):
        yield Quantity("duration", match["low"], "week", match.start(), match.end())
    for match in _DAY.finditer(text):
        yield Quantity(
            "duration", number(match["low"] or match["of"] or match["last"]), "day", match.start(), match.end()
        )
