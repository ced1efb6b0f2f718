"""Claims on turns: who speaks, what is said, and that normalising twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.core.errors import UserError
from medsum.dialogue.reader import NO_SPEAKER, read
from medsum.dialogue.turns import speaker_role, spoken_text, turn_speaker

PIECES = (
    "Doctor", "doctor", "Docotr", "Dr.", "DR", "Patient", "pt", "Guest_family", "gest family", "Guest_clinican",
    "Nurse Jones", "I", "woke at 10:30", "pain", "_", "2", "12", ":", ": ", " ", "  ", "\t", "\n", "\n\n", ".", "-",
    "\u00a0", "\x0b",
)  # fmt: skip
words = st.lists(st.sampled_from(["pain", "10:30", "no,", "two:", ":", "Around 10:30", "-"]), max_size=5)
dialogues = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def normalised(text: str) -> str:
    return read(text).text


@pytest.mark.parametrize(
    ("tag", "speaker"),
    [
        ("Docotr", "Doctor"),
        ("DOCTOR", "Doctor"),
        ("Dr.", "Doctor"),
        ("pt", "Patient"),
        ("Gest_family", "Guest_family"),
        ("Guest_clinican", "Guest_clinician"),
        ("Guest family", "Guest_family"),
    ],
)
def test_a_typo_in_a_speaker_tag_is_mended(tag: str, speaker: str) -> None:
    assert normalised(f"{tag}: Any pain?") == f"{speaker}: Any pain?"


@pytest.mark.parametrize("tag", ["Guest_family_2", "Guest_family 2", "gest_family_2", "Guest family 2"])
def test_numbered_speakers_stay_apart(tag: str) -> None:
    assert normalised(f"{tag}: Any pain?") == "Guest_family_2: Any pain?"


def test_a_two_digit_number_is_kept_whole() -> None:
    assert normalised("Patient_12: Yes. Doctor_10: Good.") == "Patient_12: Yes.\nDoctor_10: Good."


def test_a_named_speaker_keeps_the_name() -> None:
    assert normalised("Nurse  Jones :Hello.") == "Nurse Jones: Hello."


def test_a_continuation_line_goes_on_with_its_turn() -> None:
    text = "Doctor: Where does it hurt?\nAnd since when?\nPatient: Here.\n\nSince May."
    assert normalised(text) == "Doctor: Where does it hurt? And since when?\nPatient: Here. Since May."


def test_a_tag_on_its_own_line_takes_the_line_below() -> None:
    assert normalised("Doctor:\nAny pain?\nPatient:\nNo.") == "Doctor: Any pain?\nPatient: No."


def test_a_tag_at_the_end_of_a_line_begins_a_turn() -> None:
    assert normalised("Doctor: Any pain? Patient:\nNo.") == "Doctor: Any pain?\nPatient: No."


def test_a_tag_inside_a_line_begins_a_turn() -> None:
    assert normalised("Doctor: Any pain? Patient: No.") == "Doctor: Any pain?\nPatient: No."
    assert normalised("Doctor: Any pain?\tPatient:\tNo.") == "Doctor: Any pain?\nPatient: No."


def test_a_time_is_no_speaker() -> None:
    text = "Doctor: When did it start?\nPatient: At\n10:30 in the morning."
    assert normalised(text) == "Doctor: When did it start?\nPatient: At 10:30 in the morning."
    assert normalised("Patient: No.\nAround 10:30 it was.") == "Patient: No. Around 10:30 it was."
    assert turn_speaker("10:30 in the morning") == ""


def test_a_lower_case_word_before_a_colon_is_no_speaker() -> None:
    assert normalised("Doctor: Two things\nfirst: rest.") == "Doctor: Two things first: rest."


def test_a_turn_that_says_nothing_is_dropped() -> None:
    assert normalised("Doctor:\nPatient: No.\nDoctor: ") == "Patient: No."


def test_a_turn_that_ends_in_a_colon_is_kept() -> None:
    assert normalised("Doctor: Two things:\nrest.") == "Doctor: Two things: rest."
    assert normalised("Doctor: Like this:") == "Doctor: Like this:"


@pytest.mark.parametrize("text", ["", "\n \n", "Just a note without any speaker.", "at 10:30", "A word.\nDoctor:"])
def test_a_text_in_which_nobody_says_anything_is_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        read(text)
    assert str(refused.value) == NO_SPEAKER


@given(dialogues)
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        dialogue = read(text)
    except UserError as refused:
        said = str(refused)
    else:
        said = ""
        assert [turn_speaker(line) for line in dialogue.text.split("\n")] == [turn.speaker for turn in dialogue.turns]
        assert all(turn.said for turn in dialogue.turns)
    assert "\n" not in said


@given(st.text())
def test_any_characters_are_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        dialogue = read(f"Doctor: Any pain?\nPatient: {text}")
    except UserError as refused:
        said = str(refused)
    else:
        said = ""
        assert len(dialogue.text.split("\n")) == len(dialogue.turns)
    assert "\n" not in said


def test_a_tag_with_a_role_and_a_number_is_in_title_case() -> None:
    said = "NURSE 2: Any pain?\nPARTICIPANT 07: No.\nSOCIAL_WORKER_1: Good.\nEMT 3: Yes.\nSPEAKER_00: No."
    speakers = ["Nurse 2", "PARTICIPANT 07", "Social_Worker_1", "EMT 3", "SPEAKER_00"]
    assert read(said).speakers == speakers


def test_a_relative_is_of_the_family_and_a_patient_is_not() -> None:
    assert speaker_role("Wife") == "Guest_family Wife"
    assert speaker_role("Patient's Wife").startswith("Guest_family")
    assert [speaker_role(name) for name in ("Patient", "Doctor", "Nurse")] == ["Patient", "Doctor", "Nurse"]


def test_a_word_with_a_time_below_which_nobody_speaks_is_no_speaker() -> None:
    assert [turn.said for turn in read("Doctor: Hello\nAround 10:30\nAround 10:30").turns] == [
        "Hello Around 10:30 Around 10:30"
    ]


@given(st.lists(st.tuples(st.sampled_from(["Docotr: ", "Nurse Jones:", "pt :", ""]), words)))
def test_no_spoken_word_is_lost(lines: list[tuple[str, list[str]]]) -> None:
    lines = [
        (tag, said)
        for tag, said in lines
        if tag or ("".join(said).strip(":-") and not said[-1].endswith(":30"))  # a visit, a speaker with a time
    ]
    text = "\n".join(tag + " ".join(said) for tag, said in [("Doctor: ", ["Hello", "you"]), *lines])
    spoken = [word for word in spoken_text(normalised(text)).split() if word.strip("-:")]
    assert spoken == [
        "Hello",
        "you",
        *(part for _, said in lines for word in said for part in word.split() if part.strip("-:")),
    ]


def test_spoken_text_is_what_is_said_without_the_speakers() -> None:
    assert spoken_text("Doctor: Since when: May?\nGuest_family_2: Since June.") == "Since when: May? Since June."
