"""Check whether a dialogue is in English. The check uses the share of common English words in the dialogue.

The names of the speakers before their turns are not counted.
"""

import re
from dataclasses import dataclass

from medsum.core.errors import UserError
from medsum.dialogue.reader import Dialogue

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# About half of the words in spoken English are in this list. The list lacks most words that are also common in the
# languages of _OTHERS_WORDS.
_ENGLISH_WORDS = """
about after again ago all also and any anything are at back bad been before better but can can't could day days did
didn't do does doctor doesn't don't down eight every everything feel feeling fine first five for four from get give
go going good got great had has have haven't he's hello here hi how hurt hurts i i'll i'm i've if into is it it's
just keep know last least left let let's like little long look lot made make may maybe might month months more
morning most much my need never night nine not nothing now of off often oh ok okay old on once one only or other our
out pain past right said see seven she she's should since six sleep some something sometimes still stop sure take
taking tell ten than thank thanks that that's the their them then there these they thing think this those three
through time times to today too took tried twice two until up us use usually very wasn't we we'll week weeks well
went were what what's when where which while who why will with without work worse would yeah year years yep yes
yesterday you you're you've your
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_OTHERS_WORDS = """
el los las una unos pero muy más esto esta este cómo qué cuándo dónde tiene tengo duele desde hace días noche mañana
por para con del que su mi sus le lo y o está estoy sí también cuando ha han fue ser hay nada algo poco mucho não
está você uma com dos das ao à foi tem tenho dor dias noite manhã muito também quando aqui meu minha há sim obrigado
obrigada bem mais ou se por seu sua os da na nos nas em um de e é le les des une est et vous je ne pas depuis avec
pour dans mal j'ai c'est oui non sur au aux du que qui mon ma votre avez êtes très bien jours jour matin soir der
die das und ich nicht ist sie ein eine mit seit haben habe es auf den dem zu wie für bei noch auch tage ja nein
schmerzen sehr il lo gli una che non è di da per con sono ho ha mi si come dolore giorni molto anche het een en van
ik niet dat met voor zijn heeft heb nee jullie pijn dagen
"""
_ALSO_ENGLISH = frozenset(("die", "e", "ha", "hay", "me", "met", "mi", "o", "per", "son", "y"))  # as in `prior MI`
_OTHERS = frozenset(_OTHERS_WORDS.split()) - _ENGLISH - _ALSO_ENGLISH
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
    words = [word.lower() for turn in dialogue.turns for word in _WORD.findall(turn.said)]
    count = max(1, len(words))
    return Language(
        words=len(words),
        latin=sum(word[0] < "\u0250" for word in words) / count,
        english=sum(word in _ENGLISH for word in words) / count,
        others=sum(word in _OTHERS for word in words) / count,
        accented=sum(not word.isascii() for word in words) / count,
        marked=any(_FOREIGN_TAGS.match(turn.tag) or {"\u00bf", "\u00a1"} & set(turn.said) for turn in dialogue.turns),
        interpreted=has_interpreter(dialogue) and any(word in _ENGLISH for word in words),
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
