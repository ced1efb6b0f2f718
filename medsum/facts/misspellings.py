"""Find misspelt drug names, in which one letter is missing, added, wrong or in the wrong place.

A word counts as a misspelling only if it is long, starts with the same letter as the name, and matches only one drug.
"""

from collections.abc import Iterable

from medsum.facts.lexicon import Term, Word

_SHORTEST = 7  # in letters; shorter names are similar to too many English words
_LONG = 8  # in letters; in names of at least this length, a letter may also be in the wrong place
# English words that are one letter away from a drug name.
_NO_DRUGS = """
ability accolade activate allegro androgen androgens aspiring calamint castrate celestine clarinet
clarity concert concerto concerts cortisone coumarin creator cultivate enclose incrust inulin
lanolin laminal liminal morphing nicolette oxytocic pancreas photopic precise program programs
proverb quinone recast romaine singular sublimate thyronine vesicate epipen steroids
"""
_WORDS = frozenset(_NO_DRUGS.split())


class Misspellings:
    """Finds misspelt drug names of one word. `names` has pairs of a correctly spelt name and the drug that it means."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._name_of = {word: name for word, name in names if word.isalpha() and len(word) >= _SHORTEST}
        self._words_by_deletion: dict[str, set[str]] = {}
        for word in self._name_of:
            for shorter in {word, *_deletions(word)}:
                self._words_by_deletion.setdefault(shorter, set()).add(word)

    def find(self, words: Iterable[Word]) -> list[Term]:
        """Return the misspelt drugs among the words of a text."""
        found = ((self._nearest(word.text), word) for word in words if len(word.text) >= _SHORTEST - 1)
        return [Term(name, word.start, word.end) for name, word in found if name]

    def _nearest(self, word: str) -> str:
        """Return the only drug whose name differs by one edit. If there is no such drug or more than one, return ""."""
        if word in self._name_of or word in _WORDS or not word.isalpha():
            return ""
        near = {
            self._name_of[candidate]
            for shorter in {word, *_deletions(word)}
            for candidate in self._words_by_deletion.get(shorter, ())
            if candidate[0] == word[0] and f"{candidate}s" != word and _is_one_edit(word, candidate)
        }
        return near.pop() if len(near) == 1 else ""


def _deletions(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_one_edit(one: str, other: str) -> bool:
    """Return whether adding, removing, replacing or moving one letter changes one word into the other."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return len(long) - len(short) == 1 and short in _deletions(long)
    if len(one) > _LONG and sorted(one) == sorted(other) and not _deletions(one).isdisjoint(_deletions(other)):
        return True  # one letter is in the wrong place
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1
