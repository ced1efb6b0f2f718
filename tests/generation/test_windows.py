"""Long dialogues lose no word: whole turns, overlapping windows."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medsum.generation.windows import windows

DIALOGUE = "\n".join(f"{'Doctor' if n % 2 else 'Patient'}: word{n} and more of it." for n in range(20))


def at_most(characters: int):  # type: ignore[no-untyped-def]
    return lambda text: len(text) <= characters


def test_windows_are_whole_turns_that_fit() -> None:
    found = windows(DIALOGUE, at_most(100), overlap_turns=1)
    turns = DIALOGUE.split("\n")
    assert len(found) > 5
    assert all(len(window) <= 100 and set(window.split("\n")) <= set(turns) for window in found)


def test_each_window_begins_with_the_last_turns_of_the_one_before() -> None:
    found = [window.split("\n") for window in windows(DIALOGUE, at_most(200), overlap_turns=2)]
    assert all(after[:2] == before[-2:] for before, after in pairwise(found))


def test_without_overlap_the_windows_make_up_the_dialogue() -> None:
    assert "\n".join(windows(DIALOGUE, at_most(100), overlap_turns=0)) == DIALOGUE


def test_the_overlap_gives_way_to_a_turn_that_would_not_fit_beside_it() -> None:
    dialogue = "Doctor: " + "a" * 60 + "\nPatient: " + "b" * 60 + "\nDoctor: " + "c" * 60
    assert windows(dialogue, at_most(100), overlap_turns=2) == dialogue.split("\n")


def test_a_turn_too_long_for_a_window_is_cut_between_words_with_its_speaker() -> None:
    words = [f"w{n}" for n in range(200)]
    found = windows("Patient: " + " ".join(words), at_most(80), overlap_turns=0)
    assert all(window.startswith("Patient: ") and len(window) <= 80 for window in found)
    assert " ".join(window.removeprefix("Patient: ") for window in found).split() == words


@given(st.lists(st.text("ab :.", max_size=90), min_size=1, max_size=12), st.integers(0, 3), st.integers(12, 60))
def test_no_letter_is_lost_whatever_is_said(said: list[str], overlap: int, room: int) -> None:
    dialogue = "\n".join(f"Patient: {text}" for text in said)
    found = windows(dialogue, at_most(room), overlap_turns=0)
    letters = "".join(window.replace("Patient:", "") for window in found)
    assert [c for c in letters if c in "ab"] == [c for c in dialogue.replace("Patient:", "") if c in "ab"]
    overlapping = windows(dialogue, at_most(room), overlap)
    assert all(len(window) <= room for window in overlapping)
    assert set("\n".join(overlapping).split("\n")) == set("\n".join(found).split("\n"))
