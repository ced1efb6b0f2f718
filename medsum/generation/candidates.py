"""Choose among the summaries (beams) that a beam search returns for one dialogue."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

# A function that takes a dialogue and summaries. The function returns a number for each summary, called its worth: how
# well the dialogue supports the summary.
Faithfulness = Callable[[str, Sequence[str]], list[float]]


class Candidate(NamedTuple):
    """The token ids of a finished beam, and the score of the beam in the search.

    The score is the log probability, divided by the number of tokens to the power of the length penalty. So the score
    is at most 0.
    """

    ids: list[int]
    score: float


def best_of(beams: Sequence[tuple[str, float]], dialogue: str, faithfulness: Faithfulness) -> str:
    """Return the text with the highest value of score / exp(worth). Of equal texts, choose the earlier beam.

    Scores are not positive, so a higher worth raises the quotient. If all texts have the same worth, the text with the
    highest score wins. The scale of the scores does not matter.
    """
    scores = dict(reversed(beams))  # if two beams have the same text, the score of the first beam counts
    texts = list(dict.fromkeys(text for text, _ in beams))
    worth = faithfulness(dialogue, texts) if len(texts) > 1 else [0.0]
    return max(zip(texts, worth, strict=True), key=lambda one: scores[one[0]] * math.exp(-one[1]))[0]
