"""Sections of a visit are those that several stretches of it are guessed as."""

from medsum.generation.section_guess import SectionGuess
from medsum.generation.visit_sections import held_sections

GUESS = SectionGuess(["ALLERGY", "MEDICATIONS"], {"penicillin": [2.0, 0.0], "lisinopril": [0.0, 2.0]})


def talk(word: str, turns: int) -> list[str]:
    return [f"Patient: {word}, number {turn}." for turn in range(turns)]


def test_every_topic_that_is_long_enough_is_found_the_longest_first() -> None:
    dialogue = "\n".join([*talk("penicillin", 12), *talk("lisinopril", 24)])
    assert held_sections(dialogue, GUESS) == ["MEDICATIONS", "ALLERGY"]


def test_one_stray_word_makes_no_section() -> None:
    dialogue = "\n".join([*talk("lisinopril", 24), "Patient: penicillin."])
    assert held_sections(dialogue, GUESS) == ["MEDICATIONS"]


def test_a_short_dialogue_has_the_section_of_its_whole() -> None:
    assert held_sections("Patient: I take lisinopril.", GUESS) == ["MEDICATIONS"]


def test_nothing_known_makes_no_section() -> None:
    assert held_sections("\n".join(talk("nothing", 20)), GUESS) == []
