"""A summary ends before it runs in a loop, and a note that a person wrote stays as it is."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.generation.loops import without_loop
from tests.conftest import ROOT

SENTENCES = st.lists(st.sampled_from(["No fever.", "Denies cough.", "She has not had any chest pain.", "Takes 5 mg."]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sleeps badly. She has not had any chest pain. She has not had any chest colds."
            " She has not had any chest ulcers. She has not had any rash.",
            "Sleeps badly. She has not had any chest pain. She has not had any chest colds.",
        ),
        ("No fever. Denies cough. No fever. No fever.", "No fever. Denies cough."),
        ("Pain in the knee. " + "right side of the " * 8, "Pain in the knee."),
        ("A right ear, a right sided right sided right sided right sided right sided right sided ear", "A right ear."),
        ("Denies fever. Denies cough. Denies rash. Denies pain.",) * 2,
        ("Drug A 10 mg twice a day. Drug B 10 mg twice a day. Drug C 10 mg twice a day.",) * 2,
        ("1. Sawmill for 41 years. 2. No firearms. 3. 4. 5. 6. 7.", "1. Sawmill for 41 years. 2. No firearms."),
        ("Rash on the arms. 1. 1. 2. 3. 4. 30. 3", "Rash on the arms."),
        ("1. Aspirin.\n2. Lisinopril.\n3. Insulin. She is 30. He is 41.",) * 2,
        ("",) * 2,
    ],
    ids=["beginnings", "repeated", "run", "first sentence", "denials", "doses", "list", "count", "true list", "empty"],
)  # fmt: skip
def test_the_text_ends_where_the_loop_begins(text: str, expected: str) -> None:
    assert without_loop(text) == expected


def test_no_reference_of_the_sample_is_changed() -> None:
    with (ROOT / "data/raw/sample/dialogues.csv").open(encoding="utf-8", newline="") as file:
        notes = [row["section_text"] for row in csv.DictReader(file)]
    assert len(notes) == 300
    assert [note for note in notes if without_loop(note) != note] == []


@given(SENTENCES)
def test_a_second_cut_changes_nothing(parts: list[str]) -> None:
    once = without_loop(" ".join(parts))
    assert without_loop(once) == once


@given(st.text(max_size=300))
def test_any_text_is_read_and_only_shortened_or_closed(text: str) -> None:
    assert len(without_loop(text)) <= len(text) + 1
