"""Claims on splits: shares, sections, groups, and what leaks between official splits."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from medsum.corpus.splitting import SPLITS, Leak, Splits, draw_splits, official_splits
from medsum.dialogue.record import Record

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}


def record(number: int, section: str = "GENHX", group: str | None = None, split: str | None = None) -> Record:
    return Record(str(number), "Doctor: Hello.", "None.", section, "mine", split, group or str(number))


def ids(splits: Splits) -> dict[str, list[str]]:
    return {split: [member.id for member in members] for split, members in splits.items()}


def as_sets(splits: Splits) -> dict[str, set[str]]:
    return {split: set(members) for split, members in ids(splits).items()}


@st.composite
def grouped_records(draw: st.DrawFn) -> list[Record]:
    groups = draw(st.lists(st.integers(0, 30), min_size=1, max_size=80))
    return [record(n, draw(st.sampled_from("ABC")), f"group{group}") for n, group in enumerate(groups)]


shares = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20)).map(
    lambda parts: dict(zip(SPLITS, (part / sum(parts) for part in parts), strict=True))
)


@given(records=grouped_records(), shares=shares, seed=st.integers(0, 9))
def test_no_group_is_on_two_sides_and_no_record_is_lost(
    records: list[Record], shares: dict[str, float], seed: int
) -> None:
    splits = draw_splits(records, shares, seed)
    side = {member.id: split for split, members in splits.items() for member in members}
    assert sum(map(len, splits.values())) == len(side) == len(records)
    assert len({(r.group, side[r.id]) for r in records}) == len({r.group for r in records})


@given(records=grouped_records(), shares=shares, seed=st.integers(0, 9))
def test_each_share_is_met_within_about_one_group(records: list[Record], shares: dict[str, float], seed: int) -> None:
    splits = draw_splits(records, shares, seed)
    largest = max(Counter(r.group for r in records).values())
    for split, share in shares.items():  # the three differences sum to 0, and none falls below -2/3 of a group
        assert abs(len(splits[split]) - share * len(records)) <= 4 / 3 * largest + 1e-9


@given(counts=st.lists(st.integers(1, 60), min_size=1, max_size=6), shares=shares, seed=st.integers(0, 9))
def test_each_section_is_met_within_two_records(counts: list[int], shares: dict[str, float], seed: int) -> None:
    sections = [f"section{index}" for index, count in enumerate(counts) for _ in range(count)]
    splits = draw_splits([record(n, section) for n, section in enumerate(sections)], shares, seed)
    for index, count in enumerate(counts):
        for split, share in shares.items():
            drawn = sum(member.section == f"section{index}" for member in splits[split])
            assert abs(drawn - share * count) <= 2 + 1e-9


def test_a_hundred_records_split_as_asked() -> None:
    splits = draw_splits([record(n) for n in range(100)], SHARES, seed=1)
    assert {split: len(members) for split, members in splits.items()} == {"train": 80, "validation": 10, "test": 10}


def test_the_seed_alone_decides_the_draw() -> None:
    records = [record(n) for n in range(60)]
    first = ids(draw_splits(records, SHARES, seed=1))
    assert ids(draw_splits(records, SHARES, seed=1)) == first
    assert ids(draw_splits(records, SHARES, seed=2)) != first


def test_the_order_of_the_files_does_not_change_the_draw() -> None:
    records = [record(n, "AB"[n % 2], f"group{n // 3 * 2 + n % 2}") for n in range(90)]
    shuffled = random.Random(0).sample(records, len(records))
    assert as_sets(draw_splits(shuffled, SHARES, seed=1)) == as_sets(draw_splits(records, SHARES, seed=1))


def test_records_keep_their_order_within_a_split() -> None:
    for members in ids(draw_splits([record(n) for n in range(50)], SHARES, seed=3)).values():
        assert members == sorted(members, key=int)


def leaking() -> list[Record]:
    return [
        record(0, split="train"),
        record(1, group="g", split="train"),
        record(2, group="h", split="validation"),
        record(3, group="h", split="test"),
        record(4, group="g", split="test"),
        record(5, group="k", split="train"),
        record(6, group="k", split="train"),
        record(7, split="validation"),
    ]


def test_leaked_train_records_are_dropped_and_listed() -> None:
    splits, leaks = official_splits(leaking(), drop_leaked_from_train=True)
    assert ids(splits) == {"train": ["0", "5", "6"], "validation": ["2", "7"], "test": ["3", "4"]}
    assert leaks == [Leak(train=["1"], validation=[], test=["4"]), Leak(train=[], validation=["2"], test=["3"])]


def test_leaked_train_records_are_kept_when_told_and_still_listed() -> None:
    splits, leaks = official_splits(leaking(), drop_leaked_from_train=False)
    assert ids(splits)["train"] == ["0", "1", "5", "6"]
    assert len(leaks) == 2
