"""Parts of the body by one name each: `belly` and `stomach` are abdomen."""

import re
from collections.abc import Iterator

from medsum.facts.lexicon import PhraseFinder, Term, Word, phrase_names, read

_FINDER = PhraseFinder(phrase_names(read("sites.txt")))
# Words that name a part of the body only sometimes, with what must not stand before (`came right back`).
_NOT_AFTER = {
    "back": re.compile(
        r"\b(?:come|came|coming|comes|go|went|going|goes|get|got|been|be|is|call|follow|way|bring|see|you|him|her|it|"
        r"them|cut|think|looking|far|dating|years?|months|weeks|date|set|turn|give|gave|put|then|stay|"
        r"welcome)(?:[ \t]+right)?[ \t]+$",
        re.IGNORECASE,
    ),
    "hand": re.compile(r"\b(?:the other|on)[ \t]+$", re.IGNORECASE),
    "face": re.compile(r"\bto[ \t]+$", re.IGNORECASE),
}


def sites(text: str, words: list[Word]) -> Iterator[Term]:
    """Parts of the body in the text."""
    for term in _FINDER.find(text, words):
        not_after = _NOT_AFTER.get(text[term.start : term.end].lower())
        if not (not_after and not_after.search(text[max(0, term.start - 16) : term.start])):
            yield term
