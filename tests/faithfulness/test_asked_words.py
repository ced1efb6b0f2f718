"""A yes to a question contradicts a note that denies the word of the question, also if no lexicon has the word."""

import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors


def denials(dialogue: str, note: str) -> list[str]:
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(note))
    return [note[flag.start : flag.end] for flag in flags if flag.category == "negation"]


@pytest.mark.parametrize("answer", ["Yes, at work.", "Sometimes, in the evening."])
def test_a_denial_of_an_affirmed_word_is_flagged(answer: str) -> None:
    dialogue = f"Doctor: Any squeaking in the joint?\nPatient: {answer}"
    assert denials(dialogue, "Good progress, denies squeaking.") == ["squeaking"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Any squeaking?", "No."),
        ("Any squeaking?", "What do you mean?"),
        ("Any squeaking or grinding?", "Yes, grinding."),
        ("Any squeaking? Any grinding?", "Yes."),
    ],
)
def test_an_unclear_answer_gives_no_flag(question: str, answer: str) -> None:
    assert not denials(f"Doctor: {question}\nPatient: {answer}", "Denies squeaking.")


def test_a_place_or_time_of_a_denial_is_not_denied() -> None:
    dialogue = "Doctor: Any squeaking in the evening?\nPatient: Yes."
    assert not denials(dialogue, "No clicks in the evening.")
