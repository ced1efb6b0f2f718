"""Compute scores of the fine-tuned model for groups of test records.

The records are grouped by patient, section, length and specialty. The table has names of groups and numbers, and no
text of a record. A group is small if it has fewer records than error_analysis.small_group_records.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from medsum.dialogue.record import Record
from medsum.dialogue.shown import shown_section
from medsum.metrics.bootstrap import intervals
from medsum.metrics.length_buckets import BUCKETS, bucket
from medsum.metrics.proportions import wilson_interval
from medsum.publish.patients import AGE_GROUPS, SEXES, age_group, sex

CHECKED = ("factual_f1", "omission")  # only summaries that were checked for errors have these scores
UNCHECKED = ("rouge1", "bertscore")
NOT_RECORDED = "not recorded"
RARE = " specialties with few records each"
Row = dict[str, Any]


class Share(NamedTuple):
    """The share `part / whole` of a group's records, with its 95 % Wilson interval from `low` to `high`."""

    part: int
    whole: int
    low: float
    high: float


class Mean(NamedTuple):
    """The mean of a score in a group, with its 95 % bootstrap interval. A small group has no interval."""

    value: float
    ends: tuple[float, float] | None


class Group(NamedTuple):
    """One row of the table.

    `wrong` is the share of summaries that state something wrong. It is None if the summaries were not checked.
    """

    kind: str
    name: str
    records: int
    small: bool
    wrong: Share | None
    means: dict[str, Mean]


def is_wrong(row: Row) -> bool:
    """Return whether a summary states something wrong: it has a major error that is not an omission."""
    return any(error["severity"] == "major" and error["category"] != "omission" for error in row["errors"])


def share(part: int, whole: int) -> Share:
    """Return a share with its interval."""
    return Share(part, whole, *wilson_interval(part, whole))


def table(records: Sequence[Record], rows: Sequence[Row], specialties: Mapping[str, str], small: int) -> list[Group]:
    """Return the groups in order: all records, age groups, sexes, sections, lengths, specialties."""
    groups = [_group("all", "all test records", rows, small)]
    by_kind = {
        "age": (AGE_GROUPS, [age_group(record) for record in records]),
        "sex": (SEXES, [sex(record) for record in records]),
        "section": (None, [shown_section(record.section) for record in records]),
        "words of the dialogue": (BUCKETS, [bucket(row["dialogue_words"]) for row in rows]),
        "specialty": (None, _specialty_names(records, specialties, small)),
    }
    for kind, (order, names) in by_kind.items():
        members: dict[str, list[Row]] = defaultdict(list)
        for name, row in zip(names, rows, strict=True):
            members[name].append(row)
        for name in order or sorted(members, key=lambda name: (-len(members[name]), name)):
            if name in members:
                groups.append(_group(kind, name, members[name], small))
    return groups


def _specialty_names(records: Sequence[Record], specialties: Mapping[str, str], small: int) -> list[str]:
    """Return the specialty of each record. Specialties with few records share one name, to hide single patients."""
    if not specialties:
        return [NOT_RECORDED] * len(records)
    found = [specialties.get(record.id, NOT_RECORDED) for record in records]
    rare = {name for name in found if name != NOT_RECORDED and found.count(name) < small}
    return [f"{len(rare)}{RARE}" if name in rare else name for name in found]


def _group(kind: str, name: str, rows: Sequence[Row], small: int) -> Group:
    is_checked = "errors" in rows[0]
    names = CHECKED if is_checked else UNCHECKED
    found = intervals([[row[name] for name in names] for row in rows])
    is_small = len(rows) < small or name.endswith(RARE)
    means = {
        score: Mean(one.mean, None if is_small else (one.low, one.high))
        for score, one in zip(names, found, strict=True)
    }
    wrong = share(sum(map(is_wrong, rows)), len(rows)) if is_checked else None
    return Group(kind, name, len(rows), is_small, wrong, means)
