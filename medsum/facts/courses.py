"""Find the courses in a text. A course says that a finding or the value of a test is better, worse or unchanged."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from medsum.dialogue.sentences import sentences
from medsum.facts.blocks import pieces
from medsum.facts.fact import Fact

_WORDS = {
    "unchanged": r"(?:no|not any|neither) (?:better|worse|worsening|improvement|change)(?:,? (?:no|nor|"
    r"or) (?:better|worse))?|unchanged|"
    r"stable|(?:about |much )?the same|no different|no change in",
    "better": r"(?<!no )(?<!not )(?<!any )better|improv(?:ed|ing|es|ement)|resol(?:ved|ving|ution of)|"
    r"less(?= *(?:[.,;]|$))|easing|eased|settl(?:ed|ing)|"
    r"(?:good |some )?relief (?:of|from)|healing(?: well| nicely)?|well controlled|brighter|granulating|"
    r"subsid\w+|cleared up|clearing",
    "worse": r"(?<!no )(?<!not )(?<!any )wors(?:e|ening|ened|ens)|deteriorat\w+|progress(?:ed|ing|ion of)|"
    r"enlarg(?:ed|ing|ement of)|flar(?:ed|ing)|increasing|uncontrolled",
}
_PATTERN = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _WORDS.items()), re.IGNORECASE)
_UNSAID = re.compile(r"\b(?:if|should|unless|until|previously|before)\b[^.;]*$", re.IGNORECASE)
_CIRCUMSTANCE = re.compile(
    r"[ \t]+(?:with(?! (?:treatment|the new|time))|when|whenever|if|by|lying|sitting|standing|walking|than|"
    r"at (?:night|rest)|"
    r"on (?:exertion|standing|walking|movement)|in the (?:morning|mornings|evening|evenings|cold|heat)|after (?:meals|"
    r"eating|food|exercise|a meal))\b",
    re.IGNORECASE,
)  # `worse with movement` is a circumstance and not a course
_NEAR = 40  # the largest distance between a condition and the word of a course after it, in characters
_STATES = ("finding", "procedure")
_CLAUSE = re.compile(r"[;]|,[ \t]+(?=\w+[ \t])")


def courses(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the courses in a note or dialogue. The unit of a course is the finding or test that the course is about.

    The function searches for the finding or test of a word such as `worse` in this order: the last one before the word
    in its clause, the first one after the word in its sentence, the last one before the word in its sentence, and the
    last one in the previous turn.
    """
    found = []
    stated = [fact for fact in facts if fact.kind in _STATES]
    for start, end in pieces(text, sentences(text)):
        here = stated[_first(stated, start) : _first(stated, end)]
        asks = text[start:end].rstrip().endswith("?")
        for match in _PATTERN.finditer(text, start, end):
            if (
                asks
                or _CIRCUMSTANCE.match(text, match.end())
                or _UNSAID.search(text[max(start, match.start() - _NEAR) : match.start()])
            ):
                continue  # questions, conditions and statements about the past give no course
            breaks = [cut.end() for cut in _CLAUSE.finditer(text, start, match.start())]
            clause = max([start, *breaks])
            before = [fact for fact in here if clause <= fact.start < match.start()]
            after = [fact for fact in here if match.end() <= fact.start]
            earlier = [fact for fact in here if fact.start < clause]
            line = text.rfind("\n", 0, match.start())
            asked = stated[_first(stated, text.rfind("\n", 0, line) + 1) : _first(stated, line)] if line > 0 else []
            near = before[-1:] or after[:1] or earlier[-1:] or asked[-1:]
            if near:
                found.append(Fact("course", str(match.lastgroup), near[0].value, *match.span(), turn=near[0].turn))
    return found


def _first(facts: Sequence[Fact], place: int) -> int:
    """Return the index of the first fact that starts at a place or after it."""
    return bisect_left(facts, place, key=lambda fact: fact.start)
