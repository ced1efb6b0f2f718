import re
from pathlib import Path
from random import Random

import pytest

from pretraining import exchanges
from pretraining.spoken import spell
from pretraining.text import SECTIONS

ALL = [exchange for found in exchanges.read().values() for exchange in found]


@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_exchange_can_be_filled(sex: str) -> None:
    for exchange in ALL:
        for seed in range(20):
            turns, note = exchanges.render(exchange, Random(seed), sex)
            assert not re.search(r"[{}|]", "".join([*turns, note])), exchange.where


def test_a_slot_says_and_writes_the_same_value() -> None:
    exchange = exchanges.parse(
        "# CC cough\nP: For {n=13-19} days, my {s=tummy|abdomen}. So {n}.\n> {n} days, {s}.", "x:1"
    )
    turns, note = exchanges.render(exchange, Random(1), "male")
    number = note.split()[0]
    spoken = {number, spell(int(number))}
    assert turns[0].split()[2] in spoken
    assert turns[0].split()[-1].rstrip(".") in spoken
    assert "tummy" in turns[0]
    assert note.endswith("abdomen.")


def test_sex_is_the_same_in_talk_and_note() -> None:
    exchange = exchanges.parse("# CC cough\nF: {He} coughs, {his} chest hurts.\n> {Sex} with cough; {he} hurts.", "x:1")
    turns, note = exchanges.render(exchange, Random(1), "female")
    assert turns == ["Guest_family: She coughs, her chest hurts."]
    assert note == "Female with cough; she hurts."


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("# NOSUCH topic\nP: x\n> y", "is not '# SECTION topic'"),
        ("# CC topic\nP: x", "needs turns"),
        ("# CC topic\nX: x\n> y", "needs turns"),
        ("# CC topic\nP: x\n> {n}", "before it is defined"),
        ("# CC topic\nP: {a b}\n> y", "unreadable slot"),
    ],
)
def test_a_faulty_exchange_is_named_with_its_place(block: str, fault: str) -> None:
    with pytest.raises(ValueError, match=f"file.txt:7: .*{fault}"):
        exchanges.render(exchanges.parse(block, "file.txt:7"), Random(0), "male")


def test_a_fault_in_a_file_is_found_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("# CC a\nP: x\n> y\n\n\n# CC b\nP: x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.txt:6"):
        exchanges.read(tmp_path)


def test_there_are_exchanges_of_every_section() -> None:
    assert set(exchanges.read()) == set(SECTIONS)


def test_exchanges_are_not_copies_of_each_other() -> None:
    assert len({"\n".join(exchange.turns) for exchange in ALL}) == len(ALL)


def test_visits_hardly_repeat_and_the_same_seed_draws_the_same() -> None:
    rng = Random(0)
    assert len({exchanges.draw(rng).dialogue for _ in range(2000)}) > 1950
    assert exchanges.draw(Random(7)) == exchanges.draw(Random(7))


def test_every_turn_names_its_speaker() -> None:
    rng = Random(0)
    for _ in range(300):
        for turn in exchanges.draw(rng).dialogue.split("\n"):
            assert re.match(r"(Doctor|Patient|Guest_family|Guest_clinician): \S", turn)


def test_a_visit_asks_about_a_topic_once(tmp_path: Path) -> None:
    blocks = [f"# ROS {topic}\nP: {n} {topic}\n> {topic}." for topic in ("cough", "fever") for n in range(9)]
    (tmp_path / "some.txt").write_text("\n\n".join(blocks), encoding="utf-8")
    notes = {exchanges.draw(Random(seed), tmp_path).note for seed in range(200)}
    assert notes == {"Cough.", "Fever.", "Cough. Fever.", "Fever. Cough."}
