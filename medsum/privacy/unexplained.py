"""Find out whether lists explain a word, or the capital with which it begins.

A word within a sentence that begins with a capital is a name of something. If it is no drug, disease, country, language
or ordinary word, it is most often the name of a person or a place.
"""

import re

from medsum.privacy.addresses import STATE
from medsum.privacy.lexicon import common_words, countries, drugs, eponyms, given_names, proper_words
from medsum.privacy.name_patterns import CONTRACTED, DAYS, MEDICAL
from medsum.privacy.places import STANDARD
from medsum.privacy.roles import JOB
from medsum.privacy.word_endings import is_ordinary, stems
from medsum.privacy.words import Word

_INNER_CAPITAL = re.compile(r"(?:Mc|Mac|O['’]|D['’]|De|Di|La|Le|Van|Fitz)?[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]+")
_ADJECTIVE = re.compile(r"\w{5,30}(?:ary|ory|ical|ial|eal|inal|tion|tional|ment|ness|ology|ism|ious)")
_PARTS_WORDS = """
security insurance national west east north south saint royal great united social new island islands angeles los las
sabbath nile vitus anonymous coronation
"""
_PARTS = frozenset(_PARTS_WORDS.split())  # parts of the names of bodies, regions, holy days and terms


def is_unexplained(text: str, word: Word) -> bool:
    """Return whether the capital of a word within a sentence has no other explanation than that the word is a name."""
    if not word.capital or word.opens or len(word.text) < 4 or CONTRACTED.search(word.lower):
        return False
    if not all(_INNER_CAPITAL.fullmatch(part) for part in re.split(r"[-'’]", word.text) if part):
        return False
    around = text[max(0, word.start - 1) : word.start] + text[word.end : word.end + 1]
    if any(sign.isdigit() or sign in ":=/_@" for sign in around):
        return False
    if MEDICAL.match(text, word.end) or STANDARD.match(text, word.end) or STATE.fullmatch(word.text):
        return False
    return not is_explained(word.lower)


def is_explained(word: str) -> bool:
    """Return whether a word in lower case, or the word from which it is formed, is an ordinary or a clinical word.

    A word with a hyphen is explained if one of its parts is, as in `Diet-controlled` and `Budd-Chiari`.
    """
    if "-" in word:
        return any(is_explained(part) for part in word.split("-") if len(part) > 1)
    if (
        _ADJECTIVE.fullmatch(word)
        or word in countries()
        or word in eponyms()
        or word in DAYS
        or word in _PARTS
        or word in proper_words()
        or JOB.fullmatch(word)
    ):
        return True
    if word in drugs() and word in given_names():
        return word in common_words()  # `Theo` is more often a person than a drug
    return is_ordinary(word) or any(is_ordinary(stem) or stem in common_words() for stem in stems(word))
