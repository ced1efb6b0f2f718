"""Find doses that have a unit, and both doses of a drug that combines two substances."""

import re
from collections.abc import Iterator, Sequence

from medsum.facts.amounts import NUMBER, RANGE, Quantity, amount, number
from medsum.facts.units import DOSE_UNITS, UNIT_OF, names_of

_COMBINED = re.compile(
    rf"{NUMBER}(?:[ \t]*-?m?c?g)?(?:/|[ \t]+over[ \t]+)(?P<second>\d{{1,4}}(?:\.\d+)?)(?![\d/]|\.\d)"
    r"(?:[ \t]*-?(?P<unit>mg|mcg|milligrams|micrograms)\b)?",
    re.IGNORECASE,
)
_FORM = re.compile(r"[ \t-]*(?:(?:diskus|hfa|inhaler|xr|hct|mix|strength|dose)[ \t]+)?", re.IGNORECASE)
_OF_PRESSURE = re.compile(r"\b(?:BP|pressures?)\b[^.;\n]*$", re.IGNORECASE)


def combined_doses(text: str, drugs: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
    """Yield both doses of drugs that combine two substances: `875/125 mg` is 875 mg and 125 mg.

    In `Novolin 70/30`, the numbers are part of the drug's name and not doses.
    """
    for match in _COMBINED.finditer(text):
        if any(start <= match.start() < end for start, end in drugs):
            yield Quantity("none", "", "", *match.span())
            continue
        follows = any(_FORM.fullmatch(text, end, match.start()) for _, end in drugs)
        if match["unit"] or (follows and not _OF_PRESSURE.search(text, 0, match.start())):
            for group in ("low", "second"):
                unit = UNIT_OF[match["unit"].lower()] if match["unit"] else ""
                yield Quantity("dose", number(match[group]), unit, *match.span(group))


_PER = r"(?:[ \t]*/[ \t]*|[ \t]+per[ \t]+)"
_DOSE = re.compile(
    rf"{RANGE}[ \t]*-?(?P<unit>{names_of(DOSE_UNITS)})\b(?!{_PER}(?:d?l|ml|cc|(?:deci|milli)?lit(?:er|re))\b|-?\d)"
    rf"(?!-?[ \t]*(?:year|week)(?!ly))(?P<by_weight>{_PER}(?:kg|kilo(?:gram)?)\b)?"
    r"(?:[ \t]*/[ \t]*(?P<by_time>hour|hr|h|minute|min)\b)?",
    re.IGNORECASE,
)
_FLUID_BEFORE = re.compile(
    r"\b(?:loss|EBL|output|UOP|drain\w*|residual|aspirat\w*|removed|yielded|tapped)\b[^.;\n]{0,20}$", re.IGNORECASE
)
_FLUID_AFTER = re.compile(r"[ \t]+of[ \t]+(?:[\w-]+[ \t]+){0,2}?(?:blood|fluid|urine|pus)\b", re.IGNORECASE)


_TRANSFUSED = re.compile(r"\btransfus\w+[ \t]+(?:\w+[ \t]+)?$", re.IGNORECASE)
_OF_BLOOD = re.compile(r"[ \t]+(?:of[ \t]+)?(?:packed|red cells|blood|platelets|plasma|p?RBCs?|FFP)\b", re.IGNORECASE)


def doses(text: str) -> Iterator[Quantity]:
    """Yield doses. The unit of a dose per weight or per time is, for example, `mg/kg` or `ml/hour`.

    The volume of a fluid that the patient loses is a measure and not a dose. Units of transfused blood are a count.
    """
    for match in _DOSE.finditer(text):
        unit = UNIT_OF[match["unit"].lower()]
        before = text[max(0, match.start() - 30) : match.start()]
        lost = unit == "ml" and (_FLUID_BEFORE.search(before) or _FLUID_AFTER.match(text, match.end()))
        if match["by_weight"]:
            unit += "/kg"
        if match["by_time"]:
            unit += "/minute" if match["by_time"].lower().startswith("m") else "/hour"
        if unit == "unit" and (_TRANSFUSED.search(before) or _OF_BLOOD.match(text, match.end())):
            yield Quantity("count", amount(match), "", match.start(), match.end())
            continue
        yield Quantity("measure" if lost else "dose", amount(match), unit, match.start(), match.end())
