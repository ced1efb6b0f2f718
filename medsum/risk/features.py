"""Compute the features of a note. The risk of the note is computed from these features (note_risk.py)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from medsum.dialogue.turns import spoken_text
from medsum.faithfulness.evidence import Evidence
from medsum.faithfulness.spoken_numbers import numbers, said_numbers
from medsum.metrics.words import count_words


class Said(NamedTuple):
    """The numbers that a dialogue contains, and the number of its words."""

    numbers: set[str]
    words: int


def said_in(dialogue: str) -> Said:
    """Read a dialogue for `features`. For a long dialogue, this can take seconds."""
    return Said(said_numbers(dialogue), count_words(spoken_text(dialogue)))


def features(severities: Sequence[str], standings: Sequence[str], said: Said, note: str) -> dict[str, float]:
    """Return the features; the key is the name of a feature.

    `severities` are the severities of the note's flags. `standings` are the standings of its sentences (see
    medsum/faithfulness/standing.py). A count is given as a logarithm, because the first flag says more than the fifth.
    """
    return {
        "major_flags": math.log1p(severities.count("major")),
        "minor_flags": math.log1p(severities.count("minor")),
        "contradicted": _share(standings, "contradicted"),
        "not_found": _share(standings, "not found"),
        "numbers_not_said": math.log1p(sum(number not in said.numbers for number in numbers(note))),
        "note_words": math.log1p(count_words(note)),
        "dialogue_words": math.log1p(said.words),
    }


def of_evidence(found: Evidence, dialogue: str, note: str) -> dict[str, float]:
    """Return the features of a note that `evidence` has compared with its dialogue."""
    severities, standings = [flag.severity for flag in found.flags], [one.standing for one in found.sentences]
    return features(severities, standings, said_in(dialogue), note)


def _share(standings: Sequence[str], one: str) -> float:
    return standings.count(one) / len(standings) if standings else 0.0
