"""Several summaries of one dialogue from a beam search, and the choice among them."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

Faithfulness = Callable[[str, Sequence[str]], list[float]]  # of a dialogue's summaries, what each is worth


class Candidate(NamedTuple):
    """Token ids of a beam that has ended, and the search's score of it.

    The score, which is not above 0, is the log probability by the number of tokens to the power of the length penalty.
    """

    ids: list[int]
    score: float


def best_of(beams: Sequence[tuple[str, float]], dialogue: str, faithfulness: Faithfulness) -> str:
    """The text whose score is least below 0 when it is divided by e to the worth of the text; of equals the first.

    So the search's own order holds where all are worth the same, on whatever scale its scores are.
    """
    scores = dict(reversed(beams))  # of one text the first beam's
    texts = list(dict.fromkeys(text for text, _ in beams))
    worth = faithfulness(dialogue, texts) if len(texts) > 1 else [0.0]
    return max(zip(texts, worth, strict=True), key=lambda one: scores[one[0]] * math.exp(-one[1]))[0]
