"""Align the words of one text with the words of another text."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from medsum.faithfulness.passage import Passage

Array = NDArray[np.float64]
Similarity = Callable[[Passage, Passage], Array]  # a row per word of the first text, a column per word of the second

_STEM = 5  # words with the same first five letters count as forms of one word


def lexical_similarity(first: Passage, second: Passage) -> Array:
    """Return 1 for two words that are equal or forms of one word (`drinks`, `drinking`), and 0 for other words."""
    rows, columns = (np.array([_stem(word.text) for word in text.words], dtype=object) for text in (first, second))
    same: Array = np.equal.outer(rows, columns).astype(np.float64)
    return same


def _stem(word: str) -> str:
    return word if len(word) <= _STEM else word[:_STEM]


def matched_one_to_one(similarity: Array, first: Passage, second: Passage) -> tuple[Array, Array]:
    """Return the similarity of each word of both texts to its partner, or 0 if a word has no partner.

    Content words are paired so that the sum of their similarities is as large as possible. Each word has at most one
    partner. So one word cannot match two words, and a short summary cannot match all words of a long note.
    """
    of_first, of_second = np.zeros(len(first.words)), np.zeros(len(second.words))
    rows, columns = np.flatnonzero(first.is_content), np.flatnonzero(second.is_content)
    if not len(rows) or not len(columns):
        return of_first, of_second
    values = np.clip(similarity[np.ix_(rows, columns)], 0.0, 1.0)
    for row, column in zip(*linear_sum_assignment(-values), strict=True):
        of_first[rows[row]] = of_second[columns[column]] = values[row, column]
    return of_first, of_second


def best_match(similarity: Array) -> Array:
    """Return the largest similarity in each column, or 0 if there are no rows."""
    best: Array = np.clip(similarity.max(axis=0, initial=0.0), 0.0, 1.0)
    return best
