"""A yes to a question contradicts a note that denies the word of the question, also if no lexicon has the word."""

from functools import partial

import pytest

from tests.faithfulness.flagged import flagged

denials = partial(flagged, category="negation")


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
