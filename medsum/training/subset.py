"""Draw some of the training records at random, to measure how the number of records affects the model."""

import random
from collections import Counter

from medsum.dialogue.record import Record


def draw_subset(records: list[Record], size: int | None, seed: int) -> list[Record]:
    """Return `size` records in the order of `records`.

    The share of each section is about the same in the subset as in all records. The difference is at most about one
    record. For the same seed, a larger subset contains every smaller subset. If `size` is None or too large, return all
    records.
    """
    if size is None:
        return records
    order = sorted(records, key=lambda record: record.id)  # the result must not depend on the order of the file
    random.Random(seed).shuffle(order)  # noqa: S311 - the draw must be reproducible, not secret
    members = Counter(record.section for record in order)
    seen: Counter[str | None] = Counter()
    reached: dict[str, float] = {}  # for each id, the position of the record in its section, from 0 to 1
    for record in order:
        reached[record.id] = (seen[record.section] + 0.5) / members[record.section]
        seen[record.section] += 1
    chosen = {record.id for record in sorted(order, key=lambda record: reached[record.id])[:size]}
    return [record for record in records if record.id in chosen]
