"""Lists of words that are common in English and in some other languages, which show the language of a text."""

import re
from collections.abc import Iterable

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
ENGLISH = frozenset(_ENGLISH_WORDS.split())
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
OTHERS = frozenset(_OTHERS_WORDS.split()) - ENGLISH - _ALSO_ENGLISH


def words_of(texts: Iterable[str]) -> list[str]:
    """Return the words of the texts in lower case."""
    return [word.lower() for text in texts for word in _WORD.findall(text)]


def is_latin(word: str) -> bool:
    """Return whether a word is in Latin script."""
    return word[0] < "\u0250"


def is_foreign(texts: Iterable[str]) -> bool:
    """Return whether most words are in another script, or more words are common in other languages than in English."""
    words = words_of(texts)
    foreign, english = (sum(word in known for word in words) for known in (OTHERS, ENGLISH))
    return foreign > english or sum(map(is_latin, words)) * 2 < len(words)
