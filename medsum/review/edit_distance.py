"""Compute the edit distance between a draft and the signed text, in words."""

from collections.abc import Sequence


def changed_share(draft: str, signed: str) -> float:
    """Return the edit distance divided by the number of words of the longer text: 0 for equal texts, at most 1.

    A word is the text between two spaces. So a change of upper case or punctuation changes the word.
    """
    before, after = draft.split(), signed.split()
    longest = max(len(before), len(after))
    return edits(before, after) / longest if longest else 0.0


def edits(before: Sequence[str], after: Sequence[str]) -> int:
    """Return the edit distance: the least number of words to insert, delete or replace (Levenshtein 1966)."""
    start, end = 0, 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    row = list(range(len(after) + 1))
    for number, word in enumerate(before, start=1):
        diagonal, row[0] = row[0], number
        for place, other in enumerate(after, start=1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (word != other))
    return row[-1]
