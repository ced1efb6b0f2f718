"""Masks are typed, the same for the same identifier of a record, and final."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings

from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.dialogue.turns import turn_speaker
from medsum.privacy.masking import Masks
from medsum.privacy.records import metrics, report, screen
from medsum.privacy.screening import find
from tests.privacy.test_screening import TEXTS

SECRET = "Zebulon Okafor"


def record(
    record_id: str = "7", dialogue: str = "Doctor: Any pain?\nPatient: No.", summary: str = "No pain."
) -> Record:
    return Record(record_id, dialogue, summary, "ROS", "ours")


NAMED = record("12", f"Doctor: Hello, Mr. {SECRET}.\nPatient: Call me Zebulon, on 555-201-0199.", "Mr. Okafor is well.")
CLEAN = record("13")


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = Masks(text).mask(text)
    assert Masks(once).mask(once) == once
    assert find(once) == []


def test_the_same_person_has_one_mask_in_all_texts_of_a_record() -> None:
    [masked] = screen([NAMED], "mask").records
    assert masked.dialogue == "Doctor: Hello, Mr. [NAME_1].\nPatient: Call me [NAME_1], on [PHONE_1]."
    assert masked.summary == "Mr. [NAME_1] is well."


def test_another_person_has_another_mask() -> None:
    text = "I saw Dr. Okafor and then Dr. Lindqvist, and Dr. Okafor again."
    assert Masks(text).mask(text) == "I saw Dr. [NAME_1] and then Dr. [NAME_2], and Dr. [NAME_1] again."


def test_masks_number_on_from_those_that_are_there() -> None:
    text = "[NAME_3] came with Dr. Okafor."
    assert Masks(text).mask(text) == "[NAME_3] came with Dr. [NAME_4]."


def test_a_masked_speaker_is_still_a_speaker() -> None:
    text = "Maria Lopez: It hurts.\nDoctor: Where, Maria?"
    masked = Masks(text).mask(text)
    assert masked == "Speaker_1: It hurts.\nDoctor: Where, [NAME_1]?"
    assert [turn_speaker(turn) for turn in masked.split("\n")] == ["Speaker_1", "Doctor"]
    assert Masks(masked).mask(masked) == masked


def test_a_record_without_identifiers_passes_unchanged_through_each_action() -> None:
    for action in ("report", "mask", "drop", "fail"):
        screened = screen([CLEAN], action)
        assert screened.records == [CLEAN]
        assert screened.found == {}


def test_report_keeps_the_record_and_counts_it() -> None:
    screened = screen([NAMED, CLEAN], "report")
    assert screened.records == [NAMED, CLEAN]
    assert screened.found == {"12": {"NAME": 3, "PHONE": 1}}
    assert metrics(screened, "report") == {
        "action": "report",
        "records": 1,
        "left": 4,
        "found": {"name": 3, "phone": 1},
        "ids": ["12"],
    }


def test_drop_leaves_the_record_out() -> None:
    screened = screen([NAMED, CLEAN], "drop")
    assert screened.records == [CLEAN]
    assert metrics(screened, "drop")["left"] == 0


def test_fail_says_how_many_and_where_and_quotes_nothing() -> None:
    with pytest.raises(
        UserError, match=r"^1 record holds .*: 3 names, 1 telephone number \(first: id '12'\); set"
    ) as told:
        screen([CLEAN, NAMED], "fail")
    assert not re.search("Zebulon|Okafor|0199", str(told.value))


def test_an_id_that_is_a_name_is_masked_and_never_shown() -> None:
    screened = screen([record(SECRET)], "mask")
    assert [kept.id for kept in screened.records] == ["masked-1"]
    assert metrics(screened, "mask")["ids"] == []
    assert report(screened) == {"ids not shown": {"name": 1}}


def test_an_id_that_is_a_number_stays() -> None:
    assert screen([record("ENC-100234")], "fail").records == [record("ENC-100234")]


def test_a_section_that_is_no_header_is_masked_too() -> None:
    [masked] = screen([Record("7", "Doctor: Hm.", "None.", f"Seen by Dr. {SECRET}", "ours")], "mask").records
    assert masked.section == "Seen by Dr. [NAME_1]"


def test_where_every_record_is_dropped_the_sentence_says_so() -> None:
    with pytest.raises(UserError, match="all records are dropped"):
        screen([NAMED], "drop")


def test_counts_are_those_of_the_findings() -> None:
    counts = Counter(span.kind for text in (NAMED.dialogue, NAMED.summary) for span in find(text))
    assert screen([NAMED], "report").totals == dict(counts)
