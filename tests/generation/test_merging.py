"""One note of several windows and sections: nothing twice, nothing that contradicts itself, everything else there."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.dialogue.sentences import sentences
from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.clashes import clash, topics
from medsum.generation import merging
from medsum.generation.merging import Dropped, Merged, Output, merge

TALK = "Doctor: What brings you in?\nPatient: I have had a cough for two weeks."
SAID = (
    "Takes metformin 500 mg twice daily.",
    "Takes metformin 1000 mg twice daily.",
    "Denies fever.",
    "Reports fever and cough.",
    "No known drug allergies.",
    "Allergic to penicillin.",
    "Cough for two weeks.",
    "Stop lisinopril.",
    "Continue lisinopril 10 mg daily.",
    "The patient is a 45-year-old woman.",
    "She is 61 years old.",
)


def of_windows(*texts: str, section: str | None = "GENHX", dialogue: str = TALK) -> Merged:
    """One section, one text a window."""
    return merge([[Output(section, window, text) for window, text in enumerate(texts)]], dialogue)


def joined(*texts: str) -> str:
    return of_windows(*texts).texts[0]


def test_summaries_are_joined_and_what_was_said_is_not_said_again() -> None:
    first, second = "Knee pain for 2 weeks. No fever.", "No fever. Takes ibuprofen 400 mg. Knee pain for 2 weeks."
    found = of_windows(first, second)
    assert found.texts == ("Knee pain for 2 weeks. No fever. Takes ibuprofen 400 mg.",)
    assert [one.sentence for one in found.dropped] == ["No fever.", "Knee pain for 2 weeks."]
    assert {one.reason for one in found.dropped} == {"repetition"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Fever for 3 days, no cough.", "No rash."),
        ("No longer takes aspirin.", "Takes aspirin."),
        ("Right knee pain, left hip is fine.", "Left knee pain."),
        ("Reports chest pain but denies dyspnea.", "Chest pain for a week."),
        ("Denies chest pain at rest.", "Reports chest pain on the stairs."),
        ("Had fever a week ago.", "Denies fever."),
        ("Mother has asthma.", "Denies asthma."),
        ("Sees Dr. Lee for asthma.", "Sees Dr. Kim for back pain."),
        ("Lisinopril 10 mg b.i.d. for a week.", "Metoprolol 20 mg daily for a year."),
        ("Her mother died at 61.", "The patient is a 45-year-old woman."),
        ("Her mother is 61 years old.", "The patient is a 45-year-old woman."),
        ("Metformin 1 g daily.", "Metformin 1000 mg daily."),
    ],
)
def test_no_sentence_that_may_hold_as_well_is_left_out(first: str, second: str) -> None:
    assert joined(first, second) == f"{first} {second}"
    assert joined(second, first) == f"{second} {first}"


def test_another_number_is_another_sentence() -> None:
    assert joined("Took 2 tablets.", "Took 20 tablets.") == "Took 2 tablets. Took 20 tablets."


def test_one_summary_stays_as_it_is() -> None:
    assert of_windows("No fever. No fever.\nEnd") == Merged(("No fever. No fever.\nEnd",), ())


@pytest.mark.parametrize(
    ("said", "wrong", "right"),
    [
        ("Doctor: Any fever?\nPatient: No, no fever.", "Reports fever.", "Denies fever."),
        ("Patient: I take metformin, five hundred milligrams.", "Metformin 1000 mg.", "Takes metformin 500 mg."),
        ("Patient: I am allergic to penicillin.", "She has no allergies.", "Allergic to penicillin."),
        ("Doctor: How old are you?\nPatient: I am sixty one years old.", "Age 45 years.", "She is 61 years old."),
        ("Doctor: Please stop taking lisinopril.\nPatient: Okay.", "Continue lisinopril.", "Stop lisinopril."),
    ],
)
def test_of_two_that_contradict_the_one_that_the_dialogue_bears_out_stays(said: str, wrong: str, right: str) -> None:
    for texts in ((wrong, right), (right, wrong)):
        found = of_windows(*texts, dialogue=said)
        assert found.texts == (right,)
        assert found.dropped == (Dropped(wrong, "GENHX", "contradiction", right),)


def test_where_the_dialogue_does_not_decide_the_later_window_stays() -> None:
    said = "Patient: I take metformin 500 mg.\nDoctor: From now on take metformin 1000 mg."
    assert of_windows("Metformin 500 mg.", "Metformin 1000 mg.", dialogue=said).texts == ("Metformin 1000 mg.",)
    assert of_windows("Metformin 1000 mg.", "Metformin 500 mg.", dialogue=said).texts == ("Metformin 500 mg.",)


def test_a_sentence_of_two_sections_leaves_the_general_one() -> None:
    visit = [
        [Output("CC", 0, "Cough.")],
        [Output("GENHX", 0, "Cough. Takes lisinopril. Sleeps badly.")],
        [Output("MEDICATIONS", 0, "Takes lisinopril.")],
    ]
    found = merge(visit, TALK)
    assert found.texts == ("Cough.", "Sleeps badly.", "Takes lisinopril.")
    assert {(one.section, one.reason) for one in found.dropped} == {("GENHX", "repetition")}


def test_sections_that_were_written_apart_do_not_contradict_each_other() -> None:
    said = "Doctor: Any allergies?\nPatient: Penicillin, I'm allergic to penicillin."
    visit = [[Output("GENHX", 0, "Cough. She has no allergies.")], [Output("ALLERGY", 0, "Allergic to penicillin.")]]
    found = merge(visit, said)
    assert found.texts == ("Cough.", "Allergic to penicillin.")
    assert found.dropped == (Dropped("She has no allergies.", "GENHX", "contradiction", "Allergic to penicillin."),)


def test_lines_of_a_section_that_loses_nothing_stay_lines() -> None:
    visit = [[Output("CC", 0, "Cough.")], [Output("PLAN", 0, "1. Rest\n2. Fluids\n3. Return in a week")]]
    assert merge(visit, TALK).texts == ("Cough.", "1. Rest\n2. Fluids\n3. Return in a week")


@given(st.sampled_from(SAID), st.sampled_from(SAID))
def test_sentences_that_clash_share_a_topic(one: str, other: str) -> None:
    notes = read_note_facts(one), read_note_facts(other)
    assert clash(*notes) is None or topics(notes[0]) & topics(notes[1])


def test_work_grows_with_sentences_that_share_a_topic_only(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    monkeypatch.setattr(merging, "clash", lambda *_: compared.append(1))
    findings = ("cough", "rash", "nausea", "dizziness", "headache", "fatigue", "vomiting", "diarrhea", "wheezing")
    of_windows(*(f"Reports {finding} since week {number}." for number, finding in enumerate(findings * 20)))
    assert len(compared) == len(findings) * 20 * 19 / 2


TEXTS = st.lists(st.lists(st.sampled_from(SAID), min_size=1, max_size=4), min_size=2, max_size=4)


@given(TEXTS, st.sampled_from(["GENHX", "MEDICATIONS"]))
def test_nothing_is_twice_nothing_clashes_and_what_left_is_named(windows: list[list[str]], section: str) -> None:
    texts = [" ".join(dict.fromkeys(window)) for window in windows]
    found = of_windows(*texts, section=section)
    kept = [found.texts[0][start:end].strip() for start, end in sentences(found.texts[0])]
    assert len(kept) == len(set(kept))
    apart = [pair for pair in combinations(kept, 2) if not any(set(pair) <= set(window) for window in windows)]
    assert not any(clash(read_note_facts(one), read_note_facts(other)) for one, other in apart)
    assert set(kept) | {one.sentence for one in found.dropped} == {one for window in windows for one in window}
