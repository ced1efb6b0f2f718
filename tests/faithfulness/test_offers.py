"""A note that accepts what the dialogue declines has a flag, and so has a note on the wrong level of the body."""

import pytest

from tests.faithfulness.flagged import flagged


@pytest.mark.parametrize(
    ("dialogue", "declined", "accepted"),
    [
        (
            "Doctor: Would you see a dietitian?\nPatient: Not right now.",
            "Dietitian referral declined.",
            "Dietitian referral accepted.",
        ),
        (
            "Doctor: And the infusion we spoke of?\nPatient: I read about it. I don't want that.",
            "Does not want the infusion.",
            "Wants the infusion.",
        ),
        (
            "Doctor: Let's think about the walking frame.\nSon: She won't have it.",
            "Declined a walking frame.",
            "Happy to use a walking frame.",
        ),
    ],
)
def test_a_declined_offer_is_not_accepted(dialogue: str, declined: str, accepted: str) -> None:
    assert not flagged(dialogue, declined, "negation")
    assert flagged(dialogue, accepted, "negation")


def test_an_accepted_offer_is_not_declined() -> None:
    dialogue = "Doctor: Would you see a dietitian?\nPatient: Go on then, yeah."
    assert not flagged(dialogue, "Agrees to see a dietitian.", "negation")
    assert flagged(dialogue, "Declined to see a dietitian.", "negation") == ["Declined"]


def test_an_offer_with_an_unclear_answer_is_not_flagged() -> None:
    dialogue = "Doctor: Would you see a dietitian?\nPatient: I'd need to ask my wife."
    assert not flagged(dialogue, "Declined to see a dietitian.", "negation")
    assert not flagged(dialogue, "Agrees to see a dietitian.", "negation")


def test_the_wrong_level_is_flagged() -> None:
    dialogue = "Doctor: Where does the stomach hurt?\nPatient: On my right side, down low."
    assert not flagged(dialogue, "Pain in the RLQ.", "laterality")
    assert flagged(dialogue, "Pain in the RUQ.", "laterality") == ["RUQ"]


def test_a_level_that_the_dialogue_also_names_is_not_flagged() -> None:
    dialogue = "Doctor: The lower lid is red. The upper lid is a bit swollen."
    assert not flagged(dialogue, "Upper lid swollen, lower lid red.", "laterality")
