"""Part of the training records, to learn what more of them bring."""

import random
from collections import Counter

from medsum.dialogue.record import Record


def draw_subset(records: list[Record], size: int | None, seed: int) -> list[Record]:
    """`size` records in the order of `records`, every section within about one record of its share.

    A smaller subset of the same seed is part of a larger one. All records where `size` is None or more than there are.
    """
    if size is None:
        return records
    order = sorted(records, key=lambda record: record.id)  # so that the draw does not depend on the order of the file
    random.Random(seed).shuffle(order)  # noqa: S311 - a draw to be repeated, not a secret
    members = Counter(record.section for record in order)
    seen: Counter[str | None] = Counter()
    reached: dict[str, float] = {}  # how much of its section is drawn when a record is, in the middle of its turn
    for record in order:
        reached[record.id] = (seen[record.section] + 0.5) / members[record.section]
        seen[record.section] += 1
    chosen = {record.id for record in sorted(order, key=lambda record: reached[record.id])[:size]}
    return [record for record in records if record.id in chosen]
