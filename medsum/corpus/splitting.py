"""Keep the official splits, which the source defines, or draw train, validation and test at random.

A random split has either all records of a group or none (see near_duplicates.py).
"""

import random
from collections import Counter
from dataclasses import dataclass

from medsum.corpus.near_duplicates import members_by_group
from medsum.dialogue.record import Record

SPLITS = ("train", "validation", "test")
Splits = dict[str, list[Record]]


@dataclass
class Leak:
    """A group of near-duplicates whose records are in more than one official split: the ids of these records."""

    train: list[str]
    validation: list[str]
    test: list[str]


def draw_splits(records: list[Record], shares: dict[str, float], seed: int) -> Splits:
    """Assign whole groups to the splits train, validation and test, in the same shares for each section.

    Take the groups in random order, one section after another. Assign each group to the split that is furthest below
    its share of all records assigned so far. In each section and in total, each split then has its share of the
    records, up to about one group. The records of a split keep their order.
    """
    groups = members_by_group(records)
    order = sorted(groups)  # sorted, so that the splits do not depend on the order of the files
    random.Random(seed).shuffle(order)  # noqa: S311 - the splits must be reproducible, not secret
    order.sort(key=lambda group: groups[group][0].section or "")
    seen = 0
    in_split: Counter[str] = Counter()
    chosen: dict[str, str] = {}
    for group in order:
        seen += len(groups[group])
        missing = {split: shares[split] * seen - in_split[split] for split in SPLITS}
        chosen[group] = max(missing, key=missing.__getitem__)
        in_split[chosen[group]] += len(groups[group])
    return {split: [r for r in records if chosen[r.group or r.id] == split] for split in SPLITS}


def official_splits(records: list[Record], drop_leaked_from_train: bool) -> tuple[Splits, list[Leak]]:
    """Return the official splits and the leaks between them.

    If `drop_leaked_from_train` is true, drop each train record whose group also has records in validation or test.
    """
    leaks = []
    leaked_ids = set()
    for members in members_by_group(records).values():
        by_split = {split: [r.id for r in members if r.split == split] for split in SPLITS}
        if sum(bool(ids) for ids in by_split.values()) > 1:
            leaks.append(Leak(**by_split))
            leaked_ids.update(by_split["train"])
    splits = {split: [r for r in records if r.split == split] for split in SPLITS}
    if drop_leaked_from_train:
        splits["train"] = [record for record in splits["train"] if record.id not in leaked_ids]
    return splits, leaks
