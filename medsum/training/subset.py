"""Draw some of the training records at random, to measure how their number affects the model."""

import random
from collections import Counter

from medsum.dialogue.record import Record


def draw_subset(records: list[Record], size: int | None, seed: int) -> list[Record]:
    """Return `size` records in the order of `records`. The sections keep their shares, up to about one record.

    For the same seed, a larger subset contains every smaller one. If `size` is None or too large, return all records.
    """
    if size is None:
        return records
    order = sorted(records, key=lambda record: record.id)  # the order of the file must not matter
    random.Random(seed).shuffle(order)  # noqa: S311 - the draw must be reproducible, not secret
    members = Counter(record.section for record in order)
    seen: Counter[str | None] = Counter()
    reached: dict[str, float] = {}  # for each id, the share of its section before the middle of this record
    for record in order:
        reached[record.id] = (seen[record.section] + 0.5) / members[record.section]
        seen[record.section] += 1
    chosen = {record.id for record in sorted(order, key=lambda record: reached[record.id])[:size]}
    return [record for record in records if record.id in chosen]
