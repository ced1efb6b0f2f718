"""Groups of near-duplicate records, so that no split tests what it trained on.

Candidates come from MinHash-LSH (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3) in time
linear in the number of records; each is then checked by its exact Jaccard similarity.
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
LSH_MARGIN = 0.25  # LSH misses about half of the pairs right at its threshold, so it looks lower


def assign_groups(records: list[Record], similarity: float, equal_note_min_words: int) -> None:
    """Set `group` of every record to the id of the first record it is a near-duplicate of, or its own.

    Two records share a group when their dialogues' 3-word shingles have a Jaccard similarity of at least
    `similarity`, when their notes are equal and have at least `equal_note_min_words` words, or through a
    chain of such pairs.
    """
    pairs = similar_dialogues(records, similarity) + _equal_notes(records, equal_note_min_words)
    one, other = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    graph = coo_array((np.ones(len(pairs)), (one, other)), shape=(len(records), len(records)))
    _, labels = connected_components(graph, directed=False)
    first_of: dict[int, str] = {}
    for record, label in zip(records, labels.tolist(), strict=True):
        record.group = first_of.setdefault(label, record.id)


def similar_dialogues(records: list[Record], similarity: float) -> list[tuple[int, int]]:
    """Pairs of positions whose dialogues' shingles have at least this Jaccard similarity."""
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
    """Records by group, in order of first appearance."""
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
