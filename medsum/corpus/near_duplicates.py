"""Group near-duplicate records. All records of a group go into one split. So no test record has a copy in train.

MinHash-LSH (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3) finds candidate pairs in a time that is
linear in the number of records. The exact Jaccard similarity of each pair then decides whether the records are
near-duplicates.
"""

import re
from collections import defaultdict

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from medsum.dialogue.record import Record
from medsum.dialogue.turns import spoken_text

SHINGLE_WORDS = 3
PERMUTATIONS = 128
# LSH finds only about half of the pairs whose similarity equals its threshold. So the threshold of LSH is lower than
# the wanted similarity by this margin.
LSH_MARGIN = 0.25


def assign_groups(records: list[Record], similarity: float, equal_note_min_words: int) -> None:
    """Set `group` of every record to the id of the first record in its group.

    Two records are near-duplicates if the 3-word shingles (sequences of three words) of their dialogues have a Jaccard
    similarity of at least `similarity`. They are also near-duplicates if their notes are equal and have at least
    `equal_note_min_words` words. If records A and B are near-duplicates, and records B and C are near-duplicates, all
    three are in one group.
    """
    pairs = similar_dialogues(records, similarity) + _equal_notes(records, equal_note_min_words)
    one, other = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    graph = coo_array((np.ones(len(pairs)), (one, other)), shape=(len(records), len(records)))
    _, labels = connected_components(graph, directed=False)
    first_of: dict[int, str] = {}
    for record, label in zip(records, labels.tolist(), strict=True):
        record.group = first_of.setdefault(label, record.id)


def similar_dialogues(records: list[Record], similarity: float) -> list[tuple[int, int]]:
    """Return the pairs of records, as positions in `records`, whose dialogues have at least this similarity."""
    shingles = [_shingles(spoken_text(record.dialogue)) for record in records]
    index = MinHashLSH(threshold=max(0.1, similarity - LSH_MARGIN), num_perm=PERMUTATIONS)
    pairs = []
    for position, own in enumerate(shingles):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch([shingle.encode() for shingle in own])
        for other in index.query(sketch):
            if _jaccard(own, shingles[other]) >= similarity:
                pairs.append((other, position))
        index.insert(position, sketch)
    return sorted(pairs)


def _equal_notes(records: list[Record], min_words: int) -> list[tuple[int, int]]:
    first_with: dict[str, int] = {}
    pairs = []
    for position, record in enumerate(records):
        words = _words(record.summary)
        if len(words) >= min_words:
            first = first_with.setdefault(" ".join(words), position)
            if first != position:
                pairs.append((first, position))
    return pairs


def members_by_group(records: list[Record]) -> dict[str, list[Record]]:
    """Return the records of each group, in order of first appearance."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.group or record.id].append(record)
    return dict(groups)


def _shingles(text: str) -> set[str]:
    words = _words(text)
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    return {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(count)}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _jaccard(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second)
