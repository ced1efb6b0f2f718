"""Split the prepared records into train, validation and test.

The stage reads data/processed/records.jsonl. It writes data/splits/{train,validation,test}.jsonl, metrics/splits.json
and reports/splits.json. The report also counts the sections and lists the leaks. Official splits are splits that the
source defines. A leak is a group of near-duplicates whose records are in more than one official split.
"""

from collections import Counter
from dataclasses import asdict
from typing import Any

from medsum.core.atomic import write_json
from medsum.core.errors import UserError, run_script
from medsum.core.paths import RECORDS, SPLITS, SPLITS_METRICS, SPLITS_REPORT
from medsum.corpus.near_duplicates import assign_groups, members_by_group
from medsum.corpus.splitting import Leak, Splits, draw_splits, official_splits
from medsum.dialogue.record import Record, read_records, write_records
from medsum.dialogue.shown import shown_id, shown_section
from medsum.params import split
from medsum.params.split import SplitParams


def make_splits(records: list[Record], params: SplitParams) -> tuple[Splits, list[Leak]]:
    """Group near-duplicates. Then use the official splits of the source, or draw random splits if there are none.

    Raise UserError if only some records name a split, or if a split is empty.
    """
    assign_groups(records, params.near_duplicate_similarity, params.equal_note_min_words)
    without = [record.id for record in records if record.split is None]
    leaks: list[Leak] = []
    if not without:
        splits, leaks = official_splits(records, params.drop_leaked_from_train)
    elif len(without) == len(records):
        shares = {"train": params.train, "validation": params.validation, "test": params.test}
        splits = draw_splits(records, shares, params.seed)
    else:
        raise UserError(
            f"{len(without)} of {len(records)} records name no official split (the first is {shown_id(without[0])});"
            " give a split to every record or to none"
        )
    for name, members in splits.items():
        if not members:
            raise UserError(f"split '{name}' has no records ({len(records)} in all); {_remedy(records, not without)}")
    return splits, leaks


def _remedy(records: list[Record], official: bool) -> str:
    """Return advice about an empty split."""
    if official:
        return "add data or change the official splits"
    groups = len(members_by_group(records))
    if groups < len(records):
        return (
            f"near-duplicates stay in one split, and these records are copies of only {groups}"
            f" dialogue{'s' * (groups > 1)}: add other dialogues, or raise split.near_duplicate_similarity if they are"
            " not copies"
        )
    return "add data or change the shares in params.yaml"


def describe(records: list[Record], splits: Splits, leaks: list[Leak]) -> dict[str, Any]:
    """Return the counts of reports/splits.json, and the ids in each leak."""
    groups = members_by_group(records)
    return {
        "records": {name: len(members) for name, members in splits.items()},
        "official": records[0].split is not None,
        "groups_of_near_duplicates": sum(len(members) > 1 for members in groups.values()),
        "leaks_between_official_splits": len(leaks),
        "dropped_from_train": len(records) - sum(map(len, splits.values())),
        "leaks": [asdict(leak) for leak in leaks],
        "sections": {
            name: dict(sorted(Counter(shown_section(record.section) for record in members).items()))
            for name, members in splits.items()
        },
    }


def main() -> None:
    """Read the records, split them and write the splits."""
    records = read_records(RECORDS)
    splits, leaks = make_splits(records, split.load())
    for name, members in splits.items():
        write_records(SPLITS / f"{name}.jsonl", members)
    details = describe(records, splits, leaks)
    write_json(SPLITS_REPORT, details)
    write_json(SPLITS_METRICS, {"records": details["records"]})
    counts = ", ".join(f"{name} {len(members)}" for name, members in splits.items())
    print(f"{SPLITS}: {counts}; {len(leaks)} leaks, {details['dropped_from_train']} records dropped from train")


if __name__ == "__main__":
    run_script(main)
