"""Recognise ordinary and clinical words by their ends, such as `sharper`, `Rheumatologist` and `appendicectomy`."""

import re

from medsum.privacy.lexicon import common_words, drugs, frequent_surnames, given_names
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word

_CLINICAL = re.compile(
    r"[\w-]{2,30}(?:ologists?|ology|ological|iatrists?|iatricians?|iatrics|therap(?:y|ies|ists?)|ographers?|ography"
    r"|ometrists?"
    r"|ometry|esthetists?|esthesiologists?|dontists?|dontics|itis|osis|oses|ectomy|ectomies|otomy|ostomy|oscop(?:y"
    r"|ies|ic)"
    r"|plasty|aemia|emia|uria|opathy|opathies|algia|rrhea|rrhoea|plegia|paresis|trophy|megaly|penia|cyte|cytes"
    r"|cillin|mycin"
    r"|azole|sartan|statin|olol|oxacin|gliptin|gliflozin|tidine|parin|xaban|setron|triptan|zepam|zolam|dipine"
    r"|profen|thiazide"
    r"|mumab|zumab|tinib|ciclib|lukast|floxacin|cycline|terol|sone|solone|onide|bacter|coccus|cocci|virus|(?:aden"
    r"|carcin|sarc|lymph|myel|melan|hemat|haemat|gli|fibr|lip|neur|angi|granul|ather)omas?|edema|oedema)"
)
_INFLECTED = re.compile(
    r"(\w{3,20}?)(?:i?er|i?est|ing|ed|ly|ness|ment|able|ible|less|ful|ous|ive|ism|ish|s|es|y|ier|iest|ily)"
)


def is_clinical(word: str) -> bool:
    """Return whether a word in lower case has the end of a job, disease, operation or drug."""
    return bool(_CLINICAL.fullmatch(word)) and word not in given_names() and word not in frequent_surnames()


def is_ordinary(word: str) -> bool:
    """Return whether a word in lower case is common, a word of dialogues and notes, a drug or clinical."""
    return word in common_words() or word in known_words() or word in drugs() or is_clinical(word)


def is_inflected(word: Word) -> bool:
    """Return whether a word in lower case is an ordinary word with an ending, such as `sharper` from `sharp`."""
    if word.capital or word.lower in given_names() or word.lower in frequent_surnames():
        return False
    return any(stem in known_words() or stem in common_words() for stem in stems(word.lower))


def stems(word: str) -> tuple[str, ...]:
    """Return the words from which a word may be formed with an ending, such as `sharp` and `sharpe` for `sharper`."""
    found = _INFLECTED.fullmatch(word)
    if not found:
        return ()
    stem = found[1]
    return stem, stem + "e", stem + "y", stem[:-1] if stem[-1:] == stem[-2:-1] else stem
