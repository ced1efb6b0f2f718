"""Find words that the dialogue says only about one side of the body, and the note says about the other side.

For example, the dialogue says `we start injections into the left eye`, and the note says `injections in the right eye`.
The dialogue can name the right eye elsewhere. The words may be numbers: `on the left 0.61, and on the right 0.94`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from medsum.facts.fact import Fact
from medsum.facts.lexicon import words
from medsum.facts.normalise import NormalisedText

OTHER_SIDE = {"left": "right", "right": "left"}
_CLAUSE_END = re.compile(r"[.,;:?!()]+(?=\s|$)|\band (?=on the |in the |the |my )|\bbut\b|\n")
_STEM = 5  # words with the same first five letters count as forms of one word
_SHORTEST, _SHORTEST_NUMBER = 4, 2  # in characters; `2` is too short, because a dialogue has many such numbers
# These words do not say what is on a side.
_VAGUE_WORDS = """
about after again already also always back been before better both bother cause comes could does doing done down
during each either ever feel feels felt find first from gets give given gives going gone good have having here into
just keep kind know last later least left less like look looks made make makes many mean more most much need never
next noted only other over pain painful part patient quite really report reported right said same says second seems
show shows side sided sides since slight slightly some still sure take takes than that them then there these they
thing this those though through time today under upper lower very want well went were what when where which while will
with without work worse would your day days week weeks month months year years night morning
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())


def sided_words(text: str, facts: Sequence[Fact]) -> dict[str, dict[str, Fact | None]]:
    """Return for each content word of a dialogue the sides in its clauses, each with the first fact that names it.

    The side of a clause without a side is an empty string, with None in place of a fact.
    """
    sides = [fact for fact in facts if fact.kind == "laterality"]
    found: dict[str, dict[str, Fact | None]] = {}
    place = 0
    for start, end in _clauses(text):
        here: dict[str, Fact | None] = {}
        while place < len(sides) and sides[place].start < end:
            here.setdefault(sides[place].value, sides[place])
            place += 1
        for word in content(text[start:end]):
            for side, fact in (here or {"": None}).items():
                found.setdefault(word, {}).setdefault(side, fact)
    return found


def said_of_the_other_side(
    fact: Fact, note: str, facts: Sequence[Fact], said: dict[str, dict[str, Fact | None]]
) -> Fact | None:
    """Return the dialogue's fact with the other side, if the words beside a note's side are only said of that side.

    `said` is the result of `sided_words`. If there are numbers beside the side, only the numbers count. Return None if
    the clause of the note has two sides, or if the dialogue also says one of the words of the same side.
    """
    start, end = _clause_at(note, fact)
    first, last = (bisect_left(facts, place, key=lambda one: one.start) for place in (start, end))
    if sum(other.kind == "laterality" for other in facts[first:last]) != 1:
        return None
    beside = {word for word in content(note[start:end]) - content(fact.unit) if word in said}
    known = [said[word] for word in {word for word in beside if word[0].isdigit()} or beside]
    if any(fact.value in sides or "bilateral" in sides for sides in known):
        return None
    other_side = OTHER_SIDE[fact.value]
    others = [sides[other_side] for sides in known if sides.keys() == {other_side}]
    return min((other for other in others if other), key=lambda other: other.start, default=None)


def content(text: str) -> set[str]:
    """Return the stems of the words and numbers of a text that may say what is on a side."""
    found = set()
    for word in words(NormalisedText(text).text):
        least = _SHORTEST_NUMBER if word.text[0].isdigit() else _SHORTEST
        if len(word.text) >= least and word.text not in _VAGUE:
            found.add(stem(word.text))
    return found


def stem(word: str) -> str:
    """Return the first letters of a word, or a whole number."""
    return word if word[0].isdigit() else word[:_STEM]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _clause_at(text: str, fact: Fact) -> tuple[int, int]:
    """Return the start and end of the clause of a fact, within 200 characters on each side."""
    low = max(0, fact.start - 200)
    before = [mark.end() for mark in _CLAUSE_END.finditer(text, low, fact.start)]
    after = _CLAUSE_END.search(text, fact.end, fact.end + 200)
    return (before[-1] if before else low), (after.start() if after else min(len(text), fact.end + 200))
