"""The sample corpus is what its card says."""

import re
from statistics import median

from medsum.corpus.near_duplicates import similar_dialogues
from medsum.dialogue.record import Record
from medsum.dialogue.section_headers import SECTION_HEADERS
from tests.conftest import ROOT, sample_rows

ROWS = sample_rows()
WORDS = [len(row["dialogue"].split()) for row in ROWS]
CARD = (ROOT / "data/raw/sample.md").read_text(encoding="utf-8")


def test_there_are_three_hundred_dialogues_of_many_sections_and_specialties() -> None:
    assert len({row["dialogue"] for row in ROWS}) == len({row["ID"] for row in ROWS}) == 300
    headers = {row["section_header"] for row in ROWS}
    assert headers <= set(SECTION_HEADERS)
    assert len(headers) >= 15
    assert len({row["specialty"] for row in ROWS}) >= 25


def test_lengths_spread_as_those_of_real_dialogues() -> None:
    assert 60 <= median(WORDS) <= 70
    assert sum(words > 250 for words in WORDS) >= 30
    assert 3 <= sum(words > 700 for words in WORDS) <= 10
    assert f"| {min(WORDS)} | {median(WORDS):g} |" in CARD


def test_turns_name_one_of_four_speakers_and_relatives_and_colleagues_speak_too() -> None:
    speakers = [set(re.findall(r"^(\w+):", row["dialogue"], re.MULTILINE)) for row in ROWS]
    assert set.union(*speakers) == {"Doctor", "Patient", "Guest_family", "Guest_clinician"}
    for speaker in ("Guest_family", "Guest_clinician"):
        assert sum(speaker in found for found in speakers) >= 20
    assert all(re.match(r"\w+: \S", turn) for row in ROWS for turn in row["dialogue"].split("\n"))


def test_numbers_are_spoken_in_dialogues_and_written_in_notes() -> None:
    assert not any(re.search(r"\d", row["dialogue"]) for row in ROWS)
    assert sum(bool(re.search(r"\d", row["section_text"])) for row in ROWS) > 150


def test_nobody_can_be_reached() -> None:
    text = "\n".join(row["dialogue"] + row["section_text"] for row in ROWS)
    assert not re.search(r"@|www|https?:|\d{3}[-. ]\d{4}", text)


def test_no_two_dialogues_are_near_duplicates() -> None:
    records = [Record(row["ID"], row["dialogue"], row["section_text"], None, "sample") for row in ROWS]
    assert similar_dialogues(records, 0.5) == []
