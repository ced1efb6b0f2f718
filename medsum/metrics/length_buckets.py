"""Buckets of dialogue lengths, by which scores and errors are broken down."""

from bisect import bisect_left

ENDS = (50, 100, 200, 400)  # spoken words of a dialogue: upper ends of the buckets, the last is open
BUCKETS = (*(f"{low}-{high}" for low, high in zip((1, 51, 101, 201), ENDS, strict=True)), f"over {ENDS[-1]}")


def bucket(words: int) -> str:
    """The name of the bucket of a dialogue of so many spoken words."""
    return BUCKETS[bisect_left(ENDS, words)]
