"""Find doses without a unit next to a drug (`forty of Lasix`), and both doses of a change (`from 10 to 20 mg`)."""

import re
from collections.abc import Iterator, Sequence

from medsum.facts.amounts import APART, Quantity, amount, number
from medsum.facts.units import DOSE_UNITS, UNIT_OF, names_of

_NUMBER = r"\d{1,5}(?:\.\d{1,3})?"
_TO_DRUG = re.compile(
    r"[ \t]*(?:(?:XR|XL|ER|SR|CR|MR|LA|EC|DS|HCT|HFA|succinate|tartrate|IV|PO|po|SL|dose|patch|tablets?|pills?|"
    r"injections?)[ \t]+){0,2}(?:at[ \t]+(?=1[3-9]|[2-9]\d|\d{3})|(?:up|down)[ \t]+to[ \t]+)?"  # `at 9` is a time
)
_AFTER = (
    r"(?=[ \t]*(?:$|[.,;)\n](?!\d)|→|->|-->)|[ \t]+(?:PO|IV|IM|SL|SC|SQ|subq?|by mouth|po|q\.?|qd|qod|qhs|hs|"
    r"bid|b\.i\.d|tid|"
    r"t\.i\.d|qid|prn|bd|od|om|on|tds|qds|nocte|mane|daily|nightly|weekly|once|twice|a day|every|each|at|in the|"
    r"x[ \t]?\d|and|then|with|stat|\d{1,2}[ \t]+times|\dp\b|q\d)\b|[ \t]+q\d)"
)
_BARE = re.compile(rf"(?P<low>{_NUMBER})(?:[ \t]?-[ \t]?(?P<high>{_NUMBER}))?{_AFTER}", re.IGNORECASE)
_THEN = re.compile(
    rf"[^.;\n\d]{{0,12}}(?:x[ \t]?\d{{1,2}}[ \t]*)?(?:,[ \t]*)?(?:\bthen\b|→|"
    rf"-+>)[ \t]*(?P<low>{_NUMBER})(?P<high>){_AFTER}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_OF_DRUG = re.compile(
    rf"{APART}(?P<low>{_NUMBER})[ \t]+of[ \t]+(?:the[ \t]+|my[ \t]+|her[ \t]+|his[ \t]+)?", re.IGNORECASE
)
_LEAST_OF = 5  # numbers below 5 are numbers of tablets: `two of ibuprofen`
_UNIT = rf"(?P<unit>{names_of(DOSE_UNITS)})"
_CHANGED = re.compile(
    rf"\bfrom[ \t]+(?P<low>{_NUMBER})(?:[ \t]*{_UNIT.replace('unit', 'first')}\b)?[ \t]+(?:to|up to|down to)[ \t]+"
    rf"(?P<high>{_NUMBER})[ \t]*-?{_UNIT}\b|"
    rf"{APART}(?P<old>{_NUMBER})[ \t]*(?:→|-+>|=>)[ \t]*(?P<new>{_NUMBER})[ \t]*(?P<of_new>{names_of(DOSE_UNITS)})\b",
    re.IGNORECASE,
)


def bare_doses(text: str, drugs: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
    """Yield doses without a unit, such as `eliquis 2.5 bid` or `forty of Lasix`.

    `drugs` are the spans of the medications in the text.
    """
    for _, end in drugs:
        joined = _TO_DRUG.match(text, end)
        match = _BARE.match(text, joined.end()) if joined and joined.end() > end else None
        if match and not _YEAR.match(match["low"]):
            yield Quantity("dose", amount(match), "", match.start(), match.end())
            later = _THEN.match(text, match.end())
            if later:
                yield Quantity("dose", amount(later), "", later.start("low"), later.end())
    starts = {start for start, _ in drugs}
    for match in _OF_DRUG.finditer(text):
        if match.end() in starts and float(match["low"]) >= _LEAST_OF:
            yield Quantity("dose", number(match["low"]), "", *match.span("low"))


def changed_doses(text: str) -> Iterator[Quantity]:
    """Yield both doses of a change. If the first has no unit, use the unit of the second: `10 → 20 mg`."""
    for match in _CHANGED.finditer(text):
        if match["low"]:
            unit = UNIT_OF[match["unit"].lower()]
            first = UNIT_OF[match["first"].lower()] if match["first"] else unit
            yield Quantity("dose", number(match["low"]), first, *match.span("low"))
            yield Quantity("dose", number(match["high"]), unit, match.start("high"), match.end())
        else:
            unit = UNIT_OF[match["of_new"].lower()]
            yield Quantity("dose", number(match["old"]), unit, *match.span("old"))
            yield Quantity("dose", number(match["new"]), unit, match.start("new"), match.end())
