"""Compute the features of a note. The risk of the note is computed from these features (note_risk.py)."""

import math
from collections.abc import Sequence

from medsum.dialogue.turns import spoken_text
from medsum.faithfulness.evidence import Evidence
from medsum.faithfulness.spoken_numbers import supported
from medsum.metrics.words import count_words


def features(severities: Sequence[str], standings: Sequence[str], dialogue: str, note: str) -> dict[str, float]:
    """Return the features; the key is the name of a feature.

    `severities` are the severities of the note's flags. `standings` are the standings of its sentences (see
    medsum/faithfulness/standing.py). A count is given as a logarithm, because the first flag says more than the fifth.
    """
    said, numbers = supported(note, dialogue)
    return {
        "major_flags": math.log1p(severities.count("major")),
        "minor_flags": math.log1p(severities.count("minor")),
        "contradicted": _share(standings, "contradicted"),
        "not_found": _share(standings, "not found"),
        "numbers_not_said": math.log1p(numbers - said),
        "note_words": math.log1p(count_words(note)),
        "dialogue_words": math.log1p(count_words(spoken_text(dialogue))),
    }


def of_evidence(found: Evidence, dialogue: str, note: str) -> dict[str, float]:
    """Return the features of a note that `evidence` has compared with its dialogue."""
    return features(
        [flag.severity for flag in found.flags], [sentence.standing for sentence in found.sentences], dialogue, note
    )


def _share(standings: Sequence[str], one: str) -> float:
    return standings.count(one) / len(standings) if standings else 0.0
