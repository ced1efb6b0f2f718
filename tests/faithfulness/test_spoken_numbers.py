"""Numbers of a summary against those of a dialogue."""

import pytest

from medsum.faithfulness.spoken_numbers import numbers, supported


def test_spelled_numbers_and_digits_are_one() -> None:
    assert numbers("She is twenty six, took 1,000 mg and .50 mg; BP one twenty over eighty.") == [
        "26", "1000", "0.5", "120", "80",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("summary", "dialogue", "expected"),
    [
        ("A 26-year-old woman.", "Patient: I am twenty six.", (1, 1)),
        ("A 27-year-old woman.", "Patient: I am twenty six.", (0, 1)),
        ("Aspirin 81 mg 2 times a day for 3 weeks.", "Patient: Aspirin eighty one milligrams, twice a day.", (2, 3)),
        ("Seen 07/31/2008.", "Doctor: Was it July thirty first O eight?", (3, 3)),
        ("Denies fever.", "Patient: I had 2 colds.", (0, 0)),
        ("", "Patient: I had 2 colds.", (0, 0)),
    ],
)
def test_a_number_is_supported_where_the_dialogue_says_it(
    summary: str, dialogue: str, expected: tuple[int, int]
) -> None:
    assert supported(summary, dialogue) == expected
