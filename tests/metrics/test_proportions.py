"""Intervals of shares, also where none or all were found."""

from medsum.metrics.proportions import wilson_interval


def test_the_interval_holds_the_share_and_narrows_with_records() -> None:
    few, many = wilson_interval(8, 10), wilson_interval(80, 100)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]


def test_what_was_not_found_in_few_may_still_be_there() -> None:
    assert wilson_interval(0, 30) == (0.0, 0.1135)  # Wilson 1927: z² / (n + z²)
    assert wilson_interval(30, 30) == (0.8865, 1.0)
