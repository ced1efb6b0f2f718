"""Form of a summary, by hand."""

import pytest

from medsum.metrics.summary_statistics import statistics

SAID = "I have had a dry cough for two weeks"


def of(summary: str, reference: str = "Dry cough.") -> dict[str, float]:
    return statistics(summary, SAID, reference)


def test_lengths_are_ratios_of_words() -> None:
    found = of("A dry cough for weeks.")  # 5 words; the reference has 2, the dialogue 9
    assert found["length_ratio"] == 2.5
    assert found["compression"] == pytest.approx(5 / 9)


def test_novelty_is_the_share_that_was_not_said() -> None:
    found = of("Dry cough for three weeks")
    # Words: three is new, 1 of 5. Pairs: for three, three weeks, 2 of 4. Triples: all but dry cough for, 2 of 3.
    assert found["novel_unigrams"] == pytest.approx(1 / 5)
    assert found["novel_bigrams"] == pytest.approx(2 / 4)
    assert found["novel_trigrams"] == pytest.approx(2 / 3)


def test_repetition_is_the_share_of_triples_said_before() -> None:
    assert of("no pain at all no pain at all")["repetition"] == pytest.approx(2 / 6)  # no pain at, pain at all
    assert of("no pain at all")["repetition"] == 0


@pytest.mark.parametrize("summary", ["", "  \n", "."])
def test_a_summary_without_a_word_is_empty_and_nothing_else(summary: str) -> None:
    found = of(summary)
    assert found["empty"] == 1
    zero = ("novel_unigrams", "novel_bigrams", "novel_trigrams", "repetition", "unfinished")
    assert [found[name] for name in zero] == [0] * len(zero)


@pytest.mark.parametrize(
    ("summary", "unfinished"),
    [("No fever.", 0), ("Rate 80%", 0), ('She said "no"', 0), ("No fever and", 1), ("The patient,", 1), ("Denies:", 0)],
)
def test_what_ends_without_a_closing_mark_is_unfinished(summary: str, unfinished: int) -> None:
    assert of(summary)["unfinished"] == unfinished
