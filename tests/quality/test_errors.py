import random

import pytest

from benchmarks.planted_errors import is_found
from benchmarks.planting import plant
from medsum.quality.errors import find_errors

DIALOGUE = """Doctor: How old are you, and what brings you in?
Patient: I am fifty seven. My left knee has been swollen for three weeks.
Doctor: Any fever or cough?
Patient: No fever. I do have a cough.
Doctor: Do you take anything?
Patient: Lisinopril, twenty milligrams, for my blood pressure.
Doctor: Does diabetes run in the family?
Patient: My mother has diabetes."""
REFERENCE = (
    "A 57-year-old with left knee swelling for 3 weeks and with cough. No fever. "
    "Takes lisinopril 20 mg. Her mother has diabetes."
)


def test_a_clean_reference_raises_no_flag() -> None:
    assert find_errors(DIALOGUE, REFERENCE) == []
    assert find_errors(DIALOGUE, REFERENCE, REFERENCE, "GENHX") == []


@pytest.mark.parametrize(
    "category",
    [
        "quantity", "negation", "medication", "laterality", "time", "person", "hallucination", "omission",
        "contradiction", "section", "repetition", "truncation", "length", "degenerate",
    ],
)  # fmt: skip
def test_a_planted_error_is_found_where_it_was_planted(category: str) -> None:
    planted = plant(category, REFERENCE, DIALOGUE, random.Random(1))
    assert planted is not None
    assert planted.text != REFERENCE
    assert is_found(find_errors(DIALOGUE, planted.text, REFERENCE, "GENHX"), category, planted)


def test_the_same_seed_plants_the_same_error() -> None:
    first, second = (plant("quantity", REFERENCE, DIALOGUE, random.Random(3)) for _ in range(2))
    assert first == second


def test_an_omission_points_into_the_reference() -> None:
    (flag,) = find_errors(DIALOGUE, REFERENCE.replace(" Her mother has diabetes.", ""), REFERENCE)
    assert (flag.category, flag.of, REFERENCE[flag.start : flag.end]) == ("omission", "reference", "diabetes")


def test_nothing_is_missing_or_too_long_without_a_reference() -> None:
    assert {flag.category for flag in find_errors(DIALOGUE, "No fever. " + DIALOGUE.split(": ")[-1])} <= {"person"}
