"""Group dialogues into buckets by their length. Tables show scores and errors for each bucket."""

from bisect import bisect_left

ENDS = (50, 100, 200, 400)  # the largest number of spoken words in each bucket; the last bucket has no limit
BUCKETS = (*(f"{low}-{high}" for low, high in zip((1, 51, 101, 201), ENDS, strict=True)), f"over {ENDS[-1]}")


def bucket(words: int) -> str:
    """Return the name of the bucket for a number of spoken words."""
    return BUCKETS[bisect_left(ENDS, words)]
