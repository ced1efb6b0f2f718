"""Shares of facts rank notes of the sample as a reader would: each claim is about means over the same records."""

import csv
import random
from collections.abc import Callable
from functools import cache

import pytest

from benchmarks.judge.planting import plant
from medsum.dialogue.sentences import sentences
from medsum.faithfulness.features import case
from medsum.faithfulness.scores import fact_shares
from tests.conftest import ROOT

RECORDS = 40
MARGIN = 0.05
MAJOR = ("quantity", "negation", "medication", "laterality", "person")


@cache
def records() -> list[tuple[str, str]]:
    """Dialogue and reference of every seventh record of the sample."""
    with (ROOT / "data/raw/sample/dialogues.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["dialogue"], row["section_text"]) for row in rows[::7][:RECORDS]]


def f1(change: Callable[[str, str, random.Random], str]) -> float:
    """The mean F1 of the references under a change that gets reference, dialogue and a random state."""
    total = 0.0
    for number, (dialogue, reference) in enumerate(records()):
        changed = change(reference, dialogue, random.Random(number))
        total += fact_shares(case(dialogue, reference, changed))["fact_f1"]
    return total / len(records())


def half(reference: str, _: str, __: random.Random) -> str:
    spans = sentences(reference)
    return (
        "".join(reference[start:end] for start, end in spans[::2])
        if len(spans) > 1
        else reference[: len(reference) // 2]
    )


def shuffled(reference: str, _: str, rng: random.Random) -> str:
    words = reference.split()
    rng.shuffle(words)
    return " ".join(words)


def with_errors(most: int) -> Callable[[str, str, random.Random], str]:
    def change(reference: str, dialogue: str, rng: random.Random) -> str:
        text = reference
        for number in range(most):
            category = MAJOR[number % len(MAJOR)]
            planted = plant(category, text, dialogue, rng) or plant("hallucination", text, dialogue, rng)
            text = planted.text if planted else text
        return text

    return change


def of_another(reference: str, _: str, rng: random.Random) -> str:
    return rng.choice([other for _, other in records() if other != reference])


@pytest.mark.slow
def test_the_reference_is_above_its_half_and_that_above_its_words_shuffled() -> None:
    whole, part, mixed = f1(lambda reference, *_: reference), f1(half), f1(shuffled)
    assert whole > part + MARGIN
    assert part > mixed + MARGIN


@pytest.mark.slow
def test_each_planted_error_costs() -> None:
    whole, one, five = f1(lambda reference, *_: reference), f1(with_errors(1)), f1(with_errors(5))
    assert whole > one > five
    assert whole > five + MARGIN


@pytest.mark.slow
def test_another_patients_note_is_far_below_ones_own() -> None:
    assert f1(lambda reference, *_: reference) > f1(of_another) + 0.4


def test_a_note_without_facts_has_none_of_them() -> None:
    dialogue = "Patient: I have a fever."
    assert fact_shares(case(dialogue, "Fever.", "Fever."))["fact_f1"] == 1.0
    assert fact_shares(case(dialogue, "Fever.", "He is kind."))["fact_f1"] == 0.0
    assert fact_shares(case(dialogue, "He is kind.", "He is kind."))["fact_f1"] == 1.0
