"""Find the relatives that a text names: `mom`, `mum` and `mother` are one relative."""

import re

_NAMES = {
    "mother": "mother mom mum mommy mummy mam ma mama",
    "father": "father dad daddy papa pop pa",
    "sister": "sister sisters sis",
    "brother": "brother brothers bro",
    "son": "son sons boy",
    "daughter": "daughter daughters girl dtr",
    "grandmother": "grandmother grandma nana granny gran nan grandmom mgm pgm",
    "grandfather": "grandfather grandpa granddad grandad gramps mgf pgf",
    "aunt": "aunt aunts auntie aunty",
    "uncle": "uncle uncles",
    "cousin": "cousin cousins",
    "husband": "husband",
    "wife": "wife",
    "nephew": "nephew nephews",
    "niece": "niece nieces",
}
_RELATIVE_OF = {name: relative for relative, names in _NAMES.items() for name in names.split()}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_RELATIVE_OF, key=len, reverse=True))})\b(?!-in-law)", re.IGNORECASE)
# Each of these names means several relatives.
_SEVERAL = {
    "parents": {"mother", "father"}, "parent": {"mother", "father"}, "siblings": {"sister", "brother"},
    "sibling": {"sister", "brother"}, "grandparents": {"grandmother", "grandfather"}, "kids": {"son", "daughter"},
    "grandparent": {"grandmother", "grandfather"}, "children": {"son", "daughter"}, "child": {"son", "daughter"},
    "twin": {"sister", "brother"}, "spouse": {"husband", "wife"}, "partner": {"husband", "wife"},
}  # fmt: skip
_SEVERAL_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_SEVERAL, key=len, reverse=True))})\b", re.IGNORECASE)


# A relative of a parent is another relative of the patient: `mother's brother` is an uncle. `mother's side` names no
# person.
_OF_RELATIVE = re.compile(
    r"\b(?:mother|father|mom|mum|dad|ma|pa|parent)['’]?s[ \t]+(?P<kin>brothers?|sisters?|mother|mom|mum|father|dad)\b",
    re.IGNORECASE,
)
_KIN_OF_PARENT = {"brother": "uncle", "sister": "aunt", "mother": "grandmother", "mom": "grandmother"}
_KIN_OF_PARENT |= {"mum": "grandmother", "father": "grandfather", "dad": "grandfather"}
_SIDE = re.compile(r"\b(?:mother|father|mom|mum|dad)['’]?s[ \t]+side\b", re.IGNORECASE)


def _kin_of_parent(match: re.Match[str]) -> str:
    return _KIN_OF_PARENT[match["kin"].lower().rstrip("s")]


def relatives(text: str) -> set[str]:
    """Return the relatives that a text names. `siblings` means both sister and brother."""
    text = _SIDE.sub(" ", _OF_RELATIVE.sub(_kin_of_parent, text))
    found = {_RELATIVE_OF[match[0].lower()] for match in _WORD.finditer(text)}
    for match in _SEVERAL_WORD.finditer(text):
        found |= _SEVERAL[match[0].lower()]
    return found
