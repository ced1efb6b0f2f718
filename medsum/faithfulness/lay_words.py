"""Find whether a dialogue may mean a finding without its name: `get up to pee` may mean nocturia."""

import re
from functools import cache

from medsum.facts.lexicon import FOLDER
from medsum.facts.procedures import GROUP_OF

_COMPOSED = (
    ("pain", r"pain\w*|hurt\w*|ach\w+|sore\w*|tender\w*|burn\w*|cramp\w*|stab\w*|throb\w*|bother\w*|discomfort"),
    ("cancer", r"cancer\w*|tumou?r\w*|chemo\w*|lumps?|malignan\w+|leuk\w+|lymphoma"),
    ("infection", r"infect\w+|antibiotics?"),
    ("fracture", r"br[eo]ak\w*|broke\w*|crack\w*|fractur\w+|cast"),
    ("swelling", r"swell\w*|swollen|puff\w*|fluid|big\w*"),
    ("injury", r"injur\w+|hurt\w*|hit|fell|twist\w*|bang\w*|accident"),
    ("stiffness", r"stiff\w*|tight|bend\w*"),
    ("cramping", r"cramp\w*|spasm\w*"),
)


# These words may mean any test of a group, because clinicians rarely say the name of a test to a patient.
_OF_GROUP = {
    "test": re.compile(
        r"\b(?:tests?|tested|testing|labs?|bloods?|urine|swab\w*|levels?|results?|counts?|numbers?|sample\w*)\b", re.I
    ),
    "imaging": re.compile(r"\b(?:scan\w*|x-?rays?|imag\w+|pictures?|films?)\b", re.I),
    "endoscopy": re.compile(r"\b(?:scop\w+|camera)\b", re.I),
}


@cache
def _lines() -> dict[str, str]:
    """Return the words that may mean each finding of the lexicon, as regular expressions with commas between them."""
    lines = (FOLDER / "lay_words.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(" | ") for line in lines if line and not line.startswith("#"))
    return {name: words for name, _, words in parts}


@cache
def _pattern(finding: str) -> re.Pattern[str] | None:
    """Return a pattern that matches the words that may mean a finding, or None if the lexicon does not have it.

    Each pattern is compiled when it is needed, because a note needs few of them.
    """
    words = _lines().get(finding)
    return re.compile(rf"\b(?:{'|'.join(words.split(', '))})\b", re.IGNORECASE) if words else None


@cache
def _composed(last: str) -> re.Pattern[str] | None:
    words = dict(_COMPOSED).get(last)
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None


def has_lay_words(finding: str) -> bool:
    """Return whether the lexicon of lay words has this finding."""
    return finding in _lines()


def mentions(finding: str, text: str) -> list[re.Match[str]]:
    """Return the words of a text that may mean the finding."""
    pattern = _pattern(finding) or _composed(finding.rpartition(" ")[2])
    if pattern is None:
        pattern = _OF_GROUP.get(GROUP_OF.get(finding, ""))
    return list(pattern.finditer(text)) if pattern else []


def may_be_meant(finding: str, dialogue: str) -> bool:
    """Return whether a word of the dialogue may mean the finding."""
    return bool(mentions(finding, dialogue))
