import re
from random import Random

import pytest

from pretraining.spoken import say_decimal, spell, spell_in_pairs
from pretraining.synthetic import TOPICS, draw, visit_of
from pretraining.text import SECTIONS


@pytest.mark.parametrize("section", TOPICS)
def test_every_fact_of_the_note_is_said_in_the_dialogue(section: str) -> None:
    rng = Random(section)
    for _ in range(100):
        visit, facts = visit_of(section, rng)
        for said, written in facts:
            assert said.lower() in visit.dialogue.lower()
            assert written.lower() in visit.note.lower()


@pytest.mark.parametrize("section", TOPICS)
def test_every_number_of_the_note_is_a_fact(section: str) -> None:
    rng = Random(section)
    for _ in range(100):
        visit, facts = visit_of(section, rng)
        written = " ".join(written for _, written in facts) + " 10"  # "7/10" for seven out of ten
        assert set(re.findall(r"\d+", visit.note)) <= set(re.findall(r"\d+", written))


def test_every_turn_names_its_speaker() -> None:
    rng = Random(0)
    for _ in range(300):
        assert all(re.match(r"(Doctor|Patient): \S", turn) for turn in draw(rng).dialogue.split("\n"))


def test_visits_hardly_repeat() -> None:
    rng = Random(0)
    assert len({draw(rng).dialogue for _ in range(2000)}) > 1800


def test_the_same_seed_draws_the_same_visits() -> None:
    assert [draw(Random(7)) for _ in range(3)] == [draw(Random(7)) for _ in range(3)]


def test_there_are_visits_of_every_section() -> None:
    assert set(TOPICS) == set(SECTIONS.values())


def test_numbers_are_spelled_as_people_say_them() -> None:
    assert spell(154) == "one hundred fifty four"
    assert [spell_in_pairs(number) for number in (128, 1984, 2005, 1907)] == [
        "one twenty eight",
        "nineteen eighty four",
        "two thousand five",
        "nineteen oh seven",
    ]
    assert [say_decimal(tenths) for tenths in (986, 990)] == ["ninety eight point six", "ninety nine"]
