"""Find parts of the body that a note puts on the wrong level: `RUQ` for pain that is on the right and low down."""

import re
from collections.abc import Iterator
from functools import cache, partial

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.fact import Fact
from medsum.facts.lexicon import words
from medsum.faithfulness.verdict import Verdict

_OTHER = {"upper": "lower", "lower": "upper"}
_LEVELS = {
    "upper": r"upper|superior|supero\w*|top|high up|above|under (?:my|your|his|her|the) ribs?|up here",
    "lower": r"lower|inferior|infero\w*|bottom|low|down (?:here|there|low)|below|groin",
}
_LEVEL = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _LEVELS.items()}
_QUADRANT = re.compile(
    r"\b(?P<side>[RL])(?P<level>[UL])Q\b|\b(?P<whole>left|right)[ -](?P<name>upper|lower)[ -]quadrant"
)
_PART = re.compile(
    r"\b(?P<level>superior|inferior|upper|lower)[ \t]+(?:\w+[ \t]+)?(?P<part>quadrant|corneal?|eye ?lids?|lids?|lip|"
    r"poles?|jaw|teeth|tooth|molars?|gums?|back|legs?|arms?|abdom\w+|breast)\b",
    re.IGNORECASE,
)
_BELLY = re.compile(r"\b(?:side|stomach|belly|tummy|abdom\w+|quadrant)\b", re.IGNORECASE)


def level_verdicts(note: str, dialogue: str) -> list[Verdict]:
    """Return a verdict for each level of the note if the dialogue names only the other level of this part."""
    found = []
    turn_of = cache(partial(_turn_of, dialogue))  # a long note may name a part many times
    for start, end, level, part in _of_note(note):
        own, other = (turn_of(name, part) for name in (level, _OTHER[level]))
        if own is None and other is not None:
            fact = Fact("laterality", level, "", start, end)
            found.append(Verdict(fact, "contradicted", Fact("laterality", _OTHER[level], "", 0, 0, other), "side"))
    return found


def _of_note(note: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the start and end of each level in a note, the level, and the stem of its part of the body."""
    for match in _QUADRANT.finditer(note):
        upper = (match["level"] or match["name"]).lower().startswith("u")
        side = match["whole"] or ("right" if match["side"] == "R" else "left")
        yield *match.span(), "upper" if upper else "lower", side
    for match in _PART.finditer(note):
        if match["part"].lower() != "quadrant":
            level = "upper" if match["level"].lower() in ("upper", "superior") else "lower"
            yield *match.span(), level, match["part"].lower()[:4]


def _turn_of(dialogue: str, level: str, part: str) -> int | None:
    """Return the first turn that has a sentence with the level and the part of the body. Return None if there is none.

    For a quadrant, the part is the side of the belly.
    """
    for turn, line in enumerate(dialogue.split("\n")):
        said = line[len(turn_speaker(line)) :]
        if part in ("left", "right") and not _BELLY.search(said):
            continue
        for start, end in sentences(said):
            named = any(word.text.startswith(part) for word in words(said[start:end]))
            if named and _LEVEL[level].search(said, start, end):
                return turn
    return None
