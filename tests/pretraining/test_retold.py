import re
from random import Random

from pretraining import exchanges, retold
from pretraining.text import Example

RNG = Random(0)
DIALOGUES = [exchanges.draw(RNG) for _ in range(60)]
PARAGRAPHS = [
    "Glaucoma damages the optic nerve. It often has no symptoms at 1st. About 3 million people have it.",
    "Asthma narrows the airways. The patient has wheezing for 12 hours. Triggers include pollen.",
]


def test_a_swapped_word_is_swapped_on_both_sides() -> None:
    example = Example("chief complaint", "Doctor: Bloating?\nPatient: Bloating and Wheezing.", "Bloating, wheezing.")
    rng = Random(2)
    changed = 0
    for _ in range(50):
        swapped = retold.swap_words(example, PARAGRAPHS, rng)
        first, second = re.findall(r"\w+", swapped.note)
        assert swapped.dialogue == f"Doctor: {first}?\nPatient: {first} and {second.capitalize()}."
        changed += swapped != example
    assert 0 < changed < 50


def test_what_is_noted_was_told_word_for_word_but_for_person_numbers_and_hesitation() -> None:
    rng = Random(3)
    for _ in range(200):
        example = retold.retell(PARAGRAPHS, DIALOGUES, rng)
        told = set(re.findall(r"[a-z]+", example.dialogue.lower()))
        for word in re.findall(r"[a-z]{6,}", example.note.lower()):
            assert word in told or word in {"patient", "reports", "states", "denies", "complains", "himself", "herself"}


def test_numbers_are_told_in_words() -> None:
    assert "twelve hours" in retold.tell("The patient has wheezing for 12 hours.", Random(1))


def test_the_patient_tells_in_the_first_person() -> None:
    assert "I have wheezing" in retold.tell("The patient has wheezing.", Random(1))
