"""Check whether a dialogue is in English. The check uses the share of common English words in the dialogue.

The names of the speakers before their turns are not counted.
"""

import re
from dataclasses import dataclass

from medsum.core.errors import UserError
from medsum.dialogue.reader import Dialogue
from medsum.dialogue.word_languages import ENGLISH, OTHERS, is_latin, words_of

_FOREIGN_TAGS = re.compile(
    r"(?:paciente|m\u00e9dic[oa]|medic[oa]|doctora|doutora?|enfermer[oa]|madre|padre|m\u00e3e|pai)\b", re.I
)
_ENOUGH_WORDS = 15  # with fewer words, a low share of English words proves nothing
_LEAST_ENGLISH = 0.15
_INTERPRETERS = ("interpreter", "translator")


@dataclass(frozen=True)
class Language:
    """Measures of a dialogue's language.

    `words` is the number of words. `latin` is the share of words in Latin script. `english` is the share of common
    English words. `others` is the share of words that are common in some other languages. `accented` is the share of
    words with a letter that is not in the English alphabet. `marked` is true if a turn has `¿` or `¡`, or if the name
    of a speaker is a Spanish or Portuguese word. `interpreted` is true if an interpreter speaks and at least one word
    is a common English word.
    """

    words: int
    latin: float
    english: float
    others: float
    accented: float
    marked: bool
    interpreted: bool

    @property
    def is_english(self) -> bool:
        """Return whether the dialogue counts as English. With an interpreter, one common English word is enough."""
        if self.words == 0 or self.interpreted:
            return self.words > 0
        if self.latin < 0.5:
            return False
        others = self.others * self.words
        if others >= 2 and self.others > self.english:
            return False
        if self.english == 0 and (others or self.marked or round(self.accented * self.words) >= 2):
            return False  # the number of words does not matter here
        return self.words < _ENOUGH_WORDS or self.english >= _LEAST_ENGLISH


def language(dialogue: Dialogue) -> Language:
    """Return the measures of the language in a dialogue's turns."""
    words = words_of(turn.said for turn in dialogue.turns)
    count = max(1, len(words))
    return Language(
        words=len(words),
        latin=sum(is_latin(word) for word in words) / count,
        english=sum(word in ENGLISH for word in words) / count,
        others=sum(word in OTHERS for word in words) / count,
        accented=sum(not word.isascii() for word in words) / count,
        marked=any(_FOREIGN_TAGS.match(turn.tag) or {"\u00bf", "\u00a1"} & set(turn.said) for turn in dialogue.turns),
        interpreted=has_interpreter(dialogue) and any(word in ENGLISH for word in words),
    )


def has_interpreter(dialogue: Dialogue) -> bool:
    """Return whether one of the speakers is an interpreter."""
    return any(speaker.lower().startswith(_INTERPRETERS) for speaker in dialogue.speakers)


def check_english(dialogue: Dialogue) -> None:
    """Raise UserError if a dialogue is not English. The message has the share of common English words."""
    seen = language(dialogue)
    if not seen.is_english:
        raise UserError(
            f"the dialogue does not look like English ({seen.english:.0%} of its {seen.words} words are common English"
            " words), but the model has learnt only English; to accept it, set data.language in params.yaml to 'any'"
        )
