"""Find numbers with a power of ten: `200 x 10^9/L`, `10³/µL`, `ten to the ninth`."""

import re
from collections.abc import Iterator

from medsum.facts.amounts import APART, NUMBER, Quantity, number

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_RAISED + "⁻−", "0123456789--")
_POWER = re.compile(
    rf"(?:{NUMBER}[ \t]*(?:x|×|·|\*|times)[ \t]*|{APART})"
    rf"10(?:[ \t]*(?:\^|\*{{1,2}}|to the(?: power(?: of)?)?)[ \t]*(?P<exponent>[-−]?\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:[ \t]+power)?|(?P<raised>⁻?[{_RAISED}]{{1,2}}))(?![\d.]*\d)"
    r"(?:[ \t]*(?:/|\bper\b)[ \t]*(?P<per>L|lit(?:er|re)s?|dL|mL|[mu]cL|uL|[µμ]L|mm3|mm³|cmm)(?![\w]))?",
    re.IGNORECASE,
)
_LITRES = {"dl": "dl", "ml": "ml", **dict.fromkeys(("l", "liter", "liters", "litre", "litres"), "l")}
_MICROLITRE = "mcl"  # microlitre is the volume for every name in _POWER that is not in _LITRES


def powers(text: str) -> Iterator[Quantity]:
    """Yield the number before each power of ten, or 1 if no number is there. The unit is, for example, `10^9/l`."""
    for match in _POWER.finditer(text):
        exponent = int((match["exponent"] or match["raised"]).translate(_PLAIN))
        per = f"/{_LITRES.get(match['per'].lower(), _MICROLITRE)}" if match["per"] else ""
        yield Quantity("measure", number(match["low"] or "1"), f"10^{exponent}{per}", *match.span())
