"""Choose among the summaries (beams) that a beam search returns for one dialogue."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

# Takes a dialogue and summaries. Returns the worth of each summary: how well the dialogue supports the summary.
Faithfulness = Callable[[str, Sequence[str]], list[float]]


class Candidate(NamedTuple):
    """Token ids of a finished beam, and its score in the search.

    The score is at most 0: the log probability divided by the number of tokens to the power of the length penalty.
    """

    ids: list[int]
    score: float


def best_of(beams: Sequence[tuple[str, float]], dialogue: str, faithfulness: Faithfulness) -> str:
    """Return the text with the highest score / exp(worth). Ties go to the earlier beam.

    Scores are not positive, so a higher worth raises the quotient. If all texts have the same worth, the text that is
    best in the search wins. The scale of the scores does not matter.
    """
    scores = dict(reversed(beams))  # if two beams have the same text, the score of the first one counts
    texts = list(dict.fromkeys(text for text, _ in beams))
    worth = faithfulness(dialogue, texts) if len(texts) > 1 else [0.0]
    return max(zip(texts, worth, strict=True), key=lambda one: scores[one[0]] * math.exp(-one[1]))[0]
